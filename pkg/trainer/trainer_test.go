package trainer_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

// standIn is a small data set that is always there.
func standIn(t *testing.T, train, test int) *dataset.Data {
	t.Helper()
	t.Setenv(dataset.FolderVariable, "stand-in")
	data, err := dataset.Open("fashion", dataset.Log(new(bytes.Buffer)))
	if err != nil {
		t.Fatal(err)
	}
	return data.Head(train, test)
}

func small(rng *nprandom.RandomState) *convnet.SimpleConvNet[float32] {
	return convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 16, HiddenSize: 20, UseDropout: true, DropoutRatio: 0.5})
}

func TestTraining(t *testing.T) {
	data := standIn(t, 3000, 500)
	digests := map[int]string{}
	for _, procs := range []int{1, 2, 3, 8} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		var log bytes.Buffer
		folder := t.TempDir()
		rng := nprandom.New(0)
		net := small(rng)
		h, err := trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 7, Optimizer: "adam", Rng: rng,
			EvaluateSampleNumPerEpoch: 300, Verbose: true, Log: &log, Keep: folder})
		if err != nil {
			t.Fatal(err)
		}
		digests[procs] = h.Digest
		if len(h.Loss) != 210 || len(h.Epochs) != 7 || !h.Complete || !h.StandIn || h.Epochs[1].Step != 31 {
			t.Errorf("%d losses, %d epochs, second at step %d, complete %v, stand-in %v", len(h.Loss), len(h.Epochs), h.Epochs[1].Step, h.Complete, h.StandIn)
		}
		if h.FinalTestAcc < 0.5 {
			t.Errorf("the accuracy is %v after 210 steps", h.FinalTestAcc)
		}
		if want := (trainer.Final{TrainAcc: evaluation.Accuracy(net, data.Train.Head(500)), TestAcc: evaluation.Accuracy(net, data.Test), TrainOn: 500, TestOn: 500}); h.Final != want || want.TestAcc != h.FinalTestAcc {
			t.Errorf("at the end %+v, want %+v", h.Final, want)
		}
		form := regexp.MustCompile(`^(=== epoch:\d, train acc:[01]\.\d+, test acc:[01]\.\d+ ===\n){7}={15} Final Test Accuracy ={15}\ntest acc:0\.\d+\ndigest of the weights:[0-9a-f]{16}\n$`)
		if !form.MatchString(log.String()) {
			t.Errorf("the log is not the class's:\n%s", log.String())
		}
		run, err := trainer.OpenRun[float32](folder)
		if err != nil {
			t.Fatal(err)
		}
		kept := run.History
		if kept.TotalTime = h.TotalTime; !reflect.DeepEqual(kept, h) {
			t.Error("the history that was kept is another one")
		}
		again := small(nprandom.New(9))
		if err := again.SetParams(run.Params); err != nil {
			t.Fatal(err)
		}
		if again.Digest() != h.Digest || evaluation.Accuracy(again, data.Test) != h.FinalTestAcc {
			t.Error("the parameters that were kept are others")
		}
	}
	for procs, digest := range digests {
		if digest != digests[1] {
			t.Errorf("on %d processors the digest is %s, on one %s", procs, digest, digests[1])
		}
	}
}

// watcher counts calls and may stop a run.
type watcher struct {
	begun, steps, epochs, ended int
	err                         error
	onStep                      func(step int) error
}

func (w *watcher) TrainBegin(trainer.Event) { w.begun++ }
func (w *watcher) StepEnd(e trainer.Event) error {
	w.steps++
	if w.onStep != nil {
		return w.onStep(e.Step)
	}
	return nil
}
func (w *watcher) EpochEnd(trainer.Event) error        { w.epochs++; return nil }
func (w *watcher) TrainEnd(_ trainer.Event, err error) { w.ended, w.err = w.ended+1, err }

func TestStopping(t *testing.T) {
	data := standIn(t, 600, 100)
	failure := errors.New("no more")
	for _, c := range []struct {
		name     string
		onStep   func(cancel context.CancelFunc) func(int) error
		want     error
		complete bool
	}{
		{"cancelled", func(cancel context.CancelFunc) func(int) error {
			return func(step int) error {
				if step == 8 {
					cancel()
				}
				return nil
			}
		}, context.Canceled, false},
		{"a callback fails", func(context.CancelFunc) func(int) error {
			return func(step int) error {
				if step == 8 {
					return failure
				}
				return nil
			}
		}, failure, false},
		{"a callback stops it", func(context.CancelFunc) func(int) error {
			return func(step int) error {
				if step == 8 {
					return trainer.ErrStop
				}
				return nil
			}
		}, nil, true},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		w := &watcher{onStep: c.onStep(cancel)}
		rng := nprandom.New(0)
		h, err := trainer.Train(ctx, small(rng), data, trainer.Config{Epochs: 3, Rng: rng, Callbacks: []trainer.Callback{w}})
		cancel()
		if !errors.Is(err, c.want) || !errors.Is(w.err, c.want) {
			t.Errorf("%s: the error is %v, and %v at the end, want %v", c.name, err, w.err, c.want)
		}
		if len(h.Loss) != 8 || len(h.Epochs) != 2 || h.Complete != c.complete {
			t.Errorf("%s: the history has %d losses and %d epochs and is complete: %v", c.name, len(h.Loss), len(h.Epochs), h.Complete)
		}
		if w.begun != 1 || w.ended != 1 || w.steps != 8 || w.epochs != 2 {
			t.Errorf("%s: the callback was called %+v", c.name, w)
		}
	}
}

