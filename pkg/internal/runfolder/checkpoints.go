package runfolder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convbook/pkg/internal/runfile"
)

// The names of checkpoints, and how many are kept.
const (
	CheckpointPrefix = "checkpoint-"
	CheckpointEnding = ".ckpt"
	CheckpointsKept  = 2
)

// list returns the names of the checkpoints, oldest first.
func (f *Folder) list() ([]string, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, fmt.Errorf("the folder of the run: %w", err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), CheckpointPrefix) && strings.HasSuffix(e.Name(), CheckpointEnding) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// Checkpoints returns the names of the checkpoints that were there, newest first.
func (f *Folder) Checkpoints() []string {
	names := slices.Clone(f.kept)
	slices.Reverse(names)
	return names
}

// Read reads a checkpoint and checks that it is of this run; the error is *Damaged
// when it was read but is of no use.
func (f *Folder) Read(name string) (*runfile.Checkpoint, error) {
	file, err := ReadUpTo(f.Path(name), MaxFile)
	if err != nil {
		return nil, err
	}
	c, err := runfile.Read(file)
	if err == nil && c.Settings != f.settings {
		err = errors.New("it is of a run with other settings")
	}
	if err != nil {
		return nil, &Damaged{f.Path(name), err}
	}
	return c, nil
}

// Drop removes a checkpoint that is of no use, so that it does not stand in the way of
// those that follow.
func (f *Folder) Drop(name string) error {
	f.kept = slices.DeleteFunc(f.kept, func(kept string) bool { return kept == name })
	return os.Remove(f.Path(name))
}

// GoOn takes the run up after a step whose checkpoint was read. A program that was
// killed may have left more checkpoints than it would keep.
func (f *Folder) GoOn(step int) error {
	f.good = step
	return f.thin()
}

// Start begins the next checkpoint.
func (f *Folder) Start(h runfile.Header) *runfile.Writer {
	h.Settings = f.settings
	f.writer.Start(h)
	return &f.writer
}

// Due reports whether a checkpoint should be begun, or the last one failed.
func (f *Folder) Due(evaluated bool) bool {
	f.wanted = f.wanted || evaluated || time.Since(f.last) >= f.every
	if !f.wanted {
		return false
	}
	if f.writing != nil {
		select {
		case err := <-f.writing:
			f.failed, f.writing = err, nil
		default:
			return false
		}
	}
	return true
}

// Failed returns the error of the last checkpoint that was written.
func (f *Folder) Failed() error { return f.failed }

// Wait waits for the checkpoint that is being written.
func (f *Folder) Wait() error {
	if f.writing != nil {
		f.failed, f.writing = <-f.writing, nil
	}
	return f.failed
}

// Write begins to write the checkpoint that the writer holds, and the lines of the
// epochs up to there, while training goes on.
func (f *Folder) Write(epochs [][]byte) {
	f.last, f.wanted = time.Now(), false
	f.writing = make(chan error, 1)
	done := f.writing
	go func() { done <- f.store(epochs) }()
}

// store writes a checkpoint and the lines of the epochs, and removes the checkpoints
// that are too many.
func (f *Folder) store(epochs [][]byte) error {
	step := f.writer.Step()
	name := fmt.Sprintf("%s%012d%s", CheckpointPrefix, step, CheckpointEnding)
	file, err := f.writer.Seal()
	if err != nil {
		return err
	}
	if err := Save(f.Path(name), file); err != nil {
		return fmt.Errorf("the run could not be kept after step %d: %w; make room, and the same call goes on after step %d", step, err, f.good)
	}
	f.good = step
	f.kept = append(slices.DeleteFunc(f.kept, func(kept string) bool { return kept == name }), name)
	if err := f.thin(); err != nil {
		return err
	}
	return f.log(epochs)
}

// thin removes the checkpoints that are too many, the oldest first.
func (f *Folder) thin() error {
	for len(f.kept) > CheckpointsKept {
		if err := f.Drop(f.kept[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("an old checkpoint: %w", err)
		}
	}
	return nil
}

// Adopt puts a checkpoint that came from elsewhere into the folder of its settings among
// those in all, unless it is of no use. Whether it is of the run that opens the folder
// that run sees for itself.
func Adopt(all, file string) error {
	content, err := ReadUpTo(file, MaxFile)
	if err != nil {
		return err
	}
	c, err := runfile.Read(content)
	if err != nil {
		return &Damaged{file, err}
	}
	if len(c.Settings) != 16 || strings.Trim(c.Settings, "0123456789abcdef") != "" || c.Step < 1 || c.Step >= 1e12 {
		return &Damaged{file, errors.New("it names no settings or no step")}
	}
	folder := filepath.Join(all, c.Settings)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return Save(filepath.Join(folder, fmt.Sprintf("%s%012d%s", CheckpointPrefix, c.Step, CheckpointEnding)), content)
}
