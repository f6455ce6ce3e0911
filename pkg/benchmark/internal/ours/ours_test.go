package ours

import (
	"math"
	"testing"

	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/convnet"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

type trained interface {
	Summary() string
	Digest() string
}

// The networks described for the peers are those of pkg/convnet.
func TestNetworks(t *testing.T) {
	for _, c := range []struct {
		name string
		work work.Work
		want trained
	}{
		{"assignment", work.Assignment(64, 100), convnet.NewSimpleConvNet[float32](nprandom.New(0),
			convnet.SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50, UseDropout: true, DropoutRatio: 0.4})},
		{"book", work.Book(), convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{})},
		{"deep", work.Deep(), convnet.NewDeepConvNet[float32](nprandom.New(0), convnet.DeepConvNetConfig{DropoutRatio: 0.5})},
	} {
		got := New(c.work).net
		if got.Summary() != c.want.Summary() || got.Digest() != c.want.Digest() {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got.Summary(), c.want.Summary())
		}
	}
}

func TestStep(t *testing.T) {
	w := work.Assignment(8, 10)
	w.Images = 25
	n := New(w)
	before := n.net.Digest()
	// Batches begin at 0, 10, 4, 14, 8: each within the 25 images.
	for range 5 {
		n.Do()
	}
	if n.net.Digest() == before || n.steps != 5 {
		t.Errorf("after 5 steps the digest is %s, before it was %s", n.net.Digest(), before)
	}
	n = New(work.Evaluate(w, 30))
	before = n.net.Digest()
	n.Do()
	if n.net.Digest() != before || n.steps != 0 {
		t.Error("an evaluation changed the network")
	}
}

// The losses are those that NumPy found in float64 with the class's layers.
func TestTrial(t *testing.T) {
	for _, c := range []struct {
		name string
		work work.Work
		want [2]float64
	}{
		{"assignment", work.Assignment(64, 100), [2]float64{2.3026638450051093, 2.294835939367849}},
		{"deep", work.Deep(), [2]float64{3.8436372071969354, 2.2534508541278266}},
	} {
		got := Trial(c.work)
		for i := range got {
			if math.Abs(got[i]-c.want[i]) > 1e-5*c.want[i] {
				t.Errorf("%s: losses %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestProduct(t *testing.T) {
	for _, w := range []work.Work{
		work.Multiply(3, 5, 7, false, false), work.Multiply(4, 2, 9, true, false),
		work.Multiply(5, 6, 2, false, true), work.Multiply(30, 40, 50, true, true),
	} {
		m := NewProduct(w)
		a := ndarray.FromSlice(m.a, w.M, w.K)
		if w.TransA {
			a = ndarray.FromSlice(m.a, w.K, w.M).T()
		}
		b := ndarray.FromSlice(m.b, w.K, w.N)
		if w.TransB {
			b = ndarray.FromSlice(m.b, w.N, w.K).T()
		}
		want := float64(a.Dot(b).SumAll())
		for name, m := range map[string]*Matrices{"convbook": m, "gonum": NewGonum(w)} {
			if got := m.Sum(); math.Abs(got-want) > 1e-5*want {
				t.Errorf("%s: %+v has the sum %g, want %g", name, w, got, want)
			}
		}
	}
}

// The kernels do what their names say: the whole step of the assignment's network
// needs as many operations as its kernels.
func TestKernels(t *testing.T) {
	all := Kernels()
	sum := 0.
	for _, k := range all {
		k.Do()
		if k.Operations <= 0 || k.Footprint <= 0 || k.Bytes < float64(k.Footprint) {
			t.Errorf("%s: %g operations, %g bytes of %d", k.Name, k.Operations, k.Bytes, k.Footprint)
		}
	}
	for _, k := range all[:5] { // the convolution and the first Affine
		sum += k.Operations
	}
	want := work.Assignment(64, 100).Operations() - 3*2*100*50*10
	if sum != want {
		t.Errorf("the kernels of the assignment do %g operations, its step needs %g", sum, want)
	}
}

func TestAllocations(t *testing.T) {
	blocks, bytes := Allocations(work.Assignment(8, 10))
	if blocks < 0 || bytes < 0 || blocks > 1000 || bytes > 1e6 {
		t.Errorf("%g blocks, %g bytes a step", blocks, bytes)
	}
	t.Logf("%g blocks, %g bytes a step", blocks, bytes)
}
