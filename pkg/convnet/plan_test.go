package convnet

import (
	"fmt"
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// The methods of an embedded layer are not those of the one around it.
type louder struct{ *layers.Convolution[float32] }

func (l *louder) Forward(x *ndarray.Array[float32], train bool) *ndarray.Array[float32] {
	return l.Convolution.Forward(x, train).Scale(2)
}
func (l *louder) Backward(dout *ndarray.Array[float32]) *ndarray.Array[float32] {
	return l.Convolution.Backward(dout.Scale(2))
}

type steep struct{ *layers.Sigmoid[float32] }

func (l *steep) Forward(x *ndarray.Array[float32], train bool) *ndarray.Array[float32] {
	return l.Sigmoid.Forward(x.Scale(3), train)
}
func (l *steep) Backward(dout *ndarray.Array[float32]) *ndarray.Array[float32] {
	return l.Sigmoid.Backward(dout).Scale(3)
}

type wrongShare struct {
	gain[float32]
	share func(l *wrongShare) layers.Layer[float32]
}

func (l *wrongShare) Share() layers.Layer[float32] { return l.share(l) }

// in32 is a Part of float32 alone.
func in32(f func(shape []int, draw Drawer[float32]) layers.Layer[float32]) Part {
	return NewPart(f)
}

func wrong(share func(l *wrongShare) layers.Layer[float32]) Part {
	return in32(func(shape []int, draw Drawer[float32]) layers.Layer[float32] {
		l := &wrongShare{gain: gain[float32]{G: draw.Weights(1, shape[0]), DG: ndarray.Zeros[float32](shape[0])}, share: share}
		return l
	})
}

// What is offered wrongly is not used, and Plan says so.
func TestPlanSaysWhatIsNotUsed(t *testing.T) {
	for _, c := range []struct {
		part Part
		way  string
		why  string
	}{
		{squares("Relu"), "whole batch", "it has no method Share"},
		{sharedSquares("Square"), "in parallel", "there are no kernels for it"},
		{elements("Square"), "fused", ""},
		{gains(), "in parallel", "there are no kernels for it"},
		{draws(), "in parallel", "there are no kernels for it"},
		{noises(), "whole batch", "it draws random numbers (Source) but has no Draws and ShareFrom"},
		{in32(func(shape []int, draw Drawer[float32]) layers.Layer[float32] {
			return &louder{layers.NewConvolution(draw.Weights(9*shape[0], 3, shape[0], 3, 3), ndarray.Zeros[float32](3), 1, 1)}
		}), "whole batch", "its Share returns a *layers.Convolution[float32], not a *convnet.louder"},
		{in32(func([]int, Drawer[float32]) layers.Layer[float32] { return &steep{layers.NewSigmoid[float32]()} }),
			"whole batch", "its Share returns a *layers.Sigmoid[float32], not a *convnet.steep"},
		{wrong(func(l *wrongShare) layers.Layer[float32] { return l }), "whole batch", "its Share returns the layer itself"},
		{wrong(func(l *wrongShare) layers.Layer[float32] { return nil }), "whole batch", "its Share returns nil"},
		{wrong(func(l *wrongShare) layers.Layer[float32] { return &wrongShare{gain: gain[float32]{G: l.G.Clone()}} }),
			"whole batch", "its Share returns a layer with a parameter g of its own"},
		{wrong(func(l *wrongShare) layers.Layer[float32] { c := *l; return &c }),
			"whole batch", "its Share returns a layer that writes the gradient of g into the same array"},
		{Conv(8, 3, 2, 1), "in parallel", "the kernels know strides above 1 and such pads only where the images come in"},
	} {
		parts := []Part{Conv(9, 3, 1, 1), Relu(), c.part, Pool(2, 2), Affine(4)}
		net := Build[float32](nprandom.New(3), []int{1, 9, 10}, He, parts...)
		row := net.PlanRows()[1]
		if row.Way != c.way || row.Why != c.why {
			t.Errorf("%v runs as %q because %q, want %q because %q", row.Layers, row.Way, row.Why, c.way, c.why)
		}
		compareEngine[float32](t, fmt.Sprint(row.Layers), []int{1, 9, 10}, parts, 20, 3e-4)
	}
}

func TestPlan(t *testing.T) {
	parts := []Part{Conv(64, 5, 1, 0), Relu(), Pool(2, 2), Affine(50), Relu(), squares("Square"), Dropout(0.4), Affine(10)}
	want := `
layers                     run
Conv1 Relu1 Pool1 Affine1  fused
Relu2                      fused
Square1                    whole batch
  because it has no method Share
Dropout1                   fused
Affine2                    fused
`
	for name, got := range map[string]string{
		"float32": Build[float32](nprandom.New(0), []int{1, 28, 28}, He, parts...).Plan(),
		"float64": Build[float64](nprandom.New(0), []int{1, 28, 28}, He, append(parts[:5:5], squares("Square"), Dropout(0.4), Affine(10))...).Plan(),
	} {
		if got != want[1:] {
			t.Errorf("in %s the plan is\n%s\nwant%s", name, got, want)
		}
	}
}
