package kernels

import "math"

// The kernels of the optimizers do a rule for each parameter, in one pass, with each
// operation rounded to its type: every variant gives the same bits. All slices have the
// length of p. In assembly for float32 on amd64, numbers nearer to zero than 2^-126
// count as zero: what is left of the moments of weights whose gradient is zero would slow
// the others down.

// optimizers are the update rules of a variant, for vectors of so many lanes. A rule
// that is nil has no assembly.
type optimizers[T float32 | float64] struct {
	lanes    int
	sgd      func(vectors int, p, g *T, rate T)
	momentum func(vectors int, p, g, v *T, momentum, rate T)
	nesterov func(vectors int, p, g, v *T, momentum, far, rate T)
	adaGrad  func(vectors int, p, g, h *T, rate, epsilon T)
	rmsprop  func(vectors int, p, g, h *T, decay, rest, rate, epsilon T)
	adam     func(vectors int, p, g, m, v *T, rate, b1, b2, epsilon T)
}

// SGD does p -= rate*g.
func SGD[T float32 | float64](p, g []T, rate T) {
	g = g[:len(p)]
	k := of[optimizers[T]](&updates[active], &dupdates[active])
	done := 0
	if k.sgd != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.sgd(vectors, &p[0], &g[0], rate)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		p[i] -= T(rate * g[i])
	}
}

// Momentum does
//
//	v = momentum*v - rate*g
//	p += v
func Momentum[T float32 | float64](p, g, v []T, momentum, rate T) {
	g, v = g[:len(p)], v[:len(p)]
	k := of[optimizers[T]](&updates[active], &dupdates[active])
	done := 0
	if k.momentum != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.momentum(vectors, &p[0], &g[0], &v[0], momentum, rate)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		v[i] = T(momentum*v[i]) - T(rate*g[i])
		p[i] += v[i]
	}
}

// Nesterov does
//
//	p += momentum*momentum*v
//	p -= (1+momentum)*rate*g
//	v = momentum*v - rate*g
func Nesterov[T float32 | float64](p, g, v []T, momentum, rate T) {
	g, v = g[:len(p)], v[:len(p)]
	far := T((1 + momentum) * rate)
	k := of[optimizers[T]](&updates[active], &dupdates[active])
	done := 0
	if k.nesterov != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.nesterov(vectors, &p[0], &g[0], &v[0], momentum, far, rate)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		p[i] += T(T(momentum*momentum) * v[i])
		p[i] -= T(far * g[i])
		v[i] = T(momentum*v[i]) - T(rate*g[i])
	}
}

// AdaGrad does
//
//	h += g*g
//	p -= rate*g / (sqrt(h) + epsilon)
func AdaGrad[T float32 | float64](p, g, h []T, rate, epsilon T) {
	g, h = g[:len(p)], h[:len(p)]
	k := of[optimizers[T]](&updates[active], &dupdates[active])
	done := 0
	if k.adaGrad != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.adaGrad(vectors, &p[0], &g[0], &h[0], rate, epsilon)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		h[i] += T(g[i] * g[i])
		p[i] -= T(rate*g[i]) / (root(h[i]) + epsilon)
	}
}

// RMSprop does
//
//	h *= decay
//	h += (1-decay)*g*g
//	p -= rate*g / (sqrt(h) + epsilon)
func RMSprop[T float32 | float64](p, g, h []T, decay, rate, epsilon T) {
	g, h = g[:len(p)], h[:len(p)]
	rest := 1 - decay
	k := of[optimizers[T]](&updates[active], &dupdates[active])
	done := 0
	if k.rmsprop != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.rmsprop(vectors, &p[0], &g[0], &h[0], decay, rest, rate, epsilon)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		h[i] = T(h[i] * decay)
		h[i] += T(T(rest*g[i]) * g[i])
		p[i] -= T(rate*g[i]) / (root(h[i]) + epsilon)
	}
}

// Adam does
//
//	m += b1*(g - m)
//	v += b2*(g*g - v)
//	p -= rate*m / (sqrt(v) + epsilon)
func Adam[T float32 | float64](p, g, m, v []T, rate, b1, b2, epsilon T) {
	g, m, v = g[:len(p)], m[:len(p)], v[:len(p)]
	k := of[optimizers[T]](&updates[active], &dupdates[active])
	done := 0
	if k.adam != nil && len(p) >= k.lanes {
		vectors := len(p) / k.lanes
		k.adam(vectors, &p[0], &g[0], &m[0], &v[0], rate, b1, b2, epsilon)
		done = vectors * k.lanes
	}
	for i := done; i < len(p); i++ {
		m[i] += T(b1 * (g[i] - m[i]))
		v[i] += T(b2 * (T(g[i]*g[i]) - v[i]))
		p[i] -= T(rate*m[i]) / (root(v[i]) + epsilon)
	}
}

func root[T float32 | float64](x T) T { return T(math.Sqrt(float64(x))) }
