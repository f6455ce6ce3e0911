package convnet

import (
	"slices"

	"convbook/pkg/ndarray"
)

// DeepConvNetConfig holds the options of the book's DeepConvNet. A zero value
// stands for the book's default, except for DropoutRatio.
type DeepConvNetConfig struct {
	InputDim     [3]int  // (C, H, W); (1, 28, 28)
	HiddenSize   int     // 50
	OutputSize   int     // 10
	DropoutRatio float64 // the book has 0.5; 0 leaves both Dropout layers out
}

// DeepConvNet is the book's network above 99 % on MNIST:
//
//	conv16 - relu - conv16 - relu - pool -
//	conv32 - relu - conv32 - relu - pool -
//	conv64 - relu - conv64 - relu - pool -
//	affine - relu - dropout - affine - dropout - softmax
//
// with 3x3 filters and He's initial values. (deep_convnet.py; book, section 8.1)
type DeepConvNet[T ndarray.Float] struct {
	Sequential[T]
	Config DeepConvNetConfig // with the defaults filled in
}

// NewDeepConvNet makes the network, drawing W1 to W8 from rng. It panics with a
// *ndarray.ShapeError for images smaller than 4x4, which three poolings leave nothing of,
// and unless 0 <= DropoutRatio < 1.
func NewDeepConvNet[T ndarray.Float](rng ndarray.Source, c DeepConvNetConfig) *DeepConvNet[T] {
	c = c.withDefaults()
	return &DeepConvNet[T]{Config: c, Sequential: *Build[T](rng, c.InputDim[:], He, c.parts()...)}
}

func (c DeepConvNetConfig) withDefaults() DeepConvNetConfig {
	if c.InputDim == [3]int{} {
		c.InputDim = [3]int{1, 28, 28}
	}
	if c.HiddenSize == 0 {
		c.HiddenSize = 50
	}
	if c.OutputSize == 0 {
		c.OutputSize = 10
	}
	return c
}

func (c DeepConvNetConfig) parts() []Part {
	var dropout []Part
	if c.DropoutRatio != 0 {
		dropout = []Part{Dropout(c.DropoutRatio)}
	}
	return slices.Concat([]Part{
		Conv(16, 3, 1, 1), Relu(), Conv(16, 3, 1, 1), Relu(), Pool(2, 2),
		Conv(32, 3, 1, 1), Relu(), Conv(32, 3, 1, 2), Relu(), Pool(2, 2),
		Conv(64, 3, 1, 1), Relu(), Conv(64, 3, 1, 1), Relu(), Pool(2, 2),
		Affine(c.HiddenSize), Relu(),
	}, dropout, []Part{Affine(c.OutputSize)}, dropout)
}
