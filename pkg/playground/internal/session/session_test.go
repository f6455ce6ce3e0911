package session

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/idx"
	"convbook/pkg/internal/kernels"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/params"
	"convbook/pkg/playground/internal/carried"
	"convbook/pkg/trainer"
)

// drawn returns files of a data set with blobs of the classes, n images to train and to test on.
func drawn(n int) map[string][]byte {
	rng := nprandom.New(7)
	files := map[string][]byte{}
	for _, part := range []string{"train", "t10k"} {
		pixels, labels := make([]byte, n*28*28), make([]byte, n)
		for i := range n {
			labels[i] = byte(rng.RandInt(0, 10))
			for y := range 8 {
				for x := range 8 {
					row, column := 2+int(labels[i])%3*8+y, 2+int(labels[i])/3*6+x
					pixels[(i*28+row)*28+min(column, 27)] = byte(rng.RandInt(100, 256))
				}
			}
		}
		files[part+"-images-idx3-ubyte"] = idx.Encode(idx.Images, []int{n, 28, 28}, pixels)
		files[part+"-labels-idx1-ubyte"] = idx.Encode(idx.Labels, []int{n}, labels)
	}
	return files
}

// begun returns a session with 60 images, and their data set.
func begun(t *testing.T) (*Session, *dataset.Data) {
	t.Helper()
	d := dataset.Must(dataset.OfFiles("mnist", drawn(60)))
	d.Title, d.StandIn = "MNIST", true
	file, err := carried.Pack([]*dataset.Data{d})
	if err != nil {
		t.Fatal(err)
	}
	s := New()
	answer := s.said(t, Fields{"do": "begin", "images": file})
	kind := answer["kinds"].([]Fields)[0]
	if answer["say"] != "begun" || kind["title"] != "MNIST" || kind["standIn"] != true || kind["own"] != false || kind["train"] != 60 {
		t.Fatalf("it says %v", answer)
	}
	return s, d
}

// said asks, and returns the last answer.
func (s *Session) said(t *testing.T, ask Fields) Fields {
	t.Helper()
	ask["id"] = 5.0
	all := s.Answer(ask)
	if len(all) == 0 || all[len(all)-1]["id"] != 5.0 {
		t.Fatalf("%v is answered by %v", ask, all)
	}
	return all[len(all)-1]
}

// numbers are a list as a page sends it.
func numbers(values ...float64) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return list
}

// runs are settings, and the network and training that a notebook would write for them.
var runs = map[string]struct {
	asked  Fields
	parts  []convnet.Part
	scale  convnet.InitialScale
	config trainer.Config
}{
	"standard": {Fields{}, []convnet.Part{convnet.Conv(8, 5, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(50), convnet.Relu(), convnet.Affine(10)},
		convnet.He, trainer.Config{MiniBatchSize: 10, Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: 0.002}}},
	"dropout": {Fields{"filters": numbers(4, 6), "size": 3.0, "pad": 1.0, "hidden": 20.0, "dropout": 0.4, "std": 0.1, "optimizer": "momentum", "rate": 0.05, "batch": 7.0, "train": 40.0},
		[]convnet.Part{convnet.Conv(4, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2), convnet.Conv(6, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2),
			convnet.Affine(20), convnet.Relu(), convnet.Dropout(0.4), convnet.Affine(10)},
		convnet.Std(0.1), trainer.Config{MiniBatchSize: 7, Optimizer: "momentum", OptimizerParam: optimizer.Settings{LR: 0.05}}},
	"sigmoid": {Fields{"filters": numbers(3), "size": 7.0, "pool": 1.0, "hidden": 12.0, "std": "xavier", "optimizer": "sgd", "rate": 0.3, "batch": 25.0, "activation": "sigmoid"},
		[]convnet.Part{convnet.Conv(3, 7, 1, 0), convnet.Sigmoid(), convnet.Affine(12), convnet.Sigmoid(), convnet.Affine(10)},
		convnet.Xavier, trainer.Config{MiniBatchSize: 25, Optimizer: "sgd", OptimizerParam: optimizer.Settings{LR: 0.3}}},
}

