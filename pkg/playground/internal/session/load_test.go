package session

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/params"
	"convbook/pkg/playground/internal/carried"
	"convbook/pkg/trainer"
)

// deeper is a network as notebook 08 builds it.
func deeper(depth int, activation convnet.Part, norm, skip bool) []convnet.Part {
	parts := []convnet.Part{convnet.Conv(4, 5, 1, 0), activation, convnet.Pool(2, 2)}
	for range depth - 1 {
		layer := []convnet.Part{convnet.Conv(4, 3, 1, 1)}
		if norm {
			layer = append(layer, convnet.BatchNormPerChannel())
		}
		layer = append(layer, activation)
		if skip {
			layer = []convnet.Part{convnet.Residual(layer...)}
		}
		parts = append(parts, layer...)
	}
	return append(parts, convnet.Affine(20), activation, convnet.Affine(10))
}

// students are networks of the notebooks, small.
var students = map[string][]convnet.Part{
	"a stride of 2":        {convnet.Conv(3, 5, 2, 1), convnet.Relu(), convnet.Affine(10)},
	"dropout twice":        {convnet.Conv(3, 5, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(9), convnet.Relu(), convnet.Dropout(0.5), convnet.Affine(10), convnet.Dropout(0.5)},
	"08":                   deeper(3, convnet.Relu(), false, false),
	"08 with norm":         deeper(3, convnet.Relu(), true, false),
	"08 with sigmoid":      deeper(2, convnet.Sigmoid(), false, false),
	"08 with ways around":  deeper(3, convnet.Relu(), false, true),
	"08 with both":         deeper(3, convnet.Relu(), true, true),
	"the class's own norm": {convnet.Conv(2, 5, 1, 0), convnet.BatchNorm(), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(9), convnet.BatchNorm(), convnet.Relu(), convnet.Affine(10)},
	"LeNet":                {convnet.Conv(4, 5, 1, 2), convnet.Sigmoid(), convnet.AveragePool(2, 2), convnet.Conv(6, 5, 1, 0), convnet.Sigmoid(), convnet.AveragePool(2, 2), convnet.Affine(20), convnet.Sigmoid(), convnet.Affine(10)},
	"Inception": {convnet.Conv(4, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2), convnet.Branches([]convnet.Part{convnet.Conv(2, 1, 1, 0), convnet.Relu()}, []convnet.Part{convnet.MaxPool(3, 1, 1), convnet.Conv(3, 1, 1, 0)}),
		convnet.AveragePool(7, 7), convnet.Affine(10)},
	"ResNet": {convnet.Conv(4, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2), convnet.Shortcut([]convnet.Part{convnet.Conv(6, 1, 2, 0)}, convnet.Conv(6, 3, 2, 1), convnet.BatchNormPerChannel(), convnet.Relu(), convnet.Conv(6, 3, 1, 1)), convnet.AveragePool(7, 7), convnet.Affine(10)},
}

// loads loads a network of a student's, and holds its scores, and the shapes of what it draws, against the student's own; then it trains a step.
func (s *Session) loads(t *testing.T, what string, net *convnet.Sequential[float32], d *dataset.Data, file []byte, by string) {
	t.Helper()
	loaded := s.said(t, Fields{"do": "load", "file": Fields{"name": "mine.npz", "bytes": file}})
	if loaded["say"] != "loaded" || loaded["by"] != by {
		t.Errorf("%s: it says %v by %v: %v", what, loaded["say"], loaded["by"], loaded["en"])
		return
	}
	if by != "settings" && loaded["network"] != net.Description() {
		t.Errorf("%s: it takes\n%s for\n%s", what, net.Description(), loaded["network"])
	}
	s.said(t, Fields{"do": "gradients"}) // which leaves the network as it is
	x := dataset.Images[float32](d.Test.Head(1))
	want := net.Predict(x).Data()
	got := s.said(t, Fields{"do": "look", "image": Fields{"set": "test", "index": 0.0}})["scores"].([]float32)
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-5*max(1, math.Abs(float64(want[i]))) {
			t.Errorf("%s: score %d is %v, want %v", what, i, got[i], want[i])
		}
	}
	weights := s.said(t, Fields{"do": "weights"})
	known := map[any]bool{}
	for _, p := range slices.Concat(weights["parameters"].([]Fields), weights["scales"].([]Fields)) {
		known[p["name"]] = true
	}
	for _, l := range loaded["drawn"].([]Fields) {
		for _, name := range l["arrays"].([]string) {
			if !known[name] {
				t.Errorf("%s: %v is drawn with %s, which is not among the weights", what, l["name"], name)
			}
		}
	}
	if step := s.said(t, Fields{"do": "step"}); step["say"] != "steps" {
		t.Errorf("%s: it does not train: %v", what, step["en"])
	}
}

