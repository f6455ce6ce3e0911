package kernels

// deepSize is the height and width of the filters of ConvGradDeep.
const deepSize = 3

// Map is a map of the given width with its channels last.
type Map[T float32 | float64] struct {
	Data            []T
	Width, Channels int
}

// deepPlaces are the places of a window's four positions, and one for none, in bytes.
type deepPlaces [NoGradient + 1]int

// deepKernels are those of a variant, with steps in bytes. filterGrad takes three vectors
// of so many lanes, inputGrad those filters whose bit is set.
type deepKernels[T float32 | float64] struct {
	lanes      int
	filterGrad func(filters, rows, windows int, x *T, places deepPlaces, stepX, stepRow, width int, grad *T, arg *uint8, stepG int, dw *T, stepDW, stepF int)
	inputGrad  func(rows, windows int, dx *T, stepC, width, stepX, stepRow int, grad *T, arg *uint8, stepG int, w *T, filters uint32)
}

// HasConvGradDeep says whether ConvGradDeep is quicker than a product over all positions:
// where it runs in vectors, or where nothing does.
func HasConvGradDeep[T float32 | float64]() bool {
	return convsOf[T]().row == nil || deepsOf[T]().filterGrad != nil
}

// HasInputGradDeep says the same of InputGradDeep and a convolution.
func HasInputGradDeep[T float32 | float64]() bool {
	return convsOf[T]().row == nil || deepsOf[T]().inputGrad != nil
}

// deepsOf returns those of the active variant.
func deepsOf[T float32 | float64]() *deepKernels[T] {
	return of[deepKernels[T]](&deeps[active], &ddeeps[active])
}

// ConvGradDeep adds to the gradient of 3x3 filters over many channels, from the
// gradient of the pooled map: over rows x windows, for each filter f,
//
//	dw[f][y][x][c] += grad[f] * input[p + (y, x)][c]
//
// where p is the window's own place, the next to the right, the one below, both, or
// none, for arg[f] from 0 to 4. The input's channels are a multiple of Group; a window
// is 2x2 and begins at an even row and column. grad has rows*windows windows, of which
// the first filters count; dw is (filters, 3, 3, channels). Only a quarter of the positions has a gradient: so
// many operations it takes, and no more.
func ConvGradDeep[T float32 | float64](rows, windows, filters int, input Map[T], grad Pooled[T], dw []T) {
	if rows == 0 || windows == 0 || filters == 0 {
		return
	}
	_ = input.Data[input.deepLen(rows, windows)-1]
	last := (rows*windows-1)*grad.Step + filters - 1
	_, _, _ = grad.Value[last], grad.Arg[last], dw[filters*deepSize*deepSize*input.Channels-1]
	if deepsOf[T]().filterGrad == nil {
		convGradDeepGo(rows, windows, filters, input, grad, dw)
		return
	}
	convGradDeep(rows, windows, filters, input, grad, dw)
}

// deepLen is how many numbers of the map the taps of so many windows reach.
func (m Map[T]) deepLen(rows, windows int) int {
	return ((2*rows+deepSize-2)*m.Width + 2*windows + deepSize - 1) * m.Channels
}

// deepBlock is how many bytes of the input convGradDeep takes at a time: they stay in
// the first cache while all filters pass over them.
const deepBlock = 28 << 10

// convGradDeep takes three vectors of each row of a filter at a time: a row is
// three columns of channels, and those are a multiple of a vector.
func convGradDeep[T float32 | float64](rows, windows, filters int, input Map[T], grad Pooled[T], dw []T) {
	k, size, channels, width := deepsOf[T](), sizeOf[T](), input.Channels, input.Width*input.Channels
	places := deepPlaces{0, size * channels, size * width, size * (width + channels), 0}
	run, stepRow := deepSize*channels, 2*width
	blocks := (size*rows*stepRow + deepBlock - 1) / deepBlock
	most := (rows + blocks - 1) / blocks
	for row := 0; row < rows; row += most {
		count, from, at := min(most, rows-row), input.Data[row*stepRow:], row*windows*grad.Step
		for i := 0; i < run; i += deepSize * k.lanes {
			k.filterGrad(filters, count, windows, &from[i], places, 2*size*channels, size*stepRow, size*width,
				&grad.Value[at], &grad.Arg[at], size*grad.Step, &dw[i], size*run, size*deepSize*run)
		}
	}
}

// InputGradDeep adds to the gradient of the input of 3x3 filters over many channels,
// from the gradient of the pooled map: over rows x windows, for each filter f,
//
//	dx[p + (y, x)][c] += grad[f] * w[f][y][x][c]
//
// where p is the window's position that arg[f] names, as in ConvGradDeep. dx has
// a multiple of Group channels; w is in blocks of Group of them,
// (channels/Group, filters, 3, 3, Group).
func InputGradDeep[T float32 | float64](rows, windows, filters int, dx Map[T], grad Pooled[T], w []T) {
	if rows == 0 || windows == 0 || filters == 0 {
		return
	}
	_ = dx.Data[dx.deepLen(rows, windows)-1]
	last := (rows*windows-1)*grad.Step + filters - 1
	_, _, _ = grad.Value[last], grad.Arg[last], w[filters*deepSize*deepSize*dx.Channels-1]
	if deepsOf[T]().inputGrad == nil {
		inputGradDeepGo(rows, windows, filters, dx, grad, w)
		return
	}
	inputGradDeep(rows, windows, filters, dx, grad, w)
}

// inputGradFilters is how many filters inputGradDeep takes at most: their weights over
// one vector of channels stay in the first cache.
const inputGradFilters = 32

func inputGradDeep[T float32 | float64](rows, windows, filters int, dx Map[T], grad Pooled[T], w []T) {
	run, step, row := deepsOf[T]().inputGrad, dx.Channels, dx.Width*dx.Channels
	size := sizeOf[T]()
	lanes := deepsOf[T]().lanes
	for c := 0; c < dx.Channels; c += lanes {
		block := c / Group * Group
		for f := 0; f < filters; f += inputGradFilters {
			some := uint32(1)<<min(inputGradFilters, filters-f) - 1
			run(rows, windows, &dx.Data[c], size*step, size*row, 2*size*step, 2*size*row,
				&grad.Value[f], &grad.Arg[f], size*grad.Step, &w[(block*filters+f*Group)*deepSize*deepSize+c-block], some)
		}
	}
}
