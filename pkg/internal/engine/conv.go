package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// convOp is Convolution, with Relu and 2x2 pooling where they follow.
type convOp[T ndarray.Float] struct {
	layer      *layers.Convolution[T]
	relu, pool bool
	in, out    *values[T]

	c, fh, fw, stride, pad int
	height, width          int // of the padded input
	oh, ow                 int // of the map before pooling
	fp                     int // filters, rounded up

	taps kernels.Taps
	w    []T // (taps, fp)
	bias []T // (fp)

	backTaps kernels.Taps
	backW    []T // filters turned by half a turn: (fh*fw*filters, in.stride); or those of InputGradDeep
	zeroBias []T

	arg    []uint8 // of each pooled value, its place in the window
	dw, db [][]T   // of each part: (taps, fp) or, where deep, (filters, fh, fw, in.stride); (fp)
	padded [][]T   // of each part: one padded input
	dense  [][]T   // of each part: the gradient of one map before pooling, with a border; or of one padded input
	tables [][]T   // of each part: what the gradient of the filters looks up of one image

	ones         []T // one that stands in for an image where a sum over positions is wanted
	gradW, gradB *ndarray.Array[T]
}

// newConvOp returns the operation, or nil when its gradient needs strides or pads
// that the kernels do not know, or its input is an image to which something was done
// before.
func newConvOp[T ndarray.Float](l *layers.Convolution[T], in *values[T], relu, pool bool) *convOp[T] {
	o := &convOp[T]{layer: l, relu: relu, pool: pool, in: in, ones: []T{1},
		c: l.W.Dim(1), fh: l.W.Dim(2), fw: l.W.Dim(3), stride: l.Stride, pad: l.Pad}
	filters := l.W.Dim(0)
	o.height, o.width = in.height+2*o.pad, in.width+2*o.pad
	o.oh, o.ow = layers.OutSize(in.height, o.fh, o.stride, o.pad), layers.OutSize(in.width, o.fw, o.stride, o.pad)
	o.fp = kernels.RoundUp(filters)
	if !in.input && (in.stride%kernels.Group != 0 || o.stride != 1 || o.pad >= o.fh || o.pad >= o.fw) || pool && (o.oh < 2 || o.ow < 2) {
		return nil
	}
	o.out = &values[T]{height: o.oh, width: o.ow, filters: filters, stride: o.fp}
	if pool {
		o.out.height, o.out.width = o.oh/2, o.ow/2
	}
	o.taps = kernels.NewTaps(o.fh, o.fw, o.c, in.stride, in.stride*o.width)
	o.w, o.bias = make([]T, o.taps.Len()*o.fp), make([]T, o.fp)
	if !in.input {
		o.backTaps = kernels.NewTaps(o.fh, o.fw, filters, o.fp, o.fp*o.denseWidth())
		o.backW, o.zeroBias = make([]T, o.backTaps.Len()*in.stride), make([]T, in.stride)
	}
	o.gradW, o.gradB = ndarray.Zeros[T](l.W.Shape()...), ndarray.Zeros[T](filters)
	return o
}

// border is how far the gradient of the map is padded, so that a convolution with
// the turned filters gives the gradient of the input.
func (o *convOp[T]) border() (rows, columns int) {
	if o.in.input {
		return 0, 0
	}
	return o.fh - 1 - o.pad, o.fw - 1 - o.pad
}

// denseWidth is how far the rows of that gradient are apart: at least as far as
// those of the padded input, so that the sum over all positions is one product.
func (o *convOp[T]) denseWidth() int {
	_, columns := o.border()
	return max(o.ow+2*columns, o.width)
}

// sparse says that the gradient of the filters can be had from the pooled map.
func (o *convOp[T]) sparse() bool { return o.pool && o.in.input && o.c == 1 && o.stride == 1 }

// deep says the same of 3x3 filters over many channels.
func (o *convOp[T]) deep() bool {
	return o.pool && !o.in.input && o.fh == 3 && o.fw == 3 && o.stride == 1 && kernels.HasConvGradDeep[T]()
}

// deepInput says that the gradient of their input can, too.
func (o *convOp[T]) deepInput() bool { return o.deep() && kernels.HasInputGradDeep[T]() }

