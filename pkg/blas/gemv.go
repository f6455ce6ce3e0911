package blas

import "gonum.org/v1/gonum/blas"

// Sgemv sets y = alpha * op(A) * x + beta * y, where A has m rows and n columns,
// row-major. A transposed A with x and y without gaps is taken as a product with one
// row; the rest is gonum's, whose dot products along rows are faster. (BLAS: sgemv)
func (i Implementation) Sgemv(tA blas.Transpose, m, n int, alpha float32, a []float32, lda int, x []float32, incX int, beta float32, y []float32, incY int) {
	if !isRowProduct(tA, m, n, lda, incX, incY) {
		i.Implementation.Sgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	rowProduct(m, n, alpha, a, lda, x, beta, y)
}

// Dgemv is Sgemv in float64. (BLAS: dgemv)
func (i Implementation) Dgemv(tA blas.Transpose, m, n int, alpha float64, a []float64, lda int, x []float64, incX int, beta float64, y []float64, incY int) {
	if !isRowProduct(tA, m, n, lda, incX, incY) {
		i.Implementation.Dgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	rowProduct(m, n, alpha, a, lda, x, beta, y)
}

// isRowProduct says whether rowProduct can compute the product, were the slices
// long enough.
func isRowProduct(tA blas.Transpose, m, n, lda, incX, incY int) bool {
	return (tA == blas.Trans || tA == blas.ConjTrans) && incX == 1 && incY == 1 && m > 0 && n > 0 && lda >= n
}

// rowProduct sets y = alpha * xᵀ * A + beta * y.
func rowProduct[T float32 | float64](m, n int, alpha T, a []T, lda int, x []T, beta T, y []T) {
	checkLength("A", m, n, lda, len(a))
	checkLength("x", 1, m, m, len(x))
	checkLength("y", 1, n, n, len(y))
	gemm(blas.NoTrans, blas.NoTrans, 1, n, m, alpha, x, m, a, lda, beta, y, n)
}
