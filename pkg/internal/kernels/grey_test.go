package kernels

import "testing"

// Every byte becomes the same number as in plain Go, at every place in a vector.
func TestGrey(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			for n := range 300 {
				pixels := make([]uint8, n)
				for i := range pixels {
					pixels[i] = uint8(i*7 + n)
				}
				x, check := guarded[float32](t, n)
				Grey(pixels, x)
				check()
				for i, p := range pixels {
					if want := float32(p) / 255; x[i] != want {
						t.Fatalf("pixel %d of %d, %d, becomes %v, want %v", i, n, p, x[i], want)
					}
				}
			}
		})
	}
}
