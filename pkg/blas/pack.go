package blas

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
func (p *product[T]) pack() {
	p.strips = make([]T, p.k*p.n)
	p.parallel((p.n+stripCols-1)/stripCols, p.packStrip)
	p.alpha = 1
}

func (p *product[T]) packStrip(strip int) {
	// A transposed strip is read along its columns, a few rows at a time, so that
	// what is written stays in the cache.
	const fewRows = 32
	first := strip * stripCols
	width := min(stripCols, p.n-first)
	out := p.strips[first*p.k:][:width*p.k]
	if p.stepB == 1 {
		for row := range p.k {
			to := out[row*width:][:width]
			for j, v := range p.b[row*p.rowB+first:][:width] {
				to[j] = p.alpha * v
			}
		}
		return
	}
	for low := 0; low < p.k; low += fewRows {
		high := min(low+fewRows, p.k)
		for j := range width {
			column := p.b[(first+j)*p.stepB:]
			for row := low; row < high; row++ {
				out[row*width+j] = p.alpha * column[row]
			}
		}
	}
}
