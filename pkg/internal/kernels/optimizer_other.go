//go:build !amd64 || purego

package kernels

// Where an optimizer has no assembly, none of the parameters is updated by it.

func sgd(p, g []float32, rate float32) int { return 0 }

func momentumVectors(p, g, v []float32, momentum, rate float32) int { return 0 }

func nesterov(p, g, v []float32, momentum, far, rate float32) int { return 0 }

func adaGrad(p, g, h []float32, rate, epsilon float32) int { return 0 }

func rmsprop(p, g, h []float32, decay, rest, rate, epsilon float32) int { return 0 }
