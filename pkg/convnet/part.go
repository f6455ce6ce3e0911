package convnet

import (
	"fmt"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Part is how Build makes one layer. Conv, Relu and the others return Parts; NewPart makes
// one for a layer of one's own. A Part may stand in a network several times: it makes a
// new layer for each.
type Part struct {
	// The functions for the two types of number, a maker each, or nil. What they are is
	// not in their type: a cell with a Part would compile arrays of both.
	float32, float64 any
}

// maker makes a layer for samples of a shape.
type maker[T ndarray.Float] = func(shape []int, draw Drawer[T]) layers.Layer[T]

// NewPart returns the Part of a layer of one's own: f is called with the shape of the
// samples that come in, and returns a new layer at each call.
//
//	swish := convnet.NewPart(func(shape []int, draw convnet.Drawer[float32]) layers.Layer[float32] {
//		return &Swish{}
//	})
//
// It serves networks of that type of number.
func NewPart[T ndarray.Float](f func(shape []int, draw Drawer[T]) layers.Layer[T]) Part {
	if f == nil {
		return Part{}
	}
	if _, double := any(f).(maker[float64]); double {
		return Part{float64: f}
	}
	return Part{float32: f}
}

// both is a Part for networks of both types of number.
func both(single maker[float32], double maker[float64]) Part { return Part{single, double} }

// Drawer draws what a layer begins with.
type Drawer[T ndarray.Float] struct {
	Source ndarray.Source // also for a layer that draws in training
	Scale  InitialScale
}

// Weights draws weights of the given shape by randn, times Scale of fanIn, the number of
// inputs of each output.
func (d Drawer[T]) Weights(fanIn int, shape ...int) *ndarray.Array[T] {
	std := d.Scale(fanIn)
	w := ndarray.Zeros[T](shape...)
	for i := range w.Data() {
		w.Data()[i] = T(std * d.Source.Randn())
	}
	return w
}

// layer makes the layer of p, which is number at (from 0) of a network.
func layer[T ndarray.Float](p Part, at int, shape []int, draw Drawer[T]) layers.Layer[T] {
	f, known := p.float32.(maker[T])
	if !known {
		f, known = p.float64.(maker[T])
	}
	if !known {
		panic(fmt.Sprintf("convnet.Build: part %d cannot make a layer of %T; give NewPart a function for that type", at+1, T(0)))
	}
	made := f(shape, draw)
	if made == nil {
		panic(fmt.Sprintf("convnet.Build: part %d returns no layer, want one", at+1))
	}
	return made
}
