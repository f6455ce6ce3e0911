package ndarray_test

import (
	"fmt"

	"convbook/pkg/ndarray"
)

func ExampleArray_Shape() {
	x := ndarray.Zeros[float64](10, 1, 28, 28)
	fmt.Println(x.Shape(), x.Index(0).Shape(), x.Sum(1, 2, 3).Shape())
	// Output: (10, 1, 28, 28) (1, 28, 28) (10,)
}
