package ndarray

import (
	"sync"

	"convbook/pkg/internal/kernels"
)

// Dot returns the matrix product of a (M, K) and b (K, N), of shape (M, N). A
// one-dimensional array is taken as a row on the left and as a column on the
// right, and that axis is dropped from the result, as np.dot does. It panics with a
// *ShapeError where the inner lengths differ or a side has no axis or more than two.
func (a *Array[T]) Dot(b *Array[T]) *Array[T] { return bodies[T]().dot(a, b) }

// DotT returns a·bᵀ, of shape (M, N), of a (M, K) and b (N, K), without writing the
// transpose. It panics with a *ShapeError where the shapes do not fit.
func (a *Array[T]) DotT(b *Array[T]) *Array[T] { return bodies[T]().dotT(a, b) }

// TDot returns aᵀ·b, of shape (M, N), of a (K, M) and b (K, N), without writing the
// transpose. It panics with a *ShapeError where the shapes do not fit.
func (a *Array[T]) TDot(b *Array[T]) *Array[T] { return bodies[T]().tDot(a, b) }

func dot[T Float](a, b *Array[T]) *Array[T] {
	left, right := a, b
	if len(a.shape) == 1 {
		left = a.Reshape(1, -1)
	}
	if len(b.shape) == 1 {
		right = b.Reshape(-1, 1)
	}
	if len(left.shape) != 2 || len(right.shape) != 2 {
		panic(&ShapeError{Op: "Dot", Got: cloned(a.shape), Want: cloned(b.shape), Hint: "a product needs one or two axes on each side"})
	}
	if left.shape[1] != right.shape[0] {
		panic(&ShapeError{Op: "Dot", Got: cloned(a.shape), Want: []int{-1, right.shape[0]},
			Hint: "columns of the left must equal rows of the right, whose shape is " + b.Shape().String()})
	}
	out := Zeros[T](left.shape[0], right.shape[1])
	gemm(false, false, left, right, out)
	shape := []int{}
	if len(a.shape) == 2 {
		shape = append(shape, left.shape[0])
	}
	if len(b.shape) == 2 {
		shape = append(shape, right.shape[1])
	}
	return out.Reshape(shape...)
}

func dotT[T Float](a, b *Array[T]) *Array[T] {
	checkMatrix("DotT", a.shape, b.shape, 1)
	out := Zeros[T](a.shape[0], b.shape[0])
	gemm(false, true, a, b, out)
	return out
}

func tDot[T Float](a, b *Array[T]) *Array[T] {
	checkMatrix("TDot", a.shape, b.shape, 0)
	out := Zeros[T](a.shape[1], b.shape[1])
	gemm(true, false, a, b, out)
	return out
}

// checkMatrix panics unless both shapes have two axes, and the given one is of the same
// length in both.
func checkMatrix(op string, a, b []int, axis int) {
	if len(b) != 2 {
		panic(&ShapeError{Op: op, Got: cloned(b), Want: []int{-1, -1}, Hint: "the right one must have two axes"})
	}
	want := []int{-1, -1}
	want[axis] = b[axis]
	if len(a) != 2 || a[axis] != b[axis] {
		panic(&ShapeError{Op: op, Got: cloned(a), Want: want, Hint: "the right one has shape " + Shape(b).String()})
	}
}

// parallelFrom is how many multiplications make it worth while to use all
// processors.
const parallelFrom = 1 << 25

// gemm sets out to op(a)·op(b). A sum runs over the same order of terms however
// many processors there are.
func gemm[T Float](transA, transB bool, a, b, out *Array[T]) {
	m, n, k := out.shape[0], out.shape[1], a.shape[1]
	rowA, stepA := k, 1
	if transA {
		k = a.shape[0]
		rowA, stepA = 1, m
	}
	right := b.data
	if transB {
		right = transpose(b, nil).data
	}
	rows := m
	if m*n*k >= parallelFrom {
		rows = 96
	}
	var group sync.WaitGroup
	for lo := rows; lo < m; lo += rows {
		group.Go(func() {
			kernels.Gemm(min(rows, m-lo), n, k, kernels.Strided[T]{Data: a.data[lo*rowA:], Row: rowA, Column: stepA},
				kernels.Matrix[T]{Data: right, Row: n}, kernels.Matrix[T]{Data: out.data[lo*n:], Row: n}, false)
		})
	}
	kernels.Gemm(min(rows, m), n, k, kernels.Strided[T]{Data: a.data, Row: rowA, Column: stepA},
		kernels.Matrix[T]{Data: right, Row: n}, kernels.Matrix[T]{Data: out.data, Row: n}, false)
	group.Wait()
}
