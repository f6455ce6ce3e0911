package sweep

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/rethrow"
	"convbook/pkg/trainer"
)

// all goes on with trials, as many at a time as there are slots, until none is left or ctx
// ends.
func (r *running) all(ctx context.Context) {
	left := slices.DeleteFunc(slices.Clone(r.trials), func(t *trial) bool { return t.result.done() || t.opened })
	for {
		r.handOut(ctx, left)
		again, more, err := r.store.settle()
		if r.note(err); err != nil || ctx.Err() != nil || len(again) == 0 && !more {
			return
		}
		for _, t := range again {
			r.anew(t)
		}
		if left = again; len(left) == 0 {
			r.compareNext(ctx)
		}
	}
}

// anew makes a trial that has ended one that has not: its result was taken out.
func (r *running) anew(t *trial) {
	t.result, t.opened, t.others = Result{Settings: t.result.Settings, Seed: t.seed, Key: t.key}, false, nil
	t.failure = ""
	r.progress.reopened(t)
}

// handOut goes on with trials until none is left.
func (r *running) handOut(ctx context.Context, left []*trial) {
	var trials sync.WaitGroup
	defer trials.Wait()
	var going atomic.Int64
	for (len(left) > 0 || r.store.shared() && going.Load() > 0) && r.slots.take(ctx) {
		t, claimed, err := r.store.next(left)
		r.note(err)
		if t == nil && err != nil {
			r.slots.give()
			return
		}
		if t == nil { // others have all of them
			r.slots.give()
			rest(ctx)
			continue
		}
		if _, again := claimed.(comparison); !again && !slices.Contains(left, t) {
			r.anew(t)
		}
		left = slices.DeleteFunc(left, func(l *trial) bool { return l == t })
		going.Add(1)
		trials.Go(func() {
			defer r.slots.give()
			defer going.Add(-1)
			r.claimed(ctx, t, claimed)
		})
	}
}

// compareNext trains a trial for comparison, if there is one now.
func (r *running) compareNext(ctx context.Context) {
	if !r.slots.take(ctx) {
		return
	}
	defer r.slots.give()
	t, claimed, err := r.store.next(nil)
	if r.note(err); t == nil {
		rest(ctx)
		return
	}
	r.claimed(ctx, t, claimed)
}

func rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(200 * time.Millisecond):
	}
}

// claimed does what a claim is for.
func (r *running) claimed(ctx context.Context, t *trial, held claim) {
	if held != nil {
		defer held.release()
	}
	if c, ok := held.(comparison); ok {
		r.compare(ctx, t, c)
		return
	}
	r.try(ctx, t, held)
}

// try opens the result of a trial if another program has trained it by now, or trains it
// and keeps the result, unless it was cancelled.
func (r *running) try(ctx context.Context, t *trial, held claim) {
	r.note(r.training.open(ctx, r.store, t))
	own, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if c, ok := held.(*boardClaim); ok {
		c.board.watch(t, cancel)
	}
	for !t.opened && !r.train(own, t, held) {
		if ctx.Err() != nil || context.Cause(own) != errElsewhere {
			return
		}
		own = ctx // another machine has ended it meanwhile
		r.note(r.training.open(ctx, r.store, t))
	}
	counts, err := r.store.agree(ctx, t)
	if r.note(err); err == nil {
		t.result = counts
	}
	if r.judge != nil {
		r.judge.end(t)
	}
	r.progress.ended(t)
}

// train is false when the trial was cancelled.
func (r *running) train(ctx context.Context, t *trial, held claim) bool {
	began := time.Now()
	follow := &follower{run: r, trial: t, ctx: ctx}
	if c, ok := held.(*boardClaim); ok {
		follow.travel = c.travels(t)
		defer follow.travel.end()
	}
	history, err := guarded(func() (*trainer.History, error) {
		return r.training.function(ctx, r.training.data, Trial{Point: t.result.Settings.with(nil), Seed: t.seed, Callback: follow})
	})
	if ctx.Err() != nil && (err != nil || history == nil || !history.Complete) {
		return false
	}
	switch {
	case err != nil:
		t.result.Failed, t.failure = err.Error(), err.Error()
		var panicked *rethrow.Panic
		if errors.As(err, &panicked) { // the lines are for the error of Run alone
			t.result.Failed = panicked.Said()
		}
	case history == nil:
		t.result.Failed = "the training function returned neither a history nor an error"
	default:
		t.result.fill(history, follow.stopped, time.Since(began))
		t.result.Trained, t.result.Code, t.result.Variant = follow.trained, r.training.code, variant()
		if len(t.others) > 0 {
			r.progress.changed(changed(t.others, follow.trained))
		}
		r.note(r.store.add(t.result))
	}
	return true
}

// compare trains a trial once more and tells the digest of the weights at the end.
func (r *running) compare(ctx context.Context, t *trial, c comparison) {
	follow := &follower{run: r, trial: t, ctx: ctx, again: true}
	history, err := guarded(func() (*trainer.History, error) {
		return r.training.function(ctx, r.training.data, Trial{Point: t.result.Settings.with(nil), Seed: t.seed, Callback: follow})
	})
	if err == nil && history != nil && history.Complete {
		r.note(c.ended(history.Digest))
	}
}

// variant names what computes on this machine.
func variant() string { return runtime.GOARCH + "/" + kernels.Active().String() }

// guarded turns a panic of train, such as a shape that does not fit, into an error that
// remembers the lines of the program it arose in.
func guarded(train func() (*trainer.History, error)) (history *trainer.History, err error) {
	defer func() {
		if value := recover(); value != nil {
			history = nil
			switch value := rethrow.Value(value, "sweep.guarded").(type) {
			case *rethrow.Panic:
				err = value
			default:
				err = fmt.Errorf("%v", value)
			}
		}
	}()
	return train()
}
