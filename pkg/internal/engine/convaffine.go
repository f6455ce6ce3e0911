package engine

import (
	"sync"
	"sync/atomic"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// convAffineOp is Convolution over one channel, Relu, 2x2 pooling and a wide Affine.
// A piece of its work is a row of the pooled map and the weights of the Affine that belong
// to it: what the convolution writes is read while it is still in the cache, and so is its
// gradient, of which no more than that is ever kept. Forward, a piece is of some samples;
// backward, of some filters for the gradient of the convolution, and of some positions for
// that of the Affine. No sum is cut.
type convAffineOp[T ndarray.Float] struct {
	noSums
	conv *convOp[T]
	wide *wideOp[T]

	row    int       // numbers in a row of the pooled map
	y      [][]T     // of each row in training: the pooled map, in chunks of samples, (windows, chunk, filters)
	arg    [][]uint8 // of each row in training: the places of the maxima, likewise
	packed [][]once  // of each row: blocks of its weights in the form that the kernels want

	rowRooms  *rooms[T]     // in evaluation: for the row of some samples, likewise
	argRooms  *rooms[uint8] // likewise
	gradRooms *rooms[T]     // for the gradient of the row of a chunk, likewise
	tables    *rooms[T]     // for what the gradient of the filters looks up of each image of a chunk
	gradT     *rooms[T]     // for the gradient of the Affine's weights at some positions, (positions, n, filters)
}

// once is something that the first does who needs it.
type once struct {
	mu   sync.Mutex
	done atomic.Bool
}

const (
	chunkMost         = 64 // samples at most that are added up together
	forwardSamples    = 28 // and those of them in a piece of the way forward
	backwardFilters   = 4 * kernels.Group
	backwardPositions = 4
)

// newConvAffineOp returns the operation, or nil when the layers are not of that kind.
func newConvAffineOp[T ndarray.Float](conv *convOp[T], l *layers.Affine[T]) *convAffineOp[T] {
	if !conv.sparse() || conv.copies() || !isWide(l, conv.out) {
		return nil
	}
	o := &convAffineOp[T]{conv: conv, wide: newWideOp(l, conv.out), row: conv.out.width * conv.fp}
	o.wide.pieceRows = o.row
	o.packed = make([][]once, o.rows())
	for row := range o.packed {
		o.packed[row] = make([]once, packBlocks(o.wide.filters))
	}
	o.rowRooms, o.argRooms = newRooms[T](forwardSamples*o.row), newRooms[uint8](forwardSamples*o.row)
	o.gradRooms = newRooms[T](chunkMost * o.row)
	o.tables, o.gradT = newRooms[T](chunkMost*conv.lookup(1).Len), newRooms[T](backwardPositions*o.wide.panelT)
	return o
}

func (o *convAffineOp[T]) rows() int { return o.conv.out.height }

func (o *convAffineOp[T]) resize(n, parts int) {
	o.wide.partial = nil
	for range o.rows() {
		o.wide.partial = append(o.wide.partial, make([]T, n*o.wide.n))
	}
}

func (o *convAffineOp[T]) resizeGradient(n, parts int) {
	o.y, o.arg = nil, nil
	for range o.rows() {
		o.y, o.arg = append(o.y, make([]T, n*o.row)), append(o.arg, make([]uint8, n*o.row))
	}
	o.conv.resizeGradient(n, o.rows())
}

func (o *convAffineOp[T]) packPieces() int { return o.conv.packPieces() }

// pack leaves the weights of the Affine to forwardWhole, which wants them in the cache.
func (o *convAffineOp[T]) pack(piece int) {
	o.conv.pack(piece)
	if piece > 0 {
		return
	}
	for row := range o.packed {
		for block := range o.packed[row] {
			o.packed[row][block].done.Store(false)
		}
	}
}

// packBlocks is into how many blocks filters are cut to be packed, and packBlock which ones
// are in one of them. The last block has those that are left over as well: on their own they
// would be fewer than the kernels transpose.
func packBlocks(filters int) int { return max(filters/kernels.Group, 1) }

func packBlock(filters, block int) (from, to int) {
	if from = block * kernels.Group; block == packBlocks(filters)-1 {
		return from, filters
	}
	return from, from + kernels.Group
}

// packRow brings the weights of a row into the form that the kernels want, unless that was
// done. Those who come at the same time begin at different places.
func (o *convAffineOp[T]) packRow(row, begin int) {
	packed, width := o.packed[row], o.conv.out.width
	for i := range packed {
		block := (begin + i) % len(packed)
		p := &packed[block]
		if p.done.Load() {
			continue
		}
		p.mu.Lock()
		if !p.done.Load() {
			from, to := packBlock(o.wide.filters, block)
			o.wide.packSpan(row*width, width, from, to)
			p.done.Store(true)
		}
		p.mu.Unlock()
	}
}

// each calls f with the pieces of n samples: samples lo to hi of the chunk from first to last.
func (o *convAffineOp[T]) each(n int, f func(first, last, lo, hi int)) {
	chunks(n, chunkMost, func(first, last int) {
		chunks(last-first, forwardSamples, func(lo, hi int) { f(first, last, first+lo, first+hi) })
	})
}

func (o *convAffineOp[T]) countPieces(n int) (count int) {
	o.each(n, func(_, _, _, _ int) { count++ })
	return count
}

// rowPieces returns how many pieces in a row share a row's weights, or the gradient of them.
func (o *convAffineOp[T]) rowPieces(n int, backward bool) int {
	if backward {
		return o.weightPieces()
	}
	return o.countPieces(n)
}

func (o *convAffineOp[T]) forwardPieces(n int, train bool) int {
	if !train {
		return o.rows()
	}
	return o.rows() * o.countPieces(n)
}

func (o *convAffineOp[T]) forwardWhole(piece, first, last int, train bool) {
	if !train {
		y, arg := o.rowRooms.take(), o.argRooms.take()
		o.packRow(piece, 0)
		chunks(last-first, forwardSamples, func(lo, hi int) { o.forwardRow(piece, first+lo, first+hi, (hi-lo)*o.conv.fp, y, arg) })
		o.rowRooms.give(y)
		o.argRooms.give(arg)
		return
	}
	count := o.countPieces(last - first)
	row, wanted := piece/count, piece%count
	o.packRow(row, wanted)
	o.each(last-first, func(first, last, lo, hi int) {
		if wanted == 0 {
			at := first*o.row + (lo-first)*o.conv.fp
			o.forwardRow(row, lo, hi, (last-first)*o.conv.fp, o.y[row][at:], o.arg[row][at:])
		}
		wanted--
	})
}

// forwardRow takes samples lo to hi through a row, whose windows are panel numbers apart
// in y and arg.
func (o *convAffineOp[T]) forwardRow(row, lo, hi, panel int, y []T, arg []uint8) {
	c := o.conv
	for n := range hi - lo {
		windows := kernels.Windows[T]{X: c.in.of(lo+n, c.in.y)[2*row*c.width:], Right: 1, Down: c.width, Step: 2}
		kernels.ConvPool(c.out.width, c.taps, windows, kernels.Filters[T]{W: c.w, Bias: c.bias, Count: c.fp},
			kernels.Pooled[T]{Value: y[n*c.fp:], Arg: arg[n*c.fp:], Step: panel})
	}
	o.wide.product(hi-lo, row*c.out.width, c.out.width, 0, c.fp, y, c.fp, panel, o.wide.partial[row][lo*o.wide.n:], o.wide.n)
}

func (o *convAffineOp[T]) forward(lo, hi, part int, train bool) { o.wide.forward(lo, hi, part, train) }

// filterPieces and weightPieces are how many pieces a row has on the way back.
func (o *convAffineOp[T]) filterPieces() int {
	return (o.conv.fp + backwardFilters - 1) / backwardFilters
}

func (o *convAffineOp[T]) weightPieces() int {
	return (o.conv.out.width + backwardPositions - 1) / backwardPositions
}

func (o *convAffineOp[T]) backwardPieces(int) int {
	return o.rows() * (o.filterPieces() + o.weightPieces())
}

// backwardWhole begins with the gradients of the filters, which take longer.
func (o *convAffineOp[T]) backwardWhole(piece, n int) {
	if count := o.filterPieces(); piece < o.rows()*count {
		from := piece % count * backwardFilters
		o.filterGrad(piece/count, from, min(from+backwardFilters, o.conv.fp), n)
		return
	}
	piece -= o.rows() * o.filterPieces()
	if piece == 0 {
		o.wide.biasGrad(n)
	}
	count := o.weightPieces()
	from := piece % count * backwardPositions
	o.weightGrad(piece/count, from, min(from+backwardPositions, o.conv.out.width), n)
}

// filterGrad computes what a row adds to the gradient of some filters of the convolution.
func (o *convAffineOp[T]) filterGrad(row, from, to, n int) {
	c, w := o.conv, o.wide
	dw, db := c.dw[row], c.db[row]
	for tap := range c.taps.Len() {
		clear(dw[tap*c.fp+from : tap*c.fp+to])
	}
	clear(db[from:to])
	y, tables := o.gradRooms.take(), o.tables.take()
	chunks(n, chunkMost, func(lo, hi int) {
		panel, dy := (hi-lo)*c.fp, w.out.dy[lo*w.out.step():]
		kernels.Gemms(c.out.width, hi-lo, to-from, w.n, strided(dy, w.out.step(), 1),
			kernels.Panels[T]{Data: w.wt[row*c.out.width*w.panelT+from:], Row: w.rowT, Panel: w.panelT},
			kernels.Panels[T]{Data: y[from:], Row: c.fp, Panel: panel}, false)
		l := c.lookup(1)
		for n := range hi - lo {
			l.Fill(c.in.of(lo+n, c.in.y)[2*row*c.width:], tables[n*l.Len:])
		}
		kernels.ConvGradFilters(from, to, l, kernels.Tables[T]{Q: tables, Outer: c.out.width, OuterStep: l.Window, Inner: hi - lo, InnerStep: l.Len}, c.fh,
			kernels.Pooled[T]{Value: y, Arg: o.arg[row][lo*o.row:], Step: c.fp},
			kernels.Filters[T]{W: dw, Bias: db, Count: c.fp})
	})
	o.gradRooms.give(y)
	o.tables.give(tables)
}

// weightGrad computes the gradient of the Affine's weights at some positions of a row.
func (o *convAffineOp[T]) weightGrad(row, from, to, n int) {
	c, w := o.conv, o.wide
	gradT := o.gradT.take()
	chunks(n, chunkMost, func(lo, hi int) {
		y, panel, dy := o.y[row][lo*o.row:], (hi-lo)*c.fp, w.out.dy[lo*w.out.step():]
		kernels.Gemms(to-from, w.n, c.fp, hi-lo, strided(dy, 1, w.out.step()),
			kernels.Panels[T]{Data: y[from*panel:], Row: c.fp, Panel: panel}, kernels.Panels[T]{Data: gradT, Row: c.fp, Panel: w.panelT}, lo > 0)
	})
	dw, positions := w.gradW.Data(), c.out.width
	blocks(to-from, 0, w.filters, func(p, f, end int) {
		kernels.Transpose(w.n, end-f, matrix(gradT[p*w.panelT+f:], w.rowT),
			matrix(dw[(f*w.positions+row*positions+from+p)*w.n:], w.positions*w.n))
	})
	o.gradT.give(gradT)
}

func (o *convAffineOp[T]) backwardParts() bool { return false }

func (o *convAffineOp[T]) backward(lo, hi, part int) {}

func (o *convAffineOp[T]) finishPieces() int          { return o.conv.finishPieces() }
func (o *convAffineOp[T]) finish(piece, n, parts int) { o.conv.finish(piece, n, o.rows()) }

func (o *convAffineOp[T]) grads() []*ndarray.Array[T] {
	return append(o.conv.grads(), o.wide.grads()...)
}
