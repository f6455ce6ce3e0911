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
