package ndarray

import (
	"fmt"
	"slices"
)

// Transpose returns a copy of a with its axes in the given order:
// x.Transpose(0, 3, 1, 2) turns (N, H, W, C) into (N, C, H, W). Without axes
// their order is reversed. It panics with a *ShapeError unless every axis is named once.
func (a *Array[T]) Transpose(axes ...int) *Array[T] { return bodies[T]().transpose(a, axes) }

// T returns the transpose of a: the axes in reverse order.
func (a *Array[T]) T() *Array[T] { return bodies[T]().transpose(a, nil) }

func transpose[T Float](a *Array[T], axes []int) *Array[T] {
	if len(axes) == 0 {
		for k := len(a.shape) - 1; k >= 0; k-- {
			axes = append(axes, k)
		}
	}
	checkOrder(axes, a.shape)
	stride := make([]int, len(a.shape))
	for k, s := len(a.shape)-1, 1; k >= 0; k-- {
		stride[k] = s
		s *= a.shape[k]
	}
	shape, step := make([]int, len(axes)), make([]int, len(axes))
	for k, axis := range axes {
		shape[k], step[k] = a.shape[axis], stride[axis]
	}
	out := Zeros[T](shape...)
	gather(out.data, a.data, shape, step)
	return out
}

// checkOrder panics unless axes names each axis of shape once.
func checkOrder(axes, shape []int) {
	for k, axis := range slices.Sorted(slices.Values(axes)) {
		if len(axes) != len(shape) || axis != k {
			panic(&ShapeError{Op: "Transpose" + list(axes), Got: cloned(shape),
				Hint: fmt.Sprintf("the axes must be an order of the numbers 0 to %d", len(shape)-1)})
		}
	}
}

// gather copies src, read with the given step for each axis of shape, to dst in
// row-major order.
func gather[T Float](dst, src []T, shape, step []int) {
	shape, step = joined(shape, step)
	if len(dst) > 0 {
		gatherAxes(dst, src, shape, step)
	}
}

// joined makes one axis of neighbours that are read as one, and leaves out those of
// length 1.
func joined(shape, step []int) (short, steps []int) {
	for k, n := range shape {
		last := len(short) - 1
		switch {
		case n == 1:
		case last >= 0 && steps[last] == n*step[k]:
			short[last], steps[last] = short[last]*n, step[k]
		default:
			short, steps = append(short, n), append(steps, step[k])
		}
	}
	return short, steps
}

func gatherAxes[T Float](dst, src []T, shape, step []int) {
	switch len(shape) {
	case 0:
		dst[0] = src[0]
	case 1:
		gatherTable(dst, src, 1, shape[0], 0, step[0])
	case 2:
		gatherTable(dst, src, shape[0], shape[1], step[0], step[1])
	default:
		block := len(dst) / shape[0]
		for i := range shape[0] {
			gatherAxes(dst[i*block:(i+1)*block], src[i*step[0]:], shape[1:], step[1:])
		}
	}
}

// gatherTable copies two axes. It goes down a few rows at a time: neighbours in src
// often lie below each other in dst, and come from the cache together.
func gatherTable[T Float](dst, src []T, rows, columns, stepRow, stepColumn int) {
	const few = 8
	for top := 0; top < rows; top += few {
		if stepColumn == 1 {
			for r := top; r < min(top+few, rows); r++ {
				copy(dst[r*columns:(r+1)*columns], src[r*stepRow:])
			}
			continue
		}
		for c := range columns {
			from, to := top*stepRow+c*stepColumn, top*columns+c
			for range min(few, rows-top) {
				dst[to] = src[from]
				from, to = from+stepRow, to+columns
			}
		}
	}
}