// TestDescribedFiles loads networks whose files say what they are.
func TestDescribedFiles(t *testing.T) {
	s, d := begun(t)
	for name, parts := range students {
		net := convnet.Build[float32](nprandom.New(4), []int{1, 28, 28}, convnet.He, parts...)
		net.LossGradient(dataset.Images[float32](d.Train.Head(5)), d.Train.Labels()[:5]) // so that normalisation has seen something
		for _, ending := range []string{".npz", ".safetensors"} {
			file, err := params.Encode(ending, net.State(), params.Network(net.Description()))
			if err != nil {
				t.Fatal(err)
			}
			s.loads(t, name+ending, net, d, file, "file")
		}
		// What the page saves it reads again.
		saved := s.said(t, Fields{"do": "save", "format": "npz"})
		again := s.said(t, Fields{"do": "load", "file": saved})
		if again["say"] != "loaded" || again["network"] != net.Description() {
			t.Errorf("%s: saved and loaded it is %v", name, again)
		}
	}
}

// TestFilesWithoutDescription loads what a network has learned and says nothing else: shapes leave several networks, and the
// images tell which it is, and of which kind they were.
func TestFilesWithoutDescription(t *testing.T) {
	if testing.Short() {
		t.Skip("trains ten networks")
	}
	defer func(before time.Duration) { patience = before }(patience)
	patience = time.Hour // the machine may be busy
	d := dataset.Must(dataset.Open("mnist")).Head(1200, 100)
	garments := dataset.Must(dataset.OfFiles("fashion", drawn(60)))
	garments.Title = "Fashion-MNIST"
	file, err := carried.Pack([]*dataset.Data{garments, d})
	if err != nil {
		t.Fatal(err)
	}
	s := New()
	s.said(t, Fields{"do": "begin", "images": file})
	for name, parts := range students {
		if slices.Contains([]string{"a stride of 2", "dropout twice", "Inception", "ResNet"}, name) {
			continue
		}
		rate, epochs := 0.003, 4
		if strings.Contains(name, "sigmoid") || name == "LeNet" {
			rate, epochs = 0.005, 10
		}
		rng := nprandom.New(4)
		net := convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, parts...)
		history, err := trainer.Train(context.Background(), net, d, trainer.Config{Rng: rng, Epochs: epochs, MiniBatchSize: 25, EvaluateSampleNumPerEpoch: 10, Optimizer: "adam",
			OptimizerParam: optimizer.Settings{LR: rate}})
		if err != nil {
			t.Fatal(err)
		}
		file, err := params.Encode(".npz", net.State())
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s reads %.2f", name, history.FinalTestAcc)
		s.said(t, Fields{"do": "build", "settings": Fields{"kind": "fashion", "activation": "relu"}})
		s.loads(t, name, net, d, file, "images")
	}
}

// TestUnlearnedFile loads weights that read nothing: they are taken as the settings have it, which the page says.
func TestUnlearnedFile(t *testing.T) {
	s, d := begun(t)
	net := &convnet.NewDeepConvNet[float32](nprandom.New(0), convnet.DeepConvNetConfig{}).Sequential
	file, err := params.Encode(".npz", net.State())
	if err != nil {
		t.Fatal(err)
	}
	s.said(t, Fields{"do": "build", "settings": Fields{"batch": 100.0}})
	s.loads(t, "DeepConvNet", net, d, file, "settings")
	if got := s.settings.Batch; got != 79 {
		t.Errorf("it trains with batches of %d, which take longer than ten seconds", got)
	}
	if got := fmt.Sprint(s.plan); got != net.Description() {
		t.Errorf("it takes it for %s", got)
	}
}
