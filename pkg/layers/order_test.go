package layers

import (
	"fmt"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
)

// said wants a panic that says all of parts, and is no fault of the runtime.
func said(t *testing.T, name string, do func(), parts ...string) {
	t.Helper()
	defer func() {
		t.Helper()
		text := fmt.Sprint(recover())
		for _, part := range append(parts, "") {
			if !strings.Contains(text, part) || strings.Contains(text, "runtime error") || text == "<nil>" {
				t.Errorf("%s: the panic is %q, want it to say %q", name, text, part)
				return
			}
		}
	}()
	do()
}

// Backward without Forward, and arrays that are nil, are said in words.
func TestLayersOutOfOrder(t *testing.T) {
	zeros := ndarray.Zeros[float64]
	for _, c := range []struct {
		l Layer[float64]
		x *ndarray.Array[float64]
	}{
		{NewConvolution(zeros(2, 1, 3, 3), zeros(2), 1, 1), zeros(2, 1, 4, 4)},
		{NewPooling[float64](2, 2, 2, 0), zeros(2, 1, 4, 4)},
		{NewAffine(zeros(4, 3), zeros(3)), zeros(2, 4)},
		{NewRelu[float64](), zeros(2, 4)},
		{NewSigmoid[float64](), zeros(2, 4)},
		{NewDropout[float64](steady{}, 0.5), zeros(2, 4)},
		{NewBatchNormalization(zeros(4), zeros(4)), zeros(2, 4)},
	} {
		name := c.l.Name()
		said(t, name, func() { c.l.Backward(c.x) }, name+".Backward", "no Forward before it")
		said(t, name, func() { c.l.Backward(nil) }, name+".Backward", "no Forward before it")
		said(t, name, func() { c.l.Forward(nil, true) }, name+".Forward", "x is nil")
		y := c.l.Forward(c.x, true)
		said(t, name, func() { c.l.Backward(nil) }, name+".Backward", "dout is nil")
		said(t, name, func() { c.l.Backward(zeros(7, 9)) }, name+".Backward", "(7, 9)", ndarray.Shape(y.Shape()).String())
	}
	softmax := NewSoftmaxWithLoss[float64]()
	said(t, "SoftmaxWithLoss", func() { softmax.Backward() }, "SoftmaxWithLoss.Backward", "no Forward before it")
	said(t, "SoftmaxWithLoss", func() { softmax.Forward(nil, []int{1}) }, "SoftmaxWithLoss.Forward", "x is nil")
	said(t, "SoftmaxWithLoss", func() { softmax.ForwardOneHot(zeros(2, 3), nil) }, "SoftmaxWithLoss.ForwardOneHot", "t is nil")
	said(t, "SoftmaxWithLoss", func() { softmax.ForwardOneHot(nil, zeros(2, 3)) }, "SoftmaxWithLoss.ForwardOneHot", "x is nil")
	said(t, "Softmax", func() { Softmax[float64](nil) }, "Softmax", "x is nil")
	said(t, "CrossEntropy", func() { CrossEntropy[float64](nil, nil) }, "CrossEntropy", "y is nil")
	said(t, "Im2col", func() { Im2col[float64](nil, 3, 3, 1, 0) }, "Im2col", "images is nil")
	said(t, "Col2im", func() { Col2im[float64](nil, []int{1, 1, 4, 4}, 3, 3, 1, 0) }, "Col2im", "col is nil")
	said(t, "NumericalGradient", func() { NumericalGradient(func() float64 { return 0 }, nil) }, "NumericalGradient", "x is nil")
	said(t, "NewConvolution", func() { NewConvolution(nil, zeros(2), 1, 0) }, "NewConvolution", "w is nil")
	said(t, "NewConvolution", func() { NewConvolution(zeros(2, 1, 3, 3), nil, 1, 0) }, "NewConvolution", "b is nil")
	said(t, "NewAffine", func() { NewAffine(nil, zeros(2)) }, "NewAffine", "w is nil")
	said(t, "NewAffine", func() { NewAffine(zeros(2, 2), nil) }, "NewAffine", "b is nil")
	said(t, "NewBatchNormalization", func() { NewBatchNormalization(nil, zeros(2)) }, "NewBatchNormalization", "gamma is nil")
	said(t, "NewBatchNormalization", func() { NewBatchNormalization(zeros(2), nil) }, "NewBatchNormalization", "beta is nil")
}

// After an evaluation the gradient of Dropout is that of the evaluation, not of the mask
// of an earlier batch.
func TestDropoutBackwardAfterEvaluation(t *testing.T) {
	l := NewDropout[float64](steady{}, 0.25)
	x := ndarray.Full(1.0, 2, 3)
	l.Forward(x, true)
	l.Forward(x, false)
	if got := l.Backward(x); !got.Equal(ndarray.Full(0.75, 2, 3)) {
		t.Errorf("the gradient is %v, want 0.75", got)
	}
	checkGradient(t, "Dropout in evaluation", l, x, false)
}
