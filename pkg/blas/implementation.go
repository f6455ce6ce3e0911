package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// Implementation is gonum's BLAS with products of its own: of two matrices, and of
// a transposed matrix and a vector. It fits blas32.Use and blas64.Use.
type Implementation struct{ gonum.Implementation }

var (
	_ blas.Float32 = Implementation{}
	_ blas.Float64 = Implementation{}
)

// Sgemm sets C = alpha * op(A) * op(B) + beta * C, where op(A) is A or its
// transpose and has m rows and k columns, op(B) has k rows and n columns, and C
// has m rows and n columns. Matrices are row-major; lda, ldb and ldc are the
// elements from one row to the next. C is not read when beta is 0, A and B are
// not when alpha is 0. It panics when a size is negative, a row is longer than its
// distance to the next, or a slice is too short. (BLAS: sgemm)
func (Implementation) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	gemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}

// Dgemm is Sgemm in float64. (BLAS: dgemm)
func (Implementation) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	gemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
}
