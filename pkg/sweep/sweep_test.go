package sweep_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/sweep"
	"convbook/pkg/trainer"
)

var garments = sync.OnceValue(func() *dataset.Data {
	return dataset.Must(dataset.Open("fashion")).Head(300, 100)
})

// train is a small trial: a network of a few filters for a few epochs.
func train(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
	rng := nprandom.New(t.Seed)
	net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: t.Int("filters"), HiddenSize: 20})
	return trainer.Train(ctx, net, data, trainer.Config{
		Epochs: t.Int("epochs"), MiniBatchSize: 50, Rng: rng, Optimizer: "adam",
		OptimizerParam: optimizer.Settings{LR: t.Float("rate")}, Callbacks: []trainer.Callback{t.Callback}})
}

var (
	base  = sweep.Point{"epochs": 4, "filters": 4, "rate": 0.001}
	tried = sweep.Grid(sweep.Values("filters", 2, 5), sweep.Values("rate", 0.0001, 0.003, 0.01))
)

func run(t *testing.T, s sweep.Sweep, train sweep.Train) sweep.Results {
	t.Helper()
	s.Base = base
	results, err := s.Run(context.Background(), garments(), tried, train)
	if err != nil {
		t.Fatal(err)
	}
	return timeless(results)
}

// timeless leaves out what differs from run to run.
func timeless(results sweep.Results) sweep.Results {
	for i := range results {
		results[i].Seconds = 0
	}
	return results
}

func TestATrialHasTheSameBitsAloneAndInASweep(t *testing.T) {
	results := run(t, sweep.Sweep{Seeds: []uint32{3, 4}, Parallel: 4}, train)
	if len(results) != 12 {
		t.Fatalf("%d results, want 6 points with 2 seeds each", len(results))
	}
	for _, r := range results {
		alone, err := train(context.Background(), garments(), sweep.Trial{Point: r.Settings, Seed: r.Seed, Callback: silent{}})
		if err != nil {
			t.Fatal(err)
		}
		if r.Digest != alone.Digest || r.FinalTestAcc != alone.FinalTestAcc || r.Digest == "" {
			t.Errorf("%v, seed %d: digest %s in the sweep, %s alone", r.Settings, r.Seed, r.Digest, alone.Digest)
		}
	}
	if again := run(t, sweep.Sweep{Seeds: []uint32{3, 4}, Parallel: 1}, train); !reflect.DeepEqual(again, results) {
		t.Errorf("one after the other:\n%v\nfour at a time:\n%v", again, results)
	}
}

type silent struct{}

func (silent) TrainBegin(trainer.Event)      {}
func (silent) StepEnd(trainer.Event) error   { return nil }
func (silent) EpochEnd(trainer.Event) error  { return nil }
func (silent) TrainEnd(trainer.Event, error) {}

func TestAStoppedSweepGoesOn(t *testing.T) {
	var trained atomic.Int64
	after := func(int64) {}
	counted := func(ctx context.Context, d *dataset.Data, trial sweep.Trial) (*trainer.History, error) {
		h, err := train(ctx, d, trial)
		if err == nil {
			after(trained.Add(1))
		}
		return h, err
	}
	for _, halving := range []*sweep.Halving{nil, {Epochs: 1}} {
		whole := run(t, sweep.Sweep{Halving: halving, Keep: t.TempDir()}, train)

		folder := t.TempDir()
		ctx, cancel := context.WithCancel(context.Background())
		trained.Store(0)
		after = func(n int64) {
			if n == 2 {
				cancel()
			}
		}
		s := sweep.Sweep{Base: base, Keep: folder, Parallel: 2, Halving: halving}
		some, err := s.Run(ctx, garments(), tried, counted)
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "goes on from there") {
			t.Fatalf("the error is %v, want one that says how to go on", err)
		}
		if len(some) == 0 || len(some) == len(tried) {
			t.Fatalf("%d results of a stopped sweep of %d trials", len(some), len(tried))
		}

		trained.Store(0)
		results := run(t, sweep.Sweep{Keep: folder, Halving: halving}, counted)
		for i := range results {
			results[i].Code = whole[i].Code
		}
		if !reflect.DeepEqual(results, whole) {
			t.Errorf("the continued sweep:\n%v\nthe one that was not stopped:\n%v", results, whole)
		}
		if got, want := int(trained.Load()), len(tried)-len(some); got != want {
			t.Errorf("%d trials were trained the second time, want the %d that were missing", got, want)
		}
		trained.Store(0)
		if run(t, sweep.Sweep{Keep: folder, Halving: halving}, counted); trained.Load() > 0 {
			t.Error("a finished sweep trains again")
		}
	}
}

