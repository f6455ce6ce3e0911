package ndarray

import (
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
)

// Dot returns the matrix product of a (M, K) and b (K, N), of shape (M, N). A
// one-dimensional array is taken as a row on the left and as a column on the
// right, and that axis is dropped from the result, as np.dot does.
func (a *Array[T]) Dot(b *Array[T]) *Array[T] {
	left, right := a, b
	if len(a.shape) == 1 {
		left = a.Reshape(1, -1)
	}
	if len(b.shape) == 1 {
		right = b.Reshape(-1, 1)
	}
	if len(left.shape) != 2 || len(right.shape) != 2 {
		panic(&ShapeError{Op: "Dot", Got: a.shape, Want: b.shape, Hint: "a product needs one or two axes on each side"})
	}
	if left.shape[1] != right.shape[0] {
		panic(&ShapeError{Op: "Dot", Got: slices.Clone(a.shape), Want: []int{-1, right.shape[0]},
			Hint: "columns of the left must equal rows of the right, whose shape is " + ShapeText(b.shape)})
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

// DotT returns a·bᵀ of a (M, K) and b (N, K) without writing the transpose.
func (a *Array[T]) DotT(b *Array[T]) *Array[T] {
	CheckShape("DotT", a.shape, []int{-1, b.Dim(-1)}, "the right one, whose transpose is taken, has shape "+ShapeText(b.shape))
	out := Zeros[T](a.shape[0], b.shape[0])
	gemm(false, true, a, b, out)
	return out
}

// TDot returns aᵀ·b of a (K, M) and b (K, N) without writing the transpose.
func (a *Array[T]) TDot(b *Array[T]) *Array[T] {
	CheckShape("TDot", a.shape, []int{b.Dim(0), -1}, "the left one's transpose is taken; the right one has shape "+ShapeText(b.shape))
	out := Zeros[T](a.shape[1], b.shape[1])
	gemm(true, false, a, b, out)
	return out
}

// gemm sets out, which holds zeros, to op(a)·op(b).
func gemm[T Float](transA, transB bool, a, b, out *Array[T]) {
	if out.Size() == 0 || a.Size() == 0 {
		return
	}
	ta, tb := blas.NoTrans, blas.NoTrans
	if transA {
		ta = blas.Trans
	}
	if transB {
		tb = blas.Trans
	}
	switch data := any(a.data).(type) {
	case []float32:
		blas32.Gemm(ta, tb, 1, general32(a.shape, data), general32(b.shape, any(b.data).([]float32)),
			0, general32(out.shape, any(out.data).([]float32)))
	case []float64:
		blas64.Gemm(ta, tb, 1, general64(a.shape, data), general64(b.shape, any(b.data).([]float64)),
			0, general64(out.shape, any(out.data).([]float64)))
	}
}

func general32(shape []int, data []float32) blas32.General {
	return blas32.General{Rows: shape[0], Cols: shape[1], Stride: max(1, shape[1]), Data: data}
}

func general64(shape []int, data []float64) blas64.General {
	return blas64.General{Rows: shape[0], Cols: shape[1], Stride: max(1, shape[1]), Data: data}
}
