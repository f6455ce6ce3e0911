package kernels

// transposeKernels are those of a variant: square transposes side x side numbers, whose
// rows are rowA and rowB bytes apart.
type transposeKernels[T float32 | float64] struct {
	side   int
	square func(a *T, rowA int, b *T, rowB int)
}

// Transpose sets B[j][i] = A[i][j] for i < m, j < n. A and B must not overlap.
func Transpose[T float32 | float64](m, n int, a, b Matrix[T]) {
	if m <= 0 || n <= 0 {
		return
	}
	_, _ = a.Data[(m-1)*a.Row+n-1], b.Data[(n-1)*b.Row+m-1]
	k := of[transposeKernels[T]](&transposes[active], &dtransposes[active])
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
			k.square(&a.Data[i*a.Row+j], sizeOf[T]()*a.Row, &b.Data[j*b.Row+i], sizeOf[T]()*b.Row)
		}
	}
}

func transposeGo[T float32 | float64](m, n int, a, b Matrix[T]) {
	for i := range m {
		for j, v := range a.Data[i*a.Row : i*a.Row+n] {
			b.Data[j*b.Row+i] = v
		}
	}
}
