package blas

import "convbook/pkg/internal/kernels"

// stripCols is how many columns of B a strip has: as many as the widest
// micro-kernel takes at once.
const stripCols = 64

// pack copies alpha * op(B) into strips of stripCols columns, one after the other,
// each row-major. The rows of a strip lie side by side in memory, so they take
// the fewest lines of the cache and pages, and fall into different sets of it.
//
//	           k rows
//	┌─────────┬─────────┬───┐
//	│ strip 0 │ strip 1 │ 2 │   strip s begins at element s*stripCols*k
//	└─────────┴─────────┴───┘
func (p *product[T]) pack(strips []T) {
	p.strips = strips
	p.parallel((p.n+stripCols-1)/stripCols, p.packStrip)
	p.alpha = 1
}

func (p *product[T]) packStrip(strip int) {
	first := strip * stripCols
	width := min(stripCols, p.n-first)
	out := p.strips[first*p.k:][:width*p.k]
	if p.stepB == 1 {
		for row := range p.k {
			copy(out[row*width:][:width], p.b[row*p.rowB+first:])
		}
	} else {
		transpose(width, p.k, p.b[first*p.stepB:], p.stepB, out, width)
	}
	scale(p.alpha, out)
}

// transpose sets B[j][i] = A[i][j] for i < m, j < n.
func transpose[T float32 | float64](m, n int, a []T, rowA int, b []T, rowB int) {
	if a, ok := any(a).([]float32); ok {
		kernels.Transpose(m, n, kernels.Matrix[float32]{Data: a, Row: rowA}, kernels.Matrix[float32]{Data: any(b).([]float32), Row: rowB})
		return
	}
	// A few columns at a time, so that what is written stays in the cache.
	const few = 32
	for low := 0; low < n; low += few {
		high := min(low+few, n)
		for i := range m {
			for j := low; j < high; j++ {
				b[j*rowB+i] = a[i*rowA+j]
			}
		}
	}
}

// tileOfA is a tile's rows of op(A).
type tileOfA[T float32 | float64] struct {
	a         []T
	row, step int
	buffer    []T
}

// gap parts the rows of a copy, so that they fall into different sets of the cache.
const gap = 16

// copy copies alpha times columns low to low+k of m rows into the buffer and returns
// where they begin and the distances of rows and columns.
func (t *tileOfA[T]) copy(m, k, low int, alpha T) (a []T, row, step int) {
	if t.step == 1 {
		row, step = k+gap, 1
		for i := range m {
			copy(t.buffer[i*row:][:k], t.a[i*t.row+low:])
		}
	} else {
		row, step = 1, m
		for p := range k {
			copy(t.buffer[p*m:][:m], t.a[(low+p)*t.step:])
		}
	}
	scale(alpha, t.buffer[:max((m-1)*row+(k-1)*step+1, 0)])
	return t.buffer, row, step
}
