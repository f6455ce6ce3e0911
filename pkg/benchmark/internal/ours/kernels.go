package ours

import (
	"fmt"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/nprandom"
)

// Kernel is a loop of pkg/internal/kernels at work on a batch of 100, on one
// processor.
type Kernel struct {
	Name       string
	Operations float64 // floating-point operations that the result needs
	Bytes      float64 // read and written, if everything is touched once
	Footprint  int     // bytes of memory that it touches
	Do         func()
}

// samples is the batch of every kernel.
const samples = 100

// Kernels returns the kernels in which steps spend their time, with the shapes of
// the assignment's network and of DeepConvNet.
func Kernels() []Kernel {
	d := drawer{nprandom.New(4)}
	all := d.convPool(64, 5)
	all = append(all, d.affine(9216, 50)...)
	all = append(all, d.adam(64*26+9216*50+50+50*10+10))
	all = append(all, d.conv(16, 16, 28)...)
	all = append(all, d.conv(32, 32, 16)...)
	return append(all, d.conv(64, 64, 8)...)
}

// once is a kernel that reads or writes each byte it touches once.
func once(name string, operations float64, bytes int, do func()) Kernel {
	return Kernel{name, operations, float64(bytes), bytes, do}
}

type drawer struct{ rng *nprandom.RandomState }

// floats draws n numbers between -0.5 and 0.5.
func (d drawer) floats(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(d.rng.Rand() - 0.5)
	}
	return out
}

// convPool is the first layer of SimpleConvNet: filters over images of 28x28 with
// Relu and pooling, and the gradient of the filters.
func (d drawer) convPool(filters, size int) []Kernel {
	const side = 28
	windows := (side - size + 1) / 2
	taps := kernels.NewTaps(size, size, 1, 1, side)
	fp := kernels.RoundUp(filters)
	x, w, bias := d.floats(samples*side*side), d.floats(taps.Len()*fp), d.floats(fp)
	out, arg := make([]float32, samples*windows*windows*fp), make([]uint8, samples*windows*windows*fp)
	grad, dw, db := d.floats(len(out)), make([]float32, len(w)), make([]float32, fp)
	lookup := kernels.NewLookup[float32](2*(windows-1)+size, windows, size, side)
	table := make([]float32, lookup.Len)
	forward := func() {
		for n := range samples {
			for row := range windows {
				at := (n*windows + row) * windows * fp
				kernels.ConvPool(windows, taps, kernels.Windows[float32]{X: x[n*side*side+2*row*side:], Right: 1, Down: side, Step: 2},
					kernels.Filters[float32]{W: w, Bias: bias, Count: fp}, kernels.Pooled[float32]{Value: out[at:], Arg: arg[at:], Step: fp})
			}
		}
	}
	forward() // the gradient needs the places of the largest values
	backward := func() {
		clear(dw)
		clear(db)
		for n := range samples {
			at := n * windows * windows * fp
			g, a := grad[at:at+windows*windows*fp], arg[at:at+windows*windows*fp]
			lookup.Fill(x[n*side*side:(n+1)*side*side], table)
			kernels.ConvGrad(lookup, kernels.Tables[float32]{Q: table, Outer: windows, OuterStep: 2 * lookup.Row, Inner: windows, InnerStep: lookup.Window},
				size, kernels.Pooled[float32]{Value: g, Arg: a, Step: fp}, kernels.Filters[float32]{W: dw, Bias: db, Count: fp})
		}
	}
	name := fmt.Sprintf("convolution %dx%d of 1x28x28 to %d", size, size, filters)
	values := float64(len(out))
	return []Kernel{
		once(name+", Relu, pooling", 2*4*values*float64(taps.Len()), 4*len(x)+5*len(out), forward),
		once("  gradient of its filters", 2*values*float64(taps.Len()), 4*len(x)+5*len(out), backward),
	}
}

