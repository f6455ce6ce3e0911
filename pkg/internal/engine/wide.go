package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
)

// wideOp is an Affine with so many weights that they do not stay in the cache while
// the parts of a batch pass. It cuts the weights instead of the batch: each piece of
// them is read once, for all samples.
type wideOp struct {
	*affineOp
	partial [][]float32 // of each piece: what it adds to the outputs, (samples, n)
}

const (
	wideWeights = 1 << 17 // from which on an Affine is wide: half a megabyte
	widePieces  = 12      // about as many: 1, 2, 3 and 4 processors have equal shares
)

func isWide(l *layers.Affine[float32], in *values) bool {
	return in.size()*l.W.Dim(1) >= wideWeights
}

func newWideOp(l *layers.Affine[float32], in *values) *wideOp {
	o := &wideOp{affineOp: newAffineOp(l, in, false)}
	o.pieceRows = kernels.RoundUp((o.rows + widePieces - 1) / widePieces)
	return o
}

func (o *wideOp) resize(n, parts int) {
	o.affineOp.resize(n, parts)
	o.partial = nil
	for range o.pieces() {
		o.partial = append(o.partial, make([]float32, n*o.n))
	}
}

func (o *wideOp) forwardPieces(bool) int { return o.pieces() }

func (o *wideOp) forwardWhole(piece, lo, hi int, train bool) {
	first, positions, from, to := o.span(piece)
	o.product(hi-lo, first, positions, from, to, o.in.y[lo*o.in.step()+first*o.stride+from:], o.in.step(), o.stride, o.partial[piece][lo*o.n:], o.n)
}

// forward adds up what the pieces computed.
func (o *wideOp) forward(lo, hi, part int, train bool) {
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

func (o *wideOp) backwardPieces() int { return o.pieces() }

func (o *wideOp) backwardWhole(piece, n int) {
	first, positions, from, to := o.span(piece)
	o.inputGrad(0, n, first, positions, from, to)
	o.affineOp.finish(piece, n, 0)
}

func (o *wideOp) backwardParts() bool { return false }

func (o *wideOp) backward(lo, hi, part int)  {}
func (o *wideOp) finishPieces() int          { return 0 }
func (o *wideOp) finish(piece, n, parts int) {}
