package sweep

import (
	"context"
	"errors"
	"slices"
	"strings"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/source"
	"convbook/pkg/trainer"
)

// training is what tells whether a result that is kept is that of the training function
// as it is now: the text of the function, and the settings that it trains with.
type training struct {
	function Train
	data     *dataset.Data
	code     string // digest
}

// parts returns digests of the function's text and of the packages.
func (t *training) parts() (function, packages string) { return source.Parts(t.function) }

func newTraining(function Train, data *dataset.Data) *training {
	return &training{function, data, source.Digest(function)}
}

// open looks for a kept result of a trial and takes it over, unless it is of another
// training. What then differs is what the trial remembers as changed.
func (t *training) open(ctx context.Context, s store, trial *trial) error {
	kept, err := s.results(trial.key)
	if err != nil || len(kept) == 0 {
		return err
	}
	if kept[0].Failed != "" { // on another machine
		trial.opened, trial.result.Failed = true, kept[0].Failed
		return nil
	}
	trial.others = kept
	kept = slices.DeleteFunc(slices.Clone(kept), func(r Result) bool { return r.Code != t.code })
	if len(kept) == 0 {
		return nil
	}
	settings, known := t.settings(ctx, trial, kept)
	for _, r := range kept {
		if known && slices.Equal(r.Trained, settings) {
			trial.opened = true
			r.Settings, r.Seed, r.Key = trial.result.Settings, trial.result.Seed, trial.key
			trial.result = r
			return nil
		}
	}
	return nil
}

// errLooked ends a training that was only begun to be looked at.
var errLooked = errors.New("the settings are known")

// settings returns what a trial trains with, which is begun for it, up to its first step
// at most.
func (t *training) settings(ctx context.Context, trial *trial, kept []Result) (settings []trainer.Setting, known bool) {
	if len(kept[0].Trained) == 0 {
		return nil, true // the function never gave its trainer the callback
	}
	return t.begin(ctx, trial)
}

// begin begins a trial to see what it trains with.
func (t *training) begin(ctx context.Context, trial *trial) (settings []trainer.Setting, known bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	look := &looker{cancel: cancel}
	guarded(func() (*trainer.History, error) {
		return t.function(ctx, t.data, Trial{Point: trial.result.Settings.with(nil), Seed: trial.seed, Callback: look})
	})
	return look.settings, look.settings != nil
}

// looker notes with what settings a training begins, and ends it.
type looker struct {
	trainer.Base
	cancel   context.CancelFunc
	settings []trainer.Setting
}

func (l *looker) TrainBegin(e trainer.Event) {
	l.settings = e.Run.Settings()
	l.cancel()
}

func (l *looker) StepEnd(trainer.Event) error { return errLooked }

// changed says in a few words what a training differs in from the nearest that was kept.
func changed(kept []Result, now []trainer.Setting) string {
	var nearest []string
	for i, r := range kept {
		differs := runfile.Settings{Settings: r.Trained}.Differences(runfile.Settings{Settings: now})
		if len(differs) == 0 {
			return "its code"
		}
		if i == 0 || len(differs) < len(nearest) {
			nearest = differs
		}
	}
	return strings.Join(nearest, "; ")
}
