package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Maxima of windows of few different values, of nan and of both zeros are those that the
// definition gives, and the gradient goes to the first of them.
func TestMaxPool(t *testing.T) {
	for _, v := range Available() {
		defer Use(v)()
		checkMaxPool[float32](t)
		checkMaxPool[float64](t)
	}
}

func checkMaxPool[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	few := []T{-1, 0, T(math.Copysign(0, -1)), 1, 2, T(math.Inf(1)), T(math.Inf(-1)), T(math.NaN())}
	for range 200 {
		windows, fp, gap := 1+r.IntN(5), Group*(1+r.IntN(3)), Group*r.IntN(2)
		row := 2*windows*fp + gap
		x := make([]T, 2*row)
		for i := range x {
			x[i] = few[r.IntN(len(few))]
			if r.IntN(2) == 0 {
				x[i] = T(r.NormFloat64())
			}
		}
		y, checkY := guarded[T](t, windows*fp)
		arg, checkArg := guarded[uint8](t, windows*fp)
		MaxPool(windows, Windows[T]{x, fp, row, 2 * fp}, Pooled[T]{y, arg, fp})
		checkY()
		checkArg()
		for i := range y {
			begin, best := i/fp*2*fp+i%fp, 0
			at := [4]int{begin, begin + fp, begin + row, begin + row + fp}
			for p, from := range at {
				if v, b := x[from], x[at[best]]; b == b && !(v <= b) {
					best = p
				}
			}
			want := x[at[best]]
			if int(arg[i]) != best || math.Float64bits(float64(y[i])) != math.Float64bits(float64(want)) && want == want {
				t.Fatalf("%v: maximum %d of %v is %v at %d, want %v at %d", Active(), i, at, y[i], arg[i], want, best)
			}
		}
		dx, checkDX := guarded[T](t, len(x))
		clear(dx)
		for i := range windows {
			Unpool(y[i*fp:], arg[i*fp:], dx[2*i*fp:], fp, row, fp)
		}
		checkDX()
		sum, wanted := 0., 0.
		for i, v := range dx {
			if v != 0 && v == v && !math.IsInf(float64(v), 0) {
				sum += float64(v) * float64(i)
			}
		}
		for i, v := range y {
			if v == v && !math.IsInf(float64(v), 0) {
				begin := i/fp*2*fp + i%fp
				wanted += float64(v) * float64([4]int{begin, begin + fp, begin + row, begin + row + fp}[arg[i]])
			}
		}
		if math.Abs(sum-wanted) > 1e-9*(1+math.Abs(wanted)) {
			t.Fatalf("%v: the gradient adds up to %v, want %v", Active(), sum, wanted)
		}
	}
}

func BenchmarkMaxPool(b *testing.B) {
	x := normal(rand.New(rand.NewPCG(1, 1)), 24*24*16)
	y, arg := make([]float32, len(x)/4), make([]uint8, len(x)/4)
	for _, v := range Available() {
		b.Run(v.String(), func(b *testing.B) {
			defer Use(v)()
			for b.Loop() {
				for row := range 12 {
					MaxPool(12, Windows[float32]{x[row*2*24*16:], 16, 24 * 16, 32}, Pooled[float32]{y[row*12*16:], arg[row*12*16:], 16})
				}
			}
		})
	}
}
