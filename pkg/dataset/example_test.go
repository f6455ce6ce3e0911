package dataset_test

import (
	"fmt"
	"io"
	"os"

	"convbook/pkg/dataset"
)

// The stand-in is there without data and network, and says what it is.
func ExampleOpen() {
	os.Setenv(dataset.FolderVariable, "stand-in")
	defer os.Unsetenv(dataset.FolderVariable)
	data, err := dataset.Open("fashion", dataset.Log(io.Discard))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(data)
	fmt.Println(data.Classes[7], data.Train.Head(6000).Len())
	// Output:
	// Fashion-MNIST STAND-IN (drawn, not real): 60000 training and 10000 test images in 10 classes
	// Sneaker 6000
}

// The data sets of a class, once for all who work on a machine.
func ExampleData_Unpack() {
	for _, name := range []string{"mnist", "fashion"} {
		data := dataset.Must(dataset.Open(name))
		if err := data.Unpack("/srv/convbook/data"); err != nil {
			fmt.Println(err)
		}
	}
}

// What is wrong with files in memory is said as it is of files in a folder.
func ExampleOfFiles() {
	_, err := dataset.OfFiles("", map[string][]byte{"train-images-idx3-ubyte": {0, 0, 8, 3}})
	fmt.Println(err)
	// Output:
	// dataset: these files are missing: train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz
}
