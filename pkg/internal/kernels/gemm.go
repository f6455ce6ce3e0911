package kernels

import "fmt"

// blockK is how many rows of B a product takes at a time: few enough to stay in
// the cache while all rows of A pass over them.
const blockK = 512

// Gemm sets C[i][j] = sum over p of A[i][p] * B[p][j] for i < m, j < n, p < k, or
// adds to C where add is set. A[i][p] stands at a[i*rowA + p*stepA], so A may be a
// transpose; B[p][j] at b[p*rowB + j]; C[i][j] at c[i*rowC + j]. Each sum runs in
// the order of p, cut into blocks of 512, whatever m and n are. It panics when an
// index lies outside its slice.
func Gemm[T float32 | float64](m, n, k int, a []T, rowA, stepA int, b []T, rowB int, c []T, rowC int, add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix("C", len(c), (m-1)*rowC+n-1)
	if k > 0 {
		checkMatrix("A", len(a), (m-1)*rowA+(k-1)*stepA)
		checkMatrix("B", len(b), (k-1)*rowB+n-1)
	}
	for p := 0; p == 0 || p < k; p += blockK {
		gemmBlock(m, n, min(blockK, k-p), tailOf(a, p*stepA), rowA, stepA, tailOf(b, p*rowB), rowB, c, rowC, add || p > 0)
	}
}

func tailOf[T any](s []T, from int) []T { return s[min(from, len(s)):] }

func checkMatrix(name string, length, last int) {
	if last >= length {
		panic(fmt.Sprintf("kernels.Gemm: %s has %d elements, but element %d is asked for", name, length, last))
	}
}

// gemmGo is the plain form of the micro-kernel: a row of C at a time.
func gemmGo[T float32 | float64](m, n, k int, a []T, rowA, stepA int, b []T, rowB int, c []T, rowC int, add bool) {
	for i := range m {
		row := c[i*rowC : i*rowC+n]
		if !add {
			clear(row)
		}
		for p := range k {
			x := a[i*rowA+p*stepA]
			for j, v := range b[p*rowB : p*rowB+n] {
				row[j] += x * v
			}
		}
	}
}
