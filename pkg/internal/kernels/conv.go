package kernels

// Taps describes how filters lie over a map: the offset of each tap from the
// position's own element, in elements, in ascending order. There is one for each
// row and column of the filter and each channel.
type Taps struct {
	fh, fw, channels, stepX, stepY int

	offsets []int32 // in bytes
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

// ConvPool computes convolution, bias, 2x2 max-pooling and Relu for a row of
// windows that are stepX apart in x: at the four positions p of a window, which
// are 0, right, down and right+down,
//
//	y[p][f] = bias[f] + sum over tap of x[p + offset[tap]] * w[tap][f]
//	out[f] = max over p of y[p][f], or 0 where that is <= 0
//	arg[f] = the first p of the maximum, or NoGradient where out is 0
//
// A nan wins. w is (taps, fp), bias (fp), out and arg (windows, fp) with windows that
// are stepOut apart in both, where fp is a multiple of Group.
func ConvPool(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, stepOut, fp int) {
	if windows == 0 {
		return
	}
	_ = x[(windows-1)*stepX+right+down+t.last]
	_, _, _, _ = w[t.Len()*fp-1], bias[fp-1], out[(windows-1)*stepOut+fp-1], arg[(windows-1)*stepOut+fp-1]
	if active == PureGo {
		convPoolGo(windows, t, x, right, down, stepX, w, bias, out, arg, stepOut, fp)
		return
	}
	convPool(windows, t, x, right, down, stepX, w, bias, out, arg, stepOut, fp)
}

func convPoolGo(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, stepOut, fp int) {
	var y [4][Group]float32
	for i := range windows {
		for f := 0; f < fp; f += Group {
			for p, at := range [4]int{0, right, down, right + down} {
				tapsGo(&y[p], t, x[i*stepX+at:], w[f:], bias[f:], fp)
			}
			poolGo(&y, out[i*stepOut+f:], arg[i*stepOut+f:])
		}
	}
}

// poolGo takes the maximum of the four positions and cuts it at 0.
func poolGo(y *[4][Group]float32, out []float32, arg []uint8) {
	for k := range Group {
		best, place := y[0][k], uint8(0)
		for p := 1; p < 4; p++ {
			if v := y[p][k]; best == best && !(v <= best) {
				best, place = v, uint8(p)
			}
		}
		if best <= 0 {
			best, place = 0, NoGradient
		}
		out[k], arg[k] = best, place
	}
}

// tapsGo sets sum = bias + the taps at one position, for Group filters.
func tapsGo(sum *[Group]float32, t Taps, x, w, bias []float32, fp int) {
	copy(sum[:], bias[:Group])
	for tap, offset := range t.offsets {
		v := x[offset/4]
		for k, weight := range w[tap*fp : tap*fp+Group] {
			sum[k] += v * weight
		}
	}
}

// ConvRow computes convolution and bias, and Relu where relu is set, for n
// positions that are stepX apart in x and stepOut in out:
//
//	out[p][f] = bias[f] + sum over tap of x[p + offset[tap]] * w[tap][f]
func ConvRow(n int, t Taps, x []float32, stepX int, w, bias []float32, out []float32, stepOut int, relu bool, fp int) {
	if n == 0 {
		return
	}
	_, _ = x[(n-1)*stepX+t.last], out[(n-1)*stepOut+fp-1]
	_, _ = w[t.Len()*fp-1], bias[fp-1]
	if active == PureGo {
		convRowGo(n, t, x, stepX, w, bias, out, stepOut, relu, fp)
		return
	}
	convRow(n, t, x, stepX, w, bias, out, stepOut, relu, fp)
}

func convRowGo(n int, t Taps, x []float32, stepX int, w, bias []float32, out []float32, stepOut int, relu bool, fp int) {
	var y [Group]float32
	for i := range n {
		for f := 0; f < fp; f += Group {
			tapsGo(&y, t, x[i*stepX:], w[f:], bias[f:], fp)
			if relu {
				reluGo(&y)
			}
			copy(out[i*stepOut+f:], y[:])
		}
	}
}

func reluGo(y *[Group]float32) {
	for k, v := range y {
		if v <= 0 {
			y[k] = 0
		}
	}
}

// Unpool sets out[p][f] = grad[f] where arg[f] is p and 0 elsewhere, at the four
// positions p of a window: 0, right, down and right+down. fp is the number of
// filters.
func Unpool(grad []float32, arg []uint8, out []float32, right, down, fp int) {
	_, _, _ = grad[fp-1], arg[fp-1], out[right+down+fp-1]
	if active == PureGo {
		unpoolGo(grad, arg, out, right, down, fp)
		return
	}
	unpool(grad, arg, out, right, down, fp)
}

func unpoolGo(grad []float32, arg []uint8, out []float32, right, down, fp int) {
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
func MaskGrad(y, grad, out []float32) {
	n := len(out)
	_, _ = y[:n], grad[:n]
	if active == PureGo || n == 0 {
		maskGradGo(y, grad, out)
		return
	}
	maskGrad(y, grad, out)
}

func maskGradGo(y, grad, out []float32) {
	for i := range out {
		out[i] = 0
		if y[i] != 0 {
			out[i] = grad[i]
		}
	}
}
