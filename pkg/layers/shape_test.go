package layers

import (
	"fmt"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
)

// A shape that does not fit panics with a text that names the layer and both
// shapes.
func TestShapeErrors(t *testing.T) {
	zeros := ndarray.Zeros[float64]
	conv := NewConvolution(zeros(4, 3, 5, 5), zeros(4), 1, 0)
	affine := NewAffine(zeros(12, 5), zeros(5))
	pool := NewPooling[float64](2, 2, 2, 0)
	softmax := NewSoftmaxWithLoss[float64]()
	for _, c := range []struct {
		name string
		do   func()
		want []string
	}{
		{"filters of three axes", func() { NewConvolution(zeros(4, 5, 5), zeros(4), 1, 0) }, []string{"Convolution", "(4, 5, 5)", "(any, any, any, any)"}},
		{"bias of another length", func() { NewConvolution(zeros(4, 3, 5, 5), zeros(3), 1, 0) }, []string{"Convolution", "(3,)", "(4,)"}},
		{"stride 0", func() { NewConvolution(zeros(4, 3, 5, 5), zeros(4), 0, 0) }, []string{"Convolution", "stride 0"}},
		{"other channels", func() { conv.Forward(zeros(2, 1, 28, 28), true) }, []string{"Convolution.Forward", "(2, 1, 28, 28)", "(any, 3, any, any)", "(4, 3, 5, 5)"}},
		{"image smaller than the filter", func() { conv.Forward(zeros(2, 3, 4, 9), true) }, []string{"Convolution", "(1, 3, 4, 9)", "(any, any, 5, 5)"}},
		{"gradient of another shape", func() { conv.Forward(zeros(2, 3, 7, 7), true); conv.Backward(zeros(2, 4, 3, 4)) }, []string{"Convolution.Backward", "(2, 4, 3, 4)", "(2, 4, 3, 3)"}},
		{"pooling of rows", func() { pool.Forward(zeros(2, 8), true) }, []string{"Pooling.Forward", "(2, 8)", "(any, any, any, any)"}},
		{"pooling backward", func() { pool.Forward(zeros(2, 3, 8, 8), true); pool.Backward(zeros(2, 3, 8, 8)) }, []string{"Pooling.Backward", "(2, 3, 8, 8)", "(2, 3, 4, 4)"}},
		{"affine of another width", func() { affine.Forward(zeros(2, 3, 5), true) }, []string{"Affine", "(3, 5)", "(12,)", "15 elements"}},
		{"affine backward", func() { affine.Forward(zeros(2, 12), true); affine.Backward(zeros(2, 4)) }, []string{"Affine.Backward", "(2, 4)", "(2, 5)"}},
		{"labels of another number", func() { softmax.Forward(zeros(3, 10), []int{1, 2}) }, []string{"SoftmaxWithLoss", "(3, 10)", "2 labels"}},
		{"label out of range", func() { softmax.Forward(zeros(2, 10), []int{1, 10}) }, []string{"SoftmaxWithLoss", "label 10", "sample 1", "10 classes"}},
		{"no samples", func() { softmax.Forward(zeros(0, 10), nil) }, []string{"SoftmaxWithLoss", "empty batch"}},
		{"one-hot of another shape", func() { softmax.ForwardOneHot(zeros(2, 10), zeros(2, 9)) }, []string{"SoftmaxWithLoss", "(2, 9)", "(2, 10)"}},
		{"col2im rows", func() { Col2im(zeros(8, 75), []int{1, 3, 7, 7}, 5, 5, 1, 0) }, []string{"Col2im", "(8, 75)", "(9, 75)"}},
		{"im2col of three axes", func() { Im2col(zeros(3, 7, 7), 5, 5, 1, 0) }, []string{"Im2col", "(3, 7, 7)", "(N, C, H, W)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				text := fmt.Sprint(recover())
				for _, part := range c.want {
					if !strings.Contains(text, part) {
						t.Errorf("the panic is %q, want it to say %q", text, part)
					}
				}
			}()
			c.do()
		})
	}
}
