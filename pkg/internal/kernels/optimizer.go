package kernels

import "math"

// The kernels of the optimizers do a rule for each parameter, in one pass, with each
// operation rounded to float32: every variant gives the same bits. All slices have the
// length of p. In assembly for amd64, numbers nearer to zero than 2^-126 count as zero:
// what is left of the moments of weights whose gradient is zero would slow the others
// down.

// optimizers are the update rules of a variant, for vectors of so many lanes. A rule
// that is nil has no assembly.
type optimizers struct {
	lanes    int
	sgd      func(vectors int, p, g *float32, rate float32)
	momentum func(vectors int, p, g, v *float32, momentum, rate float32)
	nesterov func(vectors int, p, g, v *float32, momentum, far, rate float32)
	adaGrad  func(vectors int, p, g, h *float32, rate, epsilon float32)
	rmsprop  func(vectors int, p, g, h *float32, decay, rest, rate, epsilon float32)
	adam     func(vectors int, p, g, m, v *float32, rate, b1, b2, epsilon float32)
}

// SGD does p -= rate*g.
func SGD(p, g []float32, rate float32) {
	g = g[:len(p)]
	k := &updates[active]
	done := 0
	if k.sgd != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.sgd(vectors, &p[0], &g[0], rate)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		p[i] -= float32(rate * g[i])
	}
}

// Momentum does
//
//	v = momentum*v - rate*g
//	p += v
func Momentum(p, g, v []float32, momentum, rate float32) {
	g, v = g[:len(p)], v[:len(p)]
	k := &updates[active]
	done := 0
	if k.momentum != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.momentum(vectors, &p[0], &g[0], &v[0], momentum, rate)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		v[i] = float32(momentum*v[i]) - float32(rate*g[i])
		p[i] += v[i]
	}
}

// Nesterov does
//
//	p += momentum*momentum*v
//	p -= (1+momentum)*rate*g
//	v = momentum*v - rate*g
func Nesterov(p, g, v []float32, momentum, rate float32) {
	g, v = g[:len(p)], v[:len(p)]
	far := float32((1 + momentum) * rate)
	k := &updates[active]
	done := 0
	if k.nesterov != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.nesterov(vectors, &p[0], &g[0], &v[0], momentum, far, rate)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		p[i] += float32(float32(momentum*momentum) * v[i])
		p[i] -= float32(far * g[i])
		v[i] = float32(momentum*v[i]) - float32(rate*g[i])
	}
}

// AdaGrad does
//
//	h += g*g
//	p -= rate*g / (sqrt(h) + epsilon)
func AdaGrad(p, g, h []float32, rate, epsilon float32) {
	g, h = g[:len(p)], h[:len(p)]
	k := &updates[active]
	done := 0
	if k.adaGrad != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.adaGrad(vectors, &p[0], &g[0], &h[0], rate, epsilon)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		h[i] += float32(g[i] * g[i])
		p[i] -= float32(rate*g[i]) / (root(h[i]) + epsilon)
	}
}

// RMSprop does
//
//	h *= decay
//	h += (1-decay)*g*g
//	p -= rate*g / (sqrt(h) + epsilon)
func RMSprop(p, g, h []float32, decay, rate, epsilon float32) {
	g, h = g[:len(p)], h[:len(p)]
	rest := 1 - decay
	k := &updates[active]
	done := 0
	if k.rmsprop != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.rmsprop(vectors, &p[0], &g[0], &h[0], decay, rest, rate, epsilon)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		h[i] = float32(h[i] * decay)
		h[i] += float32(float32(rest*g[i]) * g[i])
		p[i] -= float32(rate*g[i]) / (root(h[i]) + epsilon)
	}
}

// Adam does
//
//	m += b1*(g - m)
//	v += b2*(g*g - v)
//	p -= rate*m / (sqrt(v) + epsilon)
func Adam(p, g, m, v []float32, rate, b1, b2, epsilon float32) {
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	k := &updates[active]
	done := 0
	if k.adam != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.adam(vectors, &p[0], &g[0], &m[0], &v[0], rate, b1, b2, epsilon)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		m[i] += float32(b1 * (g[i] - m[i]))
		v[i] += float32(b2 * (float32(g[i]*g[i]) - v[i]))
		p[i] -= float32(rate*m[i]) / (root(v[i]) + epsilon)
	}
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
