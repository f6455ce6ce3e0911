// Package runfolder is the folder in which a training run is kept: its settings, its
// checkpoints, a line for each epoch, and a lock while a program trains.
package runfolder

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/lock"
)

// The files of the folder.
const (
	SettingsFile = "settings.json"
	EpochsFile   = "history.jsonl" // a line for each epoch
	HistoryFile  = "history.json"  // when all is done
	ParamsFile   = "params.npz"    // when all is done
	LockFile     = kept.LockFile
)

// MaxFile is how many bytes a file of a run has at most.
const MaxFile = 4 << 30

// How files are written; tests let them fail.
var (
	Save = atomicfile.Write
	Add  = appendLines
)

// Folder is the folder of a run while it is trained.
type Folder struct {
	path     string
	settings string // digest
	every    time.Duration
	lock     io.Closer

	writer  runfile.Writer
	last    time.Time  // when the last checkpoint was begun
	wanted  bool       // a checkpoint is due as soon as the one before is written
	writing chan error // of the checkpoint that is being written; nil when none is
	failed  error
	kept    []string // names of the checkpoints, oldest first
	good    int      // the step of the last one that was written
	logged  int      // epochs in EpochsFile; -1 before it is written by this run
}

// Open locks the folder and compares its settings with those of now. A folder without
// settings receives them, and so does one that is given up to restart. Every is the
// longest time between two checkpoints.
func Open(path string, now runfile.Settings, every time.Duration, restart bool) (f *Folder, err error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("no folder for the run: %w; choose one that can be made", err)
	}
	held, err := lock.Take(filepath.Join(path, LockFile))
	if errors.Is(err, lock.ErrHeld) {
		return nil, fmt.Errorf("another program is training in %s; wait for its end, or use another folder", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the run's folder cannot be written: %w; choose another", err)
	}
	f = &Folder{path: path, settings: now.Digest(), every: every, lock: held, last: time.Now(), logged: -1}
	defer func() {
		if err != nil {
			held.Close()
		}
	}()
	there, err := f.list()
	if err != nil {
		return nil, err
	}
	before, err := readSettings(path)
	missing := errors.Is(err, os.ErrNotExist)
	if restart || missing && len(there) == 0 {
		return f, f.begin(now)
	}
	f.kept = there
	if useless := (*Damaged)(nil); missing || errors.As(err, &useless) {
		// The checkpoints tell by themselves whether they are of this run.
		err = f.saveSettings(now)
	} else if err == nil && len(before.Differences(now)) > 0 {
		err = fmt.Errorf("%s holds a run with other settings (%s); choose another, or set Config.Restart to give that run up", path, strings.Join(before.Differences(now), "; "))
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Differences says in which settings a folder's run differs from those of now; nothing
// when it cannot be read.
func Differences(path string, now runfile.Settings) []string {
	before, err := readSettings(path)
	if err != nil {
		return nil
	}
	return before.Differences(now)
}

func readSettings(path string) (runfile.Settings, error) {
	path = filepath.Join(path, SettingsFile)
	file, err := ReadUpTo(path, runfile.MaxSettings)
	if err != nil {
		return runfile.Settings{}, fmt.Errorf("the settings of the run: %w", err)
	}
	settings, err := runfile.ReadSettings(file)
	if err != nil {
		return settings, &Damaged{path, err}
	}
	return settings, nil
}

// Path returns the path of one of the folder's files.
func (f *Folder) Path(name string) string { return filepath.Join(f.path, name) }

// begin makes the folder that of a new run.
func (f *Folder) begin(now runfile.Settings) error {
	old, err := f.list()
	if err != nil {
		return err
	}
	for _, name := range append(old, SettingsFile, EpochsFile, HistoryFile, ParamsFile) {
		if err := os.Remove(f.Path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the folder of the run: %w", err)
		}
	}
	return f.saveSettings(now)
}

func (f *Folder) saveSettings(now runfile.Settings) error {
	text, err := now.File()
	if err == nil {
		err = Save(f.Path(SettingsFile), text)
	}
	if err != nil {
		return fmt.Errorf("the settings of the run cannot be kept: %w", err)
	}
	return nil
}

// Close waits for what is being written and gives the folder free.
func (f *Folder) Close() {
	f.Wait()
	f.lock.Close()
}

// Damaged says that a file was read but is of no use.
type Damaged struct {
	Path   string
	Reason error // what is wrong with "it"
}

// Error names the file and what is wrong with it.
func (d *Damaged) Error() string { return fmt.Sprintf("%s: %v", d.Path, d.Reason) }

// ReadUpTo reads a regular file that is not longer than most.
func ReadUpTo(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, &Damaged{path, fmt.Errorf("it is not a file of a run: it has %d bytes", info.Size())}
	}
	return os.ReadFile(path)
}