func (o *convOp[T]) resize(n, parts int) {
	o.in.resize(n)
	if o.pool {
		o.arg = make([]uint8, n*o.out.size())
	}
	rows, _ := o.border()
	o.dw, o.db, o.padded, o.dense, o.tables = nil, nil, nil, nil, nil
	for part := range parts {
		var padded, dense, table []T
		if o.copies() {
			padded = make([]T, o.height*o.width*o.in.stride)
		}
		o.padded = append(o.padded, padded)
		if part >= mostParts {
			continue // of a prediction, which has no gradients
		}
		o.dw = append(o.dw, make([]T, max(len(o.w), o.out.filters*o.fh*o.fw*o.in.stride)))
		o.db = append(o.db, make([]T, o.fp))
		switch {
		case o.sparse():
			table = make([]T, o.lookup(o.out.height).Len)
		case o.deepInput():
			dense = make([]T, o.height*o.width*o.in.stride)
		default:
			dense = make([]T, (o.oh+2*rows)*o.denseWidth()*o.fp)
		}
		o.dense, o.tables = append(o.dense, dense), append(o.tables, table)
	}
}

func (o *convOp[T]) packPieces() int { return 1 }

func (o *convOp[T]) pack(int) {
	w, area, deep := o.layer.W.Data(), o.fh*o.fw, o.deepInput()
	for f := range o.out.filters {
		for c := range o.c {
			for at := range area {
				v := w[(f*o.c+c)*area+at]
				o.w[(at*o.c+c)*o.fp+f] = v
				switch {
				case o.in.input:
				case deep:
					o.backW[((c/kernels.Group*o.out.filters+f)*area+at)*kernels.Group+c%kernels.Group] = v
				default:
					o.backW[((area-1-at)*o.out.filters+f)*o.in.stride+c] = v
				}
			}
		}
	}
	copy(o.bias, o.layer.B.Data())
}

// copies says whether the input must be copied: to be padded, or because the
// network's input has its channels first.
func (o *convOp[T]) copies() bool { return o.pad > 0 || o.in.input && o.c > 1 }

// image returns sample n as positions x channels with its padding.
func (o *convOp[T]) image(n, part int) []T {
	x := o.in.of(n, o.in.y)
	if !o.copies() {
		return x
	}
	padded, stride := o.padded[part], o.in.stride
	for row := range o.in.height {
		to := padded[((row+o.pad)*o.width+o.pad)*stride:]
		if !o.in.input || o.c == 1 {
			copy(to, x[row*o.in.width*stride:(row+1)*o.in.width*stride])
			continue
		}
		for c := range o.c {
			for col, v := range x[(c*o.in.height+row)*o.in.width : (c*o.in.height+row+1)*o.in.width] {
				to[col*stride+c] = v
			}
		}
	}
	return padded
}

func (o *convOp[T]) forward(lo, hi, part int, train bool) {
	size, stepX := o.out.size(), o.stride*o.in.stride
	stepY := stepX * o.width
	rowSize := o.out.width * o.fp
	w := kernels.Filters[T]{W: o.w, Bias: o.bias, Count: o.fp}
	for n := lo; n < hi; n++ {
		x, y := o.image(n, part), o.out.of(n, o.out.y)
		for row := range o.out.height {
			out := y[row*rowSize : (row+1)*rowSize]
			if o.pool {
				arg := o.arg[n*size+row*rowSize : n*size+(row+1)*rowSize]
				windows := kernels.Windows[T]{X: x[2*row*stepY:], Right: stepX, Down: stepY, Step: 2 * stepX}
				kernels.ConvPool(o.out.width, o.taps, windows, w, kernels.Pooled[T]{Value: out, Arg: arg, Step: o.fp})
			} else {
				kernels.ConvRow(o.ow, o.taps, matrix(x[row*stepY:], stepX), w,
					matrix(out, o.fp), o.relu)
			}
		}
	}
}

