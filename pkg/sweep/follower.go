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
	travel  *travel // of its checkpoints; nil where they stay
	again   bool    // the trial is trained for comparison
	trained []trainer.Setting
	stopped int // after so many epochs, by the judge; 0 when it was not
}

// KeptIn tells the trainer the folder in which the trial is kept while it goes on, ""
// for none.
func (f *follower) KeptIn() string {
	if f.travel == nil {
		return ""
	}
	return f.travel.folder
}

func (f *follower) TrainBegin(e trainer.Event) { f.trained = e.Run.Settings() }

func (f *follower) StepEnd(e trainer.Event) error {
	if !f.again {
		f.run.progress.at(f.trial, float64(e.Step)/float64(max(e.Steps, 1)))
	}
	if f.travel != nil {
		f.travel.send()
	}
	return nil
}

// LooksOn lets a trial on a device run ahead.
func (f *follower) LooksOn() {}

// EpochEnd comes on the first step of an epoch: e.Epoch-1 of them are done.
func (f *follower) EpochEnd(e trainer.Event) error {
	if f.run.short && e.Epoch == e.Epochs {
		return trainer.ErrStop
	}
	j, epochs := f.run.judge, e.Epoch-1
	if j == nil || epochs == 0 || !j.isRung(epochs) {
		return nil
	}
	// The trial gives its processor away while it waits for the others.
	f.run.slots.give()
	stays, err := f.judged(j, epochs, e.History.Epochs[len(e.History.Epochs)-1].TestAcc)
	if !f.run.slots.take(context.WithoutCancel(f.ctx)) || err != nil {
		return err
	}
	if !stays {
		f.stopped = epochs
		return trainer.ErrStop
	}
	return nil
}

func (f *follower) judged(j *judge, epochs int, score float64) (stays bool, err error) {
	if !f.again {
		f.trial.result.Trained = f.trained
		if err := f.run.store.arrive(j, f.trial, epochs, score); err != nil {
			return false, err
		}
	}
	return j.wait(f.ctx, f.trial, epochs)
}
