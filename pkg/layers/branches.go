package layers

import (
	"strings"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// Branches runs chains of layers on the same images and joins what they give along the
// channels: chains that give (N, C1, H, W), (N, C2, H, W), … become (N, C1+C2+…, H, W).
// So filters of several sizes look at one map.
// (Szegedy et al.: Going Deeper with Convolutions, 2014: the Inception module)
type Branches[T ndarray.Float] struct {
	Of []Chain[T]

	outShape []int
	channels []int // of each chain
}

// NewBranches joins the given chains. It panics when there is none.
func NewBranches[T ndarray.Float](chains ...Chain[T]) *Branches[T] {
	if len(chains) == 0 {
		panic("NewBranches: no branch, want at least one")
	}
	return &Branches[T]{Of: chains}
}

// Name returns "Branches".
func (l *Branches[T]) Name() string { return "Branches" }

// OutputShape takes (C, H, W) and returns the joined shape. It panics with a
// *ndarray.ShapeError unless all branches give images of the same height and width.
func (l *Branches[T]) OutputShape(in []int) []int {
	var out []int
	for i, c := range l.Of {
		shape := c.outputShape(in)
		if i == 0 {
			shapes.Check("Branches", shape, []int{-1, -1, -1}, "a branch gives images (C, H, W)")
			out = append(out, shape...)
			continue
		}
		shapes.Check("Branches", shape, []int{-1, out[1], out[2]}, "all branches give images of one height and width")
		out[0] += shape[0]
	}
	return out
}

// Forward takes x (N, C, H, W) and returns (N, C1+C2+…, OH, OW).
func (l *Branches[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	shape := shapes.Of("Branches.Forward", "x", x)
	shapes.Check("Branches.Forward", shape, []int{-1, -1, -1, -1}, "images have the axes (N, C, H, W)")
	l.outShape, l.channels = append([]int{shape[0]}, l.OutputShape(shape[1:])...), nil
	y := ndarray.Zeros[T](l.outShape...)
	at := 0
	for _, c := range l.Of {
		part := c.forward(x, train) // (N, Ci, OH, OW)
		l.channels = append(l.channels, part.Dim(1))
		for n := range shape[0] {
			y.Index(n).Slice(at, at+part.Dim(1)).Copy(part.Index(n))
		}
		at += part.Dim(1)
	}
	return y
}

// Backward takes dout (N, C1+C2+…, OH, OW) and returns the gradient of x (N, C, H, W): the
// sum of what comes back through the branches.
func (l *Branches[T]) Backward(dout *ndarray.Array[T]) *ndarray.Array[T] {
	checkBackward("Branches.Backward", dout, l.outShape)
	var dx *ndarray.Array[T]
	at := 0
	for i, c := range l.Of {
		part := ndarray.Zeros[T](l.outShape[0], l.channels[i], l.outShape[2], l.outShape[3])
		for n := range l.outShape[0] {
			part.Index(n).Copy(dout.Index(n).Slice(at, at+l.channels[i]))
		}
		at += l.channels[i]
		if d := c.backward(part); dx == nil {
			dx = d
		} else {
			dx = dx.Add(d)
		}
	}
	return dx
}

// Chains returns the branches.
func (l *Branches[T]) Chains() []Chain[T] { return l.Of }

// Parameters returns those of the branches in their order.
func (l *Branches[T]) Parameters() []Parameter[T] { return parametersOf(l.Of...) }

// Statistics returns those of the branches in their order.
func (l *Branches[T]) Statistics() []Statistic[T] { return statisticsOf(l.Of...) }

// Share returns a block of copies, or nil where a layer has none.
func (l *Branches[T]) Share() Layer[T] {
	var copies []Chain[T]
	for _, c := range l.Of {
		copied, ok := c.share()
		if !ok {
			return nil
		}
		copies = append(copies, copied)
	}
	return NewBranches(copies...)
}

// String describes the block in one line.
func (l *Branches[T]) String() string {
	texts := make([]string, len(l.Of))
	for i, c := range l.Of {
		texts[i] = c.String()
	}
	return strings.Join(texts, " | ")
}
