package kernels

// Transpose sets B[j][i] = A[i][j] for i < m, j < n. A[i][j] stands at a[i*rowA + j],
// B[j][i] at b[j*rowB + i]. A and B must not overlap.
func Transpose(m, n int, a []float32, rowA int, b []float32, rowB int) {
	if m <= 0 || n <= 0 {
		return
	}
	_, _ = a[(m-1)*rowA+n-1], b[(n-1)*rowB+m-1]
	side := transposeSide()
	if side == 0 || m < side || n < side {
		transposeGo(m, n, a, rowA, b, rowB)
		return
	}
	// The last square of a row or column overlaps the one before it.
	for i := 0; i < m; i += side {
		i := min(i, m-side)
		for j := 0; j < n; j += side {
			j := min(j, n-side)
			transposeSquare(a[i*rowA+j:], rowA, b[j*rowB+i:], rowB)
		}
	}
}

func transposeGo(m, n int, a []float32, rowA int, b []float32, rowB int) {
	for i := range m {
		for j, v := range a[i*rowA : i*rowA+n] {
			b[j*rowB+i] = v
		}
	}
}