// TestLossesAreTheTrainers trains as a page does and as a notebook does, with the kernels in plain Go: the losses are
// the same, bit for bit, whatever the page asks in between.
func TestLossesAreTheTrainers(t *testing.T) {
	defer kernels.Use(kernels.PureGo)()
	for name, run := range runs {
		s, d := begun(t)
		run.asked["seed"] = 3.0
		built := s.said(t, Fields{"do": "build", "settings": run.asked})
		if built["say"] != "built" {
			t.Fatalf("%s: it says %v", name, built)
		}
		var losses []float64
		for i := range 12 {
			s.said(t, Fields{"do": "gradients"})
			s.said(t, Fields{"do": "look", "image": Fields{"set": "test", "index": float64(i)}})
			answer := s.said(t, Fields{"do": "step"})
			losses = append(losses, answer["losses"].([]float64)...)
			if said, _ := s.Turn(); len(said) > 0 && said[0]["say"] != "measured" {
				t.Errorf("%s: it says %v", name, said)
			}
		}
		rng := nprandom.New(3)
		net := convnet.Build[float32](rng, []int{1, 28, 28}, run.scale, run.parts...)
		if net.ParamCount() != built["total"] {
			t.Errorf("%s: %v parameters, want %d", name, built["total"], net.ParamCount())
		}
		c := run.config
		c.Rng, c.Epochs = rng, 12
		c.Callbacks = []trainer.Callback{trainer.OnStep(func(e trainer.Event) error {
			if e.Step == 12 {
				return trainer.Stop("enough")
			}
			return nil
		})}
		train := d.Train
		if n, ok := run.asked["train"].(float64); ok {
			train = train.Head(int(n))
		}
		history, err := trainer.Train(context.Background(), net, &dataset.Data{Name: d.Name, Classes: d.Classes, Train: train, Test: d.Test}, c)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(losses, history.Loss) {
			t.Errorf("%s: the losses are %v, those of pkg/trainer %v", name, losses, history.Loss)
		}
	}
}

// TestLossesAreTheSameEverywhere holds the losses of plain Go to what they are: run with GOOS=js GOARCH=wasm it shows that the
// program in a browser computes the same bits. Processors that multiply and add in one, with one rounding, differ.
func TestLossesAreTheSameEverywhere(t *testing.T) {
	defer kernels.Use(kernels.PureGo)()
	if fusing() {
		t.Skip("this processor rounds products and sums together")
	}
	want := map[string]string{
		"standard": "4018c7be 40003896 3feece4d 3fcd9da8",
		"dropout":  "40136d5e 40130e96 40139598 40132f57",
		"sigmoid":  "40129286 40138d5a 4020e018 400c2ce1",
	}
	for name, run := range runs {
		s, _ := begun(t)
		run.asked["seed"] = 3.0
		s.said(t, Fields{"do": "build", "settings": run.asked})
		var bits []string
		for range 4 {
			loss := s.said(t, Fields{"do": "step"})["losses"].([]float64)[0]
			bits = append(bits, fmt.Sprintf("%08x", math.Float32bits(float32(loss))))
		}
		if got := strings.Join(bits, " "); got != want[name] {
			t.Errorf("%s: the losses are %s, want %s", name, got, want[name])
		}
	}
}

// fusing says whether the compiler fuses a product and a sum on this processor.
func fusing() bool {
	a := float32(1 + 1.0/4096) // its square is 1 + 1/2048 + 2^-24, whose last part is lost where the product is rounded
	return fused(a, a, -(1+1.0/2048)) != 0
}

//go:noinline
func fused(a, b, c float32) float32 { return a*b + c }

// TestTraining lets a session train in turns, as its Worker does: it measures, tells at most ten times a second, and stops
// when it is told to.
func TestTraining(t *testing.T) {
	s, _ := begun(t)
	s.said(t, Fields{"do": "build", "settings": Fields{"filters": numbers(4), "hidden": 20.0, "seed": 1.0}})
	if answer := s.said(t, Fields{"do": "start"}); answer["training"] != true {
		t.Fatalf("it says %v", answer)
	}
	var first, last Fields
	seen, told := 0, 0
	for s.step < 150 {
		said, more := s.Turn()
		if !more {
			t.Fatal("it has stopped by itself")
		}
		for _, one := range said {
			switch one["say"] {
			case "measured":
				if first == nil {
					first = one
				}
				last = one
			case "steps":
				told++
				seen += len(one["losses"].([]float64))
			default:
				t.Errorf("it says %v", one)
			}
		}
	}
	all := s.Answer(Fields{"do": "pause", "id": 1.0})
	if len(all) == 2 {
		seen += len(all[0]["losses"].([]float64))
	}
	if done := all[len(all)-1]; done["say"] != "done" || done["training"] != false || done["step"] != s.step || seen != s.step {
		t.Errorf("it says %v after %d losses", all, seen)
	}
	for more := true; more; {
		var said []Fields
		if said, more = s.Turn(); len(said) > 0 {
			last = said[0]
		}
	}
	if last["step"] != s.step || first["step"] != 0 || first["train"].(float64) > 0.5 || last["train"].(float64) < 0.7 || last["of"].([]int)[0] != 60 {
		t.Errorf("measured %v, then %v", first, last)
	}
}

