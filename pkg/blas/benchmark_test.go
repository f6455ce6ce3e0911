package blas

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"convbook/pkg/nprandom"
)

// Squares, and the first Affine of the assignment's network: forward, and the
// gradients to its input and weights.
func BenchmarkSgemm(b *testing.B) {
	for _, c := range []struct {
		tA, tB  blas.Transpose
		m, n, k int
	}{
		{blas.NoTrans, blas.NoTrans, 256, 256, 256},
		{blas.NoTrans, blas.NoTrans, 1024, 1024, 1024},
		{blas.NoTrans, blas.Trans, 1024, 1024, 1024},
		{blas.NoTrans, blas.NoTrans, 100, 50, 9216},
		{blas.NoTrans, blas.Trans, 100, 9216, 50},
		{blas.Trans, blas.NoTrans, 9216, 50, 100},
	} {
		for _, by := range []struct {
			name string
			blas.Float32
		}{{"convbook", Implementation{}}, {"gonum", gonum.Implementation{}}} {
			b.Run(fmt.Sprintf("%c%c/%dx%dx%d/%s", c.tA, c.tB, c.m, c.n, c.k, by.name), func(b *testing.B) {
				r := nprandom.New(0)
				x, y, z := draw[float32](r, c.m, c.k, 0), draw[float32](r, c.k, c.n, 0), make([]float32, c.m*c.n)
				lda, ldb := c.k, c.n
				if c.tA == blas.Trans {
					lda = c.m
				}
				if c.tB == blas.Trans {
					ldb = c.k
				}
				for b.Loop() {
					by.Sgemm(c.tA, c.tB, c.m, c.n, c.k, 1, x.data, lda, y.data, ldb, 0, z, c.n)
				}
				b.ReportMetric(2*float64(c.m*c.n*c.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}

// A transposed matrix and a vector.
func BenchmarkSgemv(b *testing.B) {
	for _, c := range []struct{ m, n int }{{256, 256}, {1024, 1024}, {9216, 50}, {50, 9216}} {
		for _, by := range []struct {
			name string
			blas.Float32
		}{{"convbook", Implementation{}}, {"gonum", gonum.Implementation{}}} {
			b.Run(fmt.Sprintf("T/%dx%d/%s", c.m, c.n, by.name), func(b *testing.B) {
				r := nprandom.New(0)
				a, x, y := draw[float32](r, c.m, c.n, 0), draw[float32](r, 1, c.m, 0), make([]float32, c.n)
				for b.Loop() {
					by.Sgemv(blas.Trans, c.m, c.n, 1, a.data, c.n, x.data, 1, 0, y, 1)
				}
			})
		}
	}
}
