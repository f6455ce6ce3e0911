package trainer_test

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

// recorded is a run of the class's Python, float64, as NumPy computed it.
type recorded struct {
	Seed          uint32
	Dataset       string
	Filters       int
	FilterSize    int     `json:"filter_size"`
	Hidden        int     `json:"hidden"`
	WeightInitStd float64 `json:"weight_init_std"`
	DropoutRatio  float64 `json:"dropout_ratio"`
	Batch, Epochs int
	W1            []float64 `json:"W1_first5_at_init"`
	Loss          []float64 `json:"loss_after_update_per_step"`
	LossLast      float64   `json:"loss_last"`
	EpochsLog     []struct {
		Epoch   int
		Train   float64 `json:"train_first1000"`
		Test200 float64 `json:"test_first200"`
		Test300 float64 `json:"test_first300"`
	} `json:"epochs_log"`
	Final struct {
		Test200   float64 `json:"test_first200"`
		Test300   float64 `json:"test_first300"`
		Test10000 float64 `json:"test_first10000"`
	}
	SumAbs map[string]float64 `json:"sum_abs_params_at_end"`
}

func TestBookRunIsTheClassesRun(t *testing.T) {
	replay(t, "book_mnist_seed0.json", 2)
}

// Two epochs take a few seconds. CONVBOOK_EPOCHS says how many are replayed: of the first
// five all losses are recorded, of all twenty the accuracies.
func TestAssignmentRunIsTheClassesRun(t *testing.T) {
	epochs := 2
	if n, err := strconv.Atoi(os.Getenv("CONVBOOK_EPOCHS")); err == nil {
		epochs = min(max(n, 1), 20)
	}
	replay(t, "assignment_fashion_seed0.json", epochs)
}

func replay(t *testing.T, file string, epochs int) {
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var want recorded
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	data := realData(t, want.Dataset)
	data = &dataset.Data{Name: data.Name, Classes: data.Classes, Train: data.Train.Head(6000), Test: data.Test}

	rng := nprandom.New(want.Seed)
	net := convnet.NewSimpleConvNet[float64](rng, convnet.SimpleConvNetConfig{
		FilterNum: want.Filters, FilterSize: want.FilterSize, HiddenSize: want.Hidden,
		WeightInitStd: want.WeightInitStd, UseDropout: want.DropoutRatio > 0, DropoutRatio: want.DropoutRatio})
	for i, w := range want.W1 {
		if got := net.Params()["W1"].Data()[i]; got != w {
			t.Errorf("W1[%d] starts as %v, the class's as %v", i, got, w)
		}
	}

	full := &dataset.Data{Name: data.Name, Classes: data.Classes, Train: data.Train, Test: data.Test.Head(200)}
	config := trainer.Config{Epochs: epochs, MiniBatchSize: want.Batch, Optimizer: "adam",
		OptimizerParam: optimizer.Settings{LR: 0.001}, EvaluateSampleNumPerEpoch: 1000,
		Rng: rng, ClassExact: true, Verbose: true, Log: io.Discard}
	test300 := &accuracies{net: net, set: data.Test.Head(300)}
	config.Callbacks = []trainer.Callback{test300}
	tr, err := trainer.New(net, full, config)
	if err != nil {
		t.Fatal(err)
	}
	h, err := tr.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}

	worst := 0.0
	for i, loss := range want.Loss {
		if i < len(h.Loss) {
			worst = max(worst, math.Abs(h.Loss[i]-loss)/loss)
		}
	}
	if worst > 1e-13 {
		t.Errorf("losses of %d steps differ from the class's by up to %.1e relative, want 1e-13", min(len(want.Loss), len(h.Loss)), worst)
	}
	t.Logf("%s: %d losses within %.1e relative, %d epochs, %v", file, min(len(want.Loss), len(h.Loss)), worst, epochs, h.TotalTime.Round(1e8))
	for i, e := range h.Epochs {
		w := want.EpochsLog[i]
		if e.Epoch != w.Epoch || e.TrainAcc != w.Train || e.TestAcc != w.Test200 || test300.got[i] != w.Test300 {
			t.Errorf("epoch %d: accuracies %v, %v, %v; the class's epoch %d: %v, %v, %v", e.Epoch, e.TrainAcc, e.TestAcc, test300.got[i],
				w.Epoch, w.Train, w.Test200, w.Test300)
		}
	}
	if epochs < want.Epochs {
		return
	}
	if got := h.Loss[len(h.Loss)-1]; math.Abs(got-want.LossLast) > 1e-6*want.LossLast {
		t.Errorf("the last loss is %v, the class's %v", got, want.LossLast)
	}
	if h.FinalTestAcc != want.Final.Test200 {
		t.Errorf("final accuracy on 200 is %v, the class's %v", h.FinalTestAcc, want.Final.Test200)
	}
	if got := evaluation.Accuracy(net, data.Test); got != want.Final.Test10000 {
		t.Errorf("final accuracy on 10,000 is %v, the class's %v", got, want.Final.Test10000)
	}
	for name, w := range want.SumAbs {
		sum := 0.0
		for _, v := range net.Params()[name].Data() {
			sum += math.Abs(v)
		}
		if math.Abs(sum-w) > 1e-9*w {
			t.Errorf("sum of |%s| is %v at the end, the class's %v", name, sum, w)
		}
	}
}

// accuracies measures the accuracy on a set of its own at each epoch.
type accuracies struct {
	net trainer.Network[float64]
	set *dataset.Set
	got []float64
}

func (a *accuracies) TrainBegin(trainer.Event)      {}
func (a *accuracies) StepEnd(trainer.Event) error   { return nil }
func (a *accuracies) TrainEnd(trainer.Event, error) {}
func (a *accuracies) EpochEnd(trainer.Event) error {
	a.got = append(a.got, evaluation.Accuracy(a.net, a.set))
	return nil
}

// realData opens a real data set, or skips the test where there is none.
func realData(t *testing.T, name string) *dataset.Data {
	t.Helper()
	folder := os.Getenv("CONVBOOK_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
		if _, err := os.Stat(folder); err != nil {
			t.Skipf("skipped: needs the real %s data; put it into a folder and set CONVBOOK_DATA", name)
		}
	}
	data, err := dataset.Open(name, dataset.Folder(folder))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
