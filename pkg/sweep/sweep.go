// Package sweep tries settings of a network side by side: the hyper-parameter
// tests of the assignment.
//
//	s := sweep.Sweep{Base: sweep.Point{"filters": 30, "rate": 0.001}, Seeds: []uint32{0, 1, 2}, Keep: "filters-and-rates"}
//	points := sweep.Grid(sweep.Values("filters", 16, 32, 64), sweep.Values("rate", 0.01, 0.001))
//	results, err := s.Run(ctx, data, points, func(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
//		rng := nprandom.New(t.Seed)
//		net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: t.Int("filters")})
//		return trainer.Train(ctx, net, data, trainer.Config{Epochs: 5, Rng: rng, Optimizer: "adam",
//			OptimizerParam: optimizer.Settings{LR: t.Float("rate")}, Callbacks: []trainer.Callback{t.Callback}})
//	})
//
// Trials run side by side, each on its share of the processors. A network gives
// the same bits on any number of them, so a trial ends with the same weights alone
// or in a sweep.
//
// With Keep each result is a line in a file, with a digest of its own: a sweep that was
// stopped goes on where it was, and a line that is damaged is trained again. A result is
// opened only if the training is the same: what the trainer was given (network, data,
// epochs, optimizer …) and the text of the training function and of all that it leads
// to, comments aside. Otherwise its trial is trained anew, and Progress says in what the
// training has changed. Two programs that run the same sweep share its trials.
//
// CONVBOOK_SWEEP=/a/folder lets machines share a sweep that see nothing of each other but this folder, such
// as one on NFS: each runs the same program, trains what no other does, and ends with the results of
// all. A machine that gives no sign of life for 30 s loses its trials to the others.
package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"convbook/pkg/dataset"
	"convbook/pkg/system/companion"
	"convbook/pkg/trainer"
)

// SeedsVariable names the variable that limits how many of the seeds are tried, for a
// quick look: CONVBOOK_SEEDS=1 takes the first only.
const SeedsVariable = "CONVBOOK_SEEDS"

// Sweep says how trials are run.
type Sweep struct {
	Base  Point    // settings that all points share, unless they have their own
	Seeds []uint32 // each point is tried with each of them; {0}
	Keep  string   // the name, or the path of a folder, under which results are kept; empty keeps none

	// Restart gives up the kept results of these points and seeds, and trains anew.
	Restart bool

	// Parallel is how many trials run at the same time; as many as there are
	// processors. Each holds a network and its buffers in memory.
	Parallel int

	// Halving, where it is set, stops hopeless points early.
	Halving *Halving

	// UntilMeasured ends each trial at the first step of its last epoch. That is
	// where accuracies are measured: the curves stay the same, and an epoch is saved.
	UntilMeasured bool

	// Progress, where it is set, is told how the sweep stands, about four times
	// a second and at the end. Its calls come one at a time.
	Progress func(Progress)
}

// Trial is one training run: the settings (Base with the point's own over them)
// and a seed.
type Trial struct {
	Point
	Seed uint32

	// Callback goes to trainer.Config.Callbacks: by it the sweep knows how far
	// the trial is, and stops it early when Halving says so.
	Callback trainer.Callback
}

// Train trains one network. It gives Trial.Callback to its trainer.
type Train func(ctx context.Context, data *dataset.Data, trial Trial) (*trainer.History, error)

// Run tries every point with every seed and returns the results in the order of
// the points. A trial that fails, by an error or a panic, has the reason in its
// result and the others go on; only when all fail is it an error. When ctx is
// cancelled the finished results come back with an error, and the same Run goes on
// from there when there is a name to Keep them under.
func (s Sweep) Run(ctx context.Context, data *dataset.Data, points []Point, train Train) (Results, error) {
	if len(s.Seeds) == 0 {
		s.Seeds = []uint32{0}
	}
	if n, err := strconv.Atoi(os.Getenv(SeedsVariable)); err == nil && n > 0 && n < len(s.Seeds) {
		s.Seeds = s.Seeds[:n]
	}
	if s.Parallel <= 0 {
		s.Parallel = runtime.GOMAXPROCS(0)
	}
	if data == nil || train == nil {
		return nil, errors.New("sweep: Run needs data and a training function; one of them is nil")
	}
	for {
		results, err := s.once(ctx, data, points, train)
		if !errors.Is(err, errRanked) || ctx.Err() != nil {
			return results, err
		}
	}
}

// once is Run; the error is errRanked where it must begin anew.
func (s Sweep) once(ctx context.Context, data *dataset.Data, points []Point, train Train) (Results, error) {
	run, err := s.prepare(ctx, data, points, train)
	if err != nil {
		return nil, err
	}
	defer run.store.close()
	run.all(ctx)
	if !errors.Is(run.storing, errRanked) {
		run.progress.end()
	}
	return run.results(ctx)
}

// running is a sweep at work.
type running struct {
	training *training
	trials   []*trial
	slots    *slots
	judge    *judge // nil without Halving
	short    bool   // UntilMeasured
	kept     bool   // the same Run would go on
	progress *progress
	store    store

	mu      sync.Mutex
	storing error
}

// trial is a Trial and what became of it.
type trial struct {
	index   int // in running.trials
	point   int
	seed    uint32
	key     string
	result  Result
	failure string   // why it failed, with the lines of the program if it panicked
	opened  bool     // the result was kept
	others  []Result // kept results of the same key, of another training
}

