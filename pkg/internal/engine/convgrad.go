package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/ndarray"
)

func (o *convOp[T]) backward(lo, hi, part int) {
	if o.in.input {
		return
	}
	dense := o.dense.take()
	defer o.dense.give(dense)
	for n := lo; n < hi; n++ {
		if o.deepInput() {
			o.deepInputGrad(n, dense)
			continue
		}
		o.spread(n, dense)
		o.inputGrad(n, dense)
	}
}

// backwardAdd is backward, and add for all pieces.
func (o *convOp[T]) backwardAdd(lo, hi, part int) {
	if o.sparse() {
		o.add(0, lo, hi, part)
		return
	}
	padded, dense := o.imageRoom(), o.dense.take()
	defer o.padded.give(padded)
	defer o.dense.give(dense)
	dw, db := o.dw[part], o.db[part]
	clear(dw)
	clear(db)
	for n := lo; n < hi; n++ {
		x := o.image(n, padded)
		if !o.deepInput() {
			o.spread(n, dense)
		}
		if o.deep() {
			o.deepGrad(n, 0, o.out.filters, x, dw, db)
		} else {
			o.denseGrad(x, dense, dw, db)
		}
		switch {
		case o.deepInput():
			o.deepInputGrad(n, dense)
		case !o.in.input:
			o.inputGrad(n, dense)
		}
	}
}

// sumFilters is how many filters' gradients are added up at a time.
const sumFilters = 32

func (o *convOp[T]) addPieces() int {
	if o.deep() {
		return (o.out.filters + sumFilters - 1) / sumFilters
	}
	return 1
}

// add adds up the gradients of the parameters: of some filters where they are deep, else
// of all.
func (o *convOp[T]) add(piece, lo, hi, part int) {
	padded := o.imageRoom()
	defer o.padded.give(padded)
	dw, db := o.dw[part], o.db[part]
	switch {
	case o.deep():
		from, to, of := piece*sumFilters, min((piece+1)*sumFilters, o.out.filters), o.fh*o.fw*o.in.stride
		clear(dw[from*of : to*of])
		clear(db[from:min((piece+1)*sumFilters, o.fp)])
		for n := lo; n < hi; n++ {
			o.deepGrad(n, from, to, o.image(n, padded), dw[from*of:], db[from:])
		}
	case o.sparse():
		clear(dw)
		clear(db)
		tables := o.tables.take()
		defer o.tables.give(tables)
		for n := lo; n < hi; n++ {
			o.sparseGrad(n, o.image(n, padded), tables, kernels.Filters[T]{W: dw, Bias: db, Count: o.fp})
		}
	default:
		clear(dw)
		clear(db)
		dense := o.dense.take()
		defer o.dense.give(dense)
		for n := lo; n < hi; n++ {
			o.spread(n, dense)
			o.denseGrad(o.image(n, padded), dense, dw, db)
		}
	}
}

// lookup is the layout of what the gradient of filters over one channel looks up, for
// some rows of the pooled map.
func (o *convOp[T]) lookup(rows int) kernels.Lookup[T] {
	return kernels.NewLookup[T](2*(rows-1)+o.fh, o.out.width, o.fw, o.width)
}

// pooledGrad is the gradient of one sample's map behind pooling.
func (o *convOp[T]) pooledGrad(n int) kernels.Pooled[T] {
	size := o.out.size()
	return kernels.Pooled[T]{Value: o.out.of(n, o.out.dy), Arg: o.arg[n*size : (n+1)*size], Step: o.fp}
}

// sparseGrad adds one sample's gradient of filters over one channel.
func (o *convOp[T]) sparseGrad(n int, x, tables []T, d kernels.Filters[T]) {
	l := o.lookup(o.out.height)
	l.Fill(x, tables)
	kernels.ConvGrad(l, kernels.Tables[T]{Q: tables, Outer: o.out.height, OuterStep: 2 * l.Row, Inner: o.out.width, InnerStep: l.Window}, o.fh,
		o.pooledGrad(n), d)
}

// deepGrad adds one sample's gradient of some 3x3 filters over many channels.
func (o *convOp[T]) deepGrad(n, from, to int, x, dw, db []T) {
	grad := o.pooledGrad(n)
	grad.Value, grad.Arg = grad.Value[from:], grad.Arg[from:]
	input := kernels.Map[T]{Data: x, Width: o.width, Channels: o.in.stride}
	kernels.ConvGradDeep(o.out.height, o.out.width, to-from, input, grad, dw)
	kernels.PooledBiasGrad(o.out.height*o.out.width, kernels.RoundUp(to-from), grad, db)
}

