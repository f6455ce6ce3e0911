package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// layout is a random map and filters over it.
type layout struct {
	channels, height, width int
	fh, fw, stride, fp      int
	taps                    Taps
	x, w, bias              []float32
}

func newLayout(r *rand.Rand, channels, fp int) *layout {
	l := &layout{channels: channels, fh: 1 + r.IntN(5), fw: 1 + r.IntN(5), stride: 1 + r.IntN(2), fp: fp}
	if r.IntN(3) == 0 { // for which there are kernels of their own
		l.fh, l.fw, l.stride = 3, 3, 1
	}
	l.height, l.width = l.fh+l.stride+r.IntN(9), l.fw+l.stride+r.IntN(34)
	l.taps = NewTaps(l.fh, l.fw, channels, channels, channels*l.width)
	l.x = normal(r, l.height*l.width*channels)
	l.w = normal(r, l.taps.Len()*fp)
	l.bias = normal(r, fp)
	return l
}

func normal(r *rand.Rand, n int) []float32 { return normals[float32](r, n) }

func normals[T float32 | float64](r *rand.Rand, n int) []T {
	s := make([]T, n)
	for i := range s {
		s[i] = T(r.NormFloat64())
	}
	return s
}

// at returns the value of a filter at a position and the bound of its rounding.
func (l *layout) at(row, col, f int) (value, bound float64) {
	value = float64(l.bias[f])
	bound = math.Abs(value)
	tap := 0
	for y := range l.fh {
		for x := range l.fw {
			for c := range l.channels {
				v := float64(l.x[((row+y)*l.width+col+x)*l.channels+c]) * float64(l.w[tap*l.fp+f])
				value += v
				bound += math.Abs(v)
				tap++
			}
		}
	}
	return value, bound * 1e-6
}

// guarded returns a slice between two stretches that nothing may write to, and a
// function that checks them.
func guarded[T float32 | float64 | uint8](t *testing.T, n int) (s []T, check func()) {
	const edge = 70
	all := make([]T, n+2*edge)
	for i := range all {
		all[i] = 77
	}
	return all[edge : edge+n : edge+n], func() {
		t.Helper()
		for i, v := range all {
			if (i < edge || i >= edge+n) && v != 77 {
				t.Fatalf("element %d of %d was written", i-edge, n)
			}
		}
	}
}

func each(t *testing.T, test func(t *testing.T, r *rand.Rand, channels, fp int)) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(3, uint64(v)))
			for _, channels := range []int{1, 2, 3, 16} {
				for _, fp := range []int{16, 32, 48, 64, 80, 112} {
					for range 8 {
						test(t, r, channels, fp)
					}
				}
			}
		})
	}
}

func TestConvPool(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, channels, fp int) {
		l := newLayout(r, channels, fp)
		right, down := l.stride*channels, l.stride*channels*l.width
		windows := ((l.width-l.fw)/l.stride + 1) / 2
		stepOut := fp + 16*r.IntN(3)
		out, checkOut := guarded[float32](t, (windows-1)*stepOut+fp)
		arg, checkArg := guarded[uint8](t, (windows-1)*stepOut+fp)
		old := slices.Clone(l.x)
		ConvPool(windows, l.taps, Windows[float32]{l.x, right, down, 2 * right}, Filters[float32]{l.w, l.bias, fp}, Pooled[float32]{out, arg, stepOut})
		checkOut()
		checkArg()
		if !slices.Equal(old, l.x) {
			t.Fatal("the input was written")
		}
		for i := range windows {
			for f := range fp {
				best, bound := math.Inf(-1), 0.0
				var y [5]float64
				for p := range 4 {
					v, b := l.at(p/2*l.stride, (2*i+p%2)*l.stride, f)
					y[p] = v
					best, bound = max(best, v), max(bound, b)
				}
				got, place := float64(out[i*stepOut+f]), arg[i*stepOut+f]
				if math.Abs(got-max(best, 0)) > bound {
					t.Fatalf("%+v: window %d filter %d is %v, want %v", l.taps.Len(), i, f, got, max(best, 0))
				}
				if place > NoGradient || (place == NoGradient) != (got == 0) || place < NoGradient && math.Abs(y[place]-best) > bound {
					t.Fatalf("window %d filter %d: the maximum of %v is said to be at %d", i, f, y[:4], place)
				}
			}
			for at := i*stepOut + fp; at < min((i+1)*stepOut, len(out)); at++ {
				if out[at] != 77 || arg[at] != 77 {
					t.Fatalf("element %d between two windows was written", at)
				}
			}
		}
	})
}

