package layers

import (
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

const noForward = ": there was no Forward before it; call Forward with a batch first"

// checkBackward panics unless there was a Forward, whose output had the shape out, and
// dout has that shape.
func checkBackward[T ndarray.Float](op string, dout *ndarray.Array[T], out []int) {
	if out == nil {
		panic(op + noForward)
	}
	shapes.Check(op, shapes.Of(op, "dout", dout), out, "the shape of the output")
}
