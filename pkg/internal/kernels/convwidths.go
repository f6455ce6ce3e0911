//go:build (amd64 || arm64) && !purego

package kernels

// convPoolKernel is convPool for a number of filters, with steps in bytes.
type convPoolKernel[T float32 | float64] func(windows, taps int, offsets *int32, x *T, right, down, stepX int, w *T, stepW int, bias, out *T, arg *uint8, stepOut int)

// convRowKernel is convRow for a number of filters and groups of some positions.
type convRowKernel[T float32 | float64] func(groups, taps int, offsets *int32, x *T, stepX int, w *T, stepW int, bias, out *T, stepOut int, relu bool)

// convWidth are the kernels that take so many filters. pairs, row8 and those of 3x3
// filters are only where the registers hold what they need.
type convWidth[T float32 | float64] struct {
	filters    int
	pool       convPoolKernel[T]
	row1, row4 convRowKernel[T]
	pairs      convPoolKernel[T] // two windows at a time
	row8       convRowKernel[T]
	squarePool func(windows int, t Taps, x Windows[T], w Filters[T], out Pooled[T])
	squareRow  func(n int, t Taps, x Matrix[T], w Filters[T], out Matrix[T], relu bool)
}

// The fewest windows, and positions, that the kernels of 3x3 filters take.
const (
	leastSquareWindows = 3
	leastSquareColumns = 8
)

// nextWidth returns the kernels that take the next of the filters that are left.
func nextWidth[T float32 | float64](left int) *convWidth[T] {
	all := *of[[]convWidth[T]](&convWidths[active], &dconvWidths[active])
	for i := range all {
		if left >= all[i].filters {
			return &all[i]
		}
	}
	return &all[len(all)-1]
}

// from leaves out the first f filters.
func (w Filters[T]) from(f int) Filters[T] { return Filters[T]{w.W[f:], w.Bias[f:], w.Count} }

func (p Pooled[T]) from(f int) Pooled[T] { return Pooled[T]{p.Value[f:], p.Arg[f:], p.Step} }

// square says whether the filters are those that the kernels of 3x3 filters take.
func (t Taps) square() bool { return t.fh == 3 && t.fw == 3 }

func convPool[T float32 | float64](windows int, t Taps, x Windows[T], w Filters[T], out Pooled[T]) {
	var k *convWidth[T]
	size := sizeOf[T]()
	for f := 0; f < w.Count; f += k.filters {
		k = nextWidth[T](w.Count - f)
		if k.squarePool != nil && t.square() && windows >= leastSquareWindows && x.Right == t.stepX && x.Down == t.stepY && x.Step == 2*x.Right {
			k.squarePool(windows, t, x, w.from(f), out.from(f))
			continue
		}
		// Two windows at a time where registers hold them, then the last one.
		pairs := 0
		if k.pairs != nil {
			pairs = windows / 2 * 2
		}
		if pairs > 0 {
			k.pairs(pairs, t.Len(), &t.offsets[0], &x.X[0], size*x.Right, size*x.Down, size*x.Step,
				&w.W[f], size*w.Count, &w.Bias[f], &out.Value[f], &out.Arg[f], size*out.Step)
		}
		if pairs < windows {
			at := pairs*out.Step + f
			k.pool(windows-pairs, t.Len(), &t.offsets[0], &x.X[pairs*x.Step], size*x.Right, size*x.Down, size*x.Step,
				&w.W[f], size*w.Count, &w.Bias[f], &out.Value[at], &out.Arg[at], size*out.Step)
		}
	}
}

// convRow takes as many positions at a time as it can. What is left over at the end
// of a row is taken together with positions before it, which are computed again.
func convRow[T float32 | float64](n int, t Taps, x Matrix[T], w Filters[T], out Matrix[T], relu bool) {
	var k *convWidth[T]
	size := sizeOf[T]()
	for f := 0; f < w.Count; f += k.filters {
		k = nextWidth[T](w.Count - f)
		if k.squareRow != nil && t.square() && n >= leastSquareColumns && x.Row == t.stepX {
			k.squareRow(n, t, x, w.from(f), Matrix[T]{out.Data[f:], out.Row}, relu)
			continue
		}
		for from, left := 0, n; left > 0; {
			positions, run := 1, k.row1
			switch {
			case k.row8 != nil && n >= 8 && left > 4:
				positions, run = 8, k.row8
			case n >= 4:
				positions, run = 4, k.row4
			}
			groups := max(left/positions, 1)
			at := min(from, n-positions)
			run(groups, t.Len(), &t.offsets[0], &x.Data[at*x.Row], size*x.Row, &w.W[f], size*w.Count, &w.Bias[f],
				&out.Data[at*out.Row+f], size*out.Row, relu)
			from += groups * positions
			left -= groups * positions
		}
	}
}