func TestWhatCannotBeTrained(t *testing.T) {
	data := standIn(t, 200, 100)
	rng := nprandom.New(0)
	net := small(rng)
	wide := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{InputDim: [3]int{3, 32, 32}})
	narrow := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{OutputSize: 7})
	rated := func(lr float64) func() error {
		return func() error {
			_, err := trainer.New(net, data, trainer.Config{Rng: rng, OptimizerParam: optimizer.Settings{LR: lr}})
			return err
		}
	}
	for want, try := range map[string]func() error{
		"Rng is not set": func() error { _, err := trainer.New(net, data, trainer.Config{}); return err },
		"none may be":    func() error { _, err := trainer.New(net, data, trainer.Config{Rng: rng, Epochs: -1}); return err },
		`called "speedy"`: func() error {
			_, err := trainer.New(net, data, trainer.Config{Rng: rng, Optimizer: "speedy"})
			return err
		},
		"scores only 7":           func() error { _, err := trainer.New(narrow, data, trainer.Config{Rng: rng}); return err },
		"at least one":            func() error { _, err := trainer.New(net, data.Head(0, 10), trainer.Config{Rng: rng}); return err },
		"(3, 32, 32)":             func() error { _, err := trainer.New(wide, data, trainer.Config{Rng: rng}); return err },
		"run the cell":            func() error { _, err := trainer.LoadHistory(filepath.Join(t.TempDir(), "none")); return err },
		"not a name":              func() error { _, err := trainer.OpenRun[float32](".."); return err },
		"a learning rate of NaN":  rated(math.NaN()),
		"a learning rate of -0.1": rated(-0.1),
		"a learning rate of +Inf": rated(math.Inf(1)),
		"is nil; leave it out": func() error {
			_, err := trainer.New(net, data, trainer.Config{Rng: rng, Callbacks: []trainer.Callback{nil}})
			return err
		},
		"the network is nil": func() error {
			_, err := trainer.New[float32]((*convnet.SimpleConvNet[float32])(nil), data, trainer.Config{Rng: rng})
			return err
		},
		"there is no data": func() error { _, err := trainer.New(net, nil, trainer.Config{Rng: rng}); return err },
		"it is nil":        func() error { return (*trainer.History)(nil).Save(filepath.Join(t.TempDir(), "h")) },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
	broken := filepath.Join(t.TempDir(), "history.json")
	os.WriteFile(broken, []byte("{"), 0o600)
	if _, err := trainer.LoadHistory(broken); err == nil || !strings.Contains(err.Error(), "not a history") {
		t.Errorf("a damaged history gives %v", err)
	}
}

// float32 follows float64 on the same draws: the losses stay within 1e-4 for the
// first 60 steps.
func TestFloat32FollowsFloat64(t *testing.T) {
	data := standIn(t, 3000, 100)
	for _, dropout := range []float64{0, 0.4} {
		a, b := losses[float32](t, data, dropout), losses[float64](t, data, dropout)
		worst := 0.0
		for i := range a {
			worst = max(worst, math.Abs(a[i]-b[i]))
		}
		if !(worst <= 1e-4) || len(a) != 60 {
			t.Errorf("dropout %v: the losses of %d steps differ by up to %.1e", dropout, len(a), worst)
		}
		t.Logf("dropout %v: the losses of %d steps within %.1e", dropout, len(a), worst)
	}
}

func losses[T ndarray.Float](t *testing.T, data *dataset.Data, dropout float64) []float64 {
	rng := nprandom.New(0)
	net := convnet.NewSimpleConvNet[T](rng, convnet.SimpleConvNetConfig{FilterNum: 5, HiddenSize: 20, UseDropout: dropout > 0, DropoutRatio: dropout})
	h, err := trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 2, Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: 0.001},
		Rng: rng, ClassExact: true, EvaluateSampleNumPerEpoch: 100})
	if err != nil {
		t.Fatal(err)
	}
	return h.Loss
}
