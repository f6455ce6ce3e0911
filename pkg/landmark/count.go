package landmark

// count walks a network: the shape (C, H, W) that it has reached, the
// parameters, and the multiply-adds for one image.
type count struct {
	channels, height, width int
	parameters              int64
	multiplyAdds            int64
}

func counted(channels, height, width int) *count {
	return &count{channels: channels, height: height, width: width}
}

// outSize is layers.OutSize with the rounding that the framework of the paper
// used: up for the poolings of Caffe, down everywhere else.
func outSize(size, filter, stride, pad int, up bool) int {
	room := size + 2*pad - filter
	if up {
		room += stride - 1
	}
	return room/stride + 1
}

// grouped is a convolution whose filters each see one of so many groups of the
// channels.
func (x *count) grouped(filters, size, stride, pad, groups int) {
	x.height, x.width = outSize(x.height, size, stride, pad, false), outSize(x.width, size, stride, pad, false)
	weights := int64(filters) * int64(x.channels/groups) * int64(size*size)
	x.parameters += weights + int64(filters)
	x.multiplyAdds += weights * int64(x.height*x.width)
	x.channels = filters
}

func (x *count) conv(filters, size, stride, pad int) { x.grouped(filters, size, stride, pad, 1) }

// normalized is a convolution without biases and a BatchNormalization with a
// gamma and a beta for each channel.
func (x *count) normalized(filters, size, stride, pad int) {
	x.conv(filters, size, stride, pad)
	x.parameters += int64(filters)
}

func (x *count) pool(size, stride, pad int) {
	x.height, x.width = outSize(x.height, size, stride, pad, true), outSize(x.width, size, stride, pad, true)
}

// average is the mean of each map.
func (x *count) average() { x.height, x.width = 1, 1 }

func (x *count) affine(units int) {
	weights := int64(x.channels*x.height*x.width) * int64(units)
	x.parameters += weights + int64(units)
	x.multiplyAdds += weights
	x.channels, x.height, x.width = units, 1, 1
}

// branch walks a branch that begins where x is, and gives where it ends.
func (x *count) branch(walk func(*count)) *count {
	b := counted(x.channels, x.height, x.width)
	walk(b)
	return b
}

// take adds what branches cost; x goes on with so many channels of the shape
// that the first branch reached.
func (x *count) take(channels int, branches ...*count) {
	for _, b := range branches {
		x.parameters += b.parameters
		x.multiplyAdds += b.multiplyAdds
	}
	x.channels, x.height, x.width = channels, branches[0].height, branches[0].width
}