func (o *convOp[T]) backward(lo, hi, part int) {
	clear(o.dw[part])
	clear(o.db[part])
	for n := lo; n < hi; n++ {
		x := o.image(n, part)
		if o.sparse() {
			o.sparseGrad(n, part, x)
			continue
		}
		if !o.deepInput() {
			o.spread(n, part)
		}
		if o.deep() {
			o.deepGrad(n, part, x)
		} else {
			o.denseGrad(part, x)
		}
		switch {
		case o.deepInput():
			o.deepInputGrad(n, part)
		case !o.in.input:
			o.inputGrad(n, part)
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
func (o *convOp[T]) sparseGrad(n, part int, x []T) {
	l := o.lookup(o.out.height)
	l.Fill(x, o.tables[part])
	kernels.ConvGrad(l, kernels.Tables[T]{Q: o.tables[part], Outer: o.out.height, OuterStep: 2 * l.Row, Inner: o.out.width, InnerStep: l.Window}, o.fh,
		o.pooledGrad(n), kernels.Filters[T]{W: o.dw[part], Bias: o.db[part], Count: o.fp})
}

// deepGrad adds one sample's gradient of 3x3 filters over many channels.
func (o *convOp[T]) deepGrad(n, part int, x []T) {
	grad := o.pooledGrad(n)
	input := kernels.Map[T]{Data: x, Width: o.width, Channels: o.in.stride}
	kernels.ConvGradDeep(o.out.height, o.out.width, o.out.filters, input, grad, o.dw[part])
	kernels.PooledBiasGrad(o.out.height*o.out.width, grad.Value, grad.Arg, o.db[part], o.fp)
}

// deepInputGrad writes one sample's gradient of the input of such filters.
func (o *convOp[T]) deepInputGrad(n, part int) {
	padded := o.dense[part]
	clear(padded)
	kernels.InputGradDeep(o.out.height, o.out.width, o.out.filters,
		kernels.Map[T]{Data: padded, Width: o.width, Channels: o.in.stride}, o.pooledGrad(n), o.backW)
	dx, rowSize := o.in.of(n, o.in.dy), o.in.width*o.in.stride
	for row := range o.in.height {
		copy(dx[row*rowSize:(row+1)*rowSize], padded[((row+o.pad)*o.width+o.pad)*o.in.stride:])
	}
}

// spread writes the gradient of one sample's map before pooling and Relu.
func (o *convOp[T]) spread(n, part int) {
	size, rowSize := o.out.size(), o.out.width*o.fp
	y, grad := o.out.of(n, o.out.y), o.out.of(n, o.out.dy)
	top, left := o.border()
	step := o.denseWidth() * o.fp
	dense := o.dense[part][top*step+left*o.fp:]
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
func (o *convOp[T]) denseGrad(part int, x []T) {
	top, left := o.border()
	width := o.denseWidth()
	grad := o.dense[part][(top*width+left)*o.fp:]
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
				kernels.Gemm(taps*o.c, o.fp, positions, strided(from, 1, o.stride*o.in.stride), matrix(grad, o.fp), matrix(o.dw[part][(fy*o.fw+fx)*o.c*o.fp:], o.fp), true)
			}
		}
		kernels.Gemm(1, o.fp, positions, strided(o.ones, 0, 0), matrix(grad, o.fp), matrix(o.db[part], o.fp), true)
	}
}

// inputGrad writes one sample's gradient of the input: the convolution of the
// map's gradient with the turned filters.
func (o *convOp[T]) inputGrad(n, part int) {
	dx, rowSize := o.in.of(n, o.in.dy), o.in.width*o.in.stride
	step := o.denseWidth() * o.fp
	turned := kernels.Filters[T]{W: o.backW, Bias: o.zeroBias, Count: o.in.stride}
	for row := range o.in.height {
		out := dx[row*rowSize : (row+1)*rowSize]
		kernels.ConvRow(o.in.width, o.backTaps, matrix(o.dense[part][row*step:], o.fp), turned,
			matrix(out, o.in.stride), false)
	}
}

func (o *convOp[T]) finishPieces() int { return 1 }

func (o *convOp[T]) finish(_, _, parts int) {
	sum, sumB := o.dw[0], o.db[0]
	for part := 1; part < parts; part++ {
		for i, v := range o.dw[part] {
			sum[i] += v
		}
		for i, v := range o.db[part] {
			sumB[i] += v
		}
	}
	gradW, area, deep := o.gradW.Data(), o.fh*o.fw, o.deep()
	for f := range o.out.filters {
		for c := range o.c {
			for at := range area {
				from := (at*o.c+c)*o.fp + f
				if deep {
					from = (f*area+at)*o.in.stride + c
				}
				gradW[(f*o.c+c)*area+at] = sum[from]
			}
		}
	}
	copy(o.gradB.Data(), sumB)
}

func (o *convOp[T]) grads() []*ndarray.Array[T] {
	return []*ndarray.Array[T]{o.gradW, o.gradB}
}
