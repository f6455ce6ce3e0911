package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func double(s []float32) []float64 {
	out := make([]float64, len(s))
	for i, v := range s {
		out[i] = float64(v)
	}
	return out
}

// alike says whether all numbers are the same, or none in both.
func alike(s []float32, d []float64) bool {
	return slices.EqualFunc(double(s), d, func(a, b float64) bool { return a == b || a != a && b != b })
}

// In float64 the convolutions compute what they compute in float32, between guards: of
// whole numbers, whose sums are exact in both, and of some that are none.
func TestDoubleConvolutions(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(19, 20))
			for n := 1; n <= 40; n++ {
				channels, fp, fh, fw := 1+r.IntN(6), 16*(1+r.IntN(5)), 1+r.IntN(5), 1+r.IntN(5)
				width := n + fw - 1 + r.IntN(3)
				taps := NewTaps(fh, fw, channels, channels, channels*width)
				x, w, bias := wholes(r, (fh+1)*width*channels), wholes(r, taps.Len()*fp), wholes(r, fp)
				if n%3 == 0 {
					x[r.IntN(len(x))], x[r.IntN(len(x))] = float32(math.NaN()), float32(math.Inf(1-n%2*2))
				}
				relu, stepOut := n%2 == 0, fp+16*r.IntN(2)
				single := make([]float32, (n-1)*stepOut+fp)
				out, check := guarded[float64](t, len(single))
				for i := range single {
					single[i] = 77
				}
				ConvRow(n, taps, Matrix[float32]{x, channels}, Filters[float32]{w, bias, fp}, Matrix[float32]{single, stepOut}, relu)
				ConvRow(n, taps, Matrix[float64]{double(x), channels}, Filters[float64]{double(w), double(bias), fp}, Matrix[float64]{out, stepOut}, relu)
				if check(); !alike(single, out) {
					t.Fatalf("%d positions, %dx%d, %d channels, %d filters: a row is %v, in float32 %v", n, fh, fw, channels, fp, out, single)
				}
				windows := n / 2
				if windows == 0 {
					continue
				}
				single, arg := single[:(windows-1)*stepOut+fp], make([]uint8, (windows-1)*stepOut+fp)
				out, check = guarded[float64](t, len(single))
				at, checkArg := guarded[uint8](t, len(single))
				for i := range single {
					single[i], arg[i] = 77, 77
				}
				ConvPool(windows, taps, Windows[float32]{x, channels, channels * width, 2 * channels}, Filters[float32]{w, bias, fp}, Pooled[float32]{single, arg, stepOut})
				ConvPool(windows, taps, Windows[float64]{double(x), channels, channels * width, 2 * channels}, Filters[float64]{double(w), double(bias), fp}, Pooled[float64]{out, at, stepOut})
				check()
				if checkArg(); !alike(single, out) || !slices.Equal(arg, at) {
					t.Fatalf("%d windows, %dx%d, %d channels, %d filters: pooled %v at %v, in float32 %v at %v", windows, fh, fw, channels, fp, out, at, single, arg)
				}
			}
		})
	}
}

// The same of their gradients.
func TestDoubleGradients(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(21, 22))
			for range 30 {
				rows, windows, fh, fw, fp := 1+r.IntN(6), 1+r.IntN(8), 1+r.IntN(9), 1+r.IntN(10), 16*(1+r.IntN(3))
				width := 2*windows + fw - 1
				single, l := NewLookup[float32](2*(rows-1)+fh, windows, fw, width), NewLookup[float64](2*(rows-1)+fh, windows, fw, width)
				x, grad, arg := wholes(r, (l.rows+1)*width), wholes(r, rows*windows*fp), make([]uint8, rows*windows*fp)
				for i := range arg {
					arg[i] = uint8(r.IntN(5))
				}
				table, q := make([]float32, single.Len), make([]float64, l.Len)
				single.Fill(x, table)
				l.Fill(double(x), q)
				dw, db := make([]float32, fh*fw*fp), make([]float32, fp)
				ConvGrad(single, Tables[float32]{table, rows, 2 * single.Row, windows, single.Window}, fh, Pooled[float32]{grad, arg, fp}, Filters[float32]{dw, db, fp})
				out, check := guarded[float64](t, len(dw))
				bias, checkBias := guarded[float64](t, fp)
				clear(out)
				clear(bias)
				ConvGrad(l, Tables[float64]{q, rows, 2 * l.Row, windows, l.Window}, fh, Pooled[float64]{double(grad), arg, fp}, Filters[float64]{out, bias, fp})
				check()
				if checkBias(); !alike(dw, out) || !alike(db, bias) {
					t.Fatalf("%dx%d windows, %dx%d, %d filters: the gradient is %v and %v, in float32 %v and %v", rows, windows, fh, fw, fp, out, bias, dw, db)
				}
				channels := 16 * (1 + r.IntN(3))
				deep := wholes(r, (2*rows+2)*(2*windows+2)*channels)
				dw = make([]float32, fp*9*channels)
				out = make([]float64, len(dw))
				ConvGradDeep(rows, windows, fp, Map[float32]{deep, 2*windows + 2, channels}, Pooled[float32]{grad, arg, fp}, dw)
				ConvGradDeep(rows, windows, fp, Map[float64]{double(deep), 2*windows + 2, channels}, Pooled[float64]{double(grad), arg, fp}, out)
				if !alike(dw, out) {
					t.Fatalf("%dx%d windows, %d channels: the gradient of deep filters differs from that in float32", rows, windows, channels)
				}
				w, dx, ddx := wholes(r, fp*9*channels), make([]float32, len(deep)), make([]float64, len(deep))
				InputGradDeep(rows, windows, fp, Map[float32]{dx, 2*windows + 2, channels}, Pooled[float32]{grad, arg, fp}, w)
				InputGradDeep(rows, windows, fp, Map[float64]{ddx, 2*windows + 2, channels}, Pooled[float64]{double(grad), arg, fp}, double(w))
				if !alike(dx, ddx) {
					t.Fatalf("%dx%d windows, %d channels: the gradient of the input differs from that in float32", rows, windows, channels)
				}
			}
		})
	}
}
