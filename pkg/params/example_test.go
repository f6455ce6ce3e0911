package params_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convbook/pkg/ndarray"
	"convbook/pkg/params"
)

// What Save writes, numpy.load reads, and Load reads what numpy.savez writes.
func ExampleLoad() {
	folder, err := os.MkdirTemp("", "params")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "params.npz")
	if err := params.Save(path, map[string]*ndarray.Array[float64]{"W1": ndarray.Arange[float64](6).Reshape(2, 3)}); err != nil {
		fmt.Println(err)
	}
	arrays, err := params.Load[float32](path)
	fmt.Println(arrays["W1"], err)
	// Output:
	// [[0. 1. 2.]
	//  [3. 4. 5.]] <nil>
}

// A program in a browser has no files, only their bytes.
func ExampleDecode() {
	file, err := params.Encode(".npz", map[string]*ndarray.Array[float64]{"b1": ndarray.Arange[float64](3)})
	if err != nil {
		fmt.Println(err)
	}
	arrays, err := params.Decode[float32](file)
	fmt.Println(arrays["b1"], err)
	// Output:
	// [0. 1. 2.] <nil>
}
