package trainer

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// open opens the run's folder, that of its settings among those kept under its name, and
// goes to its last whole checkpoint.
func (tr *training[T]) open() error {
	if err := tr.openFolder(); err != nil {
		return fmt.Errorf("trainer: %w", err)
	}
	err := tr.goToLast()
	if err != nil {
		tr.run.Close()
		return fmt.Errorf("trainer: %w", err)
	}
	return nil
}

func (tr *training[T]) openFolder() error {
	all, err := kept.Folder(tr.config.Keep)
	if err != nil {
		return err
	}
	version := tr.settings.Digest()
	before := kept.Last(all)
	tr.run, err = runfolder.Open(filepath.Join(all, version), tr.settings, tr.config.CheckpointEvery, tr.config.Restart)
	if err != nil {
		return err
	}
	if before != "" && before != version {
		if changed := runfolder.Differences(filepath.Join(all, before), tr.settings); len(changed) > 0 {
			fmt.Fprintf(tr.config.Log, "other settings than last time (%s); that run is kept, too · 지난번과 설정이 달라 새로 학습하며, 지난 결과도 남아 있습니다\n", strings.Join(changed, "; "))
		}
	}
	if err := kept.Ask(all, version); err != nil {
		tr.run.Close()
		return err
	}
	return nil
}

// goToLast goes to the last checkpoint that is whole.
func (tr *training[T]) goToLast() error {
	for _, name := range tr.run.Checkpoints() {
		err := tr.goTo(name)
		if err == nil {
			return tr.run.GoOn(tr.done)
		}
		var useless *runfolder.Damaged
		if !errors.As(err, &useless) {
			return fmt.Errorf("a checkpoint cannot be read: %w", err)
		}
		if tr.config.Verbose {
			fmt.Fprintf(tr.config.Log, "left out: %v · 손상되어 쓰지 않습니다\n", err)
		}
		if err := tr.run.Drop(name); err != nil {
			return fmt.Errorf("a damaged checkpoint cannot be removed: %w", err)
		}
	}
	return nil
}

func (tr *training[T]) goTo(name string) error {
	read, err := tr.run.Read(name)
	if err != nil {
		return err
	}
	c, err := checked(read)
	if err != nil {
		return &runfolder.Damaged{Path: tr.run.Path(name), Reason: err}
	}
	err = tr.restore(c)
	if useless := (*runfolder.Damaged)(nil); errors.As(err, &useless) {
		useless.Path = tr.run.Path(name)
	}
	return err
}

// restore goes to a checkpoint. When that cannot be done everything is as before.
func (tr *training[T]) restore(c checkpoint) error {
	back, err := tr.remember()
	if err != nil {
		return err
	}
	if err := tr.apply(c); err != nil {
		if backErr := back(); backErr != nil {
			return backErr
		}
		return &runfolder.Damaged{Path: "the checkpoint", Reason: err}
	}
	h := tr.history
	h.Loss, h.Epochs, h.StepTime, h.TotalTime = c.losses(), c.epochs(), c.StepTime, c.Elapsed
	h.Complete, h.FinalTestAcc, h.Digest, h.Stopped = c.Complete, c.FinalTestAcc, c.Digest, c.Stopped
	if h.Final = (Final{}); c.FinalTrainOn > 0 {
		h.Final = Final{c.FinalTrainAcc, c.FinalTestAcc, c.FinalTrainOn, tr.data.test.Len()}
	}
	tr.done, tr.before, tr.loaded = c.Step, c.Elapsed, c.Complete
	return nil
}

// apply puts a checkpoint into all that training changes. The errors say what is
// wrong with "it".
func (tr *training[T]) apply(c checkpoint) error {
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
func (tr *training[T]) remember() (back func() error, err error) {
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
