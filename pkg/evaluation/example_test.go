package evaluation_test

import (
	"fmt"
	"io"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
	"convbook/pkg/nprandom"
)

// How many of the first images a network that has learned nothing gets right, and the
// share that is.
func ExampleCorrect() {
	data := dataset.Must(dataset.Open("fashion", dataset.Log(io.Discard)))
	net := convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{})
	first := data.Test.Head(100)
	right := evaluation.Correct(net, first)
	fmt.Println(evaluation.Accuracy(net, first) == float64(right)/100)
	// Output:
	// true
}
