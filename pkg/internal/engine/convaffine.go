package engine

import (
	"sync"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// convAffineOp is Convolution over one channel, Relu, 2x2 pooling and a wide Affine.
// A piece of its work is a row of the pooled map, of all samples, and the weights of
// the Affine that belong to it: what the convolution writes is read while it is still
// in the cache, and so is its gradient, of which no more than that is ever kept.
type convAffineOp[T ndarray.Float] struct {
	conv *convOp[T]
	wide *wideOp[T]

	row     int          // numbers in a row of the pooled map
	y       [][]T        // of each row in training: the pooled map, in chunks of samples, (windows, chunk, filters)
	arg     [][]uint8    // of each row in training: the places of the maxima, likewise
	gradT   [][]T        // of each row: the gradient of the Affine's weights, (windows, n, filters)
	packed  []bool       // of each row: its weights are in the form that the kernels want
	packing []sync.Mutex // of each row: held while they are brought into it

	mu   sync.Mutex
	free []*room[T]
}

// room is what a piece needs that nobody reads afterwards: in evaluation and on the way
// back. The one that was used last is used next: it is in a cache.
type room[T ndarray.Float] struct {
	y      []T     // the row in evaluation, or its gradient, (windows, chunk, filters)
	arg    []uint8 // likewise
	tables []T     // what the gradient of the filters looks up of each image
}

// chunkMost is how many samples at most are taken from one kernel to the next.
const chunkMost = 64

// newConvAffineOp returns the operation, or nil when the layers are not of that kind.
func newConvAffineOp[T ndarray.Float](conv *convOp[T], l *layers.Affine[T]) *convAffineOp[T] {
	if !conv.sparse() || conv.copies() || !isWide(l, conv.out) {
		return nil
	}
	o := &convAffineOp[T]{conv: conv, wide: newWideOp(l, conv.out), row: conv.out.width * conv.fp}
	o.wide.pieceRows = o.row
	o.packed, o.packing = make([]bool, o.rows()), make([]sync.Mutex, o.rows())
	return o
}

func (o *convAffineOp[T]) rows() int { return o.conv.out.height }

func (o *convAffineOp[T]) resize(n, parts int) {
	o.y, o.arg, o.gradT, o.free = make([][]T, o.rows()), make([][]uint8, o.rows()), nil, nil
	c := o.conv
	c.dw, c.db, o.wide.partial = nil, nil, nil
	chunk := min(n, chunkMost)
	for range o.rows() {
		o.gradT = append(o.gradT, make([]T, o.wide.n*o.row))
		c.dw = append(c.dw, make([]T, len(c.w)))
		c.db = append(c.db, make([]T, c.fp))
		o.wide.partial = append(o.wide.partial, make([]T, n*o.wide.n))
	}
	for range max(o.rows(), parts) {
		o.free = append(o.free, &room[T]{make([]T, chunk*o.row), make([]uint8, chunk*o.row), make([]T, chunk*c.lookup(1).Len)})
	}
}

func (o *convAffineOp[T]) take() *room[T] {
	o.mu.Lock()
	defer o.mu.Unlock()
	last := len(o.free) - 1
	r := o.free[last]
	o.free = o.free[:last]
	return r
}

func (o *convAffineOp[T]) give(r *room[T]) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.free = append(o.free, r)
}

// chunks calls f for a few samples of n at a time, about equally many.
func chunks(n int, f func(lo, hi int)) {
	count := (n + chunkMost - 1) / chunkMost
	each := ((n+count-1)/count + 3) / 4 * 4 // tiles of the products are four high
	for lo := 0; lo < n; lo += each {
		f(lo, min(lo+each, n))
	}
}

func (o *convAffineOp[T]) packPieces() int { return 1 }

// pack leaves the weights of the Affine to forwardWhole, which wants them in the cache.
func (o *convAffineOp[T]) pack(int) {
	o.conv.pack(0)
	clear(o.packed)
}

func (o *convAffineOp[T]) forwardPieces(bool) int { return o.rows() }

