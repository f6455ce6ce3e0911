package layers_test

import (
	"fmt"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Every window of 2x2 of one image of 3x3 becomes a row.
func ExampleIm2col() {
	image := ndarray.Arange[float64](9).Reshape(1, 1, 3, 3)
	fmt.Println(image.Index(0, 0))
	fmt.Println(layers.Im2col(image, 2, 2, 1, 0))
	// Output:
	// [[0. 1. 2.]
	//  [3. 4. 5.]
	//  [6. 7. 8.]]
	// [[0. 1. 3. 4.]
	//  [1. 2. 4. 5.]
	//  [3. 4. 6. 7.]
	//  [4. 5. 7. 8.]]
}

// A filter that takes from each pixel the one to its right, over an image of one channel.
func ExampleConvolution() {
	w := ndarray.FromSlice([]float64{1, -1}, 1, 1, 1, 2) // (FN, C, FH, FW)
	conv := layers.NewConvolution(w, ndarray.Zeros[float64](1), 1, 0)
	x := ndarray.FromSlice([]float64{0, 0, 5, 5}, 1, 1, 1, 4) // (N, C, H, W)
	y := conv.Forward(x, true)
	fmt.Println(y.Shape(), y.Index(0, 0))
	dx := conv.Backward(ndarray.Full(1.0, y.Shape()...))
	fmt.Println(dx.Shape(), dx.Index(0, 0), conv.DW.Index(0, 0), conv.DB)
	// Output:
	// (1, 1, 1, 3) [[ 0. -5.  0.]]
	// (1, 1, 1, 4) [[ 1.  0.  0. -1.]] [[ 5. 10.]] [3.]
}

func ExampleSigmoid() {
	x := ndarray.FromSlice([]float64{-2, 0, 2}, 1, 3)
	s := layers.NewSigmoid[float64]()
	fmt.Println(s.Forward(x, true))
	fmt.Println(s.Backward(ndarray.Full(1.0, 1, 3))) // y (1 - y)
	// Output:
	// [[0.11920292 0.5        0.88079708]]
	// [[0.10499359 0.25       0.10499359]]
}

// The mean of each window of 2x2, and what goes back: the same share to every pixel.
func ExampleAveragePooling() {
	x := ndarray.Arange[float64](16).Reshape(1, 1, 4, 4)
	pool := layers.NewAveragePooling[float64](2, 2, 2, 0)
	fmt.Println(pool.Forward(x, true).Index(0, 0))
	fmt.Println(pool.Backward(ndarray.Full(8.0, 1, 1, 2, 2)).Index(0, 0))
	// Output:
	// [[ 2.5  4.5]
	//  [10.5 12.5]]
	// [[2. 2. 2. 2.]
	//  [2. 2. 2. 2.]
	//  [2. 2. 2. 2.]
	//  [2. 2. 2. 2.]]
}

// Each column comes out with mean 0 and variance 1; VarianceFloor keeps the third,
// which has no variance, from a division by zero.
func ExampleBatchNormalization() {
	x := ndarray.FromSlice([]float64{1, 10, 7, 3, 30, 7}, 2, 3)
	norm := layers.NewBatchNormalization(ndarray.Full(1.0, 3), ndarray.Zeros[float64](3))
	y := norm.Forward(x, true)
	fmt.Printf("%.3f %.3f, floor %.0e\n", y.Index(0).Data(), y.Index(1).Data(), layers.VarianceFloor)
	// Output:
	// [-1.000 -1.000 0.000] [1.000 1.000 0.000], floor 1e-06
}

// A block that adds what its layers make of x to x, and one that joins two branches
// along the channels.
func ExampleResidual() {
	twice := layers.NewConvolution(ndarray.Full(2.0, 1, 1, 1, 1), ndarray.Zeros[float64](1), 1, 0)
	x := ndarray.FromSlice([]float64{1, 2, 3, 4}, 1, 1, 2, 2)
	block := layers.NewResidual(layers.Chain[float64]{twice}, nil)
	fmt.Println(block.Forward(x, true).Index(0, 0))

	branches := layers.NewBranches(layers.Chain[float64]{twice}, layers.Chain[float64]{layers.NewRelu[float64]()})
	fmt.Println(branches.OutputShape([]int{1, 2, 2}))
	// Output:
	// [[ 3.  6.]
	//  [ 9. 12.]]
	// [2 2 2]
}
