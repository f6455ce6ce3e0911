package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// wideOp is an Affine with so many weights that they do not stay in the cache while
// the parts of a batch pass. It cuts the weights instead of the batch, and then the
// samples for each piece of them, which is read by few processors.
type wideOp[T ndarray.Float] struct {
	*affineOp[T]
	partial [][]T // of each piece of the weights: what it adds to the outputs, (samples, n)
}

const (
	wideWeights = 1 << 17 // from which on an Affine is wide: half a megabyte
	widePieces  = 12      // about as many: 1, 2, 3 and 4 processors have equal shares
)

func isWide[T ndarray.Float](l *layers.Affine[T], in *values[T]) bool {
	return in.size()*l.W.Dim(1) >= wideWeights
}

func newWideOp[T ndarray.Float](l *layers.Affine[T], in *values[T]) *wideOp[T] {
	o := &wideOp[T]{affineOp: newAffineOp(l, in, false)}
	o.pieceRows = kernels.RoundUp((o.rows + widePieces - 1) / widePieces)
	return o
}

func (o *wideOp[T]) resize(n, parts int) {
	o.affineOp.resize(n, parts)
	o.partial = nil
	for range o.pieces() {
		o.partial = append(o.partial, make([]T, n*o.n))
	}
}

func (o *wideOp[T]) forwardPieces(n int, train bool) int {
	if !train {
		return o.pieces()
	}
	return o.pieces() * countChunks(n, chunkMost)
}

func (o *wideOp[T]) forwardWhole(piece, lo, hi int, train bool) {
	if train {
		count := countChunks(hi-lo, chunkMost)
		from, to := chunk(hi-lo, chunkMost, piece%count)
		piece, lo, hi = piece/count, lo+from, lo+to
	}
	first, positions, from, to := o.span(piece)
	o.product(hi-lo, first, positions, from, to, o.in.y[lo*o.in.step()+first*o.stride+from:], o.in.step(), o.stride, o.partial[piece][lo*o.n:], o.n)
}

// forward adds up what the pieces computed.
func (o *wideOp[T]) forward(lo, hi, part int, train bool) {
	for n := lo; n < hi; n++ {
		y := o.out.of(n, o.out.y)
		copy(y, o.layer.B.Data())
		for _, partial := range o.partial {
			for j, v := range partial[n*o.n : (n+1)*o.n] {
				y[j] += v
			}
		}
	}
}

// backwardPieces are the gradients of the input, and those of the weights.
func (o *wideOp[T]) backwardPieces(int) int { return 2 * o.pieces() }

func (o *wideOp[T]) backwardWhole(piece, n int) {
	if weights := piece - o.pieces(); weights >= 0 {
		o.affineOp.finish(weights, n, 0)
		return
	}
	first, positions, from, to := o.span(piece)
	o.inputGrad(0, n, first, positions, from, to)
}

func (o *wideOp[T]) backwardParts() bool { return false }

func (o *wideOp[T]) backward(lo, hi, part int)  {}
func (o *wideOp[T]) finishPieces() int          { return 0 }
func (o *wideOp[T]) finish(piece, n, parts int) {}