// Every number of windows and positions along a row that 3x3 filters of one vector may
// have. Values are small whole numbers, so that sums are exact in any order.
func TestSquareFilters(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(13, 14))
			for n := 1; n <= 45; n++ {
				channels, fp := 1+r.IntN(6), 16+32*r.IntN(2)
				width := n + 2 + r.IntN(2)
				taps := NewTaps(3, 3, channels, channels, channels*width)
				x, w, bias := wholes(r, 4*width*channels), wholes(r, taps.Len()*fp), wholes(r, fp)
				at := func(row, col, f int) float32 {
					sum := bias[f]
					for tap := range 9 {
						for c := range channels {
							sum += x[((row+tap/3)*width+col+tap%3)*channels+c] * w[(tap*channels+c)*fp+f]
						}
					}
					return sum
				}
				out, check := guarded[float32](t, n*fp)
				ConvRow(n, taps, Matrix[float32]{x, channels}, Filters[float32]{w, bias, fp}, Matrix[float32]{out, fp}, false)
				check()
				for i := range out {
					if want := at(0, i/fp, i%fp); out[i] != want {
						t.Fatalf("of %d positions, %d filters: %d of filter %d is %v, want %v", n, fp, i/fp, i%fp, out[i], want)
					}
				}
				out, check = guarded[float32](t, n/2*fp)
				arg, checkArg := guarded[uint8](t, n/2*fp)
				ConvPool(n/2, taps, Windows[float32]{x, channels, channels * width, 2 * channels}, Filters[float32]{w, bias, fp}, Pooled[float32]{out, arg, fp})
				check()
				checkArg()
				for i := range out {
					best, place := float32(0), uint8(4)
					for p := range 4 {
						if v := at(p/2, i/fp*2+p%2, i%fp); v > best {
							best, place = v, uint8(p)
						}
					}
					if out[i] != best || arg[i] != place {
						t.Fatalf("of %d windows, %d filters: %d of filter %d is %v at %d, want %v at %d", n/2, fp, i/fp, i%fp, out[i], arg[i], best, place)
					}
				}
			}
		})
	}
}

// The first of equal values counts, the first nan wins, and minus zero is cut.
func TestConvPoolChoosesAsTheLayers(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, v := range Available() {
		defer Use(v)()
		for _, c := range []struct {
			y     [4]float32
			out   float32
			place uint8
		}{
			{[4]float32{1, 1, 1, 1}, 1, 0}, {[4]float32{0, 2, 1, 2}, 2, 1}, {[4]float32{-1, -2, -3, -4}, 0, 4},
			{[4]float32{0, 0, 0, 0}, 0, 4}, {[4]float32{1, nan, 3, nan}, nan, 1}, {[4]float32{nan, 5, 6, 7}, nan, 0},
			{[4]float32{1, 2, 3, inf}, inf, 3}, {[4]float32{-inf, -inf, -inf, -inf}, 0, 4}, {[4]float32{-1, -1, -1, nan}, nan, 3},
		} {
			x, w, bias := c.y[:], slices.Repeat([]float32{1}, 16), make([]float32, 16)
			out, arg := make([]float32, 16), make([]uint8, 16)
			ConvPool(1, NewTaps(1, 1, 1, 1, 2), Windows[float32]{x, 1, 2, 2}, Filters[float32]{w, bias, 16}, Pooled[float32]{out, arg, 16})
			for f := range out {
				if (out[f] != c.out && !(out[f] != out[f] && c.out != c.out)) || arg[f] != c.place {
					t.Errorf("%v: of %v filter %d takes %v at %d, want %v at %d", v, c.y, f, out[f], arg[f], c.out, c.place)
				}
			}
		}
	}
}

func TestConvRow(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, channels, fp int) {
		l := newLayout(r, channels, fp)
		n := (l.width-l.fw)/l.stride + 1
		relu := r.IntN(2) == 0
		out, check := guarded[float32](t, n*fp)
		ConvRow(n, l.taps, Matrix[float32]{l.x, l.stride * channels}, Filters[float32]{l.w, l.bias, fp}, Matrix[float32]{out, fp}, relu)
		check()
		for i := range n {
			for f := range fp {
				want, bound := l.at(0, i*l.stride, f)
				if relu {
					want = max(want, 0)
				}
				if got := float64(out[i*fp+f]); !(math.Abs(got-want) <= bound) {
					t.Fatalf("position %d filter %d is %v, want %v", i, f, got, want)
				}
			}
		}
	})
}

