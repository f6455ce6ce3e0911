package trainer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convbook/pkg/internal/atomicfile"
	"convbook/pkg/internal/filelock"
	"convbook/pkg/internal/runfile"
)

// The files of a run's folder.
const (
	settingsFile     = "settings.json"
	epochsFile       = "history.jsonl" // a line for each epoch
	historyFile      = "history.json"  // when all is done
	paramsFile       = "params.npz"    // when all is done
	lockFile         = "lock"
	checkpointPrefix = "checkpoint-"
	checkpointEnding = ".ckpt"
	checkpointsKept  = 2
	maxCheckpoint    = 4 << 30 // bytes
)

// How files are written; tests let them fail.
var (
	saveFile = atomicfile.Write
	addTo    = appendLines
)

// run is the folder of a run while it is trained.
type run struct {
	folder   string
	settings string // digest
	every    time.Duration
	lock     io.Closer

	writer  runfile.Writer
	last    time.Time  // when the last checkpoint was begun
	wanted  bool       // a checkpoint is due as soon as the one before is written
	writing chan error // of the checkpoint that is being written; nil when none is
	failed  error
	kept    []string // names of the checkpoints, oldest first
	good    int      // the step of the last whole one
	logged  int      // epochs in epochsFile; -1 before it is written by this run
}

// openRun locks the folder and compares its settings with those of now. A folder
// without settings receives them.
func openRun(folder string, now runfile.Settings, c Config) (r *run, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("trainer: no folder for the run: %w; choose one that can be made", err)
	}
	lock, err := filelock.Lock(filepath.Join(folder, lockFile))
	if errors.Is(err, filelock.ErrHeld) {
		return nil, fmt.Errorf("trainer: another program is training in %s; wait for its end, or use another folder", folder)
	}
	if err != nil {
		return nil, fmt.Errorf("trainer: the run's folder cannot be written: %w; choose another", err)
	}
	r = &run{folder: folder, settings: now.Digest(), every: c.CheckpointEvery, lock: lock, last: time.Now(), logged: -1}
	defer func() {
		if err != nil {
			lock.Close()
		}
	}()
	path := r.path(settingsFile)
	file, err := readUpTo(path, runfile.MaxSettings)
	if c.Restart || errors.Is(err, os.ErrNotExist) {
		return r, r.begin(now)
	}
	if err != nil {
		return nil, fmt.Errorf("trainer: the settings of the run: %w", err)
	}
	before, err := runfile.ReadSettings(file)
	if err != nil {
		return nil, fmt.Errorf("trainer: %s: %w; set Config.Restart to train anew there", path, err)
	}
	if found := before.Differences(now); len(found) > 0 {
		return nil, fmt.Errorf("trainer: %s holds a run with other settings (%s).\nGive this run a folder of its own, or set Config.Restart to give the old one up",
			folder, strings.Join(found, "; "))
	}
	r.kept, err = r.checkpoints()
	return r, err
}

func (r *run) path(name string) string { return filepath.Join(r.folder, name) }

// begin makes the folder that of a new run.
func (r *run) begin(now runfile.Settings) error {
	old, err := r.checkpoints()
	if err != nil {
		return err
	}
	for _, name := range append(old, settingsFile, epochsFile, historyFile, paramsFile) {
		if err := os.Remove(r.path(name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("trainer: the folder of the run: %w", err)
		}
	}
	text, err := now.File()
	if err == nil {
		err = saveFile(r.path(settingsFile), text)
	}
	if err != nil {
		return fmt.Errorf("trainer: the settings of the run cannot be kept: %w", err)
	}
	return nil
}

// checkpoints returns the names of the checkpoints, oldest first.
func (r *run) checkpoints() ([]string, error) {
	entries, err := os.ReadDir(r.folder)
	if err != nil {
		return nil, fmt.Errorf("trainer: the folder of the run: %w", err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), checkpointPrefix) && strings.HasSuffix(e.Name(), checkpointEnding) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// read reads a checkpoint and checks that it is of this run.
func (r *run) read(name string) (checkpoint, error) {
	file, err := readUpTo(r.path(name), maxCheckpoint)
	if err != nil {
		return checkpoint{}, err
	}
	c, err := readCheckpoint(file)
	if err == nil && c.Settings != r.settings {
		err = errors.New("it is of a run with other settings")
	}
	if err != nil {
		return c, &damaged{r.path(name), err}
	}
	return c, nil
}

// damaged says that a file was read but is of no use.
type damaged struct {
	path   string
	reason error
}

func (d *damaged) Error() string { return fmt.Sprintf("%s: %v", d.path, d.reason) }

// drop removes a checkpoint that is of no use, so that it does not stand in the
// way of those that follow.
func (r *run) drop(name string) error {
	r.kept = slices.DeleteFunc(r.kept, func(kept string) bool { return kept == name })
	return os.Remove(r.path(name))
}

// due reports whether a checkpoint should be begun, or the last one failed.
func (r *run) due(evaluated bool) bool {
	r.wanted = r.wanted || evaluated || time.Since(r.last) >= r.every
	if !r.wanted {
		return false
	}
	if r.writing != nil {
		select {
		case err := <-r.writing:
			r.failed, r.writing = err, nil
		default:
			return false
		}
	}
	return true
}

// wait waits for the checkpoint that is being written.
func (r *run) wait() error {
	if r.writing != nil {
		r.failed, r.writing = <-r.writing, nil
	}
	return r.failed
}

// write begins to write the checkpoint that the writer holds, while training goes
// on.
func (r *run) write(epochs []Epoch) {
	r.last, r.wanted = time.Now(), false
	r.writing = make(chan error, 1)
	done := r.writing
	go func() { done <- r.store(epochs) }()
}

// store writes a checkpoint and the lines of the epochs up to there, and removes
// the checkpoints that are too many.
func (r *run) store(epochs []Epoch) error {
	step := r.writer.Step()
	name := fmt.Sprintf("%s%012d%s", checkpointPrefix, step, checkpointEnding)
	file, err := r.writer.Seal()
	if err != nil {
		return fmt.Errorf("trainer: %w", err)
	}
	if err := saveFile(r.path(name), file); err != nil {
		return fmt.Errorf("trainer: the run could not be kept after step %d: %w; make room, and the same call goes on after step %d", step, err, r.good)
	}
	r.good = step
	r.kept = append(slices.DeleteFunc(r.kept, func(kept string) bool { return kept == name }), name)
	if err := r.thin(); err != nil {
		return err
	}
	return r.log(epochs)
}

// thin removes the checkpoints that are too many, the oldest first.
func (r *run) thin() error {
	for len(r.kept) > checkpointsKept {
		if err := r.drop(r.kept[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("trainer: an old checkpoint: %w", err)
		}
	}
	return nil
}

// close waits for what is being written and gives the folder free.
func (r *run) close() {
	r.wait()
	r.lock.Close()
}

// readUpTo reads a regular file that is not longer than most.
func readUpTo(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, &damaged{path, fmt.Errorf("it is no file of a run: it has %d bytes", info.Size())}
	}
	return os.ReadFile(path)
}
