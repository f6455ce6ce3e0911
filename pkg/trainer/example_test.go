package trainer_test

import (
	"context"
	"fmt"
	"io"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

func ExampleTrain() {
	rng := nprandom.New(0)
	net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 4, HiddenSize: 20})
	data := dataset.Must(dataset.Open("fashion", dataset.Log(io.Discard))).Head(500, 100)
	history, err := trainer.Train(context.Background(), net, data, trainer.Config{
		Epochs: 3, Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: 0.001}, Rng: rng})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(history.Epochs), "epochs,", len(history.Loss), "steps, complete:", history.Complete)
	// Output: 3 epochs, 15 steps, complete: true
}