// affine is an Affine layer: forward, and the gradients of input and weights, the
// latter turned as the engine computes them.
func (d drawer) affine(in, out int) []Kernel {
	x, w, rowT := d.floats(samples*in), d.floats(in*out), in+kernels.Group
	wt := d.floats(rowT * out)
	y, dx, dw := d.floats(samples*out), make([]float32, samples*in), make([]float32, in*out)
	operations := 2 * samples * float64(in) * float64(out)
	bytes := 4 * (len(x) + len(w) + len(y))
	return []Kernel{
		once(fmt.Sprintf("affine %d to %d", in, out), operations, bytes, func() {
			if kernels.HasGemmT[float32]() {
				kernels.GemmT(samples, out, in, kernels.Matrix[float32]{Data: x, Row: in},
					kernels.Matrix[float32]{Data: wt, Row: rowT}, kernels.Matrix[float32]{Data: y, Row: out}, false)
			} else {
				kernels.Gemm(samples, out, in, kernels.Strided[float32]{Data: x, Row: in, Column: 1},
					kernels.Matrix[float32]{Data: w, Row: out}, kernels.Matrix[float32]{Data: y, Row: out}, false)
			}
		}),
		once("  gradient of its input", operations, bytes, func() {
			kernels.Gemm(samples, in, out, kernels.Strided[float32]{Data: y, Row: out, Column: 1},
				kernels.Matrix[float32]{Data: wt, Row: rowT}, kernels.Matrix[float32]{Data: dx, Row: in}, false)
		}),
		once("  gradient of its weights", operations, bytes, func() {
			kernels.Gemm(out, in, samples, kernels.Strided[float32]{Data: y, Row: 1, Column: out},
				kernels.Matrix[float32]{Data: x, Row: in}, kernels.Matrix[float32]{Data: dw, Row: in}, false)
		}),
	}
}

// adam updates n parameters: it reads them, the gradient and both moments, and
// writes all but the gradient. A root and a division count as one operation each.
func (d drawer) adam(n int) Kernel {
	p, g, m, v := d.floats(n), d.floats(n), d.floats(n), make([]float32, n)
	return Kernel{fmt.Sprintf("Adam, %d parameters", n), 12 * float64(n), 4 * 7 * float64(n), 4 * 4 * n, func() {
		kernels.Adam(p, g, m, v, 0.001, 0.1, 0.001, 1e-7)
	}}
}

// conv is a 3x3 convolution with a border of one and Relu, the gradient of its filters
// without and with pooling, and that of its input with pooling, as in DeepConvNet.
func (d drawer) conv(channels, filters, side int) []Kernel {
	const size = 3
	width := side + size - 1
	taps := kernels.NewTaps(size, size, channels, channels, channels*width)
	fp := kernels.RoundUp(filters)
	x, w, bias := d.floats(samples*width*width*channels), d.floats(taps.Len()*fp), d.floats(fp)
	out, dw := d.floats(samples*side*side*fp), make([]float32, taps.Len()*fp)
	arg := make([]uint8, len(out)/4)
	for i := range arg {
		arg[i] = uint8(i % 5) // the last one is a window that Relu cut off
	}
	operations := 2 * float64(samples*side*side*filters) * float64(taps.Len())
	bytes := 4 * (len(x) + len(w) + len(out))
	pooled := operations / 4 * 4 / 5 // one position of a window, and a window of five has none
	all := []Kernel{
		once(fmt.Sprintf("convolution 3x3 of %dx%dx%d to %d, Relu", channels, side, side, filters), operations, bytes, func() {
			for n := range samples {
				for row := range side {
					kernels.ConvRow(side, taps, kernels.Matrix[float32]{Data: x[(n*width+row)*width*channels:], Row: channels},
						kernels.Filters[float32]{W: w, Bias: bias, Count: fp},
						kernels.Matrix[float32]{Data: out[(n*side+row)*side*fp:], Row: fp}, true)
				}
			}
		}),
		once("  gradient of its filters", operations, bytes, func() {
			clear(dw)
			for n := range samples {
				for row := range side {
					grad := out[(n*side+row)*side*fp:]
					for fy := range size {
						kernels.Gemm(size*channels, fp, side, kernels.Strided[float32]{Data: x[(n*width+row+fy)*width*channels:], Row: 1, Column: channels},
							kernels.Matrix[float32]{Data: grad, Row: fp}, kernels.Matrix[float32]{Data: dw[fy*size*channels*fp:], Row: fp}, true)
					}
				}
			}
		}),
		once("  the same, pooled", pooled, 4*(len(x)+len(w))+5*len(arg), func() {
			clear(dw)
			for n := range samples {
				at := n * side * side * fp / 4
				kernels.ConvGradDeep(side/2, side/2, filters, kernels.Map[float32]{Data: x[n*width*width*channels:], Width: width, Channels: channels},
					kernels.Pooled[float32]{Value: out[at:], Arg: arg[at:], Step: fp}, dw)
			}
		}),
	}
	if !kernels.HasInputGradDeep[float32]() {
		return all // there it is a convolution of its own
	}
	dx := make([]float32, len(x))
	return append(all, once("  gradient of its input, pooled", pooled, 4*(len(x)+len(w))+5*len(arg), func() {
		clear(dx)
		for n := range samples {
			at := n * side * side * fp / 4
			kernels.InputGradDeep(side/2, side/2, filters, kernels.Map[float32]{Data: dx[n*width*width*channels:], Width: width, Channels: channels},
				kernels.Pooled[float32]{Value: out[at:], Arg: arg[at:], Step: fp}, w)
		}
	}))
}
