package ndarray

import (
	"fmt"
	"slices"
)

// SumAll returns the sum of all elements, 0 of none.
func (a *Array[T]) SumAll() T {
	var sum T
	for _, v := range a.data {
		sum += v
	}
	return sum
}

// MeanAll returns the mean of all elements, nan of none.
func (a *Array[T]) MeanAll() T { return a.SumAll() / T(len(a.data)) }

// MaxAll returns the largest element; a nan wins, as in NumPy. It panics with a
// *ShapeError when a is empty.
func (a *Array[T]) MaxAll() T { return bodies[T]().largest(a) }

// MinAll returns the smallest element; a nan wins, as in NumPy. It panics with a
// *ShapeError when a is empty.
func (a *Array[T]) MinAll() T { return bodies[T]().least(a) }

// Sum adds over the given axes, which disappear from the shape; without axes it
// adds everything and returns a scalar array. A negative axis counts from the end. It
// panics with a *ShapeError where there is no such axis or one is named twice.
func (a *Array[T]) Sum(axes ...int) *Array[T] { return bodies[T]().sum(a, axes) }

// Mean is Sum divided by the number of elements added, with the same panics.
func (a *Array[T]) Mean(axes ...int) *Array[T] { return bodies[T]().mean(a, axes) }

// Max returns the largest elements along an axis, which disappears from the
// shape; a nan wins, as in NumPy. It panics with a *ShapeError when the axis is empty or
// does not exist.
func (a *Array[T]) Max(axis int) *Array[T] { return bodies[T]().max(a, axis) }

// ArgMax returns the positions of the largest elements along an axis: the first
// one where several are equal, the first nan where there is one. The result is
// in row-major order of the remaining axes. It panics with a *ShapeError when the axis is
// empty or does not exist.
func (a *Array[T]) ArgMax(axis int) []int { return bodies[T]().argMax(a, axis) }

func largest[T Float](a *Array[T]) T {
	checkNotEmpty("MaxAll", a.shape)
	return a.data[argMax(a.data, 1)]
}

func least[T Float](a *Array[T]) T {
	checkNotEmpty("MinAll", a.shape)
	least := a.data[0]
	for _, v := range a.data {
		if v != v {
			return v
		}
		least = min(least, v)
	}
	return least
}

func sum[T Float](a *Array[T], axes []int) *Array[T] {
	if len(axes) == 0 {
		return FromSlice([]T{a.SumAll()}).Reshape()
	}
	sorted := make([]int, len(axes))
	for i, axis := range axes {
		sorted[i] = axisOf("Sum", axis, a.shape)
	}
	slices.Sort(sorted)
	if len(slices.Compact(slices.Clone(sorted))) != len(sorted) {
		panic(&ShapeError{Op: "Sum" + list(axes), Got: cloned(a.shape), Hint: "an axis is named twice"})
	}
	out := a
	for _, axis := range slices.Backward(sorted) {
		out = sumAxis(out, axis)
	}
	return out
}

func mean[T Float](a *Array[T], axes []int) *Array[T] {
	sum := sum(a, axes)
	count := len(a.data) / max(len(sum.data), 1)
	return apply(sum, func(v T) T { return v / T(count) })
}

func sumAxis[T Float](a *Array[T], axis int) *Array[T] {
	outer, n, inner := split(a.shape, axis)
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

func maxAlong[T Float](a *Array[T], axis int) *Array[T] {
	axis = axisOf("Max", axis, a.shape)
	_, n, inner := split(a.shape, axis)
	out := Zeros[T](slices.Delete(slices.Clone(a.shape), axis, axis+1)...)
	for k, at := range positions("Max", a, axis) {
		o, i := k/inner, k%inner
		out.data[k] = a.data[(o*n+at)*inner+i]
	}
	return out
}

func argMaxAlong[T Float](a *Array[T], axis int) []int { return positions("ArgMax", a, axis) }

// positions returns those of the largest elements along an axis.
func positions[T Float](op string, a *Array[T], axis int) []int {
	axis = axisOf(op, axis, a.shape)
	outer, n, inner := split(a.shape, axis)
	if n == 0 {
		panic(&ShapeError{Op: op, Got: cloned(a.shape), Hint: fmt.Sprintf("axis %d is empty and has no maximum", axis)})
	}
	out := make([]int, 0, outer*inner)
	for o := range outer {
		for i := range inner {
			out = append(out, argMax(a.data[o*n*inner+i:(o+1)*n*inner], inner))
		}
	}
	return out
}

// split returns the number of elements before, along and after an axis.
func split(shape []int, axis int) (outer, n, inner int) {
	return sizeOf("", shape[:axis]), shape[axis], sizeOf("", shape[axis+1:])
}

// checkNotEmpty panics where a shape has no element.
func checkNotEmpty(op string, shape []int) {
	if sizeOf(op, shape) == 0 {
		panic(&ShapeError{Op: op, Got: cloned(shape), Hint: "an empty array has no largest and no smallest element"})
	}
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
