//go:build !purego

package kernels

// Each of the following updates whole vectors of parameters and returns how many
// parameters that was.

func sgd(p, g []float32, rate float32) int {
	vectors := wholeVectors(len(p))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		sgdAVX512(vectors, &p[0], &g[0], rate)
		return 16 * vectors
	}
	sgdAVX2(vectors, &p[0], &g[0], rate)
	return 8 * vectors
}

func momentumVectors(p, g, v []float32, momentum, rate float32) int {
	vectors := wholeVectors(len(p))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		momentumAVX512(vectors, &p[0], &g[0], &v[0], momentum, rate)
		return 16 * vectors
	}
	momentumAVX2(vectors, &p[0], &g[0], &v[0], momentum, rate)
	return 8 * vectors
}

func nesterov(p, g, v []float32, momentum, far, rate float32) int {
	vectors := wholeVectors(len(p))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		nesterovAVX512(vectors, &p[0], &g[0], &v[0], momentum, far, rate)
		return 16 * vectors
	}
	nesterovAVX2(vectors, &p[0], &g[0], &v[0], momentum, far, rate)
	return 8 * vectors
}

func adaGrad(p, g, h []float32, rate, epsilon float32) int {
	vectors := wholeVectors(len(p))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		adaGradAVX512(vectors, &p[0], &g[0], &h[0], rate, epsilon)
		return 16 * vectors
	}
	adaGradAVX2(vectors, &p[0], &g[0], &h[0], rate, epsilon)
	return 8 * vectors
}

func rmsprop(p, g, h []float32, decay, rest, rate, epsilon float32) int {
	vectors := wholeVectors(len(p))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		rmspropAVX512(vectors, &p[0], &g[0], &h[0], decay, rest, rate, epsilon)
		return 16 * vectors
	}
	rmspropAVX2(vectors, &p[0], &g[0], &h[0], decay, rest, rate, epsilon)
	return 8 * vectors
}

func adam(p, g, m, v []float32, rate, b1, b2, epsilon float32) int {
	vectors := wholeVectors(len(p))
	switch {
	case vectors == 0:
		return 0
	case active == AVX512:
		adamAVX512(vectors, &p[0], &g[0], &m[0], &v[0], rate, b1, b2, epsilon)
		return 16 * vectors
	}
	adamAVX2(vectors, &p[0], &g[0], &m[0], &v[0], rate, b1, b2, epsilon)
	return 8 * vectors
}
