package ours

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"convbook/pkg/benchmark/internal/work"
	convblas "convbook/pkg/blas"
	"convbook/pkg/nprandom"
)

// Matrices are the operands of a product and its result.
type Matrices struct {
	work    work.Work
	by      blas.Float32
	a, b, c []float32
}

// NewProduct draws the operands of w, to be multiplied by pkg/blas.
func NewProduct(w work.Work) *Matrices { return draw(w, convblas.Implementation{}) }

// NewGonum draws the operands of w, to be multiplied by gonum's own BLAS.
func NewGonum(w work.Work) *Matrices { return draw(w, gonum.Implementation{}) }

func draw(w work.Work, by blas.Float32) *Matrices {
	rng := nprandom.New(2)
	m := &Matrices{work: w, by: by, a: make([]float32, w.M*w.K), b: make([]float32, w.K*w.N), c: make([]float32, w.M*w.N)}
	for _, data := range [][]float32{m.a, m.b} {
		for i := range data {
			data[i] = float32(rng.Rand())
		}
	}
	return m
}

// Do multiplies.
func (m *Matrices) Do() {
	w := m.work
	opA, ldA := layout(w.TransA, w.K, w.M)
	opB, ldB := layout(w.TransB, w.N, w.K)
	m.by.Sgemm(opA, opB, w.M, w.N, w.K, 1, m.a, ldA, m.b, ldB, 0, m.c, w.N)
}

func layout(transposed bool, columns, ofTranspose int) (blas.Transpose, int) {
	if transposed {
		return blas.Trans, ofTranspose
	}
	return blas.NoTrans, columns
}

// Sum returns the sum of the result: every peer should find the same.
func (m *Matrices) Sum() float64 {
	m.Do()
	sum := 0.
	for _, v := range m.c {
		sum += float64(v)
	}
	return sum
}
