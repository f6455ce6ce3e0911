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
