package convnet

import (
	"fmt"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Part is how Build makes one layer: a function for each type of number, of which the
// network's own is called with the shape of the samples that come in. Conv, Relu and the
// others return Parts. One for a layer of one's own, in float32, is
//
//	convnet.Part{Float32: func(shape []int, draw convnet.Drawer[float32]) layers.Layer[float32] {
//		return &Swish{}
//	}}
//
// A Part may stand in a network several times: it returns a new layer at each call.
type Part struct {
	Float32 func(shape []int, draw Drawer[float32]) layers.Layer[float32]
	Float64 func(shape []int, draw Drawer[float64]) layers.Layer[float64]
}

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
	var made layers.Layer[T]
	var known bool
	switch draw := any(draw).(type) {
	case Drawer[float32]:
		if known = p.Float32 != nil; known {
			made, _ = p.Float32(shape, draw).(layers.Layer[T])
		}
	case Drawer[float64]:
		if known = p.Float64 != nil; known {
			made, _ = p.Float64(shape, draw).(layers.Layer[T])
		}
	}
	switch {
	case !known:
		panic(fmt.Sprintf("convnet.Build: part %d cannot make a layer of %T; give its Part a function for that type, too", at+1, T(0)))
	case made == nil:
		panic(fmt.Sprintf("convnet.Build: part %d returns no layer, want one", at+1))
	}
	return made
}
