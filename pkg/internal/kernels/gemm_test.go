package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Every small size with every tail, each variant in turn: the tiles are 1 to 12
// rows of 1 to 4 vectors, so sizes to 70 columns and 27 rows meet each kind of edge.
func TestGemm(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			testGemm[float32](t, 1e-6)
			testGemm[float64](t, 1e-15)
		})
	}
}

func testGemm[T float32 | float64](t *testing.T, unit float64) {
	r := rand.New(rand.NewPCG(1, 2))
	for m := 0; m <= 27; m++ {
		for n := 0; n <= 70; n++ {
			k := r.IntN(12)
			if m == 7 && n%10 == 0 {
				k = blockK + r.IntN(3)
			}
			checkGemm[T](t, r, m, n, k, unit)
		}
	}
}

func checkGemm[T float32 | float64](t *testing.T, r *rand.Rand, m, n, k int, unit float64) {
	t.Helper()
	numbers := func(size int) []T {
		s := make([]T, size)
		for i := range s {
			s[i] = T(r.NormFloat64())
		}
		return s
	}
	rowA, stepA := max(k, 1)+r.IntN(3), 1
	if r.IntN(2) == 0 {
		rowA, stepA = 1, max(m, 1)+r.IntN(3)
	}
	rowB, rowC := n+r.IntN(4), n+r.IntN(4)
	a, b := numbers(m*rowA+k*stepA), numbers(k*rowB+n)
	add := r.IntN(2) == 0
	c := numbers(m*rowC + n + 16)
	want := make([]float64, len(c))
	bound := make([]float64, len(c))
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
				v := float64(a[i*rowA+p*stepA]) * float64(b[p*rowB+j])
				sum += v
				size += math.Abs(v)
			}
			want[i*rowC+j], bound[i*rowC+j] = sum, size*unit*4
		}
	}
	oldA, oldB := fmt.Sprint(a), fmt.Sprint(b)
	Gemm(m, n, k, Strided[T]{a, rowA, stepA}, Matrix[T]{b, rowB}, Matrix[T]{c, rowC}, add)
	for i := range c {
		if !(math.Abs(float64(c[i])-want[i]) <= bound[i]) {
			t.Fatalf("%T m=%d n=%d k=%d add=%v: element %d is %v, want %v", c[0], m, n, k, add, i, c[i], want[i])
		}
	}
	if fmt.Sprint(a) != oldA || fmt.Sprint(b) != oldB {
		t.Fatalf("m=%d n=%d k=%d: an input was written", m, n, k)
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range []struct{ m, n, k int }{{12, 50, 9216}, {100, 50, 9216}, {9216, 50, 100}, {12, 9216, 50}, {512, 512, 512}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k), func(b *testing.B) {
			x, y, z := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
			for b.Loop() {
				Gemm(s.m, s.n, s.k, Strided[float32]{x, s.k, 1}, Matrix[float32]{y, s.n}, Matrix[float32]{z, s.n}, false)
			}
			b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
