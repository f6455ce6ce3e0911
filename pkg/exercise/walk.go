package exercise

// walk is how windows go over an image and where their values stand in the rows of
// im2col: right as it is made, and with what can go wrong in it.
type walk struct {
	out    size
	step   step
	begin  start
	bounds bounds
	order  order
	taps   taps

	only                     side // to which step, begin and bounds apply
	firstImage, firstChannel bool // in place of image n, channel c
	pixelsSwapped            bool // the column as row of the image
}

type side int // of a window

const (
	bothSides side = iota
	rowsOnly
	columnsOnly
	turnedSides // both, where one alone can be meant
)

type size int // of the output

const (
	sizeRight size = iota
	sizeNoPad
	sizePadOnce
	sizeNoStride
	sizeNoOne      // the + 1 left out
	sizePrecedence // h + 2*pad - fh/stride + 1
	sizeOneSide    // the height for both
	sizeByWindow   // the window taken as stride
	sizeOneRight   // right, in spite of what else is wrong
)

type step int // from a window to the next

const (
	stepRight step = iota
	stepOne
	stepWindow
	stepAll // also within the window: (oh + fh) * stride
)

type start int // of the first window

const (
	beginRight start = iota // pad before the image
	beginAtZero
	beginAfter // pad after its first pixel
)

type bounds int // of what counts as inside

const (
	boundsRight bounds = iota
	boundsNone
	boundsAboveZero // y > 0
	boundsShort     // y < h-1
	boundsLoose     // y <= h
	boundsUpperOnly // y < h, but not y >= 0
	boundsOneSide   // the height for the width
)

type order int // of the rows

const (
	orderRight      order = iota
	orderColumns          // down, then along
	orderImageLast        // the images beside each other
	orderOneSide          // (n*OH + oh)*OH + ow
	orderSplitOther       // a row number split by OH where OW belongs
)

type taps int // within a row

const (
	tapsRight taps = iota
	tapsChannelsLast
	tapsColumns // the columns of the window before its rows
	tapsTurned  // by half a turn
	tapsSplitOther
	tapsSwapped // read as (fw, fh), which fails where they differ
)

// sides are how many windows fit below and beside each other, by this walk.
func (k walk) sides(v window) (oh, ow int) {
	oh, ow = k.side(v)
	if oh <= 0 || ow <= 0 || k.out == sizeNoPad && (v.h < v.fh || v.w < v.fw) {
		panic(unknown{})
	}
	return oh, ow
}

// side is sides as a student's formula gives them, whether or not a window fits.
func (k walk) side(v window) (oh, ow int) {
	side := func(h, fh int) int {
		switch k.out {
		case sizeNoPad:
			return (h-fh)/v.stride + 1
		case sizePadOnce:
			return (h+v.pad-fh)/v.stride + 1
		case sizeNoStride:
			return h + 2*v.pad - fh + 1
		case sizeNoOne:
			return (h + 2*v.pad - fh) / v.stride
		case sizePrecedence:
			return h + 2*v.pad - fh/v.stride + 1
		case sizeByWindow:
			return (h+2*v.pad-fh)/fh + 1
		}
		return (h+2*v.pad-fh)/v.stride + 1
	}
	oh, ow = side(v.h, v.fh), side(v.w, v.fw)
	if k.out == sizeOneSide {
		ow = oh
	}
	return oh, ow
}

// place is where one value of im2col comes from and goes to.
type place struct {
	row, at    int // in im2col
	n, c, y, z int // in the images
	inside     bool
}

// each visits every value of every window.
func (k walk) each(v window, visit func(p place)) {
	oh, ow := k.sides(v)
	stepY, stepZ := v.stride, v.stride
	switch k.step {
	case stepOne:
		stepY, stepZ = 1, 1
	case stepWindow:
		stepY, stepZ = v.fh, v.fw
	}
	shiftY, shiftZ := v.pad, v.pad
	switch k.begin {
	case beginAtZero:
		shiftY, shiftZ = 0, 0
	case beginAfter:
		shiftY, shiftZ = -v.pad, -v.pad
	}
	switch k.only {
	case rowsOnly:
		stepZ, shiftZ = v.stride, v.pad
	case columnsOnly:
		stepY, shiftY = v.stride, v.pad
	}
	for row := range v.n * oh * ow {
		n, i, j := row/(oh*ow), row/ow%oh, row%ow
		to := row
		switch k.order {
		case orderColumns:
			to = (n*ow+j)*oh + i
		case orderImageLast:
			to = (i*ow+j)*v.n + n
		case orderOneSide:
			to = (n*oh+i)*oh + j
		case orderSplitOther:
			i, j = row/oh%oh, row%oh
		}
		for at := range v.c * v.fh * v.fw {
			c, fy, fx := at/(v.fh*v.fw), at/v.fw%v.fh, at%v.fw
			put := at
			switch k.taps {
			case tapsChannelsLast:
				put = (fy*v.fw+fx)*v.c + c
			case tapsColumns:
				put = (c*v.fw+fx)*v.fh + fy
			case tapsTurned:
				put = (c*v.fh+v.fh-1-fy)*v.fw + v.fw - 1 - fx
			case tapsSwapped:
				if v.fh != v.fw {
					beyond(min(v.fh, v.fw))
				}
				put = (c*v.fw+fx)*v.fh + fy
			case tapsSplitOther:
				fy, fx = at/v.fh%v.fw, at%v.fh
			}
			p := place{row: to, at: put, n: n, c: c, y: i*stepY + fy - shiftY, z: j*stepZ + fx - shiftZ}
			if k.step == stepAll {
				p.y, p.z = (i+fy)*v.stride-shiftY, (j+fx)*v.stride-shiftZ
			}
			p.inside = k.within(v, p.y, p.z)
			if k.firstImage {
				p.n = 0
			}
			if k.firstChannel {
				p.c = 0
			}
			if k.pixelsSwapped {
				p.y, p.z = p.z, p.y
			}
			visit(p)
		}
	}
}

func (k walk) within(v window, y, z int) bool {
	switch k.only {
	case rowsOnly:
		return k.inside(y, v.h) && z >= 0 && z < v.w
	case columnsOnly:
		return y >= 0 && y < v.h && k.inside(z, v.w)
	}
	if k.bounds == boundsOneSide {
		return y >= 0 && y < v.h && z >= 0 && z < v.h
	}
	return k.inside(y, v.h) && k.inside(z, v.w)
}

// inside is the test of one side.
func (k walk) inside(at, size int) bool {
	switch k.bounds {
	case boundsNone:
		return true
	case boundsAboveZero:
		return at > 0 && at < size
	case boundsShort:
		return at >= 0 && at < size-1
	case boundsLoose:
		return at >= 0 && at <= size
	case boundsUpperOnly:
		return at < size
	}
	return at >= 0 && at < size
}

// eachByTap visits the same values in the order of the class's loops: all windows for one
// place in the window, then for the next.
func (k walk) eachByTap(v window, visit func(p place)) {
	taps := make([][]place, v.fh*v.fw)
	k.each(v, func(p place) {
		tap := p.at % len(taps)
		taps[tap] = append(taps[tap], p)
	})
	for _, places := range taps {
		for _, p := range places {
			visit(p)
		}
	}
}
