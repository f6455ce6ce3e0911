package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// affineOp is Affine, with Relu where it follows. Row f*positions + p of the
// class's weights belongs to filter f at position p; here the row is
// p*stride + f, as the values stand in memory.
type affineOp[T ndarray.Float] struct {
	noSums
	layer   *layers.Affine[T]
	relu    bool
	in, out *values[T]

	positions, filters, stride int // of the input; one position where the order is the class's
	rows                       int // positions * stride
	n                          int // columns of the weights

	w            []T // (rows, n), where the kernels have no product with a transpose
	wt           []T // in panels of a position: (positions, n, stride)
	rowT, panelT int // how far rows and panels of wt are apart

	pieceRows int   // about how many rows of the weights make a piece of work
	near      [][]T // of each piece: the input of one position, (samples, filters)
	gradT     [][]T // of each piece: the gradient of its weights, (positions, n, filters)

	ones         []T // one that stands in for the samples where a sum over them is wanted
	gradW, gradB *ndarray.Array[T]
}

func newAffineOp[T ndarray.Float](l *layers.Affine[T], in *values[T], relu bool) *affineOp[T] {
	o := &affineOp[T]{layer: l, relu: relu, in: in, n: l.W.Dim(1), pieceRows: 512, ones: []T{1},
		positions: in.height * in.width, filters: in.filters, stride: in.stride}
	if in.input || in.stride == 1 {
		o.positions, o.filters, o.stride = 1, in.size(), in.size()
	}
	o.rows = o.positions * o.stride
	o.out = &values[T]{height: 1, width: 1, filters: o.n, stride: o.n}
	o.rowT = o.stride
	if o.positions == 1 {
		// Rows that are a power of two apart would fall on the same lines of the cache.
		o.rowT += kernels.Group
	}
	o.panelT = o.n * o.rowT
	o.w, o.wt = make([]T, o.rows*o.n), make([]T, o.positions*o.panelT)
	o.gradW, o.gradB = ndarray.Zeros[T](l.W.Shape()...), ndarray.Zeros[T](o.n)
	return o
}

func (o *affineOp[T]) resize(n, parts int) {
	o.in.resize(n)
}

func (o *affineOp[T]) resizeGradient(n, parts int) {
	o.near, o.gradT = nil, nil
	filters, positions := min(o.filters, o.pieceRows), 1
	if o.positions > 1 {
		filters, positions = o.filters, o.piecePositions()
	}
	for range o.pieces() {
		o.near = append(o.near, make([]T, n*filters))
		o.gradT = append(o.gradT, make([]T, positions*o.n*filters))
	}
}

// pieces cuts the rows of the weights: positions where there are several, else
// the rows of the only one.
func (o *affineOp[T]) pieces() int {
	if o.positions > 1 {
		per := o.piecePositions()
		return (o.positions + per - 1) / per
	}
	return (o.filters + o.pieceRows - 1) / o.pieceRows
}

func (o *affineOp[T]) piecePositions() int { return max(1, o.pieceRows/o.stride) }

// span returns what a piece consists of: some filters of some positions.
func (o *affineOp[T]) span(piece int) (position, positions, from, to int) {
	if o.positions == 1 {
		return 0, 1, piece * o.pieceRows, min((piece+1)*o.pieceRows, o.filters)
	}
	per := o.piecePositions()
	return piece * per, min(per, o.positions-piece*per), 0, o.filters
}

// blocks calls f for a few filters at a time, position by position. In the class's
// order the positions of a filter are neighbours: few filters at a time are few
// places in memory, each read or written from end to end. The last ones may have been
// among those before: squares of a transpose are as wide as a group.
func blocks(positions, from, to int, f func(position, from, to int)) {
	for begin := from; begin < to; begin += kernels.Group {
		end := min(begin+kernels.Group, to)
		for p := range positions {
			f(p, max(from, end-kernels.Group), end)
		}
	}
}

func (o *affineOp[T]) packPieces() int { return o.pieces() }

func (o *affineOp[T]) pack(piece int) {
	o.packSpan(o.span(piece))
}

// packSpan does so for some filters of some positions.
func (o *affineOp[T]) packSpan(first, positions, from, to int) {
	w, n := o.layer.W.Data(), o.n
	blocks(positions, from, to, func(p, from, to int) {
		p += first
		if !kernels.HasGemmT[T]() {
			for f := from; f < to; f++ {
				copy(o.w[(p*o.stride+f)*n:(p*o.stride+f+1)*n], w[(f*o.positions+p)*n:])
			}
		}
		kernels.Transpose(to-from, n, matrix(w[(from*o.positions+p)*n:], o.positions*n),
			matrix(o.wt[p*o.panelT+from:], o.rowT))
	})
}

