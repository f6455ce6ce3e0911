package trainer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
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
			r.good = c.Step
			return nil
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
	head := header{Settings: tr.run.settings, Step: tr.done, Rate: tr.rate, Updates: state.Updates,
		StepTime: h.StepTime, Elapsed: elapsed, Complete: h.Complete, FinalTestAcc: h.FinalTestAcc, Digest: h.Digest, Stopped: h.Stopped}
	for _, s := range sources {
		head.Random = append(head.Random, s.State())
	}
	w := &tr.run.writer
	w.start(head)
	w.numbers("loss", h.Loss, len(h.Loss))
	w.epochs(h.Epochs)
	for name, a := range tr.net.State() {
		addArray(w, "net/"+name, a)
	}
	for letter, arrays := range state.Moments {
		for name, a := range arrays {
			addArray(w, "moment/"+letter+"/"+name, a)
		}
	}
	for i, p := range tr.participants() {
		w.bytes(fmt.Sprint("callback/", i), p.State())
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

// restore goes to a checkpoint. When that cannot be done everything is as before.
func (tr *Trainer[T]) restore(c *checkpoint) error {
	back, err := tr.remember()
	if err != nil {
		return err
	}
	if err := tr.apply(c); err != nil {
		if backErr := back(); backErr != nil {
			return backErr
		}
		return &damaged{tr.run.folder, err}
	}
	h := tr.history
	h.Loss, h.Epochs, h.StepTime, h.TotalTime = c.losses(), c.epochs(), c.StepTime, c.Elapsed
	h.Complete, h.FinalTestAcc, h.Digest, h.Stopped = c.Complete, c.FinalTestAcc, c.Digest, c.Stopped
	tr.done, tr.before, tr.loaded = c.Step, c.Elapsed, c.Complete
	return nil
}

// apply puts a checkpoint into all that training changes. The errors say what is
// wrong with "it".
func (tr *Trainer[T]) apply(c *checkpoint) error {
	state, moments, err := restored[T](c)
	if err != nil {
		return err
	}
	own := tr.net.Params()
	for letter, arrays := range moments {
		for name, a := range arrays {
			if own[name] == nil || !slices.Equal(own[name].Shape(), a.Shape()) {
				return fmt.Errorf("its moment %s of %.40q has shape %s, which no parameter has", letter, name, a.Shape())
			}
		}
	}
	if err := tr.net.SetParams(state); err != nil {
		return err
	}
	if err := tr.optimizer.SetState(optimizer.State[T]{Updates: c.Updates, Moments: moments}); err != nil {
		return err
	}
	tr.setLR(c.Rate)
	sources, err := tr.sources()
	if err != nil {
		return err
	}
	if len(c.Random) != len(sources) {
		return fmt.Errorf("it has %d random sources, want %d", len(c.Random), len(sources))
	}
	for i, s := range c.Random {
		if err := sources[i].SetState(s); err != nil {
			return err
		}
	}
	for i, p := range tr.participants() {
		if err := p.SetState(c.parts[fmt.Sprint("callback/", i)].data); err != nil {
			return fmt.Errorf("what the callback %q remembers: %w", p.Settings(), err)
		}
	}
	return nil
}

// remember returns what brings network, optimizer and random sources back to where
// they are.
func (tr *Trainer[T]) remember() (back func() error, err error) {
	sources, err := tr.sources()
	if err != nil {
		return nil, err
	}
	var states []nprandom.State
	for _, s := range sources {
		states = append(states, s.State())
	}
	rate, moments, weights := tr.rate, tr.optimizer.State(), control[T]{tr}.Weights()
	return func() error {
		for i, s := range states {
			if err := sources[i].SetState(s); err != nil {
				return err
			}
		}
		tr.setLR(rate)
		if err := tr.optimizer.SetState(moments); err != nil {
			return err
		}
		return control[T]{tr}.SetWeights(weights)
	}, nil
}

// restored returns the arrays of the network and the moments of the optimizer.
func restored[T ndarray.Float](c *checkpoint) (state map[string]*ndarray.Array[T], moments map[string]map[string]*ndarray.Array[T], err error) {
	state, moments = map[string]*ndarray.Array[T]{}, map[string]map[string]*ndarray.Array[T]{}
	for full, p := range c.parts {
		kind, name, _ := strings.Cut(full, "/")
		if kind != "net" && kind != "moment" {
			continue
		}
		a, err := array[T](p)
		if err != nil {
			return nil, nil, err
		}
		if kind == "net" {
			state[name] = a
			continue
		}
		letter, name, _ := strings.Cut(name, "/")
		if moments[letter] == nil {
			moments[letter] = map[string]*ndarray.Array[T]{}
		}
		moments[letter][name] = a
	}
	return state, moments, nil
}

func (tr *Trainer[T]) setLR(lr float64) {
	if !(lr >= 0) || !finite(lr) {
		panic(fmt.Sprintf("trainer: a learning rate of %v: want a number that is not negative", lr))
	}
	tr.rate = lr
	tr.optimizer.SetLearningRate(lr)
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

// replay tells of what was trained before: the log again, and the last epoch to the
// callbacks, once.
func (tr *Trainer[T]) replay(e Event) error {
	h := tr.history
	if tr.done == 0 {
		return nil
	}
	log, epoch := classLog{tr.config.Log}, 0
	for i, loss := range h.Loss {
		if tr.config.PrintLoss {
			log.loss(loss)
		}
		if epoch < len(h.Epochs) && h.Epochs[epoch].Step == i+1 {
			if tr.config.Verbose {
				log.epoch(h.Epochs[epoch])
			}
			epoch++
		}
	}
	if tr.config.Verbose {
		if h.Complete {
			log.final(h)
		} else {
			fmt.Fprintf(tr.config.Log, "going on after step %d of %d\n", tr.done, tr.schedule.steps)
		}
	}
	e.Replayed = true
	for _, c := range tr.config.Callbacks {
		if len(h.Epochs) == 0 {
			break
		}
		if err := c.EpochEnd(e); err != nil && !(h.Complete && errors.Is(err, ErrStop)) {
			return err
		}
	}
	return nil
}
