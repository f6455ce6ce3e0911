package ndarray

import (
	"fmt"
	"math"
	"slices"
)

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
// (0-d) array.
func Zeros[T Float](shape ...int) *Array[T] {
	return &Array[T]{shape: slices.Clone(shape), data: make([]T, sizeOf("Zeros", shape))}
}

// Full returns an array with every element equal to v (np.full).
func Full[T Float](v T, shape ...int) *Array[T] {
	a := Zeros[T](shape...)
	a.Fill(v)
	return a
}

// Arange returns 0, 1, …, n-1 in one dimension (np.arange).
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
	if sizeOf("FromSlice", shape) != len(data) {
		panic(&ShapeError{Op: "FromSlice", Got: []int{len(data)}, Want: slices.Clone(shape),
			Hint: "the product of the shape must be the number of elements"})
	}
	return &Array[T]{shape: slices.Clone(shape), data: data}
}

// Rand returns an array of uniform numbers in [0, 1), drawn from src in
// row-major order (np.random.rand).
func Rand[T Float](src Source, shape ...int) *Array[T] {
	a := Zeros[T](shape...)
	for i := range a.data {
		a.data[i] = T(src.Rand())
	}
	return a
}

// Randn returns an array of standard normal numbers, drawn from src in
// row-major order (np.random.randn).
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

// Shape is the length of each axis. It prints as a tuple does in Python.
type Shape []int

// String returns the shape as Python writes it: (10, 1, 28, 28), (3,), ().
func (s Shape) String() string { return ShapeText(s) }

// Shape returns the length of each axis. The caller must not change it.
func (a *Array[T]) Shape() Shape { return a.shape }

// NDim returns the number of axes.
func (a *Array[T]) NDim() int { return len(a.shape) }

// Size returns the number of elements.
func (a *Array[T]) Size() int { return len(a.data) }

// Dim returns the length of an axis; a negative axis counts from the end.
func (a *Array[T]) Dim(axis int) int { return a.shape[a.axis("Dim", axis)] }

// Data returns the elements in row-major order. It shares memory with a.
func (a *Array[T]) Data() []T { return a.data }

// At returns the element at an index, one number for each axis. It panics
// unless every number lies inside its axis.
func (a *Array[T]) At(index ...int) T { return a.data[a.offset("At", index, len(a.shape))] }

// Set puts v at an index, one number for each axis.
func (a *Array[T]) Set(v T, index ...int) { a.data[a.offset("Set", index, len(a.shape))] = v }

// Index returns the sub-array at an index over the leading axes, as a view:
// for x of shape (10, 1, 28, 28), x.Index(0, 0) is x[0, 0] of shape (28, 28).
func (a *Array[T]) Index(index ...int) *Array[T] {
	if len(index) > len(a.shape) {
		panic(&ShapeError{Op: "Index", Got: index, Want: a.shape, Hint: "more indices than axes"})
	}
	rest := a.shape[len(index):]
	size := sizeOf("Index", rest)
	start := a.offset("Index", index, len(index)) * size
	return &Array[T]{shape: slices.Clone(rest), data: a.data[start : start+size : start+size]}
}

// Slice returns the elements lo <= i < hi of the first axis, as a view
// (x[lo:hi]).
func (a *Array[T]) Slice(lo, hi int) *Array[T] {
	if len(a.shape) == 0 || lo < 0 || hi < lo || hi > a.shape[0] {
		panic(&ShapeError{Op: fmt.Sprintf("Slice(%d, %d)", lo, hi), Got: a.shape, Want: []int{max(hi, 0)},
			Hint: "the bounds must satisfy 0 <= lo <= hi <= the length of the first axis"})
	}
	shape := slices.Clone(a.shape)
	shape[0] = hi - lo
	row := sizeOf("Slice", a.shape[1:])
	return &Array[T]{shape: shape, data: a.data[lo*row : hi*row : hi*row]}
}

// Reshape returns a view of a with another shape and the same elements in the
// same order. One size may be -1: it is worked out from the others.
func (a *Array[T]) Reshape(shape ...int) *Array[T] {
	shape = slices.Clone(shape)
	free, known := -1, 1
	for i, n := range shape {
		switch {
		case n == -1 && free == -1:
			free = i
		case n < 0:
			panic(&ShapeError{Op: "Reshape", Got: a.shape, Want: shape, Hint: "only one size may be -1, no size may be negative"})
		default:
			known *= n
		}
	}
	want := slices.Clone(shape)
	if free >= 0 && known > 0 {
		shape[free] = len(a.data) / known
		known *= shape[free]
	}
	if known != len(a.data) || (free >= 0 && shape[free] < 0) {
		panic(&ShapeError{Op: "Reshape", Got: a.shape, Want: want,
			Hint: fmt.Sprintf("%d elements do not fit", len(a.data))})
	}
	return &Array[T]{shape: shape, data: a.data}
}

// Clone returns a copy that shares nothing with a.
func (a *Array[T]) Clone() *Array[T] {
	return &Array[T]{shape: slices.Clone(a.shape), data: slices.Clone(a.data)}
}

// Copy puts the elements of from into a. The shapes must be equal.
func (a *Array[T]) Copy(from *Array[T]) {
	CheckShape("Copy", from.shape, a.shape, "")
	copy(a.data, from.data)
}

// Fill sets every element to v.
func (a *Array[T]) Fill(v T) {
	for i := range a.data {
		a.data[i] = v
	}
}

// sizeOf multiplies the sizes of a shape; it panics when one is negative or the
// product does not fit an int.
func sizeOf(op string, shape []int) int {
	size := 1
	for _, n := range shape {
		if n < 0 {
			panic(&ShapeError{Op: op, Got: slices.Clone(shape), Want: nil, Hint: "no size may be negative"})
		}
		if n > 0 && size > math.MaxInt/n {
			panic(&ShapeError{Op: op, Got: slices.Clone(shape), Want: nil, Hint: "more elements than the machine can count"})
		}
		size *= n
	}
	return size
}

// offset returns the position of an index over the first axes, counted in
// sub-arrays of the remaining ones.
func (a *Array[T]) offset(op string, index []int, axes int) int {
	if len(index) != axes {
		panic(&ShapeError{Op: op, Got: slices.Clone(index), Want: a.shape, Hint: "one index for each axis"})
	}
	at := 0
	for k, i := range index {
		if i < 0 || i >= a.shape[k] {
			panic(fmt.Sprintf("%s: index %d is out of bounds for axis %d with size %d", op, i, k, a.shape[k]))
		}
		at = at*a.shape[k] + i
	}
	return at
}

// axis turns a possibly negative axis into 0..NDim-1.
func (a *Array[T]) axis(op string, axis int) int {
	k := axis
	if k < 0 {
		k += len(a.shape)
	}
	if k < 0 || k >= len(a.shape) {
		panic(fmt.Sprintf("%s: axis %d is out of bounds for an array of shape %s", op, axis, ShapeText(a.shape)))
	}
	return k
}
