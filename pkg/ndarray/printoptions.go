package ndarray

import (
	"fmt"
	"strconv"
	"sync/atomic"
)

// PrintOptions says how arrays become text.
type PrintOptions struct {
	// NumPy is whose text it is: 1, which the class had (any 1.x from 1.14 on), or 2
	// (2.3 and later). They differ in three things: NumPy 2's Repr tells the shape of
	// an array that is shortened, it writes float32 from a million on, not from a
	// hundred million on, as 1.e+06, and it shows a single number with its type.
	NumPy int
}

var numPy atomic.Int32 // 0 as long as nobody has set it

// SetPrintOptions changes how arrays are printed from now on in this program, as
// numpy.set_printoptions does, and returns how they were. Without it, they print as in
// NumPy 1. It panics unless NumPy is 1 or 2.
func SetPrintOptions(o PrintOptions) (before PrintOptions) {
	if o.NumPy != 1 && o.NumPy != 2 {
		panic(fmt.Sprintf("ndarray.SetPrintOptions: NumPy is %d; choose 1 or 2", o.NumPy))
	}
	return PrintOptions{NumPy: max(1, int(numPy.Swap(int32(o.NumPy))))}
}

func printsAsNumPy2() bool { return numPy.Load() == 2 }

// NumberRepr returns the text that NumPy shows for a single number, such as x[0, 0]:
// repr(np.float32(0.1)), which is 0.1 in NumPy 1 and np.float32(0.1) in NumPy 2.
func NumberRepr[T Float](v T) string {
	bits := bitsOf[T]()
	text := scalarText(float64(v), bits)
	if printsAsNumPy2() {
		return "np.float" + strconv.Itoa(bits) + "(" + text + ")"
	}
	return text
}
