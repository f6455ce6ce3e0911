package kernels

import (
	"math"
	"unsafe"
)

// plainPositions is how many positions plain Go convolves at a time at most, and plainTaps
// how many taps of each it packs: more of them lie in stretches that are long enough. Of all
// positions it packs no more than plainPacked: the room for them is cleared for each row.
const (
	plainPositions = 48
	plainTaps      = 64
	plainPacked    = 1024
)

// plainConv convolves some positions at a time.
type plainConv[T float32 | float64] struct {
	t     Taps
	x     []T
	n     int                 // positions
	at    [plainPositions]int // where in x
	taps  [plainPacked]T      // of each, where they are few
	panel [octet * plainDepth]T
	y     [plainPositions][octet]T
}

// some returns how many of all positions go together, a multiple of step: about equally many
// each time.
func (c *plainConv[T]) some(all, step int) int {
	most := plainPositions
	if taps := c.t.Len(); taps <= plainTaps {
		most = min(most, plainPacked/taps)
	}
	most /= step
	times := (all + most*step - 1) / (most * step)
	return ((all+times-1)/times + step - 1) / step * step
}

// begin packs the taps of the positions, for all filters.
func (c *plainConv[T]) begin() {
	if c.t.Len() > plainTaps {
		return
	}
	to := c.taps[:]
	for _, at := range c.at[:c.n] {
		x, row := c.x[at:at+c.t.last+1], to[:len(c.t.offsets)]
		for i, offset := range c.t.offsets {
			row[i] = x[uint32(offset)/4]
		}
		to = to[len(row):]
	}
}

// filters sets y to bias and taps of octet filters, whose weights are the columns of w
// and count apart.
func (c *plainConv[T]) filters(w, bias []T, count int) {
	for i := range c.n {
		c.y[i] = *(*[octet]T)(bias)
	}
	if taps := c.t.Len(); taps <= plainTaps {
		panel := c.panel[:octet*taps]
		fill8(panel, w, count)
		for i := range c.n {
			dot8(&c.y[i], c.taps[i*taps:(i+1)*taps], panel)
		}
		return
	}
	stretch := c.t.channels
	if c.t.stepX == c.t.channels {
		stretch *= c.t.fw
	}
	for tap := 0; tap < c.t.Len(); tap += stretch {
		for from := 0; from < stretch; from += plainDepth {
			depth := min(plainDepth, stretch-from)
			panel := c.panel[:octet*depth]
			fill8(panel, w[(tap+from)*count:], count)
			offset := int(c.t.offsets[tap+from] / 4)
			for i, at := range c.at[:c.n] {
				dot8(&c.y[i], c.x[at+offset:at+offset+depth], panel)
			}
		}
	}
}

func convPoolGo[T float32 | float64](windows int, t Taps, x Windows[T], w Filters[T], out Pooled[T]) {
	c := plainConv[T]{t: t, x: x.X}
	most := c.some(4*windows, 4) / 4
	for i := 0; i < windows; i += most {
		some := min(most, windows-i)
		c.n = 4 * some
		for k := range c.n {
			c.at[k] = (i+k/4)*x.Step + k%2*x.Right + k%4/2*x.Down
		}
		c.begin()
		for f := 0; f < w.Count; f += octet {
			c.filters(w.W[f:], w.Bias[f:], w.Count)
			for k := range some {
				at := (i+k)*out.Step + f
				poolGo((*[4][octet]T)(c.y[4*k:]), (*[octet]T)(out.Value[at:]), (*[octet]uint8)(out.Arg[at:]))
			}
		}
	}
}

// poolGo takes the maximum of the four positions and cuts it at 0.
func poolGo[T float32 | float64](y *[4][octet]T, out *[octet]T, arg *[octet]uint8) {
	if sizeOf[T]() == 4 {
		poolWholes((*[4][octet]int32)(unsafe.Pointer(y)), (*[octet]int32)(unsafe.Pointer(out)), arg)
	} else {
		poolWholes((*[4][octet]int64)(unsafe.Pointer(y)), (*[octet]int64)(unsafe.Pointer(out)), arg)
	}
	for k := range octet {
		// That of infinities is no number, either, and they come out as they did.
		if sum := y[0][k] + y[1][k] + y[2][k] + y[3][k]; sum != sum {
			out[k], arg[k] = poolNan(y[0][k], y[1][k], y[2][k], y[3][k])
		}
	}
}

// poolWholes does so by the numbers' bits, which are in the order of the numbers where
// those are above 0. Whole numbers are chosen without a branch, which would be guessed
// wrongly every other time.
func poolWholes[I int32 | int64](y *[4][octet]I, out *[octet]I, arg *[octet]uint8) {
	for k := range octet {
		a, b, c, d := y[0][k], y[1][k], y[2][k], y[3][k]
		best := max(a, b, c, d, 0)
		place := 3
		if best == c {
			place = 2
		}
		if best == b {
			place = 1
		}
		if best == a {
			place = 0
		}
		if best == 0 {
			place = NoGradient
		}
		out[k], arg[k] = best, uint8(place)
	}
}

// poolNan does so where one may be no number: the first that is none wins.
func poolNan[T float32 | float64](y ...T) (best T, place uint8) {
	best = y[0]
	for p, v := range y {
		if best == best && !(v <= best) {
			best, place = v, uint8(p)
		}
	}
	if best <= 0 {
		return 0, NoGradient
	}
	return best, place
}

// bits returns those of a number, of which the first is its sign.
func bits[T float32 | float64](v T) int64 {
	if sizeOf[T]() == 4 {
		return int64(int32(math.Float32bits(float32(v))))
	}
	return int64(math.Float64bits(float64(v)))
}

func convRowGo[T float32 | float64](n int, t Taps, x Matrix[T], w Filters[T], out Matrix[T], relu bool) {
	c := plainConv[T]{t: t, x: x.Data}
	most := c.some(n, 1)
	for i := 0; i < n; i += most {
		c.n = min(most, n-i)
		for k := range c.n {
			c.at[k] = (i + k) * x.Row
		}
		c.begin()
		for f := 0; f < w.Count; f += octet {
			c.filters(w.W[f:], w.Bias[f:], w.Count)
			for k := range c.n {
				y := &c.y[k]
				if relu {
					reluGo(y[:])
				}
				*(*[octet]T)(out.Data[(i+k)*out.Row+f:]) = *y
			}
		}
	}
}

func reluGo[T float32 | float64](y []T) {
	for k, v := range y {
		if v <= 0 {
			y[k] = 0
		}
	}
}