// TestFiles saves a network, reads it as a notebook does, and loads what a notebook has saved: the scores are the same.
func TestFiles(t *testing.T) {
	s, d := begun(t)
	s.said(t, Fields{"do": "build", "settings": Fields{"filters": numbers(3), "hidden": 9.0, "size": 3.0, "pad": 1.0}})
	s.said(t, Fields{"do": "step"})
	rng := nprandom.New(1)
	net := convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, convnet.Conv(3, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(9), convnet.Relu(), convnet.Affine(10))
	for _, format := range []string{"npz", "safetensors"} {
		saved := s.said(t, Fields{"do": "save", "format": format})
		arrays, err := params.Decode[float32](saved["bytes"].([]byte))
		if err == nil {
			err = net.SetParams(arrays)
		}
		if err != nil || saved["name"] != "playground."+format {
			t.Fatalf("%v: %v", saved["name"], err)
		}
		x := dataset.Images[float32](d.Test.Head(1))
		want := net.Predict(x).Data()
		fresh, _ := begun(t)
		loaded := fresh.said(t, Fields{"do": "load", "file": Fields{"name": "mine." + format, "bytes": saved["bytes"]}})
		c, _ := loaded["settings"].(Fields)
		if loaded["say"] != "loaded" || c["size"] != 3 || c["pad"] != 1 || c["pool"] != 2 || c["hidden"] != 9 || loaded["total"] != net.ParamCount() {
			t.Fatalf("it says %v", loaded)
		}
		got := fresh.said(t, Fields{"do": "look", "image": Fields{"set": "test", "index": 0.0}})["scores"].([]float32)
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1e-5 {
				t.Errorf("score %d is %v, want %v", i, got[i], want[i])
			}
		}
	}
}

// TestLook compares what is said of an image with what the network gives.
func TestLook(t *testing.T) {
	s, d := begun(t)
	s.said(t, Fields{"do": "build"})
	pixels := slices.Clone(d.Train.Pixels(4))
	one := s.said(t, Fields{"do": "look", "image": Fields{"set": "train", "index": 4.0}})
	other := s.said(t, Fields{"do": "look", "image": Fields{"pixels": pixels}})
	if one["label"] != d.Train.Label(4) || other["label"] != -1 || !slices.Equal(one["scores"].([]float32), other["scores"].([]float32)) {
		t.Errorf("it says %v and %v", one["label"], other["label"])
	}
	x := dataset.Images[float32](d.Train.Head(5).Tail(1))
	for i, a := range s.net.Activations(x) {
		l := one["layers"].([]Fields)[i]
		if l["name"] != a.Layer || !slices.Equal(l["shape"].([]int), a.Output.Shape()[1:]) || !slices.Equal(l["values"].([]float32), a.Output.Data()) {
			t.Errorf("%s is not what the network gives", a.Layer)
		}
	}
	if class := s.net.Classify(x)[0]; one["predicted"] != class {
		t.Errorf("it predicts %v, want %d", one["predicted"], class)
	}
	sum := 0.0
	for _, p := range one["probabilities"].([]float32) {
		sum += float64(p)
	}
	if math.Abs(sum-1) > 1e-5 {
		t.Errorf("the probabilities add up to %v", sum)
	}
	images := s.said(t, Fields{"do": "images", "set": "test", "from": 55.0, "count": 20.0})
	if len(images["labels"].([]int)) != 5 || !slices.Equal(images["pixels"].([]byte)[:784], d.Test.Pixels(55)) {
		t.Errorf("%d images", len(images["labels"].([]int)))
	}
	some := s.said(t, Fields{"do": "weights", "names": []any{"W1"}})["parameters"].([]Fields)
	if len(some) != 1 || !slices.Equal(some[0]["shape"].([]int), []int{8, 1, 5, 5}) {
		t.Errorf("the weights are %v", some)
	}
	gradients := s.said(t, Fields{"do": "gradients"})
	if got := len(gradients["parameters"].([]Fields)); got != 6 || gradients["step"] != 0 {
		t.Errorf("%d gradients", got)
	}
}
