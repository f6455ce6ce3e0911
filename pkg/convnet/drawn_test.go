package convnet

import (
	"fmt"
	"maps"
	"math"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/params"
)

type arrays = map[string]*ndarray.Array[float64]

// inNumPy hands a network's parameters and a batch to testdata/network.py, or skips
// the test where there is no NumPy.
func inNumPy(t *testing.T, net *Sequential[float64], x *ndarray.Array[float64], labels []int, seed uint32, layers ...string) arrays {
	t.Helper()
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	folder := t.TempDir()
	in, out := filepath.Join(folder, "in.npz"), filepath.Join(folder, "out.npz")
	given := maps.Clone(net.State())
	given["x"], given["t"] = x, ndarray.Zeros[float64](len(labels))
	for i, label := range labels {
		given["t"].Data()[i] = float64(label)
	}
	if err := params.Save(in, given); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("python3", append([]string{"testdata/network.py", in, out, fmt.Sprint(seed)}, layers...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	computed, err := params.Load[float64](out)
	if err != nil {
		t.Fatal(err)
	}
	return computed
}

// compare wants scores, loss and all gradients of a batch within 1e-12 of the
// largest number, and the numerical gradient as exact as differences can be.
func compare(t *testing.T, net *Sequential[float64], rng *nprandom.RandomState, images int, layers ...string) arrays {
	t.Helper()
	x, labels := ndarray.Rand[float64](rng, append([]int{images}, net.InputShape()...)...), rng.Choice(net.Classes(), images)
	const dropout = 77
	want := inNumPy(t, net, x, labels, dropout, layers...)
	rng.Seed(dropout)
	loss, grads := net.LossGradient(x, labels)
	got := arrays{"loss": ndarray.FromSlice([]float64{loss}).Reshape(), "scores": net.Predict(x)}
	for name, g := range grads {
		got["d"+name] = g
	}
	if want["nW1"] != nil {
		for name, g := range net.NumericalGradient(x, labels) {
			got["n"+name] = g
		}
	}
	if len(got) != len(want) {
		t.Errorf("there are %d arrays, NumPy has %d", len(got), len(want))
	}
	worst := 0.0
	for name, w := range want {
		difference, size := 0.0, 0.0
		for i, v := range w.Data() {
			difference, size = max(difference, math.Abs(got[name].Data()[i]-v)), max(size, math.Abs(v))
		}
		tolerance := 1e-12 * size
		if name[0] == 'n' {
			tolerance = 1e-10 // two losses near 2.3, each rounded, differ; divided by 2e-4
		}
		if !(difference <= tolerance) {
			t.Errorf("%s differs from NumPy's by %.1e of its largest number", name, difference/size)
		}
		if name[0] != 'n' {
			worst = max(worst, difference/size)
		}
	}
	t.Logf("scores, loss and %d gradients within %.1e of the largest number", len(grads), worst)
	return want
}

func TestDeepConvNetIsNumPys(t *testing.T) {
	rng := nprandom.New(uint32(time.Now().UnixNano()))
	net := NewDeepConvNet[float64](rng, DeepConvNetConfig{DropoutRatio: 0.5})
	compare(t, &net.Sequential, rng, 4,
		"conv W1 b1 1 1", "relu", "conv W2 b2 1 1", "relu", "pool",
		"conv W3 b3 1 1", "relu", "conv W4 b4 1 2", "relu", "pool",
		"conv W5 b5 1 1", "relu", "conv W6 b6 1 1", "relu", "pool",
		"affine W7 b7", "relu", "dropout 0.5", "affine W8 b8", "dropout 0.5")
}

func TestSimpleConvNetIsNumPys(t *testing.T) {
	rng := nprandom.New(uint32(time.Now().UnixNano()))
	net := NewSimpleConvNet[float64](rng, SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50, UseDropout: true, DropoutRatio: 0.4, WeightInit: "he"})
	compare(t, &net.Sequential, rng, 5, "conv W1 b1 1 0", "relu", "pool", "affine W2 b2", "relu", "dropout 0.4", "affine W3 b3", "dropout 0.4")
}

func TestNumericalGradientIsNumPys(t *testing.T) {
	rng := nprandom.New(uint32(time.Now().UnixNano()))
	net := NewSimpleConvNet[float64](rng, SimpleConvNetConfig{InputDim: [3]int{2, 8, 8}, FilterNum: 3, FilterSize: 3, HiddenSize: 5, WeightInitStd: 0.1})
	compare(t, &net.Sequential, rng, 3, "conv W1 b1 1 0", "relu", "pool", "affine W2 b2", "relu", "affine W3 b3", "numerical")
}