func (s Sweep) prepare(ctx context.Context, data *dataset.Data, points []Point, train Train) (*running, error) {
	r := &running{training: newTraining(train, data), slots: newSlots(s.Parallel), short: s.UntilMeasured, kept: s.Keep != "", store: unkept{}}
	if s.Halving != nil {
		if err := s.Halving.check(); err != nil {
			return nil, err
		}
	}
	seen := make(map[string]bool)
	for i, p := range points {
		p := s.Base.with(p)
		if err := p.check(); err != nil {
			return nil, err
		}
		if seen[p.key()] {
			continue
		}
		seen[p.key()] = true
		for _, seed := range s.Seeds {
			t := &trial{index: len(r.trials), point: i, seed: seed, key: s.key(p, seed, data)}
			t.result.Settings, t.result.Seed, t.result.Key = p, seed, t.key
			r.trials = append(r.trials, t)
		}
	}
	if s.Halving != nil {
		r.judge = newJudge(*s.Halving, r.trials)
	}
	r.progress = newProgress(s.Progress, len(r.trials))
	if s.Keep != "" {
		if err := r.openKept(ctx, s); err != nil {
			r.store.close()
			return nil, err
		}
	}
	r.progress.begin(r.trials, r.store.unreadable())
	return r, nil
}

// openKept opens the results that are kept. Trials that wait for each other are not
// shared with another program: where one is at it, this one waits for its end.
func (r *running) openKept(ctx context.Context, s Sweep) error {
	if err := r.openStore(ctx, s); err != nil {
		return err
	}
	if s.Halving != nil {
		waits := func() {
			if s.Progress != nil {
				s.Progress(Progress{Trials: len(r.trials), Left: -1, Waiting: true})
			}
		}
		if err := r.store.together(ctx, waits); err != nil {
			return fmt.Errorf("sweep: another program is at this sweep: %w", err)
		}
	}
	if s.Restart {
		if err := r.store.remove(r.trials); err != nil {
			return err
		}
	}
	var looking sync.WaitGroup
	for _, t := range r.trials {
		looking.Go(func() {
			if r.slots.take(ctx) {
				defer r.slots.give()
				r.openBefore(ctx, t)
			}
		})
	}
	looking.Wait()
	if r.judge != nil {
		for _, t := range r.trials {
			if t.result.done() {
				r.judge.end(t)
			}
		}
	}
	return r.storing
}

// openBefore takes over what was kept of a trial before this Run.
func (r *running) openBefore(ctx context.Context, t *trial) {
	r.note(r.training.open(ctx, r.store, t))
	if !t.opened {
		return
	}
	counts, err := r.store.agree(ctx, t)
	if r.note(err); err == nil {
		t.result = counts
	}
}

// openStore opens what machines share, a folder or a board, or the folder of this machine.
func (r *running) openStore(ctx context.Context, s Sweep) error {
	place := os.Getenv(companion.BoardVariable)
	if place != "" && !companion.IsBoard(place) {
		if !filepath.IsAbs(place) {
			return fmt.Errorf("sweep: %s is %q; it must be a line that `kernel share` prints, or the whole path of a folder that the machines share", companion.BoardVariable, place)
		}
		opened, err := r.openShared(place, s.Keep)
		if err == nil {
			r.store = opened
		}
		return err
	}
	opened, err := openFolder(s.Keep)
	if err != nil {
		return err
	}
	r.store = opened
	if place == "" || len(r.trials) == 0 {
		return nil
	}
	board, err := r.openBoard(ctx, s, opened)
	if err == nil {
		r.store = board
	}
	return err
}

// key tells results apart: settings, seed, data and where trials end.
func (s Sweep) key(p Point, seed uint32, data *dataset.Data) string {
	kind := data.Name
	if data.StandIn {
		kind += " stand-in"
	}
	end := ""
	if s.UntilMeasured {
		end = ", until measured"
	}
	if s.Halving != nil {
		end += fmt.Sprintf(", halving %+v", *s.Halving)
	}
	return fmt.Sprintf("%s seed %d, %s %d+%d%s", p.key(), seed, kind, data.Train.Len(), data.Test.Len(), end)
}

func (r *running) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && (r.storing == nil || !strings.Contains(r.storing.Error(), err.Error())) {
		r.storing = errors.Join(r.storing, err)
	}
}

func (r *running) results(ctx context.Context) (Results, error) {
	var results Results
	failed, firstFailure := 0, ""
	for _, t := range r.trials {
		if t.result.Failed != "" {
			failed++
			if firstFailure == "" {
				firstFailure = fmt.Sprintf("%s, seed %d: %s", t.result.Settings, t.seed, cmp.Or(t.failure, t.result.Failed))
			}
		}
		if t.result.done() || t.result.Failed != "" {
			results = append(results, t.result)
		}
	}
	switch {
	case ctx.Err() != nil && len(results) < len(r.trials):
		again := "; nothing was kept, since Keep is not set"
		if r.kept {
			again = "; the same Run goes on from there"
		}
		return results, fmt.Errorf("sweep: stopped after %d of %d trials%s: %w", len(results), len(r.trials), again, context.Cause(ctx))
	case r.storing != nil:
		return results, r.storing
	case failed > 0 && failed == len(r.trials):
		return results, fmt.Errorf("sweep: all %d trials failed; the first: %s", failed, firstFailure)
	}
	return results, nil
}
