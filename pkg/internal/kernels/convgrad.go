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
// from which the places of a row of taps are fetched; with other vectors the four
// positions for each element of the image:
//
//	x[row][column], x[row][column+1], x[row+1][column], x[row+1][column+1]
//
// Plain Go wants the image as it is.
type Lookup[T float32 | float64] struct {
	Len    int // numbers in a table
	Window int // from a window to the next
	Row    int // from a row of the image to the next

	rows, windows, fw, width int
	block                    int // from some columns of the filters to those that the next kernel takes
}

// NewLookup returns the layout for filters of width fw over an image of the given width,
// for as many windows and rows of the image where taps begin.
func NewLookup[T float32 | float64](rows, windows, fw, width int) Lookup[T] {
	l := Lookup[T]{rows: rows, windows: windows, fw: fw, width: width}
	switch {
	case gradsOf[T]().lanes == 0:
		l.Window, l.Row = 2, width
		l.Len = rows*width + 2*windows + fw - 1
	case gradsOf[T]().rowPairs:
		l.Window, l.Row, l.block = 16, 16*windows, 16*windows*rows
		l.Len = l.block * ((fw + maxGradColumns - 1) / maxGradColumns)
	default:
		l.Window, l.Row, l.block = 4*2, 4*width, 4*maxGradColumns
		l.Len = 4 * ((rows-1)*width + 2*windows + fw - 2)
	}
	return l
}

// Fill makes the table q of an image x, of which it reads what the taps of the windows
// reach.
func (l Lookup[T]) Fill(x, q []T) {
	if l.Len == 0 {
		return
	}
	_, _ = x[l.rows*l.width+2*l.windows+l.fw-2], q[l.Len-1]
	if fill := gradsOf[T]().fill; fill != nil {
		fill(l, x, q)
		return
	}
	copy(q[:l.Len], x)
}

// Tables are those of Outer x Inner windows in Q, which begin OuterStep and InnerStep
// numbers after each other.
type Tables[T float32 | float64] struct {
	Q                []T
	Outer, OuterStep int
	Inner, InnerStep int
}

// ConvGrad adds to the gradient of filters of height fh over one channel, and of their
// biases, from the gradient of the pooled map. It does, for the windows of the tables,
//
//	dw[row of tap][column of tap][f] += grad[f] * x[window + arg[f]'s position + tap]
//	db[f] += grad[f]
//
// where the position is the window's own, the next, the one below or both, or for an arg
// of NoGradient none. dw and db are d.W and d.Bias; windows of grad are d.Count apart.
func ConvGrad[T float32 | float64](l Lookup[T], t Tables[T], fh int, grad Pooled[T], d Filters[T]) {
	ConvGradFilters(0, d.Count, l, t, fh, grad, d)
}

// ConvGradFilters is ConvGrad of the filters from from up to to alone, multiples of Group.
func ConvGradFilters[T float32 | float64](from, to int, l Lookup[T], t Tables[T], fh int, grad Pooled[T], d Filters[T]) {
	windows := t.Outer * t.Inner
	if windows == 0 || from == to {
		return
	}
	_ = t.Q[(t.Outer-1)*t.OuterStep+(t.Inner-1)*t.InnerStep+l.last(fh)]
	_, _, _, _ = grad.Value[windows*d.Count-1], grad.Arg[windows*d.Count-1], d.W[fh*l.fw*d.Count-1], d.Bias[:d.Count][to-1]
	if k := gradsOf[T](); k.lanes > 0 {
		k.convGrad(from, to, l, t, fh, grad, d)
		return
	}
	convGradGo(from, to, l, t, fh, grad, d)
}

// last is the last number that the taps of a window look up, from its table on.
func (l Lookup[T]) last(fh int) int {
	switch l.Window {
	case 2:
		return fh*l.Row + l.fw
	case 16:
		return (l.fw-1)/maxGradColumns*l.block + (fh-1)*l.Row + 15
	}
	return (fh-1)*l.Row + 4*(l.fw-1) + 3
}

// PooledBiasGrad does, for a number of windows, db[f] += grad[f] unless
// arg[f] is NoGradient. The filters are a multiple of Group.
func PooledBiasGrad[T float32 | float64](windows, filters int, grad Pooled[T], db []T) {
	if windows == 0 {
		return
	}
	last := (windows-1)*grad.Step + filters - 1
	_, _, _ = grad.Value[last], grad.Arg[last], db[filters-1]
	k := gradsOf[T]()
	if k.bias == nil {
		biasGradGo(windows, grad, db[:filters])
		return
	}
	for f := 0; f < filters; f += k.lanes {
		k.bias(windows, &grad.Value[f], &grad.Arg[f], sizeOf[T]()*grad.Step, &db[f])
	}
}

// gradsOf returns those of the active variant.
func gradsOf[T float32 | float64]() *gradKernels[T] {
	return of[gradKernels[T]](&grads[active], &dgrads[active])
}

// gradKernel is ConvGrad for so many rows of a filter.
type gradKernel[T float32 | float64] struct {
	rows int
	run  func(rows, windows int, q *T, stepX, stepRow, stepQ int, grad *T, arg *uint8, stepG int, dw *T, stepDW, stepDWRow int, db *T)
}

// gradKernels are the gradients of a variant, for so many filters.
type gradKernels[T float32 | float64] struct {
	lanes    int
	rowPairs bool // how a Lookup lays the inputs out
	fill     func(l Lookup[T], x, q []T)
	bias     func(windows int, grad *T, arg *uint8, stepG int, db *T)
	tiles    [maxGradColumns + 1][]gradKernel[T] // for each number of columns, one row and more
}

// convGrad takes blocks of a filter's taps as registers hold their gradients.
func (k *gradKernels[T]) convGrad(from, to int, l Lookup[T], t Tables[T], fh int, grad Pooled[T], d Filters[T]) {
	fp, size := d.Count, sizeOf[T]()
	for f := from; f < to; f += k.lanes {
		bias := &d.Bias[f]
		for col, columns := 0, 0; col < l.fw; col += columns {
			columns = min(l.fw-col, maxGradColumns)
			for row := 0; row < fh; {
				tile := k.tiles[columns][0]
				if more := k.tiles[columns]; len(more) > 1 && fh-row >= more[1].rows {
					tile = more[1]
				}
				tile.run(t.Outer, t.Inner, &t.Q[col/maxGradColumns*l.block+row*l.Row], size*t.InnerStep, size*t.OuterStep, size*l.Row,
					&grad.Value[f], &grad.Arg[f], size*fp, &d.W[(row*l.fw+col)*fp+f], size*fp, size*fp*l.fw, bias)
				bias = nil
				row += tile.rows
			}
		}
	}
}
