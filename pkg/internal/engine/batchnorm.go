package engine

import (
	"math"
	"sync"
	"sync/atomic"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// batchNormOp is BatchNormalization, with Relu where it follows. Its columns are what
// has a mean of its own: the channels, or the values of a sample as they stand in
// memory.
type batchNormOp[T ndarray.Float] struct {
	plain[T]
	layer      *layers.BatchNormalization[T]
	relu       bool
	perChannel bool
	columns    int // with those that round the filters up
	rows       int // of a sample

	gamma, beta         []T // (columns), 0 where a filter is only there for rounding
	mean, scale, inv    []T // of the batch: y = (x-mean)*scale + beta, scale = gamma*inv
	runMean, runScale   []T // the same of the running values
	slope, level        []T // dx = dy*scale + (x-mean)*slope + level
	sum, square         [][]float64
	sumRows, squareRows [][]T // of each piece
	gradGamma, gradBeta *ndarray.Array[T]

	// Each piece sets these to the same.
	count atomic.Int64 // values that share a mean in this run
	open  atomic.Bool  // the channels' sums are still those of the pieces
	mu    sync.Mutex
}

const (
	normColumns = 512 // of a piece, where each value of a sample has a mean
	normPieces  = 16  // of the batch, where each channel has
)

func newBatchNormOp[T ndarray.Float](l *layers.BatchNormalization[T], in *values[T], relu bool) *batchNormOp[T] {
	o := &batchNormOp[T]{plain: newPlain(in), layer: l, relu: relu, columns: in.size(), rows: 1}
	if positions := in.height * in.width; positions > 1 && l.Gamma.Size() == in.filters {
		o.perChannel, o.columns, o.rows = true, in.stride, positions
	}
	for _, s := range []*[]T{&o.gamma, &o.beta, &o.mean, &o.scale, &o.inv, &o.runMean, &o.runScale, &o.slope, &o.level} {
		*s = make([]T, o.columns)
	}
	width := o.columns
	if !o.perChannel {
		width = min(width, normColumns)
	}
	for range o.backwardPieces(0) {
		o.sum, o.square = append(o.sum, make([]float64, width)), append(o.square, make([]float64, width))
		o.sumRows, o.squareRows = append(o.sumRows, make([]T, width)), append(o.squareRows, make([]T, width))
	}
	o.gradGamma, o.gradBeta = ndarray.Zeros[T](l.Gamma.Size()), ndarray.Zeros[T](l.Gamma.Size())
	return o
}

// each calls f with each column that counts and its place in the class's order.
func (o *batchNormOp[T]) each(from, to int, f func(column, place int)) {
	positions := o.in.height * o.in.width
	for c := from; c < to; c++ {
		switch filter := c % o.in.stride; {
		case filter >= o.in.filters:
		case o.perChannel:
			f(c, c)
		default:
			f(c, filter*positions+c/o.in.stride)
		}
	}
}

func (o *batchNormOp[T]) packPieces() int { return 1 }

func (o *batchNormOp[T]) pack(int) {
	gamma, beta := o.layer.Gamma.Data(), o.layer.Beta.Data()
	mean, variance := o.layer.RunningMean.Data(), o.layer.RunningVar.Data()
	o.each(0, o.columns, func(c, at int) {
		o.gamma[c], o.beta[c] = gamma[at], beta[at]
		o.runMean[c], o.runScale[c] = mean[at], gamma[at]*inverse[T](float64(variance[at]))
	})
}

// inverse is 1 / the standard deviation.
func inverse[T ndarray.Float](variance float64) T {
	return T(1 / math.Sqrt(variance+layers.VarianceFloor))
}

func (o *batchNormOp[T]) forwardPieces(n int, train bool) int {
	if !train {
		return 0
	}
	return o.backwardPieces(n)
}

func (o *batchNormOp[T]) backwardPieces(int) int {
	if o.perChannel {
		return normPieces
	}
	return (o.columns + normColumns - 1) / normColumns
}

// walk calls add for the rows of a piece: all columns of some samples, or some columns
// of all. It adds up in float64 what add leaves in sumRows and squareRows.
func (o *batchNormOp[T]) walk(piece, n int, add func(n, from, to, rows int, sum, square []T)) (from, to int) {
	sum, square := o.sum[piece], o.square[piece]
	clear(sum)
	clear(square)
	first, last, rows := piece*n/normPieces, (piece+1)*n/normPieces, 1
	from, to = 0, o.columns
	if !o.perChannel {
		const together = 64 // samples
		first, last, rows = 0, n, together
		from, to = piece*normColumns, min((piece+1)*normColumns, o.columns)
	}
	s, q := o.sumRows[piece][:to-from], o.squareRows[piece][:to-from]
	for ; first < last; first += rows {
		clear(s)
		clear(q)
		if o.perChannel {
			add(first, from, to, o.rows, s, q)
		} else {
			add(first, from, to, min(rows, last-first), s, q)
		}
		for i := range s {
			sum[i] += float64(s[i])
			square[i] += float64(q[i])
		}
	}
	return from, to
}

// steps returns how far the rows of the input and of the output are apart.
func (o *batchNormOp[T]) steps() (x, y int) {
	if o.perChannel {
		return o.in.stride, o.out.stride
	}
	return o.in.step(), o.out.step()
}

func (o *batchNormOp[T]) forwardWhole(piece, _, n int, train bool) {
	stepX, _ := o.steps()
	pivot := o.in.y[:o.columns]
	o.count.Store(int64(n * o.rows))
	o.open.Store(true)
	from, to := o.walk(piece, n, func(n, from, to, rows int, sum, square []T) {
		kernels.ColumnSums(rows, matrix(o.in.y[n*o.in.step()+from:], stepX), pivot[from:to], sum, square)
	})
	if !o.perChannel {
		o.statistics(from, to, o.sum[piece], o.square[piece])
	}
}

// close adds up what the pieces found of each channel. The first part to come does so.
func (o *batchNormOp[T]) close(result func(from, to int, sum, square []float64)) {
	if !o.perChannel {
		return // each piece has its own columns
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.open.Swap(false) {
		return
	}
	for piece := 1; piece < normPieces; piece++ {
		for c := range o.columns {
			o.sum[0][c] += o.sum[piece][c]
			o.square[0][c] += o.square[piece][c]
		}
	}
	result(0, o.columns, o.sum[0], o.square[0])
}

// statistics sets the means and factors of some columns, from the sums of their values
// less the first one and of the squares of that, and lets the running values follow.
func (o *batchNormOp[T]) statistics(from, to int, sum, square []float64) {
	l, count := o.layer, float64(o.count.Load())
	keep, take := T(l.Momentum), T(1-l.Momentum)
	o.each(from, to, func(c, at int) {
		mean := sum[c-from] / count
		variance := max(square[c-from]/count-mean*mean, 0)
		if square[c-from] != square[c-from] {
			variance = square[c-from] // a nan or an infinity was among them
		}
		o.mean[c] = T(float64(o.in.y[c]) + mean)
		o.inv[c] = inverse[T](variance)
		o.scale[c] = o.gamma[c] * o.inv[c]
		l.RunningMean.Data()[at] = keep*l.RunningMean.Data()[at] + take*o.mean[c]
		l.RunningVar.Data()[at] = keep*l.RunningVar.Data()[at] + take*T(variance)
	})
}

func (o *batchNormOp[T]) forward(lo, hi, part int, train bool) {
	mean, scale := o.runMean, o.runScale
	if train {
		o.close(o.statistics)
		mean, scale = o.mean, o.scale
	}
	stepX, stepY := o.steps()
	for n := lo; n < hi; n++ {
		x := matrix(o.in.of(n, o.in.y), stepX)
		y := matrix(o.out.of(n, o.out.y), stepY)
		kernels.Normalise(o.rows, x, mean, scale, o.beta, y, o.relu)
	}
}

func (o *batchNormOp[T]) backwardWhole(piece, n int) {
	stepX, stepY := o.steps()
	o.open.Store(true)
	from, to := o.walk(piece, n, func(n, from, to, rows int, sum, product []T) {
		at := n*o.out.step() + from
		x := matrix(o.in.y[n*o.in.step()+from:], stepX)
		out := kernels.Values[T]{Y: o.out.y[at:], DY: o.out.dy[at:], Row: stepY}
		kernels.NormGradSums(rows, x, out, o.mean[from:to], sum, product, o.relu)
	})
	if !o.perChannel {
		o.gradients(from, to, o.sum[piece], o.square[piece])
	}
}

// gradients sets those of the parameters of some columns, and what the gradient of the
// input is made of, from the sums of dy and of dy*(x-mean).
func (o *batchNormOp[T]) gradients(from, to int, sum, product []float64) {
	count := float64(o.count.Load())
	o.each(from, to, func(c, at int) {
		scale, inv := float64(o.scale[c]), float64(o.inv[c])
		dBeta, dGamma := sum[c-from], inv*product[c-from]
		o.gradBeta.Data()[at], o.gradGamma.Data()[at] = T(dBeta), T(dGamma)
		o.slope[c], o.level[c] = T(-scale*inv*dGamma/count), T(-scale*dBeta/count)
	})
}

func (o *batchNormOp[T]) backwardParts() bool { return true }

func (o *batchNormOp[T]) backward(lo, hi, part int) {
	o.close(o.gradients)
	if o.in.input {
		return
	}
	stepX, stepY := o.steps()
	for n := lo; n < hi; n++ {
		in := kernels.Values[T]{Y: o.in.of(n, o.in.y), DY: o.in.of(n, o.in.dy), Row: stepX}
		out := kernels.Values[T]{Y: o.out.of(n, o.out.y), DY: o.out.of(n, o.out.dy), Row: stepY}
		kernels.NormGrad(o.rows, in, out, o.mean, o.scale, o.slope, o.level, o.relu)
	}
}

func (o *batchNormOp[T]) grads() []*ndarray.Array[T] {
	return []*ndarray.Array[T]{o.gradGamma, o.gradBeta}
}
