package convnet

import (
	"fmt"
	"strings"

	"convbook/pkg/ndarray"
)

// SimpleConvNetConfig holds the options of the class's SimpleConvNet under the
// class's names. A zero value stands for the class's default, except for DropoutRatio.
type SimpleConvNetConfig struct {
	InputDim   [3]int // (C, H, W); (1, 28, 28)
	FilterNum  int    // 30
	FilterSize int    // 5
	Pad        int    // 0
	Stride     int    // 1
	HiddenSize int    // 100, as in the book; the listing of the assignment has 200, its run 50
	OutputSize int    // 10

	// WeightInitStd is the standard deviation of the initial weights; 0.01.
	// WeightInit chooses it by layer instead: "relu" or "he", "sigmoid" or
	// "xavier".
	WeightInitStd float64
	WeightInit    string

	// UseDropout adds a Dropout with DropoutRatio after the hidden layer and another after
	// the output layer, as the class's file does. The class's default is 0.5; here 0 is 0,
	// and drops nothing.
	UseDropout   bool
	DropoutRatio float64
}

// SimpleConvNet is the network of the class:
//
//	conv - relu - pool - affine - relu - [dropout] - affine - [dropout] - softmax
//
// with parameters W1, b1 (convolution), W2, b2 and W3, b3 (affine).
// (simple_convnet.py; book, section 7.5)
type SimpleConvNet[T ndarray.Float] struct {
	Sequential[T]
	Config SimpleConvNetConfig // with the defaults filled in
}

// NewSimpleConvNet makes the network, drawing W1, W2 and W3 from rng. It panics
// when an option makes no sense or shapes do not fit.
func NewSimpleConvNet[T ndarray.Float](rng ndarray.Source, c SimpleConvNetConfig) *SimpleConvNet[T] {
	c = c.withDefaults()
	return &SimpleConvNet[T]{Config: c,
		Sequential: *Build[T](rng, c.InputDim[:], initialScale(c.WeightInit, c.WeightInitStd), c.parts()...)}
}

func (c SimpleConvNetConfig) parts() []Part {
	parts := []Part{
		Conv(c.FilterNum, c.FilterSize, c.Stride, c.Pad), Relu(), Pool(2, 2),
		Affine(c.HiddenSize), Relu(),
	}
	if c.UseDropout {
		return append(parts, Dropout(c.DropoutRatio), Affine(c.OutputSize), Dropout(c.DropoutRatio))
	}
	return append(parts, Affine(c.OutputSize))
}

func (c SimpleConvNetConfig) withDefaults() SimpleConvNetConfig {
	or := func(v *int, standard int) {
		if *v == 0 {
			*v = standard
		}
	}
	if c.InputDim == [3]int{} {
		c.InputDim = [3]int{1, 28, 28}
	}
	or(&c.FilterNum, 30)
	or(&c.FilterSize, 5)
	or(&c.Stride, 1)
	or(&c.HiddenSize, 100)
	or(&c.OutputSize, 10)
	if c.WeightInitStd == 0 {
		c.WeightInitStd = 0.01
	}
	return c
}

// initialScale reads the class's names for initial values; without a name it
// is std.
func initialScale(name string, std float64) InitialScale {
	switch strings.ToLower(name) {
	case "":
		return Std(std)
	case "relu", "he":
		return He
	case "sigmoid", "xavier":
		return Xavier
	}
	panic(fmt.Sprintf(`SimpleConvNet: WeightInit is %q, want "relu", "he", "sigmoid", "xavier" or nothing`, name))
}
