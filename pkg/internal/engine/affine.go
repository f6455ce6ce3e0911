package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// affineOp is Affine, with Relu where it follows. Row f*positions + p of the
// class's weights belongs to filter f at position p; here the row is
// p*stride + f, as the values stand in memory.
type affineOp struct {
	layer   *layers.Affine[float32]
	relu    bool
	in, out *values

	positions, filters, stride int // of the input; one position where the order is the class's
	rows                       int // positions * stride
	n                          int // columns of the weights

	w  []float32 // (rows, n)
	wt []float32 // (n, rows)

	gradW, gradB *ndarray.Array[float32]
}

func newAffineOp(l *layers.Affine[float32], in *values, relu bool) *affineOp {
	o := &affineOp{layer: l, relu: relu, in: in, n: l.W.Dim(1),
		positions: in.height * in.width, filters: in.filters, stride: in.stride}
	if in.input {
		o.positions, o.filters, o.stride = 1, in.size(), in.size()
	}
	o.rows = o.positions * o.stride
	o.out = &values{height: 1, width: 1, filters: o.n, stride: o.n}
	o.w = make([]float32, o.rows*o.n)
	if !in.input {
		o.wt = make([]float32, o.rows*o.n)
	}
	o.gradW, o.gradB = ndarray.Zeros[float32](l.W.Shape()...), ndarray.Zeros[float32](o.n)
	return o
}

func (o *affineOp) resize(n, parts int) { o.in.resize(n) }

// pieceRows is about how many rows of the weights make a piece of work.
const pieceRows = 512

// pieces cuts the rows of the weights: positions where there are several, else
// the rows of the only one.
func (o *affineOp) pieces() int {
	if o.positions > 1 {
		per := o.piecePositions()
		return (o.positions + per - 1) / per
	}
	return (o.filters + pieceRows - 1) / pieceRows
}

func (o *affineOp) piecePositions() int { return max(1, pieceRows/o.stride) }

// each calls f for the stretches of filters of one position that make a piece.
func (o *affineOp) each(piece int, f func(position, from, to int)) {
	if o.positions == 1 {
		f(0, piece*pieceRows, min((piece+1)*pieceRows, o.filters))
		return
	}
	per := o.piecePositions()
	for p := piece * per; p < min((piece+1)*per, o.positions); p++ {
		f(p, 0, o.filters)
	}
}

func (o *affineOp) packPieces() int { return o.pieces() }

func (o *affineOp) pack(piece int) {
	w, n := o.layer.W.Data(), o.n
	o.each(piece, func(p, from, to int) {
		for f := from; f < to; f++ {
			copy(o.w[(p*o.stride+f)*n:(p*o.stride+f+1)*n], w[(f*o.positions+p)*n:])
		}
		if o.wt == nil {
			return
		}
		at := p*o.stride + from
		rows := o.w[at*n : (p*o.stride+to)*n]
		for j := range n {
			row := o.wt[j*o.rows+at : j*o.rows+p*o.stride+to]
			for f := range row {
				row[f] = rows[f*n+j]
			}
		}
	})
}

func (o *affineOp) forward(lo, hi, part int, train bool) {
	y := o.out.y[lo*o.n : hi*o.n]
	kernels.Gemm(hi-lo, o.n, o.rows, o.in.y[lo*o.in.size():], o.in.size(), 1, o.w, o.n, y, o.n, false)
	for ; len(y) > 0; y = y[o.n:] {
		for j, b := range o.layer.B.Data() {
			v := y[j] + b
			if o.relu && v <= 0 {
				v = 0
			}
			y[j] = v
		}
	}
}

func (o *affineOp) backward(lo, hi, part int) {
	dy := o.out.dy[lo*o.n : hi*o.n]
	if o.relu {
		for i, v := range o.out.y[lo*o.n : hi*o.n] {
			if v == 0 {
				dy[i] = 0
			}
		}
	}
	if o.wt != nil {
		kernels.Gemm(hi-lo, o.rows, o.n, dy, o.n, 1, o.wt, o.rows, o.in.dy[lo*o.in.size():], o.in.size(), false)
	}
}

func (o *affineOp) finishPieces() int { return o.pieces() }

func (o *affineOp) finish(piece, n, parts int) {
	dw, size := o.gradW.Data(), o.in.size()
	o.each(piece, func(p, from, to int) {
		kernels.Gemm(to-from, o.n, n, o.in.y[p*o.stride+from:], 1, size, o.out.dy, o.n,
			dw[(from*o.positions+p)*o.n:], o.positions*o.n, false)
	})
	if piece == 0 {
		kernels.Gemm(1, o.n, n, ones, 0, 0, o.out.dy, o.n, o.gradB.Data(), o.n, false)
	}
}

func (o *affineOp) grads() []*ndarray.Array[float32] {
	return []*ndarray.Array[float32]{o.gradW, o.gradB}
}
