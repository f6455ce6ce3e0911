package kernels

import (
	"slices"
	"testing"
)

func TestPeak(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			for _, rounds := range []int{-1, 0, 1, 2, 1000} {
				operations, sum := Peak(rounds, 3, 0.5)
				lanes := map[Variant]int{PureGo: 1, AVX2: 8, AVX512: 16, NEON: 4}[v]
				vectors := sum / (1.5 * float32(max(rounds, 1)))
				if want := 2 * lanes * int(vectors) * rounds; rounds > 0 && (operations != want || vectors < 8) {
					t.Errorf("%d rounds: %d operations and the sum %g, want %d operations", rounds, operations, sum, want)
				}
				if rounds <= 0 && (operations != 0 || sum != 0) {
					t.Errorf("%d rounds: %d operations and the sum %g", rounds, operations, sum)
				}
			}
		})
	}
}

// Every length, with guards around the result; x and y stay as they are.
func TestTriad(t *testing.T) {
	const most, guard = 70, 16
	x, y := make([]float32, most), make([]float32, most)
	for i := range most {
		x[i], y[i] = float32(i)-20, 3-float32(i%7)
	}
	xs, ys := slices.Clone(x), slices.Clone(y)
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			for n := range most + 1 {
				out := slices.Repeat([]float32{-1234}, n+2*guard)
				Triad(out[guard:guard+n], x, y, 0.5)
				for i, got := range out {
					want := float32(-1234)
					if k := i - guard; k >= 0 && k < n {
						want = x[k] + 0.5*y[k] // exact: halves of small numbers
					}
					if got != want {
						t.Fatalf("length %d: element %d is %g, want %g", n, i-guard, got, want)
					}
				}
			}
			if !slices.Equal(x, xs) || !slices.Equal(y, ys) {
				t.Error("the inputs changed")
			}
		})
	}
}

func BenchmarkPeak(b *testing.B) {
	for _, v := range Available() {
		b.Run(v.String(), func(b *testing.B) {
			defer Use(v)()
			operations := 0
			for b.Loop() {
				operations, _ = Peak(100_000, 1, 1)
			}
			b.ReportMetric(float64(operations)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
