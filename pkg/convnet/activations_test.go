package convnet_test

import (
	"slices"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// TestActivationsAndGradientFlow checks both against the network as a whole: the last
// activation is what Predict gives, and the gradient at a layer with a bias adds up to
// the gradient of that bias.
func TestActivationsAndGradientFlow(t *testing.T) {
	rng := nprandom.New(0)
	net := convnet.Build[float64](rng, []int{2, 8, 8}, convnet.He,
		convnet.Conv(3, 3, 1, 1), convnet.Relu(), convnet.Pool(2, 2), convnet.Conv(4, 3, 1, 0), convnet.Sigmoid(),
		convnet.Affine(6), convnet.Relu(), convnet.Affine(5))
	x, labels := ndarray.Randn[float64](rng, 7, 2, 8, 8), []int{0, 1, 2, 3, 4, 0, 1}

	activations := net.Activations(x)
	var names []string
	for _, a := range activations {
		names = append(names, a.Layer)
	}
	if !slices.Equal(names, net.LayerNames()) {
		t.Fatalf("activations of %v, the layers are %v", names, net.LayerNames())
	}
	if last := activations[len(activations)-1].Output; !last.AllClose(net.Predict(x), 1e-12, 1e-12) {
		t.Error("the last activation is not the prediction")
	}

	flows := net.GradientFlow(x, labels)
	grads := net.Gradient(x, labels)
	for i, want := range map[int]string{0: "b1", 3: "b2", 5: "b3", 7: "b4"} {
		dout := flows[i].DOut
		axes := []int{0}
		if dout.NDim() == 4 {
			axes = []int{0, 2, 3}
		}
		if got := dout.Sum(axes...); !got.AllClose(grads[want], 1e-10, 1e-12) {
			t.Errorf("%s: the gradient adds up to\n%v\nwant that of %s\n%v", flows[i].Layer, got, want, grads[want])
		}
	}
	for i, a := range activations {
		if !slices.Equal(a.Output.Shape(), flows[i].DOut.Shape()) && flows[i].DOut.Size() != a.Output.Size() {
			t.Errorf("%s: output %v, its gradient %v", a.Layer, a.Output.Shape(), flows[i].DOut.Shape())
		}
	}
}
