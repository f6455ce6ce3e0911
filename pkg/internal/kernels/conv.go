package kernels

// Taps describes how filters lie over a map: the offset of each tap from the
// position's own element, in elements, in ascending order. There is one for each
// row and column of the filter and each channel.
type Taps struct {
	fh, fw, channels, stepX, stepY int

	offsets []int32 // in bytes of float32
	last    int     // the largest, in elements
}

// NewTaps returns the taps of filters of height fh and width fw over maps with
// the given number of channels, whose positions are stepX apart and rows stepY.
func NewTaps(fh, fw, channels, stepX, stepY int) Taps {
	t := Taps{fh: fh, fw: fw, channels: channels, stepX: stepX, stepY: stepY}
	for y := range fh {
		for x := range fw {
			for c := range channels {
				t.last = y*stepY + x*stepX + c
				t.offsets = append(t.offsets, int32(4*t.last))
			}
		}
	}
	return t
}

// Len returns the number of taps.
func (t Taps) Len() int { return len(t.offsets) }

// NoGradient is the place of a maximum that Relu cuts to 0: it lies at none of the four
// positions of its window, and no gradient goes back to them.
const NoGradient = 4

// Windows are 2x2 windows of a map, side by side: the first begins at X[0], the next one
// Step later. A window's four positions are 0, Right, Down and Right+Down from its begin.
type Windows[T float32 | float64] struct {
	X                 []T
	Right, Down, Step int
}

// Filters are those of a layer: W is (taps, Count), Bias (Count), where Count is a
// multiple of Group.
type Filters[T float32 | float64] struct {
	W, Bias []T
	Count   int
}

// Pooled is a map behind max-pooling, or its gradient: filter f of window i stands at
// Value[i*Step + f], and which of the four positions it is of at Arg[i*Step + f].
type Pooled[T float32 | float64] struct {
	Value []T
	Arg   []uint8
	Step  int
}

// convKernels are the convolutions of a variant. Those for vectors take so many lanes.
type convKernels[T float32 | float64] struct {
	pool     func(windows int, t Taps, x Windows[T], w Filters[T], out Pooled[T])
	row      func(n int, t Taps, x Matrix[T], w Filters[T], out Matrix[T], relu bool)
	lanes    int
	maxPool  func(windows, vectors int, x *T, right, down, stepX int, out *T, arg *uint8)
	unpool   func(vectors int, grad *T, arg *uint8, out *T, right, down int)
	maskGrad func(vectors int, y, grad, out *T)
}

// convsOf returns those of the active variant.
func convsOf[T float32 | float64]() *convKernels[T] {
	return of[convKernels[T]](&convs[active], &dconvs[active])
}

// ConvPool computes convolution, bias, 2x2 max-pooling and Relu for a row of
// windows: at the four positions p of a window,
//
//	y[p][f] = bias[f] + sum over tap of x[p + offset[tap]] * w[tap][f]
//	out[f] = max over p of y[p][f], or 0 where that is <= 0
//	arg[f] = the first p of the maximum, or NoGradient where out is 0
//
// A nan wins.
func ConvPool[T float32 | float64](windows int, t Taps, x Windows[T], w Filters[T], out Pooled[T]) {
	if windows == 0 {
		return
	}
	last := (windows-1)*out.Step + w.Count - 1
	_ = x.X[(windows-1)*x.Step+x.Right+x.Down+t.last]
	_, _, _, _ = w.W[t.Len()*w.Count-1], w.Bias[w.Count-1], out.Value[last], out.Arg[last]
	if pool := convsOf[T]().pool; pool != nil {
		pool(windows, t, x, w, out)
		return
	}
	convPoolGo(windows, t, x, w, out)
}

// ConvRow computes convolution and bias, and Relu where relu is set, for n positions:
//
//	out[p][f] = bias[f] + sum over tap of x[p + offset[tap]] * w[tap][f]
//
// A row of x and of out is a position.
func ConvRow[T float32 | float64](n int, t Taps, x Matrix[T], w Filters[T], out Matrix[T], relu bool) {
	if n == 0 {
		return
	}
	_, _ = x.Data[(n-1)*x.Row+t.last], out.Data[(n-1)*out.Row+w.Count-1]
	_, _ = w.W[t.Len()*w.Count-1], w.Bias[w.Count-1]
	if row := convsOf[T]().row; row != nil {
		row(n, t, x, w, out, relu)
		return
	}
	convRowGo(n, t, x, w, out, relu)
}

// Unpool sets out[p][f] = grad[f] where arg[f] is p and 0 elsewhere, at the four
// positions p of a window: 0, right, down and right+down. fp is the number of
// filters.
func Unpool[T float32 | float64](grad []T, arg []uint8, out []T, right, down, fp int) {
	_, _, _ = grad[fp-1], arg[fp-1], out[right+down+fp-1]
	k := convsOf[T]()
	if k.unpool == nil {
		unpoolGo(grad, arg, out, right, down, fp)
		return
	}
	size := sizeOf[T]()
	k.unpool(fp/k.lanes, &grad[0], &arg[0], &out[0], size*right, size*down)
}

func unpoolGo[T float32 | float64](grad []T, arg []uint8, out []T, right, down, fp int) {
	for p, at := range [4]int{0, right, down, right + down} {
		for f := range fp {
			out[at+f] = 0
			if int(arg[f]) == p {
				out[at+f] = grad[f]
			}
		}
	}
}

// MaskGrad sets out = grad where y, the output of Relu, is not 0, and 0
// elsewhere. The length must be a multiple of Group.
func MaskGrad[T float32 | float64](y, grad, out []T) {
	n := len(out)
	_, _ = y[:n], grad[:n]
	k := convsOf[T]()
	if k.maskGrad == nil || n == 0 {
		maskGradGo(y, grad, out)
		return
	}
	k.maskGrad(n/k.lanes, &y[0], &grad[0], &out[0])
}

func maskGradGo[T float32 | float64](y, grad, out []T) {
	for i := range out {
		out[i] = 0
		if y[i] != 0 {
			out[i] = grad[i]
		}
	}
}
