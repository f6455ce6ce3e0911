package kernels

import "math"

// sigmoidKernels are those of a variant: some vectors, and lanes of a mask after them.
type sigmoidKernels struct {
	lanes   int
	mask    func(lanes int) *byte
	sigmoid func(vectors int, x, y *float32, mask *byte)
	grad    func(vectors int, y, dy, dx *float32, mask *byte)
}

// Sigmoid sets y = 1/(1+exp(-x)), for float64 as math.Exp has it and for float32 to
// within 1.5 units in the last place (0.502 in plain Go), also where y is below 2^-126.
// A nan stays one.
func Sigmoid[T float32 | float64](x, y []T) {
	x = x[:len(y)]
	switch x := any(x).(type) {
	case []float32:
		y := any(y).([]float32)
		if k := &sigmoids[active]; k.lanes > 0 && len(y) > 0 {
			k.sigmoid(len(y)/k.lanes, &x[0], &y[0], k.mask(len(y)%k.lanes))
			return
		}
		for i, v := range x {
			y[i] = sigmoid32(v)
		}
	case []float64:
		for i, v := range x {
			y[i] = T(1 / (1 + math.Exp(-v)))
		}
	}
}

// SigmoidGrad sets dx = dy * ((1-y)*y), where y is the output of Sigmoid.
func SigmoidGrad[T float32 | float64](y, dy, dx []T) {
	y, dy = y[:len(dx)], dy[:len(dx)]
	if k := &sigmoids[active]; k.lanes > 0 && len(dx) > 0 {
		if dx, ok := any(dx).([]float32); ok {
			k.grad(len(dx)/k.lanes, &any(y).([]float32)[0], &any(dy).([]float32)[0], &dx[0], k.mask(len(dx)%k.lanes))
			return
		}
	}
	for i, v := range y {
		dx[i] = dy[i] * T((1-v)*v)
	}
}

// sigmoid32 computes in float64 with an exponential that is exact enough for float32: off
// by 2^-32 relative at most.
func sigmoid32(x float32) float32 {
	const (
		magic  = 3 << 51 // what is added to a number and taken away again is rounded
		least  = -104    // exp of it is 0 in float32
		lowest = 1023
	)
	u := -math.Abs(float64(x))
	if u < least {
		u = least
	}
	n := float64(u*math.Log2E+magic) - magic
	r := u - float64(n*math.Ln2)
	p := 0.0013944659651771428 + float64(r*0.0001979034208749007)
	p = 0.008333497073989813 + float64(r*p)
	p = 0.04166629494687943 + float64(r*p)
	p = 0.1666666586893789 + float64(r*p)
	p = 0.500000006768225 + float64(r*p)
	p = 1 + float64(r*p)
	p = 1 + float64(r*p)
	e := float64(p * math.Float64frombits(uint64(int64(n)+lowest)<<52))
	if x < 0 {
		return float32(e / (1 + e))
	}
	return float32(1 / (1 + e))
}
