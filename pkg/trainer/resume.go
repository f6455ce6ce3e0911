package trainer

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// open opens the run's folder and goes to its last whole checkpoint.
func (tr *Trainer[T]) open() error {
	r, err := openRun(tr.config.Folder, tr.settings, tr.config)
	if err != nil {
		return err
	}
	tr.run = r
	for _, name := range slices.Backward(slices.Clone(r.kept)) {
		c, err := r.read(name)
		if err == nil {
			err = tr.restore(c)
		}
		if err == nil {
			// A program that was killed may have left more than it would keep.
			r.good = c.Step
			if err = r.thin(); err != nil {
				r.close()
			}
			return err
		}
		var useless *damaged
		if !errors.As(err, &useless) {
			r.close()
			return fmt.Errorf("trainer: a checkpoint cannot be read: %w", err)
		}
		if tr.config.Verbose {
			fmt.Fprintf(tr.config.Log, "left out: %v\n", err)
		}
		if err := r.drop(name); err != nil {
			r.close()
			return fmt.Errorf("trainer: a damaged checkpoint cannot be removed: %w", err)
		}
	}
	return nil
}

// snapshot copies all that the run needs to go on into the run's writer.
func (tr *Trainer[T]) snapshot(elapsed time.Duration) error {
	sources, err := tr.sources()
	if err != nil {
		return err
	}
	h, state := tr.history, tr.optimizer.State()
	head := runfile.Header{Settings: tr.run.settings, Step: tr.done, Rate: tr.rate, Updates: state.Updates,
		StepTime: h.StepTime, Elapsed: elapsed, Complete: h.Complete, FinalTestAcc: h.FinalTestAcc, Digest: h.Digest, Stopped: h.Stopped}
	for _, s := range sources {
		head.Random = append(head.Random, s.State())
	}
	w := &tr.run.writer
	w.Start(head)
	w.Numbers("loss", h.Loss, len(h.Loss))
	addEpochs(w, h.Epochs)
	for name, a := range tr.net.State() {
		runfile.Add(w, "net/"+name, a)
	}
	for letter, arrays := range state.Moments {
		for name, a := range arrays {
			runfile.Add(w, "moment/"+letter+"/"+name, a)
		}
	}
	for i, p := range tr.participants() {
		w.Bytes(fmt.Sprint("callback/", i), p.State())
	}
	return nil
}

func (tr *Trainer[T]) participants() []Participant {
	var all []Participant
	for _, c := range tr.config.Callbacks {
		if p, ok := c.(Participant); ok {
			all = append(all, p)
		}
	}
	return all
}

// keepCheckpoint begins to write a checkpoint; an error may be that of the last.
func (tr *Trainer[T]) keepCheckpoint(elapsed time.Duration) error {
	if tr.run.failed != nil {
		return tr.run.failed
	}
	err := tr.snapshot(elapsed)
	if err == nil {
		tr.run.write(slices.Clone(tr.history.Epochs))
	}
	return err
}

// keepLast writes a checkpoint and waits until it is there.
func (tr *Trainer[T]) keepLast(elapsed time.Duration) error {
	if err := tr.run.wait(); err != nil {
		return err
	}
	if err := tr.keepCheckpoint(elapsed); err != nil {
		return err
	}
	return tr.run.wait()
}

// keepFinished leaves a finished run in its folder: the last checkpoint, from which
// it is opened, and the history and the parameters for others. What is there
// already stays.
func (tr *Trainer[T]) keepFinished() error {
	if tr.run == nil {
		return nil
	}
	h, r := tr.history, tr.run
	if tr.loaded {
		if err := r.mendLog(h.Epochs); err != nil {
			return err
		}
	} else if err := tr.keepLast(h.TotalTime); err != nil {
		return err
	}
	if kept, err := LoadHistory(r.path(historyFile)); err != nil || kept.Digest != h.Digest {
		if err := h.Save(r.path(historyFile)); err != nil {
			return err
		}
	}
	if kept, err := params.Load[T](r.path(paramsFile)); err != nil || !same(kept, tr.net.State()) {
		return params.Save(r.path(paramsFile), tr.net.State())
	}
	return nil
}

// same reports whether two states are equal, bit for bit except for the kinds of
// NaN.
func same[T ndarray.Float](a, b map[string]*ndarray.Array[T]) bool {
	if len(a) != len(b) {
		return false
	}
	for name, x := range a {
		y := b[name]
		if y == nil || !slices.Equal(x.Shape(), y.Shape()) || !slices.EqualFunc(x.Data(), y.Data(), func(v, w T) bool {
			return v == w || v != v && w != w
		}) {
			return false
		}
	}
	return true
}
