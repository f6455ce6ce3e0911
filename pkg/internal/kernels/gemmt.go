package kernels

// blockT is how long the stretches of rows are that a product with a transpose
// takes at a time: a tile's rows of B stay in the first cache while those of A pass.
const blockT = 768

// GemmT sets C[i][j] = sum over p of A[i][p] * B[j][p] for i < m, j < n, p < k, or
// adds to C where add is set: the product of A and the transpose of B, whose rows
// both lie along vectors. A[i][p] stands at a[i*rowA + p], B[j][p] at b[j*rowB + p],
// C[i][j] at c[i*rowC + j]. Each sum runs in one lane of a vector for each p modulo
// the lanes, in blocks of 768, whatever m and n are. It panics when an index lies
// outside its slice.
func GemmT(m, n, k int, a []float32, rowA int, b []float32, rowB int, c []float32, rowC int, add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix("C", len(c), (m-1)*rowC+n-1)
	if k > 0 {
		checkMatrix("A", len(a), (m-1)*rowA+k-1)
		checkMatrix("B", len(b), (n-1)*rowB+k-1)
	}
	if !HasGemmT() || k == 0 {
		gemmTGo(m, n, k, a, rowA, b, rowB, c, rowC, add)
		return
	}
	for p := 0; p < k; p += blockT {
		gemmTBlock(m, n, 1, min(blockT, k-p), a[p:], rowA, 0, b[p:], rowB, 0, c, rowC, add || p > 0)
	}
}

// GemmTPanels is GemmT with rows of A and B that lie in panels of k numbers, a multiple
// of Group: A[i][q*k + p] stands at a[q*panelA + i*rowA + p], B[j][q*k + p] at
// b[q*panelB + j*rowB + p]. Each sum runs as in GemmT of panels*k numbers, in blocks of
// whole panels, 768 numbers or less.
func GemmTPanels(m, n, panels, k int, a []float32, rowA, panelA int, b []float32, rowB, panelB int, c []float32, rowC int, add bool) {
	if m <= 0 || n <= 0 || panels <= 0 {
		return
	}
	checkMatrix("C", len(c), (m-1)*rowC+n-1)
	checkMatrix("A", len(a), (panels-1)*panelA+(m-1)*rowA+k-1)
	checkMatrix("B", len(b), (panels-1)*panelB+(n-1)*rowB+k-1)
	block := max(1, blockT/k)
	for q := 0; q < panels; q += block {
		count := min(block, panels-q)
		if a, b := a[q*panelA:], b[q*panelB:]; HasGemmT() {
			gemmTBlock(m, n, count, k, a, rowA, panelA, b, rowB, panelB, c, rowC, add || q > 0)
		} else {
			gemmTPanelsGo(m, n, count, k, a, rowA, panelA, b, rowB, panelB, c, rowC, add || q > 0)
		}
	}
}

// gemmTPanelsGo is the plain form: a panel at a time.
func gemmTPanelsGo(m, n, panels, k int, a []float32, rowA, panelA int, b []float32, rowB, panelB int, c []float32, rowC int, add bool) {
	for q := range panels {
		gemmTGo(m, n, k, a[q*panelA:], rowA, b[q*panelB:], rowB, c, rowC, add || q > 0)
	}
}

// gemmTGo is the plain form: a sum at a time.
func gemmTGo(m, n, k int, a []float32, rowA int, b []float32, rowB int, c []float32, rowC int, add bool) {
	for i := range m {
		for j := range n {
			sum := float32(0)
			for p := range k {
				sum += a[i*rowA+p] * b[j*rowB+p]
			}
			if add {
				sum += c[i*rowC+j]
			}
			c[i*rowC+j] = sum
		}
	}
}
