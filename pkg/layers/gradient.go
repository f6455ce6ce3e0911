package layers

import (
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// NumericalGradient returns the gradient of f with respect to x by central
// differences: (f(x+h) - f(x-h)) / 2h for each element, with h = 1e-4. f reads
// x; x is changed while it runs and holds its old values afterwards. In float32 too little
// is left of such differences: use float64. It panics when x is nil.
// (common.gradient.numerical_gradient)
func NumericalGradient[T ndarray.Float](f func() T, x *ndarray.Array[T]) *ndarray.Array[T] {
	const h = 1e-4
	grad := ndarray.Zeros[T](shapes.Of("NumericalGradient", "x", x)...)
	data := x.Data()
	for i, v := range data {
		data[i] = v + h
		above := f()
		data[i] = v - h
		below := f()
		data[i] = v
		grad.Data()[i] = (above - below) / (2 * h)
	}
	return grad
}
