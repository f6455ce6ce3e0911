package kernels

import "fmt"

// blockK is how many rows of B a product takes at a time: few enough to stay in
// the cache while all rows of A pass over them.
const blockK = 512

// Gemm sets C[i][j] = sum over p of A[i][p] * B[p][j] for i < m, j < n, p < k, or
// adds to C where add is set. Each sum runs in the order of p, cut into blocks of 512,
// whatever m and n are. It panics when an index lies outside its slice.
func Gemm[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix("C", len(c.Data), (m-1)*c.Row+n-1)
	if k > 0 {
		checkMatrix("A", len(a.Data), (m-1)*a.Row+(k-1)*a.Column)
		checkMatrix("B", len(b.Data), (k-1)*b.Row+n-1)
	}
	for p := 0; p == 0 || p < k; p += blockK {
		from := Strided[T]{tailOf(a.Data, p*a.Column), a.Row, a.Column}
		gemmBlock(m, n, min(blockK, k-p), from, Matrix[T]{tailOf(b.Data, p*b.Row), b.Row}, c, add || p > 0)
	}
}

func tailOf[T any](s []T, from int) []T { return s[min(from, len(s)):] }

func checkMatrix(name string, length, last int) {
	if last >= length {
		panic(fmt.Sprintf("kernels.Gemm: %s has %d elements, but element %d is asked for", name, length, last))
	}
}

// gemmGo is the plain form of the micro-kernel: a row of C at a time.
func gemmGo[T float32 | float64](m, n, k int, a Strided[T], b, c Matrix[T], add bool) {
	for i := range m {
		row := c.Data[i*c.Row : i*c.Row+n]
		if !add {
			clear(row)
		}
		for p := range k {
			x := a.Data[i*a.Row+p*a.Column]
			for j, v := range b.Data[p*b.Row : p*b.Row+n] {
				row[j] += x * v
			}
		}
	}
}
