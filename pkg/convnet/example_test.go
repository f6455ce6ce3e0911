package convnet_test

import (
	"fmt"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
)

// The assignment's network, part by part, and how its layers run.
func ExampleBuild() {
	net := convnet.Build[float32](nprandom.New(0), []int{1, 28, 28}, convnet.He,
		convnet.Conv(64, 5, 1, 0), convnet.Relu(), convnet.Pool(2, 2),
		convnet.Affine(50), convnet.Relu(), convnet.Dropout(0.4), convnet.Affine(10))
	fmt.Print(net.Summary())
	fmt.Print(net.Plan())
	// Output:
	// layer            output        parameters
	// input            (1, 28, 28)
	// Conv1            (64, 24, 24)       1,664
	//   64 filters 5x5, stride 1, pad 0
	// Relu1            (64, 24, 24)
	// Pool1            (64, 12, 12)
	//   2x2, stride 2, pad 0
	// Affine1          (50,)            460,850
	// Relu2            (50,)
	// Dropout1         (50,)
	//   ratio 0.4
	// Affine2          (10,)                510
	// SoftmaxWithLoss  (10,)
	// total                             463,024
	// layers                     run
	// Conv1 Relu1 Pool1 Affine1  fused
	// Relu2                      fused
	// Dropout1                   fused
	// Affine2                    fused
}

// The line tells what shapes do not: activations, paddings and ways around.
func ExampleSequential_Description() {
	net := convnet.Build[float32](nprandom.New(0), []int{1, 8, 8}, convnet.He, convnet.Conv(4, 3, 1, 1), convnet.BatchNorm(), convnet.Relu(),
		convnet.Shortcut([]convnet.Part{convnet.Conv(8, 1, 2, 0)}, convnet.Conv(8, 3, 2, 1), convnet.Relu()), convnet.Affine(10))
	fmt.Println(net.Description())
	// Output: (1, 8, 8) Conv(4, 3, 1, 1), BatchNorm(), Relu(), Shortcut({Conv(8, 1, 2, 0)}, Conv(8, 3, 2, 1), Relu()), Affine(10)
}
