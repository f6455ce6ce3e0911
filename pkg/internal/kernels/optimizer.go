package kernels

import "math"

// The kernels of the optimizers do a rule for each parameter, in one pass, with each
// operation rounded to float32: every variant gives the same bits. All slices have the
// length of p. In assembly for amd64, numbers nearer to zero than 2^-126 count as zero:
// what is left of the moments of weights whose gradient is zero would slow the others
// down.

// SGD does p -= rate*g.
func SGD(p, g []float32, rate float32) {
	g = g[:len(p)]
	for i := sgd(p, g, rate); i < len(p); i++ {
		p[i] -= float32(rate * g[i])
	}
}

// Momentum does
//
//	v = momentum*v - rate*g
//	p += v
func Momentum(p, g, v []float32, momentum, rate float32) {
	g, v = g[:len(p)], v[:len(p)]
	for i := momentumVectors(p, g, v, momentum, rate); i < len(p); i++ {
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
	for i := nesterov(p, g, v, momentum, far, rate); i < len(p); i++ {
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
	for i := adaGrad(p, g, h, rate, epsilon); i < len(p); i++ {
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
	for i := rmsprop(p, g, h, decay, rest, rate, epsilon); i < len(p); i++ {
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
	for i := adam(p, g, m, v, rate, b1, b2, epsilon); i < len(p); i++ {
		m[i] += float32(b1 * (g[i] - m[i]))
		v[i] += float32(b2 * (float32(g[i]*g[i]) - v[i]))
		p[i] -= float32(rate*m[i]) / (root(v[i]) + epsilon)
	}
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