// deepInputGrad writes one sample's gradient of the input of such filters.
func (o *convOp[T]) deepInputGrad(n int, padded []T) {
	clear(padded)
	kernels.InputGradDeep(o.out.height, o.out.width, o.out.filters,
		kernels.Map[T]{Data: padded, Width: o.width, Channels: o.in.stride}, o.pooledGrad(n), o.backW)
	dx, rowSize := o.in.of(n, o.in.dy), o.in.width*o.in.stride
	for row := range o.in.height {
		copy(dx[row*rowSize:(row+1)*rowSize], padded[((row+o.pad)*o.width+o.pad)*o.in.stride:])
	}
}

// spread writes the gradient of one sample's map before pooling and Relu.
func (o *convOp[T]) spread(n int, dense []T) {
	size, rowSize := o.out.size(), o.out.width*o.fp
	y, grad := o.out.of(n, o.out.y), o.out.of(n, o.out.dy)
	top, left := o.border()
	step := o.denseWidth() * o.fp
	dense = dense[top*step+left*o.fp:]
	for row := range o.out.height {
		from := grad[row*rowSize : (row+1)*rowSize]
		switch {
		case o.pool:
			arg := o.arg[n*size+row*rowSize : n*size+(row+1)*rowSize]
			for i := range o.out.width {
				kernels.Unpool(from[i*o.fp:], arg[i*o.fp:], dense[2*row*step+2*i*o.fp:], o.fp, step, o.fp)
			}
		case o.relu:
			kernels.MaskGrad(y[row*rowSize:(row+1)*rowSize], from, dense[row*step:row*step+rowSize])
		default:
			copy(dense[row*step:], from)
		}
	}
}

// denseGrad adds one sample's gradient of the filters and biases: for each place
// in the filter, or each row of them where they follow each other, a product of the
// channels' values with the map's gradient. Where rows are equally far apart it runs
// over all positions at once; those beyond the end of a row have no gradient.
func (o *convOp[T]) denseGrad(x, dense, dw, db []T) {
	top, left := o.border()
	width := o.denseWidth()
	grad := dense[(top*width+left)*o.fp:]
	rows, positions := o.oh, o.ow
	if o.stride == 1 && width == o.width {
		rows, positions = 1, (o.oh-1)*width+o.ow
	}
	taps := 1
	if o.c == o.in.stride {
		taps = o.fw
	}
	for row := range rows {
		grad := grad[row*width*o.fp:]
		for fy := range o.fh {
			for fx := 0; fx < o.fw; fx += taps {
				from := x[((row*o.stride+fy)*o.width+fx)*o.in.stride:]
				kernels.Gemm(taps*o.c, o.fp, positions, strided(from, 1, o.stride*o.in.stride), matrix(grad, o.fp), matrix(dw[(fy*o.fw+fx)*o.c*o.fp:], o.fp), true)
			}
		}
		kernels.Gemm(1, o.fp, positions, strided(o.ones, 0, 0), matrix(grad, o.fp), matrix(db, o.fp), true)
	}
}

// inputGrad writes one sample's gradient of the input: the convolution of the
// map's gradient with the turned filters.
func (o *convOp[T]) inputGrad(n int, dense []T) {
	dx, rowSize := o.in.of(n, o.in.dy), o.in.width*o.in.stride
	step := o.denseWidth() * o.fp
	turned := kernels.Filters[T]{W: o.backW, Bias: o.zeroBias, Count: o.in.stride}
	for row := range o.in.height {
		out := dx[row*rowSize : (row+1)*rowSize]
		kernels.ConvRow(o.in.width, o.backTaps, matrix(dense[row*step:], o.fp), turned,
			matrix(out, o.in.stride), false)
	}
}

// finishFilters is how many filters' gradients finish adds up at a time: as many as fill a
// line of the cache, where those of a tap are neighbours.
const finishFilters = kernels.Group

func (o *convOp[T]) finishPieces() int { return (o.out.filters + finishFilters - 1) / finishFilters }

// finish adds up what the parts found of some filters, in order.
func (o *convOp[T]) finish(piece, _, parts int) {
	from, to := piece*finishFilters, min((piece+1)*finishFilters, o.out.filters)
	gradW, area, deep := o.gradW.Data(), o.fh*o.fw, o.deep()
	if of := area * o.in.stride; deep {
		addParts(o.dw[:parts], from*of, to*of)
	} else {
		for tap := range o.taps.Len() {
			addParts(o.dw[:parts], tap*o.fp+from, tap*o.fp+to)
		}
	}
	addParts(o.db[:parts], from, to)
	for f := from; f < to; f++ {
		for c := range o.c {
			for at := range area {
				from := (at*o.c+c)*o.fp + f
				if deep {
					from = (f*area+at)*o.in.stride + c
				}
				gradW[(f*o.c+c)*area+at] = o.dw[0][from]
			}
		}
	}
	copy(o.gradB.Data()[from:to], o.db[0][from:])
}

// addParts adds to numbers from up to to of the first part those of the others, in order.
func addParts[T ndarray.Float](parts [][]T, from, to int) {
	sum := parts[0][from:to]
	for _, part := range parts[1:] {
		for i, v := range part[from:to] {
			sum[i] += v
		}
	}
}
