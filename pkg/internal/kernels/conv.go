package kernels

// Taps describes how filters lie over a map: the offset of each tap from the
// position's own element, in elements, in ascending order. There is one for each
// row and column of the filter and each channel.
type Taps struct {
	offsets []int32 // in bytes
	last    int     // the largest, in elements
}

// NewTaps returns the taps of filters of height fh and width fw over maps with
// the given number of channels, whose positions are stepX apart and rows stepY.
func NewTaps(fh, fw, channels, stepX, stepY int) Taps {
	t := Taps{}
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

// ConvPool computes convolution, bias, 2x2 max-pooling and Relu for a row of
// windows that are stepX apart in x: at the four positions p of a window, which
// are 0, right, down and right+down,
//
//	y[p][f] = bias[f] + sum over tap of x[p + offset[tap]] * w[tap][f]
//	out[f] = max over p of y[p][f], or 0 where that is <= 0
//	arg[f] = the first p of the maximum, or 4 where out is 0
//
// A nan wins. w is (taps, fp), bias (fp), out and arg (windows, fp), where fp is
// a multiple of Group.
func ConvPool(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, fp int) {
	if windows == 0 {
		return
	}
	_ = x[(windows-1)*stepX+right+down+t.last]
	_, _, _, _ = w[t.Len()*fp-1], bias[fp-1], out[windows*fp-1], arg[windows*fp-1]
	if active == PureGo {
		convPoolGo(windows, t, x, right, down, stepX, w, bias, out, arg, fp)
		return
	}
	convPool(windows, t, x, right, down, stepX, w, bias, out, arg, fp)
}

func convPoolGo(windows int, t Taps, x []float32, right, down, stepX int, w, bias []float32, out []float32, arg []uint8, fp int) {
	var y [4][Group]float32
	for i := range windows {
		for f := 0; f < fp; f += Group {
			for p, at := range [4]int{0, right, down, right + down} {
				tapsGo(&y[p], t, x[i*stepX+at:], w[f:], bias[f:], fp)
			}
			poolGo(&y, out[i*fp+f:], arg[i*fp+f:])
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
			best, place = 0, 4
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

// Quads sets, for n elements i of x, whose rows have the given width, q[4*i] to
// q[4*i+3] to those at the four positions of a window:
// x[i], x[i+1], x[i+width], x[i+width+1].
func Quads(n int, x []float32, width int, q []float32) {
	if n == 0 {
		return
	}
	_, _ = x[n+width], q[4*n-1]
	if active == PureGo {
		quadsGo(n, x, width, q)
		return
	}
	quads(n, x, width, q)
}

func quadsGo(n int, x []float32, width int, q []float32) {
	for i := range n {
		q[4*i], q[4*i+1], q[4*i+2], q[4*i+3] = x[i], x[i+1], x[i+width], x[i+width+1]
	}
}

// ConvGrad adds to the gradient of filters of height fh and width fw over one
// channel, and of their biases, from the gradient of the pooled map: over rows x
// windows,
//
//	dw[row of tap][column of tap][f] += grad[f] * q[row*stepRow + row of tap*width + 2*window + column of tap][arg[f]]
//	db[f] += grad[f]
//
// where q are the Quads of one image, or of several one after the other; for an arg
// of 4 there is no gradient. grad and arg are (rows*windows, fp), dw is (fh*fw, fp),
// db (fp).
func ConvGrad(rows, windows, fh, fw int, q []float32, width, stepRow int, grad []float32, arg []uint8, dw, db []float32, fp int) {
	if rows == 0 || windows == 0 {
		return
	}
	_ = q[4*((rows-1)*stepRow+(fh-1)*width+2*(windows-1)+fw-1)+3]
	_, _, _, _ = grad[rows*windows*fp-1], arg[rows*windows*fp-1], dw[fh*fw*fp-1], db[fp-1]
	if active == PureGo {
		convGradGo(rows, windows, fh, fw, q, width, stepRow, grad, arg, dw, fp)
		biasGradGo(grad[:rows*windows*fp], arg, db, fp)
		return
	}
	convGrad(rows, windows, fh, fw, q, width, stepRow, grad, arg, dw, db, fp)
}

// PooledBiasGrad does, for a number of windows, db[f] += grad[f] unless arg[f] is 4.
// grad and arg are (windows, fp), db is (fp).
func PooledBiasGrad(windows int, grad []float32, arg []uint8, db []float32, fp int) {
	if windows == 0 {
		return
	}
	_, _, _ = grad[windows*fp-1], arg[windows*fp-1], db[fp-1]
	if active == PureGo {
		biasGradGo(grad[:windows*fp], arg, db, fp)
		return
	}
	pooledBiasGrad(windows, grad, arg, db, fp)
}

func convGradGo(rows, windows, fh, fw int, q []float32, width, stepRow int, grad []float32, arg []uint8, dw []float32, fp int) {
	for i := range rows * windows {
		at := i/windows*stepRow + 2*(i%windows)
		for f, g := range grad[i*fp : (i+1)*fp] {
			p := int(arg[i*fp+f])
			if p == 4 {
				continue
			}
			for tap := range fh * fw {
				dw[tap*fp+f] += g * q[4*(at+tap/fw*width+tap%fw)+p]
			}
		}
	}
}

func biasGradGo(grad []float32, arg []uint8, db []float32, fp int) {
	for i, g := range grad {
		if arg[i] != 4 {
			db[i%fp] += g
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
