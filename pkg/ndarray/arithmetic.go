package ndarray

import (
	"math"
	"slices"
)

// Add returns a + b, broadcast as NumPy does: shapes are aligned at the last axis, and an
// axis of length 1, or a missing one, is repeated. It panics with a *ShapeError where
// lengths differ and neither is 1.
func (a *Array[T]) Add(b *Array[T]) *Array[T] { return bodies[T]().add(a, b) }

// Sub returns a - b, broadcast and with panics as in Add.
func (a *Array[T]) Sub(b *Array[T]) *Array[T] { return bodies[T]().sub(a, b) }

// Mul returns the elementwise product a * b, broadcast and with panics as in Add.
func (a *Array[T]) Mul(b *Array[T]) *Array[T] { return bodies[T]().mul(a, b) }

// Div returns a / b elementwise, broadcast and with panics as in Add. Division by zero
// gives inf or nan.
func (a *Array[T]) Div(b *Array[T]) *Array[T] { return bodies[T]().div(a, b) }

// Scale returns s * a, of a's shape.
func (a *Array[T]) Scale(s T) *Array[T] { return bodies[T]().scale(a, s) }

// Map returns f applied to every element, in an array of a's shape.
func (a *Array[T]) Map(f func(T) T) *Array[T] { return bodies[T]().apply(a, f) }

// Equal says whether a and b have the same shape and equal elements. As in
// NumPy, nan differs from nan.
func (a *Array[T]) Equal(b *Array[T]) bool { return bodies[T]().equal(a, b) }

// AllClose says whether a and b have the same shape and
// |a - b| <= atol + rtol*|b| everywhere (np.allclose; nan is never close).
func (a *Array[T]) AllClose(b *Array[T], rtol, atol float64) bool {
	return bodies[T]().allClose(a, b, rtol, atol)
}

func add[T Float](a, b *Array[T]) *Array[T] {
	return broadcast("Add", a, b, func(out, x, y []T) {
		for i := range out {
			out[i] = x[i] + y[i]
		}
	})
}

func sub[T Float](a, b *Array[T]) *Array[T] {
	return broadcast("Sub", a, b, func(out, x, y []T) {
		for i := range out {
			out[i] = x[i] - y[i]
		}
	})
}

func mul[T Float](a, b *Array[T]) *Array[T] {
	return broadcast("Mul", a, b, func(out, x, y []T) {
		for i := range out {
			out[i] = x[i] * y[i]
		}
	})
}

func div[T Float](a, b *Array[T]) *Array[T] {
	return broadcast("Div", a, b, func(out, x, y []T) {
		for i := range out {
			out[i] = x[i] / y[i]
		}
	})
}

func scale[T Float](a *Array[T], s T) *Array[T] {
	return apply(a, func(x T) T { return s * x })
}

func apply[T Float](a *Array[T], f func(T) T) *Array[T] {
	out := Zeros[T](a.shape...)
	for i, v := range a.data {
		out.data[i] = f(v)
	}
	return out
}

func equal[T Float](a, b *Array[T]) bool {
	return slices.Equal(a.shape, b.shape) && slices.Equal(a.data, b.data)
}

func allClose[T Float](a, b *Array[T], rtol, atol float64) bool {
	if !slices.Equal(a.shape, b.shape) {
		return false
	}
	for i := range a.data {
		x, y := float64(a.data[i]), float64(b.data[i])
		if x == y {
			continue
		}
		if math.IsInf(x, 0) || math.IsInf(y, 0) || !(math.Abs(x-y) <= atol+rtol*math.Abs(y)) {
			return false
		}
	}
	return true
}

// broadcast returns f of a and b, which gets rows of equal length. Shapes are aligned at
// the last axis; an axis of length 1, or a missing one, is repeated.
func broadcast[T Float](op string, a, b *Array[T], f func(out, x, y []T)) *Array[T] {
	shape := broadcastShape(op, a.shape, b.shape)
	out := Zeros[T](shape...)
	if slices.Equal(a.shape, b.shape) {
		f(out.data, a.data, b.data)
		return out
	}
	if len(out.data) == 0 {
		return out
	}
	aStep, bStep := broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)
	index := make([]int, len(shape))
	last := len(shape) - 1
	length := shape[last]
	aRow, bRow := rowsOf(a.data, aStep[last], length), rowsOf(b.data, bStep[last], length)
	for i, j, k := 0, 0, 0; ; {
		f(out.data[k:k+length], aRow(i), bRow(j))
		k += length
		axis := last - 1
		for ; axis >= 0; axis-- {
			index[axis]++
			i += aStep[axis]
			j += bStep[axis]
			if index[axis] < shape[axis] {
				break
			}
			index[axis] = 0
			i -= aStep[axis] * shape[axis]
			j -= bStep[axis] * shape[axis]
		}
		if axis < 0 {
			return out
		}
	}
}

// rowsOf returns what gives the row that begins at an element: that and the ones
// after it or, where the step is 0, it alone, repeated.
func rowsOf[T Float](data []T, step, length int) func(at int) []T {
	if step == 1 {
		return func(at int) []T { return data[at : at+length] }
	}
	row := make([]T, length)
	return func(at int) []T {
		for i := range row {
			row[i] = data[at]
		}
		return row
	}
}

func broadcastShape(op string, a, b []int) []int {
	shape := make([]int, max(len(a), len(b)))
	for k := range shape {
		m, n := 1, 1
		if i := k - len(shape) + len(a); i >= 0 {
			m = a[i]
		}
		if i := k - len(shape) + len(b); i >= 0 {
			n = b[i]
		}
		switch {
		case m == n || n == 1:
			shape[k] = m
		case m == 1:
			shape[k] = n
		default:
			panic(&ShapeError{Op: op, Got: slices.Clone(a), Want: slices.Clone(b),
				Hint: "aligned at the last axis, sizes must be equal or 1"})
		}
	}
	return shape
}

// broadcastStrides returns, for each axis of shape, the step in an array of
// shape own: 0 where it is repeated.
func broadcastStrides(own, shape []int) []int {
	step := make([]int, len(shape))
	stride := 1
	for i := len(own) - 1; i >= 0; i-- {
		if own[i] != 1 {
			step[i+len(shape)-len(own)] = stride
		}
		stride *= own[i]
	}
	return step
}
