package ndarray

import (
	"fmt"
	"slices"
)

// SumAll returns the sum of all elements.
func (a *Array[T]) SumAll() T {
	var sum T
	for _, v := range a.data {
		sum += v
	}
	return sum
}

// MeanAll returns the mean of all elements.
func (a *Array[T]) MeanAll() T { return a.SumAll() / T(len(a.data)) }

// MaxAll returns the largest element; a nan wins, as in NumPy. It panics when a
// is empty.
func (a *Array[T]) MaxAll() T { return a.data[argMax(a.data, 1)] }

// MinAll returns the smallest element; a nan wins, as in NumPy. It panics when
// a is empty.
func (a *Array[T]) MinAll() T {
	least := a.data[0]
	for _, v := range a.data {
		if v != v {
			return v
		}
		least = min(least, v)
	}
	return least
}

// Sum adds over the given axes, which disappear from the shape; without axes it
// adds everything and returns a scalar array.
func (a *Array[T]) Sum(axes ...int) *Array[T] {
	if len(axes) == 0 {
		return FromSlice([]T{a.SumAll()}).Reshape()
	}
	sorted := make([]int, len(axes))
	for i, axis := range axes {
		sorted[i] = a.axis("Sum", axis)
	}
	slices.Sort(sorted)
	if len(slices.Compact(slices.Clone(sorted))) != len(sorted) {
		panic(fmt.Sprintf("Sum: axes %v name an axis twice", axes))
	}
	out := a
	for _, axis := range slices.Backward(sorted) {
		out = out.sumAxis(axis)
	}
	return out
}

// Mean is Sum divided by the number of elements added.
func (a *Array[T]) Mean(axes ...int) *Array[T] {
	sum := a.Sum(axes...)
	count := len(a.data) / max(len(sum.data), 1)
	return sum.Map(func(v T) T { return v / T(count) })
}

func (a *Array[T]) sumAxis(axis int) *Array[T] {
	outer, n, inner := a.split(axis)
	out := Zeros[T](slices.Delete(slices.Clone(a.shape), axis, axis+1)...)
	for o := range outer {
		sum := out.data[o*inner : (o+1)*inner]
		for k := range n {
			row := a.data[(o*n+k)*inner : (o*n+k+1)*inner]
			for i, v := range row {
				sum[i] += v
			}
		}
	}
	return out
}

// Max returns the largest elements along an axis, which disappears from the
// shape; a nan wins, as in NumPy. It panics when the axis is empty.
func (a *Array[T]) Max(axis int) *Array[T] {
	axis = a.axis("Max", axis)
	_, n, inner := a.split(axis)
	out := Zeros[T](slices.Delete(slices.Clone(a.shape), axis, axis+1)...)
	for k, at := range a.ArgMax(axis) {
		o, i := k/inner, k%inner
		out.data[k] = a.data[(o*n+at)*inner+i]
	}
	return out
}

// ArgMax returns the positions of the largest elements along an axis: the first
// one where several are equal, the first nan where there is one. The result is
// in row-major order of the remaining axes. It panics when the axis is empty.
func (a *Array[T]) ArgMax(axis int) []int {
	axis = a.axis("ArgMax", axis)
	outer, n, inner := a.split(axis)
	if n == 0 {
		panic(&ShapeError{Op: "ArgMax", Got: a.shape, Want: nil, Hint: fmt.Sprintf("axis %d is empty and has no maximum", axis)})
	}
	out := make([]int, 0, outer*inner)
	for o := range outer {
		for i := range inner {
			out = append(out, argMax(a.data[o*n*inner+i:(o+1)*n*inner], inner))
		}
	}
	return out
}

// split returns the sizes before, at and after an axis.
func (a *Array[T]) split(axis int) (outer, n, inner int) {
	return sizeOf("", a.shape[:axis]), a.shape[axis], sizeOf("", a.shape[axis+1:])
}

// argMax returns the position, counted in steps, of the first of the largest elements,
// or of the first nan.
func argMax[T Float](data []T, step int) int {
	best, at := data[0], 0
	for i, k := 0, 0; i < len(data); i, k = i+step, k+1 {
		v := data[i]
		if v != v {
			return k
		}
		if v > best {
			best, at = v, k
		}
	}
	return at
}
