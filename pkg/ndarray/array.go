package ndarray

import "slices"

// Float is the element type of an Array.
type Float interface{ float32 | float64 }

// Array is an n-dimensional array, contiguous and row-major.
type Array[T Float] struct {
	shape []int
	data  []T
}

// Source draws random numbers: *nprandom.RandomState is one.
type Source interface {
	Rand() float64  // uniform in [0, 1)
	Randn() float64 // standard normal
}

// Zeros returns an array of zeros (np.zeros). Without a shape it is a scalar
// (0-d) array. It panics with a *ShapeError when a size is negative.
func Zeros[T Float](shape ...int) *Array[T] {
	return &Array[T]{shape: cloned(shape), data: make([]T, sizeOf("Zeros", shape))}
}

// Full returns an array with every element equal to v (np.full), with the panics of
// Zeros.
func Full[T Float](v T, shape ...int) *Array[T] {
	a := Zeros[T](shape...)
	a.Fill(v)
	return a
}

// Arange returns 0, 1, …, n-1 in one dimension (np.arange). It panics as Zeros does.
func Arange[T Float](n int) *Array[T] {
	a := Zeros[T](n)
	for i := range a.data {
		a.data[i] = T(i)
	}
	return a
}

// FromSlice gives data a shape without copying it: the array and the slice
// share memory. Without a shape the array has one dimension. It panics with a
// *ShapeError when the sizes differ.
func FromSlice[T Float](data []T, shape ...int) *Array[T] {
	if len(shape) == 0 {
		shape = []int{len(data)}
	}
	checkFilled("FromSlice", len(data), shape)
	return &Array[T]{shape: cloned(shape), data: data}
}

// Rand returns an array of uniform numbers in [0, 1), drawn from src in
// row-major order (np.random.rand). It panics as Zeros does.
func Rand[T Float](src Source, shape ...int) *Array[T] {
	a := Zeros[T](shape...)
	for i := range a.data {
		a.data[i] = T(src.Rand())
	}
	return a
}

// Randn returns an array of standard normal numbers, drawn from src in
// row-major order (np.random.randn). It panics as Zeros does.
func Randn[T Float](src Source, shape ...int) *Array[T] {
	a := Zeros[T](shape...)
	for i := range a.data {
		a.data[i] = T(src.Randn())
	}
	return a
}

// Convert returns a with elements of type U (astype). Narrowing rounds to the
// nearest float32.
func Convert[U, T Float](a *Array[T]) *Array[U] {
	out := Zeros[U](a.shape...)
	for i, v := range a.data {
		out.data[i] = U(v)
	}
	return out
}

// Shape returns the length of each axis. The caller must not change it.
func (a *Array[T]) Shape() Shape { return a.shape }

// NDim returns the number of axes.
func (a *Array[T]) NDim() int { return len(a.shape) }

// Size returns the number of elements.
func (a *Array[T]) Size() int { return len(a.data) }

// Dim returns the length of an axis; a negative axis counts from the end. It panics with
// a *ShapeError where there is no such axis.
func (a *Array[T]) Dim(axis int) int { return a.shape[axisOf("Dim", axis, a.shape)] }

// Data returns the elements in row-major order. It shares memory with a.
func (a *Array[T]) Data() []T { return a.data }

// At returns the element at an index, one number for each axis. It panics with a
// *ShapeError unless every number lies inside its axis.
func (a *Array[T]) At(index ...int) T { return a.data[offset("At", index, a.shape)] }

// Set puts v at an index, one number for each axis, with the panics of At.
func (a *Array[T]) Set(v T, index ...int) { a.data[offset("Set", index, a.shape)] = v }

// Index returns the sub-array at an index over the leading axes, as a view:
// for x of shape (10, 1, 28, 28), x.Index(0, 0) is x[0, 0] of shape (28, 28). It panics
// with a *ShapeError unless every number lies inside its axis.
func (a *Array[T]) Index(index ...int) *Array[T] {
	shape, lo, hi := subArray(index, a.shape)
	return &Array[T]{shape: shape, data: a.data[lo:hi:hi]}
}

// Slice returns the elements lo <= i < hi of the first axis, as a view
// (x[lo:hi]). It panics with a *ShapeError unless 0 <= lo <= hi <= the length of that axis.
func (a *Array[T]) Slice(lo, hi int) *Array[T] {
	shape, first, end := rowRange(lo, hi, a.shape)
	return &Array[T]{shape: shape, data: a.data[first:end:end]}
}

// Reshape returns a view of a with another shape and the same elements in the
// same order. One size may be -1: it is worked out from the others. It panics with a
// *ShapeError where the sizes differ.
func (a *Array[T]) Reshape(shape ...int) *Array[T] {
	return &Array[T]{shape: reshaped(shape, a.shape, len(a.data)), data: a.data}
}

// Clone returns a copy that shares nothing with a.
func (a *Array[T]) Clone() *Array[T] { return bodies[T]().clone(a) }

func clone[T Float](a *Array[T]) *Array[T] {
	return &Array[T]{shape: cloned(a.shape), data: slices.Clone(a.data)}
}

// Copy puts the elements of from into a. It panics with a *ShapeError unless the shapes
// are equal.
func (a *Array[T]) Copy(from *Array[T]) {
	checkSame("Copy", from.shape, a.shape)
	copy(a.data, from.data)
}

// Fill sets every element to v.
func (a *Array[T]) Fill(v T) {
	for i := range a.data {
		a.data[i] = v
	}
}
