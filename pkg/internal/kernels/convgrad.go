package kernels

// maxGradColumns is how many columns of a filter a kernel of ConvGrad takes at most.
const maxGradColumns = 7

// Lookup is how the inputs of windows are laid out for ConvGrad. Each of the filters
// that lie beside each other in a vector wants its own of the four positions of a
// window; an instruction fetches them from a table. With AVX-512 that is, for each row
// of the image and each window,
//
//	x[row][2*window], … 8 columns, x[row+1][2*window], … 8 columns
//
// from which the places of a row of taps are fetched; elsewhere the four positions for
// each element of the image:
//
//	x[row][column], x[row][column+1], x[row+1][column], x[row+1][column+1]
type Lookup struct {
	Len    int // numbers in a table
	Window int // from a window to the next
	Row    int // from a row of the image to the next

	rows, windows, fw, width int
	block                    int // from some columns of the filters to those that the next kernel takes
}

// NewLookup returns the layout for filters of width fw over an image of the given width,
// for as many windows and rows of the image where taps begin.
func NewLookup(rows, windows, fw, width int) Lookup {
	l := Lookup{rows: rows, windows: windows, fw: fw, width: width}
	if active == AVX512 {
		l.Window, l.Row, l.block = 16, 16*windows, 16*windows*rows
		l.Len = l.block * ((fw + maxGradColumns - 1) / maxGradColumns)
	} else {
		l.Window, l.Row, l.block = 4*2, 4*width, 4*maxGradColumns
		l.Len = 4 * ((rows-1)*width + 2*windows + fw - 2)
	}
	return l
}

// Fill makes the table q of an image x, of which it reads what the taps of the windows
// reach.
func (l Lookup) Fill(x, q []float32) {
	if l.Len == 0 {
		return
	}
	_, _ = x[l.rows*l.width+2*l.windows+l.fw-2], q[l.Len-1]
	if active == PureGo {
		quadsGo(l.Len/4, x, l.width, q)
		return
	}
	l.fill(x, q)
}

func quadsGo(n int, x []float32, width int, q []float32) {
	for i := range n {
		q[4*i], q[4*i+1], q[4*i+2], q[4*i+3] = x[i], x[i+1], x[i+width], x[i+width+1]
	}
}

// ConvGrad adds to the gradient of filters of height fh over one channel, and of their
// biases, from the gradient of the pooled map. It does, for outer x inner windows whose
// tables begin outerStep and innerStep numbers after each other in q,
//
//	dw[row of tap][column of tap][f] += grad[f] * x[window + arg[f]'s position + tap]
//	db[f] += grad[f]
//
// where the position is the window's own, the next, the one below or both, or for an arg
// of NoGradient none. grad and arg are (outer*inner, fp), dw is (fh*fw, fp), db (fp).
func ConvGrad(l Lookup, outer, outerStep, inner, innerStep, fh int, q, grad []float32, arg []uint8, dw, db []float32, fp int) {
	if outer == 0 || inner == 0 {
		return
	}
	_ = q[(outer-1)*outerStep+(inner-1)*innerStep+l.last(fh)]
	_, _, _, _ = grad[outer*inner*fp-1], arg[outer*inner*fp-1], dw[fh*l.fw*fp-1], db[fp-1]
	if active == PureGo {
		convGradGo(l, outer, outerStep, inner, innerStep, fh, q, grad, arg, dw, fp)
		biasGradGo(grad[:outer*inner*fp], arg, db, fp)
		return
	}
	convGrad(l, outer, outerStep, inner, innerStep, fh, q, grad, arg, dw, db, fp)
}

// last is the last number that the taps of a window look up, from its table on.
func (l Lookup) last(fh int) int {
	if l.Window == 16 {
		return (l.fw-1)/maxGradColumns*l.block + (fh-1)*l.Row + 15
	}
	return (fh-1)*l.Row + 4*(l.fw-1) + 3
}

func convGradGo(l Lookup, outer, outerStep, inner, innerStep, fh int, q, grad []float32, arg []uint8, dw []float32, fp int) {
	for i := range outer * inner {
		q := q[i/inner*outerStep+i%inner*innerStep:]
		for f, g := range grad[i*fp : (i+1)*fp] {
			p := int(arg[i*fp+f])
			if p == NoGradient {
				continue
			}
			for tap := range fh * l.fw {
				dw[tap*fp+f] += g * q[tap/l.fw*l.Row+4*(tap%l.fw)+p]
			}
		}
	}
}

// PooledBiasGrad does, for a number of windows, db[f] += grad[f] unless arg[f] is
// NoGradient.
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

func biasGradGo(grad []float32, arg []uint8, db []float32, fp int) {
	for i, g := range grad {
		if arg[i] != NoGradient {
			db[i%fp] += g
		}
	}
}
