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

	arg    []uint8   // of each pooled value, its place in the window
	dw, db [][]T     // of each part: (taps, fp) or, where deep, (filters, fh, fw, in.stride); (fp)
	padded *rooms[T] // for one padded input
	dense  *rooms[T] // for the gradient of one map before pooling, with a border; or of one padded input
	tables *rooms[T] // for what the gradient of the filters looks up of one image

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
	o.padded = newRooms[T](o.height * o.width * in.stride)
	if rows, _ := o.border(); o.deepInput() {
		o.dense = newRooms[T](o.height * o.width * in.stride)
	} else {
		o.dense = newRooms[T]((o.oh + 2*rows) * o.denseWidth() * o.fp)
	}
	if o.sparse() {
		o.tables = newRooms[T](o.lookup(o.out.height).Len)
	}
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
}

func (o *convOp[T]) resizeGradient(_, parts int) {
	o.dw, o.db = nil, nil
	for range parts {
		o.dw = append(o.dw, make([]T, max(len(o.w), o.out.filters*o.fh*o.fw*o.in.stride)))
		o.db = append(o.db, make([]T, o.fp))
	}
}

// packFilters is how many filters are packed at a time.
const packFilters = kernels.Group

func (o *convOp[T]) packPieces() int { return (o.out.filters + packFilters - 1) / packFilters }

func (o *convOp[T]) pack(piece int) {
	w, area, deep := o.layer.W.Data(), o.fh*o.fw, o.deepInput()
	for f := piece * packFilters; f < min((piece+1)*packFilters, o.out.filters); f++ {
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
	if piece == 0 {
		copy(o.bias, o.layer.B.Data())
	}
}

// copies says whether the input must be copied: to be padded, or because the
// network's input has its channels first.
func (o *convOp[T]) copies() bool { return o.pad > 0 || o.in.input && o.c > 1 }

// image returns sample n as positions x channels with its padding, for which padded is room.
func (o *convOp[T]) image(n int, padded []T) []T {
	x := o.in.of(n, o.in.y)
	if !o.copies() {
		return x
	}
	stride := o.in.stride
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
	padded := o.imageRoom()
	defer o.padded.give(padded)
	for n := lo; n < hi; n++ {
		x, y := o.image(n, padded), o.out.of(n, o.out.y)
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

// imageRoom is room for image, where it needs any.
func (o *convOp[T]) imageRoom() []T {
	if !o.copies() {
		return nil
	}
	return o.padded.take()
}

func (o *convOp[T]) grads() []*ndarray.Array[T] {
	return []*ndarray.Array[T]{o.gradW, o.gradB}
}
