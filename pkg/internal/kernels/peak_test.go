package kernels

import "testing"

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
