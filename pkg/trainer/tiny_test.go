package trainer

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/idx/idxtest"
	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// The tests of runs train a tiny network on tiny images, many times.
const (
	tinyTrain, tinyTest, tinySide = 60, 20, 8
	tinyEpochs                    = 6
)

// writeTiny writes a data set of noisy bars, one place for each class, as IDX files.
func writeTiny(t testing.TB) (folder string) {
	t.Helper()
	folder = t.TempDir()
	rng := nprandom.New(5)
	write := func(name string, file []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, count := range map[string]int{"train": tinyTrain, "t10k": tinyTest} {
		labels, pixels := make([]byte, count), make([]byte, count*tinySide*tinySide)
		for i := range labels {
			labels[i] = byte(i % 10)
			for at := range tinySide * tinySide {
				pixels[i*tinySide*tinySide+at] = byte(rng.RandInt(0, 60))
				if at%10 == i%10 {
					pixels[i*tinySide*tinySide+at] = 200
				}
			}
		}
		write(name+"-images-idx3-ubyte", idxtest.File(0x0803, []uint32{uint32(count), tinySide, tinySide}, pixels))
		write(name+"-labels-idx1-ubyte", idxtest.File(0x0801, []uint32{uint32(count)}, labels))
	}
	return folder
}

func openTiny(t testing.TB, folder string) *dataset.Data {
	t.Helper()
	data, err := dataset.Open("fashion", dataset.Folder(folder))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// tinyRun is a run that can be started again as often as one likes.
type tinyRun[T ndarray.Float] struct {
	data      *dataset.Data
	optimizer string
	batchNorm bool
	ownSource bool // dropout draws from a source of its own
	change    func(c *Config)
}

// start makes the run anew, as another program would.
func (r tinyRun[T]) start(t testing.TB, folder string, callbacks ...Callback) (*training[T], *nprandom.RandomState) {
	t.Helper()
	tr, rng, err := r.prepare(folder, callbacks...)
	if err != nil {
		t.Fatal(err)
	}
	return tr, rng
}

func (r tinyRun[T]) prepare(folder string, callbacks ...Callback) (*training[T], *nprandom.RandomState, error) {
	rng := nprandom.New(3)
	source := rng
	if r.ownSource {
		source = nprandom.New(4)
	}
	layers := []convnet.Part{convnet.Conv(4, 3, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(12),
		convnet.Relu(), convnet.Dropout(0.3), convnet.Affine(10)}
	if r.batchNorm {
		layers = append([]convnet.Part{convnet.Conv(3, 3, 1, 1), convnet.BatchNormPerChannel(), convnet.Relu()}, layers...)
	}
	net := convnet.Build[T](source, []int{1, tinySide, tinySide}, convnet.He, layers...)
	c := Config{Epochs: tinyEpochs, MiniBatchSize: 10, Optimizer: r.optimizer, OptimizerParam: optimizer.Settings{LR: 0.01}, Rng: rng,
		Log: io.Discard, Keep: folder, Callbacks: callbacks}
	if r.change != nil {
		r.change(&c)
	}
	tr, err := newTraining(net, r.data, c)
	return tr, rng, err
}

// whole is the run when nothing stops it.
func (r tinyRun[T]) whole(t testing.TB, callbacks ...Callback) outcome {
	t.Helper()
	tr, rng := r.start(t, "", callbacks...)
	h, err := tr.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return outcomeOf(h, rng)
}

// outcome is all of a run that must not depend on how often it was stopped.
type outcome struct {
	digest, stopped string
	final           float64
	loss            []float64
	epochs          []Epoch
	next            float64 // random number
}

func outcomeOf(h *History, rng *nprandom.RandomState) outcome {
	o := outcome{h.Digest, h.Stopped, h.FinalTestAcc, h.Loss, nil, rng.Rand()}
	for _, e := range h.Epochs {
		e.Elapsed = 0
		o.epochs = append(o.epochs, e)
	}
	return o
}

// stopper cancels a run after a step.
type stopper struct {
	Base
	after  int
	cancel context.CancelFunc
}

func (s *stopper) StepEnd(e Event) error {
	if e.Step == s.after {
		s.cancel()
	}
	return nil
}

// remembering is a participant that does all that one can: it halves the rate when an
// epoch is no better than the best, ends training when three are not, and leaves the
// network with the weights of the best.
type remembering struct {
	Base
	Best    float64
	Wait    int
	Weights []byte
}

func (r *remembering) EpochEnd(e Event) error {
	if e.Replayed {
		return nil
	}
	loss := e.History.Epochs[len(e.History.Epochs)-1].Loss
	if r.Best == 0 || loss < r.Best-0.05 {
		r.Best, r.Wait, r.Weights = loss, 0, e.Run.Weights()
		return nil
	}
	e.Run.SetLR(e.LR / 2)
	if r.Wait++; r.Wait < 3 {
		return nil
	}
	if err := e.Run.SetWeights(r.Weights); err != nil {
		return err
	}
	return Stop("the test has seen enough")
}

func (r *remembering) StepEnd(e Event) error {
	if e.Step < e.Steps {
		return nil
	}
	return e.Run.SetWeights(r.Weights)
}

func (r *remembering) Settings() string { return "what a test remembers" }

func (r *remembering) State() []byte {
	state, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return state
}

func (r *remembering) SetState(state []byte) error { return json.Unmarshal(state, r) }

// readWhole reads a checkpoint from its bytes.
func readWhole(file []byte) (checkpoint, error) {
	read, err := runfile.Read(file)
	if err != nil {
		return checkpoint{}, err
	}
	return checked(read)
}

// where returns the folder of the run that was asked for last under a name.
func where(t testing.TB, name string) string {
	t.Helper()
	version := kept.Last(name)
	if version == "" {
		t.Fatalf("nothing is kept in %s", name)
	}
	return filepath.Join(name, version)
}

// often makes a checkpoint due after every step.
func often(c *Config) { c.CheckpointEvery = time.Nanosecond }