func (o *convAffineOp[T]) forwardWhole(row, first, last int, train bool) {
	o.packing[row].Lock()
	if !o.packed[row] {
		o.wide.pack(row)
		o.packed[row] = true
	}
	o.packing[row].Unlock()
	if need := last * o.row; train && len(o.y[row]) < need {
		o.y[row], o.arg[row] = make([]T, need), make([]uint8, need)
	}
	c, y, arg, apart := o.conv, o.y[row], o.arg[row], o.row
	if !train {
		r := o.take()
		defer o.give(r)
		y, arg, apart = r.y, r.arg, 0 // every chunk at the same place
	}
	chunks(last-first, func(lo, hi int) {
		lo, hi = first+lo, first+hi
		y, arg, panel := y[lo*apart:], arg[lo*apart:], (hi-lo)*c.fp
		for n := range hi - lo {
			windows := kernels.Windows[T]{X: c.in.of(lo+n, c.in.y)[2*row*c.width:], Right: 1, Down: c.width, Step: 2}
			kernels.ConvPool(c.out.width, c.taps, windows, kernels.Filters[T]{W: c.w, Bias: c.bias, Count: c.fp},
				kernels.Pooled[T]{Value: y[n*c.fp:], Arg: arg[n*c.fp:], Step: panel})
		}
		o.wide.product(hi-lo, row*c.out.width, c.out.width, 0, c.fp, y, c.fp, panel, o.wide.partial[row][lo*o.wide.n:], o.wide.n)
	})
}

func (o *convAffineOp[T]) forward(lo, hi, part int, train bool) { o.wide.forward(lo, hi, part, train) }

func (o *convAffineOp[T]) backwardPieces() int { return o.rows() }

func (o *convAffineOp[T]) backwardWhole(row, n int) {
	c, w := o.conv, o.wide
	r := o.take()
	clear(c.dw[row])
	clear(c.db[row])
	chunks(n, func(lo, hi int) {
		y, panel, dy := o.y[row][lo*o.row:], (hi-lo)*c.fp, w.out.dy[lo*w.out.step():]
		for p := range c.out.width {
			at := row*c.out.width + p
			kernels.Gemm(hi-lo, c.fp, w.n, strided(dy, w.out.step(), 1), matrix(w.wt[at*w.panelT:], w.rowT), matrix(r.y[p*panel:], c.fp), false)
			kernels.Gemm(w.n, c.fp, hi-lo, strided(dy, 1, w.out.step()), matrix(y[p*panel:], c.fp), matrix(o.gradT[row][p*w.panelT:], c.fp), lo > 0)
		}
		l := c.lookup(1)
		for n := range hi - lo {
			l.Fill(c.in.of(lo+n, c.in.y)[2*row*c.width:], r.tables[n*l.Len:])
		}
		kernels.ConvGrad(l, kernels.Tables[T]{Q: r.tables, Outer: c.out.width, OuterStep: l.Window, Inner: hi - lo, InnerStep: l.Len}, c.fh,
			kernels.Pooled[T]{Value: r.y, Arg: o.arg[row][lo*o.row:], Step: c.fp},
			kernels.Filters[T]{W: c.dw[row], Bias: c.db[row], Count: c.fp})
	})
	o.give(r)
	dw, positions := w.gradW.Data(), c.out.width
	blocks(positions, 0, w.filters, func(p, f, end int) {
		kernels.Transpose(w.n, end-f, matrix(o.gradT[row][p*w.panelT+f:], w.rowT),
			matrix(dw[(f*w.positions+row*positions+p)*w.n:], w.positions*w.n))
	})
	if row == 0 {
		w.biasGrad(n)
	}
}

func (o *convAffineOp[T]) backwardParts() bool { return false }

func (o *convAffineOp[T]) backward(lo, hi, part int) {}

func (o *convAffineOp[T]) finishPieces() int          { return o.conv.finishPieces() }
func (o *convAffineOp[T]) finish(piece, n, parts int) { o.conv.finish(piece, n, o.rows()) }

func (o *convAffineOp[T]) grads() []*ndarray.Array[T] {
	return append(o.conv.grads(), o.wide.grads()...)
}
