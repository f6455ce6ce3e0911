package convnet

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// square is y = x² by the four methods alone. Its name is that of another layer.
type square[T ndarray.Float] struct {
	name string
	x    *ndarray.Array[T]
}

func (l *square[T]) Name() string               { return l.name }
func (l *square[T]) OutputShape(in []int) []int { return in }
func (l *square[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.x = x
	return x.Mul(x)
}
func (l *square[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	return dout.Mul(l.x).Scale(2)
}

// shared is square with Share.
type shared[T ndarray.Float] struct{ square[T] }

func (l *shared[T]) Share() layers.Layer[T] { return &shared[T]{square[T]{name: l.name}} }

// element is square with Value and Slope.
type element[T ndarray.Float] struct{ square[T] }

func (l *element[T]) Value(x T) T    { return x * x }
func (l *element[T]) Slope(x, _ T) T { return 2 * x }

// gain multiplies each channel by a number that it learns.
type gain[T ndarray.Float] struct{ G, DG, x *ndarray.Array[T] }

func (l *gain[T]) Name() string               { return "Gain" }
func (l *gain[T]) OutputShape(in []int) []int { return in }
func (l *gain[T]) factors() *ndarray.Array[T] { return l.G.Reshape(-1, 1, 1) }
func (l *gain[T]) Parameters() []layers.Parameter[T] {
	return []layers.Parameter[T]{{Kind: "g", Value: l.G, Grad: l.DG}}
}
func (l *gain[T]) Share() layers.Layer[T] { return &gain[T]{G: l.G} }
func (l *gain[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.x = x
	return x.Mul(l.factors())
}
func (l *gain[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	l.DG = dout.Mul(l.x).Sum(0, 2, 3)
	return dout.Mul(l.factors())
}

// centre takes the mean of the batch from each value, in evaluation, too.
type centre[T ndarray.Float] struct{}

func (centre[T]) Name() string               { return "Centre" }
func (centre[T]) OutputShape(in []int) []int { return in }
func (centre[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	return x.Sub(x.Mean(0))
}
func (centre[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] { return dout.Sub(dout.Mean(0)) }

// noise multiplies by 1 + 0.1*rand in training.
type noise[T ndarray.Float] struct {
	src  ndarray.Source
	mask *ndarray.Array[T]
}

func (l *noise[T]) Name() string               { return "Noise" }
func (l *noise[T]) OutputShape(in []int) []int { return in }
func (l *noise[T]) Source() ndarray.Source     { return l.src }
func (l *noise[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	if !train {
		return x.Clone()
	}
	l.mask = ndarray.Rand[T](l.src, x.Shape()...).Map(func(v T) T { return 1 + v/10 })
	return x.Mul(l.mask)
}
func (l *noise[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] { return dout.Mul(l.mask) }

// drawing is noise that can be divided.
type drawing[T ndarray.Float] struct{ noise[T] }

func (l *drawing[T]) Draws(in []int) int { return size(in) }
func (l *drawing[T]) ShareFrom(src ndarray.Source) layers.Layer[T] {
	return &drawing[T]{noise[T]{src: src}}
}

// half lets every second row through: (C, H, W) becomes (C, (H+1)/2, W).
type half[T ndarray.Float] struct{ rows int }

func (l *half[T]) Name() string { return "Half" }
func (l *half[T]) OutputShape(in []int) []int {
	return []int{in[0], (in[1] + 1) / 2, in[2]}
}
func (l *half[T]) Share() layers.Layer[T] { return &half[T]{} }
func (l *half[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	l.rows = x.Dim(2)
	y := ndarray.Zeros[T](append([]int{x.Dim(0)}, l.OutputShape(x.Shape()[1:])...)...)
	for n := range x.Dim(0) {
		for c := range x.Dim(1) {
			for r := range y.Dim(2) {
				y.Index(n, c, r).Copy(x.Index(n, c, 2*r))
			}
		}
	}
	return y
}
func (l *half[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	dx := ndarray.Zeros[T](dout.Dim(0), dout.Dim(1), l.rows, dout.Dim(3))
	for n := range dx.Dim(0) {
		for c := range dx.Dim(1) {
			for r := range dout.Dim(2) {
				dx.Index(n, c, 2*r).Copy(dout.Index(n, c, r))
			}
		}
	}
	return dx
}

func squares(name string) Part {
	return both(func([]int, Drawer[float32]) layers.Layer[float32] { return &square[float32]{name: name} },
		func([]int, Drawer[float64]) layers.Layer[float64] { return &square[float64]{name: name} })
}

func sharedSquares(name string) Part {
	return both(func([]int, Drawer[float32]) layers.Layer[float32] {
		return &shared[float32]{square[float32]{name: name}}
	},
		func([]int, Drawer[float64]) layers.Layer[float64] {
			return &shared[float64]{square[float64]{name: name}}
		})
}

func elements(name string) Part {
	return both(func([]int, Drawer[float32]) layers.Layer[float32] {
		return &element[float32]{square[float32]{name: name}}
	},
		func([]int, Drawer[float64]) layers.Layer[float64] {
			return &element[float64]{square[float64]{name: name}}
		})
}

func newGain[T ndarray.Float](shape []int, draw Drawer[T]) layers.Layer[T] {
	return &gain[T]{G: draw.Weights(1, shape[0])}
}
func newNoise[T ndarray.Float](_ []int, draw Drawer[T]) layers.Layer[T] {
	return &noise[T]{src: draw.Source}
}
func newDrawing[T ndarray.Float](_ []int, draw Drawer[T]) layers.Layer[T] {
	return &drawing[T]{noise[T]{src: draw.Source}}
}
func newCentre[T ndarray.Float]([]int, Drawer[T]) layers.Layer[T] { return centre[T]{} }
func newHalf[T ndarray.Float]([]int, Drawer[T]) layers.Layer[T]   { return &half[T]{} }

func gains() Part   { return both(newGain[float32], newGain[float64]) }
func noises() Part  { return both(newNoise[float32], newNoise[float64]) }
func draws() Part   { return both(newDrawing[float32], newDrawing[float64]) }
func centres() Part { return both(newCentre[float32], newCentre[float64]) }
func halves() Part  { return both(newHalf[float32], newHalf[float64]) }

// ownNetworks are networks with layers that are not of pkg/layers, between those that are.
func ownNetworks() map[string][]Part {
	return map[string][]Part{
		"named like others": {Conv(5, 3, 1, 1), squares("Relu"), squares("Pooling"), squares("Affine"), Affine(4)},
		"first and last":    {sharedSquares("First"), Conv(3, 3, 1, 0), Relu(), Pool(2, 2), Affine(4), squares("Last")},
		"elementwise":       {Conv(9, 3, 1, 1), elements("Square"), Pool(2, 2), Conv(17, 3, 1, 1), Relu(), elements("Square"), Affine(9), elements("Square"), Affine(4)},
		"with parameters":   {Conv(9, 3, 1, 1), gains(), Relu(), Pool(2, 2), gains(), Conv(5, 3, 1, 0), gains(), Affine(7), Relu(), Affine(4)},
		"of the batch":      {Conv(9, 3, 1, 1), Relu(), Pool(2, 2), centres(), Dropout(0.3), Affine(20), Relu(), centres(), Affine(4)},
		"that draw":         {draws(), Conv(9, 3, 1, 1), Relu(), draws(), Dropout(0.2), noises(), Pool(2, 2), Dropout(0.3), Affine(20), draws(), noises(), Affine(4)},
		"of another shape":  {Conv(9, 3, 1, 1), Relu(), halves(), Conv(6, 3, 1, 1), Relu(), Pool(2, 2), halves(), BatchNormPerChannel(), Affine(4)},
		"none of ours":      {sharedSquares("A"), halves(), gains(), squares("B"), Affine(4)},
		"strides inside":    {Conv(9, 3, 1, 1), Relu(), Conv(8, 3, 2, 1), Relu(), Conv(7, 2, 2, 0), Relu(), Pool(2, 2), Affine(4)},
		"channels first":    {BatchNorm(), Conv(8, 3, 1, 1), BatchNormPerChannel(), Relu(), Pool(2, 2), Affine(4)},
	}
}

// What layers of one's own compute between the plan's is what they compute by themselves.
func TestEngineAgreesWithLayersOfOnesOwn(t *testing.T) {
	for name, parts := range ownNetworks() {
		for _, input := range [][]int{{1, 9, 10}, {2, 9, 10}} {
			for _, n := range []int{1, 11, 150} {
				compareEngine[float32](t, name, input, parts, n, 1e-3)
				compareEngine[float64](t, name, input, parts, n, 1e-11)
			}
		}
	}
}

func TestSameBitsOfLayersOfOnesOwn(t *testing.T) {
	for name, parts := range ownNetworks() {
		sameBits[float32](t, name, parts, 150)
		sameBits[float64](t, name, parts, 150)
	}
}

func sameBits[T ndarray.Float](t *testing.T, name string, parts []Part, n int) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first string
	for _, procs := range []int{1, 2, 3, 8, 33} {
		runtime.GOMAXPROCS(procs)
		rng := nprandom.New(1)
		net := Build[T](rng, []int{1, 9, 10}, He, parts...)
		x, labels := ndarray.Rand[T](rng, n, 1, 9, 10), rng.Choice(4, n)
		adam := optimizer.NewAdam[T](0.001)
		for range 3 {
			adam.Update(net.Params(), net.Gradient(x, labels))
		}
		if digest := net.Digest(); first == "" {
			first = digest
		} else if digest != first {
			t.Errorf("%s of %T: digest %s on %d processors, %s on one", name, T(0), digest, procs, first)
		}
	}
}

// A network with layers of one's own learns what one without learns.
func TestLayersOfOnesOwnTrain(t *testing.T) {
	rng := nprandom.New(1)
	net := Build[float32](rng, []int{1, 8, 8}, He, Conv(8, 3, 1, 0), gains(), elements("Square"), centres(), Affine(4))
	labels := rng.Choice(4, 64)
	x := ndarray.Zeros[float32](64, 1, 8, 8)
	for i, label := range labels { // a bright quarter
		for k := range 16 {
			x.Set(1, i, 0, label/2*4+k/4, label%2*4+k%4)
		}
	}
	before := net.Loss(x, labels)
	adam := optimizer.NewAdam[float32](0.01)
	for range 60 {
		adam.Update(net.Params(), net.Gradient(x, labels))
	}
	if after, accuracy := net.Loss(x, labels), net.Accuracy(x, labels); !(after < before/10) || accuracy < 0.99 {
		t.Errorf("the loss goes from %v to %v, the accuracy is %v", before, after, accuracy)
	}
	if got := net.Summary(); !strings.Contains(got, "Gain1") || !strings.Contains(got, "Square1") || !strings.Contains(got, "Centre1") {
		t.Errorf("the summary is\n%s", got)
	}
	if !slices.Contains(net.ParamNames(), "g1") {
		t.Errorf("the parameters are %v", net.ParamNames())
	}
}
