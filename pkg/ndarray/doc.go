// Package ndarray holds n-dimensional arrays of float32 or float64, the
// counterpart of NumPy's ndarray in the class.
//
// An Array is always contiguous and row-major: the last axis runs fastest. A
// batch of images has the shape (N, C, H, W) and lies in memory as
//
//	image 0                                       image 1
//	channel 0              channel 1              channel 0
//	row 0    row 1    …    row 0    row 1    …    row 0
//	|W ……… W|W ……… W|…     |W ……… W|W ……… W|…     |W ……… W|…
//
// so element (n, c, h, w) stands at ((n*C + c)*H + h)*W + w.
//
// Arrays print as in NumPy 1, which the class had; SetPrintOptions asks for NumPy 2's text.
//
// Index, Slice and Reshape give views that share memory with the array they
// come from; everything else returns a new array. Shapes that do not fit panic
// with a *ShapeError, as gonum/mat does; its text names both shapes.
package ndarray
