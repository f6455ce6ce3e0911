package sweep

import (
	"context"

	"convbook/pkg/trainer"
)

// follower is a trial's callback: it reports how far the trial is and, where there
// is a judge, waits for the verdict.
type follower struct {
	trainer.Base
	run     *running
	trial   *trial
	ctx     context.Context
	trained []trainer.Setting
	stopped int // after so many epochs, by the judge; 0 when it was not
}

func (f *follower) TrainBegin(e trainer.Event) { f.trained = e.Run.Settings() }

func (f *follower) StepEnd(e trainer.Event) error {
	f.run.progress.at(f.trial, float64(e.Step)/float64(max(e.Steps, 1)))
	return nil
}

// EpochEnd comes on the first step of an epoch: e.Epoch-1 of them are done.
func (f *follower) EpochEnd(e trainer.Event) error {
	if f.run.short && e.Epoch == e.Epochs {
		return trainer.ErrStop
	}
	j, epochs := f.run.judge, e.Epoch-1
	if j == nil || epochs == 0 || !j.isRung(epochs) {
		return nil
	}
	measured := e.History.Epochs[len(e.History.Epochs)-1]
	// The trial gives its processor away while it waits for the others.
	f.run.slots.give()
	stays, err := j.arrive(f.ctx, f.trial, epochs, measured.TestAcc)
	if !f.run.slots.take(context.WithoutCancel(f.ctx)) || err != nil {
		return err
	}
	if !stays {
		f.stopped = epochs
		return trainer.ErrStop
	}
	return nil
}
