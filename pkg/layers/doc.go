// Package layers holds the layers of the class (common/layers.py and
// common/util.py), each written as the lecture's algorithm: a convolution is
// im2col and a matrix product.
//
// Images have the shape (N, C, H, W): batch, channels, height, width. Im2col
// turns each window that a filter sees into one row:
//
//	x (N, C, H, W)                     col (N*OH*OW, C*FH*FW)
//	┌───────────────┐                  ┌ image 0, window (0, 0): channel 0 row 0, row 1, … channel 1 …
//	│ ┌────┐        │                  │ image 0, window (0, 1)
//	│ │FHxFW        │   ── Im2col ──▶  │ …
//	│ └────┘        │                  │ image 0, window (OH-1, OW-1)
//	└───────────────┘                  └ image 1, window (0, 0) …
//
// so that the convolution of every image with every filter is one product
// col · Wᵀ of the shapes (N*OH*OW, C*FH*FW) and (C*FH*FW, FN).
//
// Forward keeps what Backward needs; Backward takes the gradient of the loss
// with respect to the output and returns the one with respect to the input,
// and leaves the gradients of the parameters in fields such as DW and DB.
// Shapes that do not fit panic with a *ndarray.ShapeError that names the layer.
//
// The code here is meant to be read. What makes training fast is the execution
// plan in pkg/convnet, which is tested against these layers.
package layers
