package kernels

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Rows of every length with 3x3 filters are those of their positions alone: of whole
// numbers, whose sums are exact, with guards around what is written.
func TestSquareRows(t *testing.T) {
	for _, v := range Available() {
		defer Use(v)()
		r := rand.New(rand.NewPCG(23, uint64(v)))
		for n := 1; n <= 60; n++ {
			channels, fp := 16*(1+r.IntN(2)), 16*(1+r.IntN(2))
			width, stepOut := n+2, fp+16*r.IntN(2)
			taps := NewTaps(3, 3, channels, channels, channels*width)
			x, filters := wholes(r, 4*width*channels), Filters[float32]{wholes(r, taps.Len()*fp), wholes(r, fp), fp}
			out, check := guarded[float32](t, (n-1)*stepOut+fp)
			relu := n%2 == 0
			ConvRow(n, taps, Matrix[float32]{x, channels}, filters, Matrix[float32]{out, stepOut}, relu)
			check()
			alone := make([]float32, fp)
			for p := range n {
				ConvRow(1, taps, Matrix[float32]{x[p*channels:], channels}, filters, Matrix[float32]{alone, fp}, relu)
				if got := out[p*stepOut : p*stepOut+fp]; !slices.Equal(got, alone) {
					t.Fatalf("%v: position %d of %d is %v, alone %v", v, p, n, got, alone)
				}
			}
		}
	}
}
