package params_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/params"
)

// TestFilesOfPython reads what NumPy 1, NumPy 2 and safetensors wrote (testdata/make.py).
func TestFilesOfPython(t *testing.T) {
	third := func(n float64) float64 { return n / 3 }
	want := map[string]*ndarray.Array[float64]{
		"W1":    ndarray.FromSlice([]float64{-2.5, -1.5, -0.5, 0.5, 1.5, 2.5}, 2, 3),
		"W2":    ndarray.FromSlice([]float64{0, third(1), third(2), 1, third(4), third(5)}, 3, 2),
		"b1":    ndarray.FromSlice([]float64{1.5, -2.25, 1e-300}, 3),
		"half":  ndarray.FromSlice([]float64{0.5, -65504, math.Ldexp(1, -24)}, 3),
		"count": ndarray.FromSlice([]float64{1, -2, 3, math.MaxInt32}, 2, 2),
		"one":   ndarray.FromSlice([]float64{7.25}).Reshape(),
		"none":  ndarray.Zeros[float64](0, 3),
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, path := range files {
		if filepath.Ext(path) == ".py" {
			continue
		}
		read++
		got, err := params.Load[float64](path)
		if err != nil {
			t.Error(err)
			continue
		}
		for name, a := range want {
			if name == "count" && got[name] == nil && filepath.Ext(path) != ".pkl" {
				continue // these files were made without it
			}
			if got[name] == nil || !got[name].Equal(a) {
				t.Errorf("%s: %s is\n%v\nwant\n%v", path, name, got[name], a)
			}
		}
	}
	if read != 2*4+4+1 {
		t.Errorf("%d files were there, want 13", read)
	}
}

// python returns an interpreter with NumPy, or skips the test.
func python(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err == nil {
		err = exec.Command(path, "-c", "import numpy").Run()
	}
	if err != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	return path
}

// TestNetworksMove evaluates a network of Go's in NumPy and one of NumPy's in Go, image
// by image.
func TestNetworksMove(t *testing.T) {
	interpreter, folder := python(t), t.TempDir()
	rng := nprandom.New(0)
	config := convnet.SimpleConvNetConfig{InputDim: [3]int{2, 10, 10}, FilterNum: 5, FilterSize: 3, HiddenSize: 12, OutputSize: 4, WeightInit: "he"}
	net := convnet.NewSimpleConvNet[float64](rng, config)
	x, labels := ndarray.Randn[float64](rng, 60, 2, 10, 10), ndarray.Zeros[float64](60)
	for i := range labels.Data() {
		labels.Data()[i] = float64(rng.RandInt(0, 4))
	}
	save := func(name string, arrays map[string]*ndarray.Array[float64]) {
		t.Helper()
		if err := params.Save(filepath.Join(folder, name), arrays); err != nil {
			t.Fatal(err)
		}
	}
	save("images.npz", map[string]*ndarray.Array[float64]{"x": x, "t": labels})
	save("go.npz", net.Params())
	save("go.safetensors", net.Params())
	if out, err := exec.Command(interpreter, "testdata/evaluate.py", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	load := func(name string) map[string]*ndarray.Array[float64] {
		t.Helper()
		arrays, err := params.Load[float64](filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return arrays
	}
	agree := func(what string, got, want *ndarray.Array[float64]) {
		t.Helper()
		if !got.AllClose(want, 1e-10, 1e-10) {
			t.Errorf("%s: other scores", what)
		}
		guesses, wanted := got.ArgMax(1), want.ArgMax(1)
		for i := range guesses {
			if guesses[i] != wanted[i] {
				t.Errorf("%s: image %d is taken for %d, want %d", what, i, guesses[i], wanted[i])
			}
		}
	}
	seen := 0
	for _, name := range []string{"go.npz", "go.safetensors"} {
		if _, err := os.Stat(filepath.Join(folder, name+".answers.npz")); err == nil {
			agree("Python with "+name, load(name + ".answers.npz")["scores"], net.Predict(x))
			seen++
		}
	}
	answers := load("python.answers.npz")
	for _, name := range []string{"params2.pkl", "params3.pkl", "params4.pkl", "params5.pkl", "params.npz", "params.safetensors"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Logf("skipped: %s needs Python's safetensors", name)
			continue
		}
		if err := net.SetParams(load(name)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		agree("Go with "+name, net.Predict(x), answers["scores"])
		t32 := make([]int, 60)
		for i, label := range labels.Data() {
			t32[i] = int(label)
		}
		if got, want := net.Accuracy(x, t32), answers["accuracy"].At(0); got != want {
			t.Errorf("%s: accuracy %v, in Python %v", name, got, want)
		}
		seen++
	}
	if seen < 6 {
		t.Errorf("only %d files were compared", seen)
	}
}

// TestAllDifferencesInOneMessage loads the parameters of another network.
func TestAllDifferencesInOneMessage(t *testing.T) {
	rng := nprandom.New(0)
	net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 3})
	other := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 4}).Params()
	delete(other, "b3")
	other["W9"] = ndarray.Zeros[float32](1)
	err := net.SetParams(other)
	for _, want := range []string{"W1", "(4, 1, 5, 5)", "(3, 1, 5, 5)", "b1", "W2", "b3", "W9"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error %v does not name %s", err, want)
		}
	}
}