func TestConvGrad(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, _, fp int) {
		rows, windows, fh, fw := 1+r.IntN(4), 1+r.IntN(6), 1+r.IntN(8), 1+r.IntN(16)
		width := 2*windows + fw - 1 + r.IntN(3)
		l := NewLookup[float32](2*(rows-1)+fh, windows, fw, width)
		images := 1 + r.IntN(3)
		x := normal(r, images*(l.rows+1)*width)
		table, checkTable := guarded[float32](t, images*l.Len)
		old := slices.Clone(x)
		for n := range images {
			// Nothing behind what the last window reaches may be read.
			l.Fill(x[n*(l.rows+1)*width:][:l.rows*width+2*windows+fw-1:l.rows*width+2*windows+fw-1], table[n*l.Len:(n+1)*l.Len])
		}
		checkTable()
		if !slices.Equal(x, old) {
			t.Fatal("the image was written")
		}
		// Rows and windows of one image; or windows of one row, of several images.
		outer, outerStep, inner, innerStep := rows, 2*l.Row, windows, l.Window
		at := func(i int) int { return i/windows*2*width + i%windows*2 }
		if images > 1 {
			outer, outerStep, inner, innerStep = windows, l.Window, images, l.Len
			at = func(i int) int { return i%images*(l.rows+1)*width + i/images*2 }
		}
		grad, arg := normal(r, outer*inner*fp), make([]uint8, outer*inner*fp)
		for i := range arg {
			if arg[i] = uint8(r.IntN(5)); arg[i] == NoGradient && r.IntN(2) == 0 {
				grad[i] = float32(math.NaN()) // does not count
			}
		}
		dw, check := guarded[float32](t, fh*fw*fp)
		db, checkBias := guarded[float32](t, fp)
		clear(dw)
		clear(db)
		ConvGrad(l, Tables[float32]{table, outer, outerStep, inner, innerStep}, fh, Pooled[float32]{grad, arg, fp}, Filters[float32]{dw, db, fp})
		check()
		checkBias()
		checkTable()
		// sum returns the gradient for an offset in x, or of the bias where it is negative.
		sum := func(offset, f int) (want, bound float64) {
			for i := range outer * inner {
				if p := int(arg[i*fp+f]); p < 4 {
					v := float64(grad[i*fp+f])
					if offset >= 0 {
						v *= float64(x[at(i)+p/2*width+p%2+offset])
					}
					want += v
					bound += math.Abs(v) * 1e-6
				}
			}
			return want, bound
		}
		for f := range fp {
			for tap := range fh * fw {
				want, bound := sum(tap/fw*width+tap%fw, f)
				if got := float64(dw[tap*fp+f]); !(math.Abs(got-want) <= bound) {
					t.Fatalf("%dx%d: tap %d filter %d is %v, want %v", fh, fw, tap, f, got, want)
				}
			}
			want, bound := sum(-1, f)
			if got := float64(db[f]); !(math.Abs(got-want) <= bound) {
				t.Fatalf("bias %d is %v, want %v", f, got, want)
			}
		}
		clear(db)
		PooledBiasGrad(outer*inner, fp, Pooled[float32]{grad, arg, fp}, db)
		for f := range fp {
			if want, bound := sum(-1, f); !(math.Abs(float64(db[f])-want) <= bound) {
				t.Fatalf("bias %d alone is %v, want %v", f, db[f], want)
			}
		}
	})
}

func TestUnpoolAndMaskGrad(t *testing.T) {
	each(t, func(t *testing.T, r *rand.Rand, _, fp int) {
		grad, arg := normal(r, fp), make([]uint8, fp)
		for i := range arg {
			arg[i] = uint8(r.IntN(5))
		}
		out, check := guarded[float32](t, 4*fp)
		Unpool(grad, arg, out, fp, 2*fp, fp)
		check()
		for p := range 4 {
			for f := range fp {
				want := float32(0)
				if int(arg[f]) == p {
					want = grad[f]
				}
				if out[p*fp+f] != want {
					t.Fatalf("position %d filter %d is %v, want %v", p, f, out[p*fp+f], want)
				}
			}
		}
		y := normal(r, fp)
		y[1], y[2] = 0, float32(math.NaN())
		masked, check := guarded[float32](t, fp)
		MaskGrad(y, grad, masked)
		check()
		for f := range fp {
			if (y[f] == 0) != (masked[f] == 0) || masked[f] != 0 && masked[f] != grad[f] {
				t.Fatalf("y %v: the gradient %v becomes %v", y[f], grad[f], masked[f])
			}
		}
	})
}

func BenchmarkConv(b *testing.B) {
	for _, v := range Available() {
		x, w, bias := make([]float32, 28*28), make([]float32, 25*64), make([]float32, 64)
		out, arg, dw := make([]float32, 144*64), make([]uint8, 144*64), make([]float32, 25*64)
		taps := NewTaps(5, 5, 1, 1, 28)
		b.Run(fmt.Sprintf("pool/%v", v), func(b *testing.B) {
			defer Use(v)()
			for b.Loop() {
				for row := range 12 {
					ConvPool(12, taps, Windows[float32]{x[row*56:], 1, 28, 2}, Filters[float32]{w, bias, 64}, Pooled[float32]{out[row*12*64:], arg[row*12*64:], 64})
				}
			}
			b.ReportMetric(2*576*25*64*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
		b.Run(fmt.Sprintf("grad/%v", v), func(b *testing.B) {
			defer Use(v)()
			l := NewLookup[float32](27, 12, 5, 28)
			q := make([]float32, l.Len)
			for b.Loop() {
				l.Fill(x, q)
				ConvGrad(l, Tables[float32]{q, 12, 2 * l.Row, 12, l.Window}, 5, Pooled[float32]{out, arg, 64}, Filters[float32]{dw, bias, 64})
			}
		})
	}
}
