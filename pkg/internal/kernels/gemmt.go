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
		gemmTBlock(m, n, min(blockT, k-p), a[p:], rowA, b[p:], rowB, c, rowC, add || p > 0)
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
