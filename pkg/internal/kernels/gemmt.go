package kernels

// blockT is how long the stretches of rows are that a product with a transpose
// takes at a time: a tile's rows of B stay in the first cache while those of A pass.
const blockT = 768

// Panels are rows that lie in panels: number p of row i of panel q stands at
// Data[q*Panel + i*Row + p].
type Panels[T float32 | float64] struct {
	Data       []T
	Row, Panel int
}

// from leaves out the first q panels.
func (p Panels[T]) from(q int) Panels[T] { return Panels[T]{p.Data[q*p.Panel:], p.Row, p.Panel} }

// matrix returns panel q.
func (p Panels[T]) matrix(q int) Matrix[T] { return Matrix[T]{p.Data[q*p.Panel:], p.Row} }

// GemmT sets C[i][j] = sum over p of A[i][p] * B[j][p] for i < m, j < n, p < k, or
// adds to C where add is set: the product of A and the transpose of B, whose rows
// both lie along vectors. Each sum runs in one lane of a vector for each p modulo
// the lanes, in blocks of 768, whatever m and n are. It panics when an index lies
// outside its slice.
func GemmT[T float32 | float64](m, n, k int, a, b, c Matrix[T], add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix("C", len(c.Data), (m-1)*c.Row+n-1)
	if k > 0 {
		checkMatrix("A", len(a.Data), (m-1)*a.Row+k-1)
		checkMatrix("B", len(b.Data), (n-1)*b.Row+k-1)
	}
	if !HasGemmT[T]() || k == 0 {
		gemmTGo(m, n, k, a, b, c, add)
		return
	}
	for p := 0; p < k; p += blockT {
		gemmTVectors(m, n, 1, min(blockT, k-p), Panels[T]{Data: a.Data[p:], Row: a.Row}, Panels[T]{Data: b.Data[p:], Row: b.Row}, c, add || p > 0)
	}
}

// GemmTPanels is GemmT with rows of A and B that lie in panels of k numbers, a multiple
// of Group: A[i][q*k + p] is number p of row i of panel q. Each sum runs as in GemmT of
// panels*k numbers, in blocks of whole panels, 768 numbers or less.
func GemmTPanels[T float32 | float64](m, n, panels, k int, a, b Panels[T], c Matrix[T], add bool) {
	if m <= 0 || n <= 0 || panels <= 0 {
		return
	}
	checkMatrix("C", len(c.Data), (m-1)*c.Row+n-1)
	checkMatrix("A", len(a.Data), (panels-1)*a.Panel+(m-1)*a.Row+k-1)
	checkMatrix("B", len(b.Data), (panels-1)*b.Panel+(n-1)*b.Row+k-1)
	block := max(1, blockT/k)
	for q := 0; q < panels; q += block {
		count := min(block, panels-q)
		if a, b := a.from(q), b.from(q); HasGemmT[T]() {
			gemmTVectors(m, n, count, k, a, b, c, add || q > 0)
		} else {
			gemmTPanelsGo(m, n, count, k, a, b, c, add || q > 0)
		}
	}
}

// gemmTVectors runs the kernels, which are for float32.
func gemmTVectors[T float32 | float64](m, n, panels, k int, a, b Panels[T], c Matrix[T], add bool) {
	gemmTBlock(m, n, panels, k, any(a).(Panels[float32]), any(b).(Panels[float32]), any(c).(Matrix[float32]), add)
}

// gemmTPanelsGo is the plain form: a panel at a time.
func gemmTPanelsGo[T float32 | float64](m, n, panels, k int, a, b Panels[T], c Matrix[T], add bool) {
	for q := range panels {
		gemmTGo(m, n, k, a.matrix(q), b.matrix(q), c, add || q > 0)
	}
}

// gemmTGo is the plain form: a sum at a time.
func gemmTGo[T float32 | float64](m, n, k int, a, b, c Matrix[T], add bool) {
	for i := range m {
		for j := range n {
			sum := T(0)
			for p := range k {
				sum += a.Data[i*a.Row+p] * b.Data[j*b.Row+p]
			}
			if add {
				sum += c.Data[i*c.Row+j]
			}
			c.Data[i*c.Row+j] = sum
		}
	}
}
