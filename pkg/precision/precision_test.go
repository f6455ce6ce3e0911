package precision

import (
	"fmt"
	"math"
	"testing"
)

// decode16 is the value of the 16 bits of a float16.
func decode16(bits uint16) float64 {
	sign, exponent, fraction := 1-2*float64(bits>>15), int(bits>>10&31), float64(bits&1023)
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// decodeB is the value of the 16 bits of a bfloat16.
func decodeB(bits uint16) float64 { return float64(math.Float32frombits(uint32(bits) << 16)) }

// TestEveryNumber tries, for both formats, every number, the middle between it and
// the next, and the float32 on either side of the middle.
func TestEveryNumber(t *testing.T) {
	for _, format := range []struct {
		name     string
		round    func(float32) float32
		decode   func(uint16) float64
		infinity uint16
		beyond   float64 // what follows the largest number, were there more
	}{
		{"float16", Float16, decode16, 0x7C00, 65536},
		{"bfloat16", BFloat16, decodeB, 0x7F80, math.Ldexp(1, 128)},
	} {
		for bits := uint16(0); bits < format.infinity; bits++ {
			here, next := format.decode(bits), format.decode(bits+1)
			if math.IsInf(next, 1) {
				next = format.beyond
			}
			up := format.decode(bits + 1)
			middle := float32((here + next) / 2)
			even := here
			if bits&1 == 1 {
				even = up
			}
			for v, want := range map[float32]float64{
				float32(here):               here,
				middle:                      even,
				math.Nextafter32(middle, 0): here,
				math.Nextafter32(middle, float32(math.Inf(1))): up,
			} {
				if got := format.round(v); float64(got) != want {
					t.Fatalf("%s of %v is %v, want %v", format.name, v, got, want)
				}
				if got := format.round(-v); float64(got) != -want || math.Signbit(float64(got)) != true {
					t.Fatalf("%s of %v is %v, want %v", format.name, -v, got, -want)
				}
			}
		}
		for _, v := range []float64{math.Inf(1), math.Inf(-1)} {
			if got := format.round(float32(v)); float64(got) != v {
				t.Errorf("%s of %v is %v", format.name, v, got)
			}
		}
		if got := format.round(float32(math.NaN())); got == got {
			t.Errorf("%s of NaN is %v", format.name, got)
		}
	}
}

func Example() {
	for _, v := range []float32{1. / 3, 70000, 1e-8} {
		fmt.Println(v, Float16(v), BFloat16(v))
	}
	// Output:
	// 0.33333334 0.33325195 0.33398438
	// 70000 +Inf 70144
	// 1e-08 0 1.0011718e-08
}
