package trainer

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// snapshot copies all that the run needs to go on into the run's writer.
func (tr *training[T]) snapshot(elapsed time.Duration) error {
	if err := tr.sync(); err != nil {
		return err
	}
	sources, err := tr.sources()
	if err != nil {
		return err
	}
	h, state := tr.history, tr.optimizer.State()
	head := runfile.Header{Step: tr.done, Rate: tr.rate, Updates: state.Updates,
		StepTime: h.StepTime, Elapsed: elapsed, Complete: h.Complete, FinalTestAcc: h.FinalTestAcc, FinalTrainAcc: h.Final.TrainAcc, FinalTrainOn: h.Final.TrainOn, Digest: h.Digest, Stopped: h.Stopped}
	for _, s := range sources {
		head.Random = append(head.Random, s.State())
	}
	w := tr.run.Start(head)
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

func (tr *training[T]) participants() []Participant {
	var all []Participant
	for _, c := range tr.config.Callbacks {
		if p, ok := c.(Participant); ok {
			all = append(all, p)
		}
	}
	return all
}

// keepCheckpoint begins to write a checkpoint; an error may be that of the last.
func (tr *training[T]) keepCheckpoint(elapsed time.Duration) error {
	if err := tr.run.Failed(); err != nil {
		return fmt.Errorf("trainer: %w", err)
	}
	if err := tr.snapshot(elapsed); err != nil {
		return err
	}
	lines, err := epochLines(tr.history.Epochs)
	if err == nil {
		tr.run.Write(lines)
	}
	return err
}

// keepLast writes a checkpoint and waits until it is there.
func (tr *training[T]) keepLast(elapsed time.Duration) error {
	if err := tr.run.Wait(); err != nil {
		return fmt.Errorf("trainer: %w", err)
	}
	if err := tr.keepCheckpoint(elapsed); err != nil {
		return err
	}
	if err := tr.run.Wait(); err != nil {
		return fmt.Errorf("trainer: %w", err)
	}
	return nil
}

// keepFinished leaves a finished run in its folder: the last checkpoint, from which
// it is opened, and the history and the parameters for others. What is there
// already stays.
func (tr *training[T]) keepFinished() error {
	if tr.run == nil {
		return nil
	}
	h, r := tr.history, tr.run
	if tr.loaded {
		lines, err := epochLines(h.Epochs)
		if err != nil {
			return err
		}
		if err := r.MendLog(lines); err != nil {
			return fmt.Errorf("trainer: %w", err)
		}
	} else if err := tr.keepLast(h.TotalTime); err != nil {
		return err
	}
	if kept, err := LoadHistory(r.Path(runfolder.HistoryFile)); err != nil || kept.Digest != h.Digest {
		if err := h.Save(r.Path(runfolder.HistoryFile)); err != nil {
			return err
		}
	}
	if kept, err := params.Load[T](r.Path(runfolder.ParamsFile)); err != nil || !same(kept, tr.net.State()) {
		return params.Save(r.Path(runfolder.ParamsFile), tr.net.State(), params.Network(described(tr.net)))
	}
	return nil
}

// described returns what a network says of itself, "" where it says nothing.
func described(net any) string {
	if net, ok := net.(interface{ Description() string }); ok {
		return net.Description()
	}
	return ""
}

// epochLines returns a line of JSON for each epoch.
func epochLines(epochs []Epoch) ([][]byte, error) {
	var lines [][]byte
	for _, e := range epochs {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("trainer: the line of epoch %d: %w", e.Epoch, err)
		}
		lines = append(lines, append(line, '\n'))
	}
	return lines, nil
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