func (o *affineOp[T]) forward(lo, hi, part int, train bool) {
	y, step := o.out.y[lo*o.out.step():], o.out.step()
	o.product(hi-lo, 0, o.positions, 0, o.stride, o.in.y[lo*o.in.step():], o.in.step(), o.stride, y, step)
	for range hi - lo {
		for j, b := range o.layer.B.Data() {
			v := y[j] + b
			if o.relu && v <= 0 {
				v = 0
			}
			y[j] = v
		}
		y = y[min(step, len(y)):]
	}
}

// product multiplies n samples of x by the weights of some positions, from filter from
// up to filter to. x has that part of the samples, whose positions are panelX apart.
func (o *affineOp[T]) product(n, first, positions, from, to int, x []T, stepX, panelX int, y []T, stepY int) {
	switch {
	case !kernels.HasGemmT[T]():
		for p := range positions {
			kernels.Gemm(n, o.n, to-from, strided(x[p*panelX:], stepX, 1), matrix(o.w[((first+p)*o.stride+from)*o.n:], o.n), matrix(y, stepY), p > 0)
		}
	case positions > 1:
		kernels.GemmTPanels(n, o.n, positions, o.stride,
			kernels.Panels[T]{Data: x, Row: stepX, Panel: panelX}, kernels.Panels[T]{Data: o.wt[first*o.panelT:], Row: o.rowT, Panel: o.panelT},
			matrix(y, stepY), false)
	default:
		kernels.GemmT(n, o.n, to-from, matrix(x, stepX), matrix(o.wt[first*o.panelT+from:], o.rowT), matrix(y, stepY), false)
	}
}

func (o *affineOp[T]) backward(lo, hi, part int) {
	if o.relu {
		for n := lo; n < hi; n++ {
			dy := o.out.of(n, o.out.dy)
			for i, v := range o.out.of(n, o.out.y) {
				if v == 0 {
					dy[i] = 0
				}
			}
		}
	}
	o.inputGrad(lo, hi, 0, o.positions, 0, o.stride)
}

// inputGrad computes the gradient of some positions and filters of the input, of
// samples lo to hi.
func (o *affineOp[T]) inputGrad(lo, hi, first, positions, from, to int) {
	if o.in.input {
		return
	}
	for p := first; p < first+positions; p++ {
		kernels.Gemm(hi-lo, to-from, o.n, strided(o.out.dy[lo*o.out.step():], o.out.step(), 1),
			matrix(o.wt[p*o.panelT+from:], o.rowT), matrix(o.in.dy[lo*o.in.step()+p*o.stride+from:], o.in.step()), false)
	}
}

func (o *affineOp[T]) finishPieces() int { return o.pieces() }

// finish computes the gradient of some weights as its transpose, whose rows are as
// long as a position has filters: vectors fit those better than the columns of the
// weights.
func (o *affineOp[T]) finish(piece, n, parts int) {
	dw, step := o.gradW.Data(), o.out.step()
	first, positions, from, to := o.span(piece)
	filters := to - from
	near, gradT := o.near[piece], o.gradT[piece]
	for p := range positions {
		for i := range n {
			copy(near[i*filters:(i+1)*filters], o.in.y[i*o.in.step()+(first+p)*o.stride+from:])
		}
		kernels.Gemm(o.n, filters, n, strided(o.out.dy, 1, step), matrix(near, filters), matrix(gradT[p*o.n*filters:], filters), false)
	}
	blocks(positions, from, to, func(p, f, end int) {
		kernels.Transpose(o.n, end-f, matrix(gradT[p*o.n*filters+f-from:], filters),
			matrix(dw[(f*o.positions+first+p)*o.n:], o.positions*o.n))
	})
	if piece == 0 {
		o.biasGrad(n)
	}
}

func (o *affineOp[T]) biasGrad(n int) {
	kernels.Gemm(1, o.n, n, strided(o.ones, 0, 0), matrix(o.out.dy, o.out.step()), matrix(o.gradB.Data(), o.n), false)
}

func (o *affineOp[T]) grads() []*ndarray.Array[T] {
	return []*ndarray.Array[T]{o.gradW, o.gradB}
}
