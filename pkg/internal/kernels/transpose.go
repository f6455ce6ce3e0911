package kernels

// transposeKernels are those of a variant: square transposes side x side numbers, whose
// rows are rowA and rowB bytes apart.
type transposeKernels struct {
	side   int
	square func(a *float32, rowA int, b *float32, rowB int)
}

// Transpose sets B[j][i] = A[i][j] for i < m, j < n. A and B must not overlap.
func Transpose(m, n int, a, b Matrix[float32]) {
	if m <= 0 || n <= 0 {
		return
	}
	_, _ = a.Data[(m-1)*a.Row+n-1], b.Data[(n-1)*b.Row+m-1]
	k := &transposes[active]
	side := k.side
	if side == 0 || m < side || n < side {
		transposeGo(m, n, a, b)
		return
	}
	// The last square of a row or column overlaps the one before it.
	for i := 0; i < m; i += side {
		i := min(i, m-side)
		for j := 0; j < n; j += side {
			j := min(j, n-side)
			k.square(&a.Data[i*a.Row+j], 4*a.Row, &b.Data[j*b.Row+i], 4*b.Row)
		}
	}
}

func transposeGo(m, n int, a, b Matrix[float32]) {
	for i := range m {
		for j, v := range a.Data[i*a.Row : i*a.Row+n] {
			b.Data[j*b.Row+i] = v
		}
	}
}
