package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Maps of every small size, with guards around the gradient. Values are small whole
// numbers, so that sums are exact in any order.
func TestConvGradDeep(t *testing.T) {
	const guard = 16
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(9, 10))
			for rows := 0; rows <= 4; rows++ {
				for windows := 0; windows <= 4; windows++ {
					for _, channels := range []int{16, 32, 64} {
						width, filters := 2*windows+2+r.IntN(3), 1+r.IntN(20)
						fp := RoundUp(filters)
						input := wholes(r, (2*rows+2)*width*channels)
						grad, arg := wholes(r, rows*windows*fp), make([]uint8, rows*windows*fp)
						for i := range arg {
							arg[i] = uint8(r.IntN(5))
						}
						dw := wholes(r, filters*9*channels+2*guard)
						want := slices.Clone(dw)
						place := [4]int{0, 1, width, width + 1}
						for row := range rows {
							for i := range windows {
								for f := range filters {
									at := (row*windows+i)*fp + f
									if arg[at] == NoGradient {
										continue
									}
									for tap := range 9 {
										p := 2*row*width + 2*i + place[arg[at]] + tap/3*width + tap%3
										for c := range channels {
											want[guard+(f*9+tap)*channels+c] += grad[at] * input[p*channels+c]
										}
									}
								}
							}
						}
						inputs := [][]float32{slices.Clone(input), slices.Clone(grad)}
						ConvGradDeep(rows, windows, filters, Map[float32]{input, width, channels}, Pooled[float32]{grad, arg, fp}, dw[guard:len(dw)-guard])
						if !slices.Equal(dw, want) {
							t.Fatalf("%d x %d windows, %d channels, %d filters: wrong gradient", rows, windows, channels, filters)
						}
						if !slices.Equal(input, inputs[0]) || !slices.Equal(grad, inputs[1]) {
							t.Fatal("an input was written")
						}
					}
				}
			}
		})
	}
}

// The gradient of the input as the sum of single products, which are exact in any
// order, between guards; more filters than a call of the assembly takes.
func TestInputGradDeep(t *testing.T) {
	const guard = 16
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(11, 12))
			for rows := 0; rows <= 4; rows++ {
				for windows := 0; windows <= 5; windows++ {
					for _, channels := range []int{16, 48} {
						width, filters := 2*windows+2+r.IntN(3), 1+r.IntN(70)
						fp := RoundUp(filters)
						grad, arg := wholes(r, rows*windows*fp), make([]uint8, rows*windows*fp)
						for i := range arg {
							if arg[i] = uint8(r.IntN(5)); i%fp >= filters {
								arg[i], grad[i] = 4, float32(math.NaN())
							}
						}
						w := wholes(r, channels*filters*9)
						dx := wholes(r, (2*rows+2)*width*channels+2*guard)
						want := slices.Clone(dx)
						for i := range rows * windows {
							for f := range filters {
								p := int(arg[i*fp+f])
								if p == NoGradient {
									continue
								}
								for tap := range 9 {
									at := (i/windows*2+p/2+tap/3)*width + i%windows*2 + p%2 + tap%3
									for c := range channels {
										weight := w[((c/16*filters+f)*9+tap)*16+c%16]
										want[guard+at*channels+c] += grad[i*fp+f] * weight
									}
								}
							}
						}
						oldW, oldArg := slices.Clone(w), slices.Clone(arg)
						InputGradDeep(rows, windows, filters, Map[float32]{dx[guard : len(dx)-guard], width, channels}, Pooled[float32]{grad, arg, fp}, w)
						if !slices.Equal(dx, want) {
							t.Fatalf("%d x %d windows, %d channels, %d filters: wrong gradient", rows, windows, channels, filters)
						}
						if !slices.Equal(w, oldW) || !slices.Equal(arg, oldArg) {
							t.Fatal("an input was written")
						}
					}
				}
			}
		})
	}
}

// wholes draws whole numbers from -4 to 4.
func wholes(r *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(math.Round(8*r.Float64() - 4))
	}
	return out
}
