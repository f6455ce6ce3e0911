//go:build !purego

package kernels

// optimizers are the update rules of a variant, for vectors of so many lanes.
type optimizers struct {
	lanes    int
	sgd      func(vectors int, p, g *float32, rate float32)
	momentum func(vectors int, p, g, v *float32, momentum, rate float32)
	nesterov func(vectors int, p, g, v *float32, momentum, far, rate float32)
	adaGrad  func(vectors int, p, g, h *float32, rate, epsilon float32)
	rmsprop  func(vectors int, p, g, h *float32, decay, rest, rate, epsilon float32)
	adam     func(vectors int, p, g, m, v *float32, rate, b1, b2, epsilon float32)
}

// updates has those of each variant. PureGo has none, and no lanes.
var updates = [...]optimizers{
	AVX2:   {8, sgdAVX2, momentumAVX2, nesterovAVX2, adaGradAVX2, rmspropAVX2, adamAVX2},
	AVX512: {16, sgdAVX512, momentumAVX512, nesterovAVX512, adaGradAVX512, rmspropAVX512, adamAVX512},
}

// vectors returns the rules of the active variant and how many whole vectors n numbers
// have.
func vectors(n int) (*optimizers, int) {
	o := &updates[active]
	if o.lanes == 0 {
		return o, 0
	}
	return o, n / o.lanes
}

// Each of the following updates whole vectors of parameters and returns how many
// parameters that was.

func sgd(p, g []float32, rate float32) int {
	o, n := vectors(len(p))
	if n > 0 {
		o.sgd(n, &p[0], &g[0], rate)
	}
	return n * o.lanes
}

func momentumVectors(p, g, v []float32, momentum, rate float32) int {
	o, n := vectors(len(p))
	if n > 0 {
		o.momentum(n, &p[0], &g[0], &v[0], momentum, rate)
	}
	return n * o.lanes
}

func nesterov(p, g, v []float32, momentum, far, rate float32) int {
	o, n := vectors(len(p))
	if n > 0 {
		o.nesterov(n, &p[0], &g[0], &v[0], momentum, far, rate)
	}
	return n * o.lanes
}

func adaGrad(p, g, h []float32, rate, epsilon float32) int {
	o, n := vectors(len(p))
	if n > 0 {
		o.adaGrad(n, &p[0], &g[0], &h[0], rate, epsilon)
	}
	return n * o.lanes
}

func rmsprop(p, g, h []float32, decay, rest, rate, epsilon float32) int {
	o, n := vectors(len(p))
	if n > 0 {
		o.rmsprop(n, &p[0], &g[0], &h[0], decay, rest, rate, epsilon)
	}
	return n * o.lanes
}

func adam(p, g, m, v []float32, rate, b1, b2, epsilon float32) int {
	o, n := vectors(len(p))
	if n > 0 {
		o.adam(n, &p[0], &g[0], &m[0], &v[0], rate, b1, b2, epsilon)
	}
	return n * o.lanes
}
