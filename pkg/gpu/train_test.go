package gpu

import (
	"context"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/pkg/callbacks"
	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

// run is a training that can be started again as often as one likes.
type run struct {
	data   *dataset.Data
	parts  []convnet.Part
	epochs int
	batch  int
	std    convnet.InitialScale
	change func(c *trainer.Config)
}

// small is a run of few kernels: a convolution with pooling, Dropout and two Affine.
func small(t testing.TB) run {
	return run{data: drawnData(t, nprandom.New(5), 60, 20, 8, 8, 10), epochs: 6, batch: 10, std: convnet.He, parts: []convnet.Part{
		convnet.Conv(4, 3, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(12), convnet.Relu(), convnet.Dropout(0.3), convnet.Affine(10)}}
}

// train trains anew, as another program would, on d or, where that is nil, on the
// processor.
func (r run) train(ctx context.Context, d trainer.Device, keep string, extra ...trainer.Callback) (*convnet.Sequential[float32], *trainer.History, error) {
	rng := nprandom.New(3)
	_, h, w := r.data.Train.Shape()
	net := convnet.Build[float32](rng, []int{1, h, w}, r.std, r.parts...)
	c := trainer.Config{Epochs: r.epochs, MiniBatchSize: r.batch, Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: 0.005}, Rng: rng, Log: io.Discard,
		Keep: keep, Callbacks: extra, Device: d}
	if r.change != nil {
		r.change(&c)
	}
	history, err := trainer.Train(ctx, net, r.data, c)
	return net, history, err
}

// follows wants a run on the device to follow the processor's within rounding.
func (r run) follows(t *testing.T, d *Device, steps int) {
	t.Helper()
	_, want, err := r.train(context.Background(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	net, got, err := r.train(context.Background(), d, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Loss) != len(want.Loss) || len(got.Loss) < steps || len(got.Epochs) != len(want.Epochs) {
		t.Fatalf("%d losses and %d epochs, want %d and %d", len(got.Loss), len(got.Epochs), len(want.Loss), len(want.Epochs))
	}
	worst := 0.0
	for i, loss := range got.Loss {
		worst = math.Max(worst, math.Abs(loss-want.Loss[i]))
	}
	t.Logf("%d steps, losses differ by %.2g at most; final accuracy %v, on the processor %v", len(got.Loss), worst, got.FinalTestAcc, want.FinalTestAcc)
	// Where a value crosses the kink of a Relu one rounding makes a difference, which grows from
	// step to step: in float32 on the processor as well. These runs have none.
	if worst > 2e-3 {
		t.Errorf("the losses differ by up to %v from those of the processor", worst)
	}
	if math.Abs(got.FinalTestAcc-want.FinalTestAcc) > 0.051 {
		t.Errorf("the final accuracy is %v, on the processor %v", got.FinalTestAcc, want.FinalTestAcc)
	}
	if net.Digest() != got.Digest {
		t.Error("the network is not the one whose digest the history tells")
	}
}

// TestFollows trains 60 steps and more on both; with CONVBOOK_LONG also the networks of
// the assignment and of the book, in batches of 8 for PoCL is slow, and a deep one.
func TestFollows(t *testing.T) {
	d := opened(t)
	r := small(t)
	r.epochs = 10
	t.Run("small", func(t *testing.T) { r.follows(t, d, 60) })
	if os.Getenv("CONVBOOK_LONG") == "" {
		return
	}
	r = run{data: drawnData(t, nprandom.New(6), 48, 40, 28, 28, 10), epochs: 10, batch: 8, std: convnet.Std(0.01)}
	r.parts = []convnet.Part{convnet.Conv(64, 5, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(50), convnet.Relu(), convnet.Dropout(0.4),
		convnet.Affine(10), convnet.Dropout(0.4)}
	t.Run("assignment", func(t *testing.T) { r.follows(t, d, 60) })
	r.parts = []convnet.Part{convnet.Conv(30, 5, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(100), convnet.Relu(), convnet.Affine(10)}
	t.Run("book", func(t *testing.T) { r.follows(t, d, 60) })
	r = run{data: drawnData(t, nprandom.New(6), 120, 40, 12, 12, 10), epochs: 10, batch: 20, std: convnet.He}
	r.parts = []convnet.Part{convnet.Conv(6, 3, 1, 1), convnet.BatchNormPerChannel(), convnet.Relu(), convnet.Conv(6, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2),
		convnet.Conv(8, 3, 1, 2), convnet.Sigmoid(), convnet.Pool(3, 2), convnet.Affine(16), convnet.BatchNorm(), convnet.Relu(), convnet.Dropout(0.2), convnet.Affine(10)}
	t.Run("deep", func(t *testing.T) { r.follows(t, d, 60) })
}

// outcome is what must be the same bits.
type outcome struct {
	digest string
	loss   []float64
	accs   [][3]float64
}

func outcomeOf(h *trainer.History) outcome {
	o := outcome{digest: h.Digest, loss: h.Loss}
	for _, e := range h.Epochs {
		o.accs = append(o.accs, [3]float64{e.TrainAcc, e.TestAcc, e.ValAcc})
	}
	return o
}

// TestSameBits wants two runs on one device, one that runs ahead of its losses and one
// that is watched at every step, and one that is stopped again and again, to end alike.
func TestSameBits(t *testing.T) {
	d := opened(t)
	for name, change := range map[string]func(c *trainer.Config){
		"plain":                  nil,
		"validation and changes": func(c *trainer.Config) { c.ValidationSplit, c.Augment = 0.2, dataset.Augmentation{Shift: 1} },
		"class-exact": func(c *trainer.Config) {
			c.ClassExact = true
			if os.Getenv("CONVBOOK_LONG") != "" {
				c.MiniBatchSize = 7 // other kernels, which PoCL compiles for seconds
			}
		},
		"early stopping": func(c *trainer.Config) {
			c.Callbacks = append(c.Callbacks, &callbacks.EarlyStopping{Patience: 2, RestoreBest: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := small(t)
			r.change = change
			_, h, err := r.train(context.Background(), d, "")
			if err != nil {
				t.Fatal(err)
			}
			want := outcomeOf(h)
			watch := trainer.OnStep(func(e trainer.Event) error { e.Run.Weights(); return nil })
			if _, h, err = r.train(context.Background(), d, "", watch); err != nil || !reflect.DeepEqual(outcomeOf(h), want) {
				t.Errorf("a run that is watched ends as %v (%v), want %v", outcomeOf(h), err, want)
			}
			folder := t.TempDir()
			for _, after := range []int{1, 5, 6, 17, 0} {
				ctx, cancel := context.WithCancel(context.Background())
				stop := &stopper{after: after, cancel: cancel}
				r.change = func(c *trainer.Config) {
					c.CheckpointEvery = time.Nanosecond
					if change != nil {
						change(c)
					}
				}
				_, h, err = r.train(ctx, d, folder, stop)
				cancel()
				if after > 0 && !errors.Is(err, context.Canceled) {
					t.Fatalf("stopped after step %d: %v", after, err)
				}
			}
			if err != nil || !reflect.DeepEqual(outcomeOf(h), want) {
				t.Errorf("a run that was stopped ends as %v (%v), want %v", outcomeOf(h), err, want)
			}
		})
	}
}

// stopper cancels a run after a step, and looks on.
type stopper struct {
	trainer.Base
	after  int
	cancel context.CancelFunc
}

func (s *stopper) LooksOn() {}

func (s *stopper) StepEnd(e trainer.Event) error {
	if s.after > 0 && e.Step >= s.after { // a run before may have gone on for some steps
		s.cancel()
	}
	return nil
}

// ending ends a run after a step by an error, and looks on.
type ending struct {
	trainer.Base
	after int
	err   error
}

func (e *ending) LooksOn() {}

func (e *ending) StepEnd(now trainer.Event) error {
	if now.Step == e.after {
		return e.err
	}
	return nil
}

// TestEndsBetween wants a run that ends between two measurements, and keeps nothing, to
// leave the network of the last step of its history.
func TestEndsBetween(t *testing.T) {
	d := opened(t)
	broken := errors.New("broken")
	r := small(t)
	for _, after := range []int{1, 5, 8} {
		ctx, cancel := context.WithCancel(context.Background())
		for _, c := range []trainer.Callback{&ending{after: after, err: broken}, &stopper{after: after, cancel: cancel}} {
			net, h, err := r.train(ctx, d, "", c)
			if !errors.Is(err, context.Canceled) && !errors.Is(err, broken) {
				t.Fatalf("%T after step %d: %v", c, after, err)
			}
			_, want, err := r.train(context.Background(), d, "", &ending{after: len(h.Loss), err: trainer.ErrStop}, trainer.OnStep(func(trainer.Event) error { return nil }))
			if err != nil {
				t.Fatal(err)
			}
			if net.Digest() != want.Digest {
				t.Errorf("%T after step %d: the network after %d steps is %s, want %s", c, after, len(h.Loss), net.Digest(), want.Digest)
			}
		}
		cancel()
	}
}

// TestNotFiniteEnds wants the error that the processor's run ends with, and parameters
// that no broken step has changed.
func TestNotFiniteEnds(t *testing.T) {
	d := opened(t)
	r := small(t)
	r.change = func(c *trainer.Config) { c.OptimizerParam.LR = 1e38 }
	_, wanted, wantErr := r.train(context.Background(), nil, "")
	_, h, err := r.train(context.Background(), d, "")
	var want, got *trainer.NotFinite
	if !errors.As(wantErr, &want) || !errors.As(err, &got) || got.Step != want.Step || !strings.Contains(err.Error(), "smaller learning rate") {
		t.Errorf("the error is %v, want %v", err, wantErr)
	}
	if h.Complete || len(h.Loss) != len(wanted.Loss) {
		t.Errorf("the history has %d losses, want %d", len(h.Loss), len(wanted.Loss))
	}
}

// TestRefused wants words for what cannot be trained on a device.
func TestRefused(t *testing.T) {
	data := drawnData(t, nprandom.New(5), 20, 10, 8, 8, 10)
	rng := nprandom.New(1)
	double := convnet.Build[float64](rng, []int{1, 8, 8}, convnet.He, convnet.Affine(10))
	_, err := trainer.New(double, data, trainer.Config{Rng: rng, Device: opened(t)})
	told(t, err, "float32", "계산합니다")
	single := convnet.Build[float32](rng, []int{1, 8, 8}, convnet.He, convnet.Affine(10))
	_, err = trainer.New(single, data, trainer.Config{Rng: rng, Device: (*Device)(nil)})
	told(t, err, "gpu.Open", "확인하거나")
}

// TestLearningRate searches on the device as on the processor, and leaves the network as it
// was.
func TestLearningRate(t *testing.T) {
	d := opened(t)
	r := small(t)
	find := func(d trainer.Device) (*trainer.RateCurve, bool) {
		rng := nprandom.New(3)
		net := convnet.Build[float32](rng, []int{1, 8, 8}, r.std, r.parts...)
		before := net.Digest()
		curve, err := trainer.FindLearningRate(net, r.data, trainer.Config{MiniBatchSize: 10, Optimizer: "adam", Rng: rng, Device: d}, trainer.RateSearch{Steps: 20, To: 0.01})
		if err != nil {
			t.Fatal(err)
		}
		return curve, net.Digest() == before
	}
	want, _ := find(nil)
	got, same := find(d)
	if !same || len(got.Loss) != len(want.Loss) {
		t.Fatalf("%d losses, want %d; the network is as before: %v", len(got.Loss), len(want.Loss), same)
	}
	for i, loss := range got.Loss {
		if math.Abs(loss-want.Loss[i]) > 1e-3 {
			t.Errorf("loss %d is %v, want %v", i, loss, want.Loss[i])
		}
	}
}

// TestOnlyHere wants no program to load libraries that does not import this package: neither
// what trains, nor the command, nor any cell of the course that does not ask for a GPU.
func TestOnlyHere(t *testing.T) {
	goCommand, err := exec.LookPath("go")
	if _, beside := os.Stat("../../notebooks"); err != nil || beside != nil {
		t.Skip("no go command, or not in the repository")
	}
	args := []string{"list", "-deps", "convbook/pkg/trainer", "convbook/pkg/live", "convbook/pkg/sweep", "convbook/kernel"}
	notebooks, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(notebooks) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	ask := []string{"convbook/pkg/gpu", "convbook/pkg/benchmark/card"}
	asked := 0
	for _, path := range notebooks {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`\\"(convbook/pkg/[a-z0-9/]+)\\"`).FindAllStringSubmatch(string(text), -1) {
			switch {
			case slices.Contains(ask, found[1]):
				asked++
			case !slices.Contains(args, found[1]):
				args = append(args, found[1])
			}
		}
	}
	if asked == 0 || len(args) < 20 {
		t.Errorf("the cells of the course import %v, and a GPU %d times", args, asked)
	}
	deps, err := exec.Command(goCommand, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range append(ask, "purego", "convbook/pkg/internal/opencl") {
		if strings.Contains(string(deps), room) {
			t.Errorf("%s is linked where nobody asked for it", room)
		}
	}
}
