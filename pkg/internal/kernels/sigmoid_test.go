package kernels

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// most is how many units in the last place a variant may be off.
func most(v Variant) float64 {
	if v == PureGo {
		return 0.502
	}
	return 1.5
}

// unitsOff is how far y is from 1/(1+exp(-x)), in units of its last place.
func unitsOff(x, y float32) float64 {
	want := 1 / (1 + math.Exp(-float64(x)))
	_, exponent := math.Frexp(want)
	return math.Abs(float64(y)-want) / math.Ldexp(1, max(exponent-24, -149))
}

// Sigmoid is accurate for every exponent, with mantissas of each.
func TestSigmoidAccuracy(t *testing.T) {
	step := uint32(1<<13 - 3)
	if os.Getenv("CONVBOOK_LONG") != "" {
		step = 101
	}
	for _, v := range Available() {
		defer Use(v)()
		x, y := make([]float32, 1<<16), make([]float32, 1<<16)
		worst, at := 0., float32(0)
		for bits, done := uint32(0), false; !done; {
			n := 0
			for ; n < len(x) && !done; n++ {
				x[n] = math.Float32frombits(bits)
				bits += step
				done = bits < step
			}
			Sigmoid(x[:n], y[:n])
			for i, v := range x[:n] {
				if v != v {
					if y[i] == y[i] {
						t.Fatalf("%v of a nan is %v", Active(), y[i])
					}
					continue
				}
				if off := unitsOff(v, y[i]); off > worst {
					worst, at = off, v
				}
			}
		}
		t.Logf("%v: %.3f units in the last place at most, at %v", v, worst, at)
		if worst > most(v) {
			t.Errorf("%v: %.3f units in the last place at %v, may be %v", v, worst, at, most(v))
		}
	}
}

// Where the values are special, Sigmoid is what the formula gives in float64, rounded.
func TestSigmoidOddValues(t *testing.T) {
	inf, tiny := float32(math.Inf(1)), float32(math.SmallestNonzeroFloat32)
	for _, v := range Available() {
		defer Use(v)()
		for _, x := range []float32{0, float32(math.Copysign(0, -1)), tiny, -tiny, 1e-39, -1e-39, inf, -inf, 88, -88, -95, -103.9, -103.98, -104, -1e30, 1e30} {
			y := make([]float32, 1)
			Sigmoid([]float32{x}, y)
			if want := float32(1 / (1 + math.Exp(-float64(x)))); y[0] != want {
				t.Errorf("%v: of %v it is %v, want %v", v, x, y[0], want)
			}
		}
	}
}

// Every length has the bits that each value has alone, with nothing written around it; the
// gradient is the formula's, whatever the variant.
func TestSigmoidLengths(t *testing.T) {
	for _, v := range Available() {
		defer Use(v)()
		r := rand.New(rand.NewPCG(1, uint64(v)))
		for n := range 70 {
			x, dy, alone := normal(r, n), normal(r, n), make([]float32, 1)
			y, checkY := guarded[float32](t, n)
			dx, checkDX := guarded[float32](t, n)
			Sigmoid(x, y)
			SigmoidGrad(y, dy, dx)
			for i := range x {
				if Sigmoid(x[i:i+1], alone); alone[0] != y[i] {
					t.Fatalf("%v: of %d values, %d is %v, alone %v", v, n, i, y[i], alone[0])
				}
				if want := dy[i] * float32((1-y[i])*y[i]); dx[i] != want {
					t.Fatalf("%v: of %d gradients, %d is %v, want %v", v, n, i, dx[i], want)
				}
			}
			checkY()
			checkDX()
		}
	}
}

func TestSigmoidDouble(t *testing.T) {
	x := []float64{-800, -1, 0, 0.3, 40}
	y, dx := make([]float64, len(x)), make([]float64, len(x))
	Sigmoid(x, y)
	SigmoidGrad(y, x, dx)
	for i, v := range x {
		if want := 1 / (1 + math.Exp(-v)); y[i] != want || dx[i] != v*((1-want)*want) {
			t.Errorf("of %v it is %v with the gradient %v", v, y[i], dx[i])
		}
	}
}

func BenchmarkSigmoid(b *testing.B) {
	x := normal(rand.New(rand.NewPCG(1, 1)), 9216)
	y := make([]float32, len(x))
	for _, v := range Available() {
		b.Run(v.String(), func(b *testing.B) {
			defer Use(v)()
			b.SetBytes(int64(4 * len(x)))
			for b.Loop() {
				Sigmoid(x, y)
			}
		})
	}
}
