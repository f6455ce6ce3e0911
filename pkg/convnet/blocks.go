package convnet

import (
	"slices"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// AveragePool is average pooling over square windows of the given size.
//
//go:noinline
func AveragePool(size, stride int) Part {
	return both(averagePool[float32](size, stride), averagePool[float64](size, stride))
}

func averagePool[T ndarray.Float](size, stride int) func([]int, Drawer[T]) layers.Layer[T] {
	return func([]int, Drawer[T]) layers.Layer[T] { return layers.NewAveragePooling[T](size, size, stride, 0) }
}

// MaxPool is Pool with a padding; of size 3, stride 1 and pad 1 it keeps the shape.
//
//go:noinline
func MaxPool(size, stride, pad int) Part {
	return both(maxPool[float32](size, stride, pad), maxPool[float64](size, stride, pad))
}

func maxPool[T ndarray.Float](size, stride, pad int) func([]int, Drawer[T]) layers.Layer[T] {
	return func([]int, Drawer[T]) layers.Layer[T] { return layers.NewPooling[T](size, size, stride, pad) }
}

// Residual is a block that adds its input to what the given parts make of it, which must
// have the same shape.
func Residual(parts ...Part) Part { return Shortcut(nil, parts...) }

// Shortcut is a Residual whose input takes the way of the shortcut's parts, where the
// others change the shape: a convolution of 1x1 with as many filters, and with their
// stride.
//
//go:noinline
func Shortcut(shortcut []Part, parts ...Part) Part {
	return both(residual[float32](shortcut, parts), residual[float64](shortcut, parts))
}

func residual[T ndarray.Float](shortcut, parts []Part) func([]int, Drawer[T]) layers.Layer[T] {
	return func(shape []int, draw Drawer[T]) layers.Layer[T] {
		return layers.NewResidual(chain(parts, shape, draw), chain(shortcut, shape, draw))
	}
}

// Branches is a block that runs several rows of parts on the same images and joins what
// they give along the channels.
//
//go:noinline
func Branches(branches ...[]Part) Part {
	return both(joined[float32](branches), joined[float64](branches))
}

func joined[T ndarray.Float](branches [][]Part) func([]int, Drawer[T]) layers.Layer[T] {
	return func(shape []int, draw Drawer[T]) layers.Layer[T] {
		chains := make([]layers.Chain[T], len(branches))
		for i, parts := range branches {
			chains[i] = chain(parts, shape, draw)
		}
		return layers.NewBranches(chains...)
	}
}

// chain makes the layers of parts that follow each other.
func chain[T ndarray.Float](parts []Part, shape []int, draw Drawer[T]) layers.Chain[T] {
	made := make(layers.Chain[T], len(parts))
	for i, p := range parts {
		made[i] = layer(p, i, slices.Clone(shape), draw)
		shape = made[i].OutputShape(shape)
	}
	return made
}
