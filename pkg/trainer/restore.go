package trainer

import (
	"fmt"
	"slices"
	"strings"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// restore goes to a checkpoint. When that cannot be done everything is as before.
func (tr *Trainer[T]) restore(c checkpoint) error {
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
func (tr *Trainer[T]) apply(c checkpoint) error {
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
		if err := p.SetState(c.Contents[fmt.Sprint("callback/", i)].Data); err != nil {
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
func restored[T ndarray.Float](c checkpoint) (state map[string]*ndarray.Array[T], moments map[string]map[string]*ndarray.Array[T], err error) {
	state, moments = map[string]*ndarray.Array[T]{}, map[string]map[string]*ndarray.Array[T]{}
	for full, p := range c.Contents {
		kind, name, _ := strings.Cut(full, "/")
		if kind != "net" && kind != "moment" {
			continue
		}
		a, err := runfile.Array[T](p)
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
