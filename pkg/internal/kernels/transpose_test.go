package kernels

import (
	"fmt"
	"slices"
	"testing"
)

// Every small size, with gaps between the rows of both matrices that stay as they
// are.
func TestTranspose(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			checkTranspose[float32](t)
			checkTranspose[float64](t)
		})
	}
}

func checkTranspose[T float32 | float64](t *testing.T) {
	const most, gap = 35, 3
	for m := 0; m <= most; m++ {
		for n := 0; n <= most; n++ {
			rowA, rowB := n+gap, m+gap
			a := make([]T, m*rowA)
			for i := range a {
				a[i] = T(i + 1)
			}
			before := slices.Clone(a)
			b := make([]T, n*rowB)
			want := make([]T, n*rowB)
			for i := range m {
				for j := range n {
					want[j*rowB+i] = a[i*rowA+j]
				}
			}
			Transpose(m, n, Matrix[T]{a, rowA}, Matrix[T]{b, rowB})
			if !slices.Equal(b, want) || !slices.Equal(a, before) {
				t.Fatalf("%d x %d: got %v, want %v", m, n, b, want)
			}
		}
	}
}

func BenchmarkTranspose(b *testing.B) {
	for _, s := range []struct{ m, n, rowA int }{{64, 50, 144 * 50}, {50, 64, 64}} {
		b.Run(fmt.Sprintf("%dx%d", s.m, s.n), func(b *testing.B) {
			x, y := make([]float32, s.m*s.rowA), make([]float32, s.m*s.n)
			for b.Loop() {
				Transpose(s.m, s.n, Matrix[float32]{x, s.rowA}, Matrix[float32]{y, s.m})
			}
		})
	}
}
