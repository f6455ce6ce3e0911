package params_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convbook/pkg/convnet"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
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

// A file can say of which network its arrays are: the site's playground then builds the same.
func ExampleNetwork() {
	net := convnet.Build[float32](nprandom.New(0), []int{1, 28, 28}, convnet.He, convnet.Conv(8, 5, 1, 0), convnet.Sigmoid(), convnet.Pool(2, 2), convnet.Affine(10))
	file, err := params.Encode(".npz", net.State(), params.Network(net.Description()))
	fmt.Println(params.NetworkOf(file), err)
	// Output: (1, 28, 28) Conv(8, 5, 1, 0), Sigmoid(), Pool(2, 2), Affine(10) <nil>
}