func TestOtherSettingsSeedsAndDataAreOtherTrials(t *testing.T) {
	folder := t.TempDir()
	var trained atomic.Int64
	counted := func(ctx context.Context, d *dataset.Data, trial sweep.Trial) (*trainer.History, error) {
		h, err := train(ctx, d, trial)
		if err == nil {
			trained.Add(1)
		}
		return h, err
	}
	point := []sweep.Point{{"filters": 2}}
	for _, c := range []struct {
		name string
		s    sweep.Sweep
		data *dataset.Data
		want int64
	}{
		{"first", sweep.Sweep{Base: base}, garments(), 1},
		{"again", sweep.Sweep{Base: base}, garments(), 1},
		{"more epochs", sweep.Sweep{Base: sweep.Point{"epochs": 5, "rate": 0.001}}, garments(), 2},
		{"another seed", sweep.Sweep{Base: base, Seeds: []uint32{0, 7}}, garments(), 3},
		{"fewer images", sweep.Sweep{Base: base}, garments().Head(200, 100), 4},
		{"again", sweep.Sweep{Base: base}, garments(), 4},
		{"restarted", sweep.Sweep{Base: base, Restart: true}, garments(), 5},
		{"again", sweep.Sweep{Base: base, Seeds: []uint32{0, 7}}, garments(), 5},
	} {
		c.s.Keep = folder
		if _, err := c.s.Run(context.Background(), c.data, point, counted); err != nil {
			t.Fatal(err)
		}
		if trained.Load() != c.want {
			t.Errorf("%s: %d trials trained so far, want %d", c.name, trained.Load(), c.want)
		}
	}
}

func TestAQuickLookTakesFewerSeeds(t *testing.T) {
	for value, want := range map[string]int{"1": 6, "2": 12, "9": 18, "0": 18, "many": 18} {
		t.Setenv(sweep.SeedsVariable, value)
		results := run(t, sweep.Sweep{Seeds: []uint32{3, 1, 2}}, func(context.Context, *dataset.Data, sweep.Trial) (*trainer.History, error) {
			return &trainer.History{Digest: "d", Complete: true}, nil
		})
		if len(results) != want || results[0].Seed != 3 {
			t.Errorf("%s=%s: %d results from seed %d on, want %d from 3 on", sweep.SeedsVariable, value, len(results), results[0].Seed, want)
		}
	}
}

func TestADamagedResultsFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "sweep.jsonl")
	whole := run(t, sweep.Sweep{Keep: folder}, train)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{1, 40, len(content) / 2, len(content) - 2, len(content) - 1} {
		if err := os.WriteFile(path, content[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		if results := run(t, sweep.Sweep{Keep: folder}, train); !reflect.DeepEqual(results, whole) {
			t.Errorf("cut after %d bytes: other results", cut)
		}
	}
	var last sweep.Progress
	told := sweep.Sweep{Keep: folder, Progress: func(p sweep.Progress) { last = p }}
	for text, want := range map[string]string{"not a result\n" + string(content): "1 kept results were damaged", string(content): "opened, trained before"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if results := run(t, told, train); !reflect.DeepEqual(results, whole) || !strings.Contains(last.String(), want) {
			t.Errorf("the progress ends with %q, want it to say %q", last, want)
		}
	}
}

func TestFailingTrials(t *testing.T) {
	failing := func(ctx context.Context, d *dataset.Data, trial sweep.Trial) (*trainer.History, error) {
		switch trial.Float("rate") {
		case 0.0001:
			panic("shapes do not fit")
		case 0.01:
			return nil, errors.New("no such optimizer")
		}
		return train(ctx, d, trial)
	}
	var last sweep.Progress
	results := run(t, sweep.Sweep{Progress: func(p sweep.Progress) { last = p }}, failing)
	rows := results.Table().Rows
	if len(rows) != 6 || strings.HasPrefix(rows[0][2], "failed") || !strings.HasPrefix(rows[5][2], "failed: ") {
		t.Errorf("the table is %q, want six rows with those that failed last", rows)
	}
	if last.Done != 6 || last.Failed != 4 || last.Trials != 6 || last.Best == nil || last.Share != 1 {
		t.Errorf("progress ends with %+v", last)
	}
	if line := last.String(); !strings.Contains(line, "6 of 6 trials (4 failed)") {
		t.Errorf("progress reads %q", line)
	}

	_, err := sweep.Sweep{Base: base}.Run(context.Background(), garments(), tried, func(context.Context, *dataset.Data, sweep.Trial) (*trainer.History, error) {
		panic("shapes do not fit")
	})
	if err == nil || !strings.Contains(err.Error(), "all 6 trials failed") || !strings.Contains(err.Error(), "shapes do not fit") {
		t.Errorf("when all fail the error is %v", err)
	}
}

func TestHalvingStopsTheWorst(t *testing.T) {
	halving := &sweep.Halving{Epochs: 1, Share: 0.5}
	results := run(t, sweep.Sweep{Halving: halving, Parallel: 3, Seeds: []uint32{0, 1}}, train)
	stopped := make(map[int]int)
	score := make(map[string]float64) // after one epoch, by point
	for _, r := range results {
		stopped[r.Stopped]++
		score[r.Settings.String()] += r.Test[1]
		if want := 4; r.Stopped == 0 && len(r.Test) != want {
			t.Errorf("%v went on but has %d epochs, want %d", r.Settings, len(r.Test), want)
		}
		if r.Stopped > 0 && len(r.Test) != r.Stopped+1 {
			t.Errorf("%v was stopped after %d epochs but has %d accuracies", r.Settings, r.Stopped, len(r.Test))
		}
	}
	// Six points: three stay after one epoch, two after two; two seeds each.
	if want := map[int]int{1: 6, 2: 2, 0: 4}; !reflect.DeepEqual(stopped, want) {
		t.Errorf("stopped after (epochs: trials) %v, want %v", stopped, want)
	}
	for _, out := range results {
		for _, in := range results {
			if out.Stopped == 1 && in.Stopped != 1 && score[out.Settings.String()] > score[in.Settings.String()] {
				t.Errorf("%v was stopped and %v was not, though it was worse", out.Settings, in.Settings)
			}
		}
	}
	for _, parallel := range []int{1, 2, 8} {
		if again := run(t, sweep.Sweep{Halving: halving, Parallel: parallel, Seeds: []uint32{0, 1}}, train); !reflect.DeepEqual(again, results) {
			t.Errorf("%d at a time: other results", parallel)
		}
	}
}

// TestUntilMeasured has the curves of whole trials in fewer steps.
func TestUntilMeasured(t *testing.T) {
	folder := t.TempDir()
	whole := run(t, sweep.Sweep{Keep: folder}, train)
	for range 2 { // trained, and opened
		short := run(t, sweep.Sweep{Keep: folder, UntilMeasured: true}, train)
		for i, r := range short {
			if !reflect.DeepEqual(r.Train, whole[i].Train) || !reflect.DeepEqual(r.Test, whole[i].Test) {
				t.Errorf("%v: accuracies\n%v %v, of whole trials\n%v %v", r.Settings, r.Train, r.Test, whole[i].Train, whole[i].Test)
			}
			if r.Steps != whole[i].Steps-5 || r.Stopped != 0 { // an epoch has six
				t.Errorf("%v: %d steps of %d, stopped after %d epochs", r.Settings, r.Steps, whole[i].Steps, r.Stopped)
			}
		}
	}
	if again := run(t, sweep.Sweep{Keep: folder}, train); !reflect.DeepEqual(again, whole) {
		t.Error("short trials took the place of whole ones")
	}
}

// TestNoMoreTrialsThanAskedFor counts the trials that are trained at the same time.
func TestNoMoreTrialsThanAskedFor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	for _, c := range []struct{ parallel, want int }{{1, 1}, {2, 2}, {0, 3}} {
		var now, most atomic.Int64
		counted := func(ctx context.Context, d *dataset.Data, trial sweep.Trial) (*trainer.History, error) {
			n := now.Add(1)
			defer now.Add(-1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			for end := time.Now().Add(time.Minute); int(most.Load()) < c.want && time.Now().Before(end); {
				time.Sleep(time.Millisecond) // others get the chance to begin
			}
			time.Sleep(5 * time.Millisecond) // also those that should not
			return &trainer.History{Digest: "d", Complete: true}, nil
		}
		run(t, sweep.Sweep{Parallel: c.parallel, Seeds: []uint32{0, 1}}, counted)
		if got := int(most.Load()); got != c.want {
			t.Errorf("Parallel %d on 3 processors: %d trials at the same time, want %d", c.parallel, got, c.want)
		}
	}
}

func TestProgressRises(t *testing.T) {
	last := sweep.Progress{Share: -1}
	run(t, sweep.Sweep{Progress: func(p sweep.Progress) {
		if p.Share < last.Share || p.Done < last.Done {
			t.Errorf("progress went back from %+v to %+v", last, p)
		}
		last = p
	}}, train)
	if last.Share != 1 || last.Done != len(tried) {
		t.Errorf("progress ends with %+v", last)
	}
}

func TestWrongSettings(t *testing.T) {
	for _, c := range []struct {
		s      sweep.Sweep
		points []sweep.Point
		want   string
	}{
		{sweep.Sweep{}, []sweep.Point{{"rate": float32(1)}}, `"rate" is a float32; use`},
		{sweep.Sweep{Halving: &sweep.Halving{}}, tried, "at least 1 epoch"},
		{sweep.Sweep{Keep: "/dev/null/here"}, tried, "no folder for what is kept"},
	} {
		_, err := c.s.Run(context.Background(), garments(), c.points, train)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q in it", err, c.want)
		}
	}
}
