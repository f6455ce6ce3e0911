package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every small number of rows and columns, sums of every small length and beyond a
// block, with guards between the rows of C.
func TestGemmT(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(3, 4))
			for m := 0; m <= 9; m++ {
				for n := 0; n <= 23; n++ {
					for _, k := range []int{0, 1 + r.IntN(7), 8 + r.IntN(9), r.IntN(70), blockT - 1 + r.IntN(40)} {
						checkGemmT(t, r, m, n, k)
					}
					checkGemmTPanels(t, r, m, n, 1+r.IntN(4), Group*(1+r.IntN(3)))
					checkGemmTPanels(t, r, m, n, 1+r.IntN(60), Group*(1+r.IntN(5)))
				}
			}
		})
	}
}

func checkGemmT(t *testing.T, r *rand.Rand, m, n, k int) {
	t.Helper()
	numbers := func(size int) []float32 {
		s := make([]float32, size)
		for i := range s {
			s[i] = float32(r.NormFloat64())
		}
		return s
	}
	rowA, rowB, rowC := k+r.IntN(3), k+r.IntN(3), n+r.IntN(4)
	a, b, c := numbers(m*rowA), numbers(n*rowB), numbers(m*rowC+16)
	if m == 0 || n == 0 {
		a, b = numbers(1), numbers(1)
	}
	add := r.IntN(2) == 0
	want, bound := make([]float64, len(c)), make([]float64, len(c))
	for i := range c {
		want[i] = float64(c[i])
	}
	for i := range m {
		for j := range n {
			sum := 0.0
			if add {
				sum = float64(c[i*rowC+j])
			}
			size := math.Abs(sum)
			for p := range k {
				v := float64(a[i*rowA+p]) * float64(b[j*rowB+p])
				sum += v
				size += math.Abs(v)
			}
			want[i*rowC+j], bound[i*rowC+j] = sum, size*4e-6
		}
	}
	oldA, oldB := slices.Clone(a), slices.Clone(b)
	GemmT(m, n, k, Matrix[float32]{a, rowA}, Matrix[float32]{b, rowB}, Matrix[float32]{c, rowC}, add)
	for i := range c {
		if !(math.Abs(float64(c[i])-want[i]) <= bound[i]) {
			t.Fatalf("m=%d n=%d k=%d add=%v: element %d is %v, want %v", m, n, k, add, i, c[i], want[i])
		}
	}
	if !slices.Equal(a, oldA) || !slices.Equal(b, oldB) {
		t.Fatalf("m=%d n=%d k=%d: an input was written", m, n, k)
	}
}

// checkGemmTPanels holds the product of panels to that of the same rows in one piece.
func checkGemmTPanels(t *testing.T, r *rand.Rand, m, n, panels, k int) {
	t.Helper()
	rowA, rowB, rowC := k+16*r.IntN(2), k+16*r.IntN(2), n+r.IntN(4)
	panelA, panelB := m*rowA+r.IntN(5), n*rowB+r.IntN(5)
	a, b := normal(r, panels*panelA), normal(r, panels*panelB)
	wholeA, wholeB := make([]float32, m*panels*k), make([]float32, n*panels*k)
	for q := range panels {
		for i := range m {
			copy(wholeA[(i*panels+q)*k:][:k], a[q*panelA+i*rowA:])
		}
		for j := range n {
			copy(wholeB[(j*panels+q)*k:][:k], b[q*panelB+j*rowB:])
		}
	}
	got, check := guarded[float32](t, max(0, (m-1)*rowC+n))
	for i := range got {
		got[i] = float32(i)
	}
	want := slices.Clone(got)
	add := r.IntN(2) == 0
	oldA, oldB := slices.Clone(a), slices.Clone(b)
	GemmTPanels(m, n, panels, k, Panels[float32]{a, rowA, panelA}, Panels[float32]{b, rowB, panelB}, Matrix[float32]{got, rowC}, add)
	check()
	GemmT(m, n, panels*k, Matrix[float32]{wholeA, panels * k}, Matrix[float32]{wholeB, panels * k}, Matrix[float32]{want, rowC}, add)
	for i := range got {
		if bound := 1e-5 * (math.Sqrt(float64(panels*k)) + math.Abs(float64(want[i]))); !(math.Abs(float64(got[i]-want[i])) <= bound) {
			t.Fatalf("m=%d n=%d, %d panels of %d, add=%v: element %d is %v, want %v", m, n, panels, k, add, i, got[i], want[i])
		}
	}
	if !slices.Equal(a, oldA) || !slices.Equal(b, oldB) {
		t.Fatalf("m=%d n=%d, %d panels of %d: an input was written", m, n, panels, k)
	}
}

// An element has the same bits whichever tile it falls into.
func TestGemmTBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const m, n, k = 9, 11, 1100
	a, b := make([]float32, m*k), make([]float32, n*k)
	for i := range a {
		a[i] = float32(r.NormFloat64())
	}
	for i := range b {
		b[i] = float32(r.NormFloat64())
	}
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			all, one := make([]float32, m*n), make([]float32, 1)
			GemmT(m, n, k, Matrix[float32]{a, k}, Matrix[float32]{b, k}, Matrix[float32]{all, n}, false)
			for i := range m {
				for j := range n {
					GemmT(1, 1, k, Matrix[float32]{a[i*k:], k}, Matrix[float32]{b[j*k:], k}, Matrix[float32]{one, 1}, false)
					if one[0] != all[i*n+j] {
						t.Fatalf("element %d,%d is %v among others, %v alone", i, j, all[i*n+j], one[0])
					}
				}
			}
		})
	}
}

func BenchmarkGemmT(b *testing.B) {
	for _, s := range []struct{ m, n, k int }{{12, 50, 9216}, {100, 50, 9216}, {12, 100, 4608}, {12, 10, 50}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), func(b *testing.B) {
			x, y, z := make([]float32, s.m*s.k), make([]float32, s.n*(s.k+16)), make([]float32, s.m*s.n)
			for b.Loop() {
				GemmT(s.m, s.n, s.k, Matrix[float32]{x, s.k}, Matrix[float32]{y, s.k + 16}, Matrix[float32]{z, s.n}, false)
			}
			b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
