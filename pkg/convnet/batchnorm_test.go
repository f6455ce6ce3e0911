package convnet

import (
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// normalised is a small network with both variants of batch normalisation.
func normalised[T ndarray.Float](rng *nprandom.RandomState) *Sequential[T] {
	return Build[T](rng, []int{2, 7, 7}, He,
		Conv(3, 3, 1, 0), BatchNormPerChannel(), Relu(), Pool(2, 2),
		Affine(6), BatchNorm(), Sigmoid(), Affine(4))
}

func TestBatchNormNames(t *testing.T) {
	net := normalised[float32](nprandom.New(0))
	if got := net.ParamNames(); !slices.Equal(got, []string{"W1", "b1", "gamma1", "beta1", "W2", "b2", "gamma2", "beta2", "W3", "b3"}) {
		t.Errorf("the parameters are %v", got)
	}
	for name, want := range map[string][]int{"gamma1": {3}, "beta1": {3}, "running_mean1": {3}, "running_var1": {3}, "gamma2": {6}, "running_var2": {6}} {
		if got := net.State()[name]; got == nil || !slices.Equal(got.Shape(), want) {
			t.Errorf("%s is %v, want shape %v", name, got, want)
		}
	}
	if got := net.LayerNames(); got[1] != "BatchNorm1" || got[5] != "BatchNorm2" {
		t.Errorf("the layers are %v", got)
	}
	if got := Build[float32](nprandom.New(0), []int{3, 4, 5}, He, BatchNorm(), Affine(2)).Params()["gamma1"]; !got.Equal(ndarray.Full[float32](1, 60)) {
		t.Errorf("with a mean for each position gamma is %v, want 60 ones", got)
	}
	if text := net.Summary(); !strings.Contains(text, "BatchNorm1       (3, 5, 5)           6\n  3 means, momentum 0.9\n") {
		t.Errorf("the summary does not describe BatchNorm1:\n%s", text)
	}
}

func TestGradientWithBatchNorm(t *testing.T) {
	rng := nprandom.New(3)
	net := normalised[float64](rng)
	x, labels := ndarray.Randn[float64](rng, 5, 2, 7, 7), []int{0, 3, 1, 1, 2}
	before := net.Digest()
	want := net.NumericalGradient(x, labels)
	if net.Digest() != before {
		t.Error("the numerical gradient leaves its traces in the running values")
	}
	got := net.Gradient(x, labels)
	largest := 0.0
	for _, g := range want {
		for _, v := range g.Data() {
			largest = max(largest, math.Abs(v))
		}
	}
	for name := range want {
		for i, v := range want[name].Data() {
			if d := math.Abs(v - got[name].Data()[i]); !(d < 1e-6*largest) {
				t.Errorf("the gradient of %s[%d] is %v, the numerical one %v", name, i, got[name].Data()[i], v)
			}
		}
	}
}

// learnWith trains the network for some steps on data that it can tell apart.
func learnWith[T ndarray.Float](net *Sequential[T]) (first, last T) {
	rng := nprandom.New(7)
	x, labels := ndarray.Randn[T](rng, 40, 2, 7, 7), make([]int, 40)
	for i := range labels {
		labels[i] = i % 4
		x.Index(i, 0, labels[i]).Fill(4)
	}
	opt := optimizer.NewAdam[T](0.03)
	for step := range 40 {
		loss, grads := net.LossGradient(x, labels)
		if step == 0 {
			first = loss
		}
		last = loss
		opt.Update(net.Params(), grads)
	}
	return first, last
}

func TestBatchNormLearns(t *testing.T) {
	first, last := learnWith(normalised[float32](nprandom.New(0)))
	if !(last < first/4) {
		t.Errorf("40 steps take the loss from %v to %v only", first, last)
	}
}

func TestBatchNormHasTheSameBitsOnAnyProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var digests []string
	for _, processors := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(processors)
		net := normalised[float32](nprandom.New(0))
		learnWith(net)
		digests = append(digests, net.Digest())
	}
	if len(slices.Compact(slices.Clone(digests))) != 1 {
		t.Errorf("on 1, 2, 3 and 8 processors the digests are %v", digests)
	}
}

// State is all that another network needs to answer the same in evaluation.
func TestStateHasTheRunningValues(t *testing.T) {
	from, to := normalised[float32](nprandom.New(0)), normalised[float32](nprandom.New(1))
	learnWith(from)
	x := ndarray.Randn[float32](nprandom.New(2), 9, 2, 7, 7)
	if err := to.SetParams(from.Params()); err != nil {
		t.Fatal(err)
	}
	if to.Predict(x).Equal(from.Predict(x)) || to.Digest() == from.Digest() {
		t.Error("without the running values the networks answer the same")
	}
	if err := to.SetParams(from.State()); err != nil {
		t.Fatal(err)
	}
	if !to.Predict(x).Equal(from.Predict(x)) || to.Digest() != from.Digest() {
		t.Error("with all of the state the networks differ")
	}
	mean := to.Layer("BatchNorm1").(*layers.BatchNormalization[float32]).RunningMean
	from.State()["running_mean1"].Set(100, 0)
	if mean.At(0) == 100 {
		t.Error("the networks share their running values")
	}

	wrong := maps.Clone(from.State())
	wrong["running_var2"] = ndarray.Zeros[float32](5)
	before := to.Digest()
	err := to.SetParams(wrong)
	if err == nil || !strings.Contains(err.Error(), "running_var2 has shape (5,), the network wants (6,)") {
		t.Errorf("the error is %v", err)
	}
	if to.Digest() != before {
		t.Error("a refused state changed the network")
	}
}
