// Command playground trains, with the course's packages, what the page of the site trains with its first settings,
// and leaves the losses, the weights and the scores of an image in the folder that is named. The tests of the browser
// run it in the course's module.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"path/filepath"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/params"
	"convbook/pkg/trainer"
)

const steps = 20

type wanted struct {
	Losses  []float64
	Scores  []float64 // of an image whose pixel i is i%256, of 255
	Blocks  []float64 // the same of the network of blocks.npz
	StandIn bool
}

func main() {
	data := dataset.Must(dataset.Open("mnist"))
	data.Train = data.Train.Head(500)
	rng := nprandom.New(0)
	net := convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He,
		convnet.Conv(8, 5, 1, 0), convnet.Relu(), convnet.Pool(2, 2), convnet.Affine(50), convnet.Relu(), convnet.Affine(10))
	enough := trainer.OnStep(func(e trainer.Event) error {
		if e.Step == steps {
			return trainer.Stop("enough")
		}
		return nil
	})
	history, err := trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 1, MiniBatchSize: 10, Optimizer: "adam",
		OptimizerParam: optimizer.Settings{LR: 0.002}, EvaluateSampleNumPerEpoch: 10, Rng: rng, Callbacks: []trainer.Callback{enough}})
	if err != nil {
		log.Fatal(err)
	}
	x := ndarray.Zeros[float32](1, 1, 28, 28)
	for i := range x.Data() {
		x.Data()[i] = float32(i%256) / 255
	}
	want := wanted{Losses: history.Loss, Scores: scores(net, x), StandIn: data.StandIn}
	norm := []convnet.Part{convnet.Conv(4, 3, 1, 1), convnet.BatchNormPerChannel(), convnet.Sigmoid()}
	blocks := convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, convnet.Conv(4, 5, 1, 0), convnet.BatchNorm(), convnet.Relu(), convnet.Pool(2, 2), convnet.Residual(norm...),
		convnet.Branches(norm, []convnet.Part{convnet.MaxPool(3, 1, 1)}), convnet.AveragePool(2, 2), convnet.Affine(20), convnet.Relu(), convnet.Dropout(0.3), convnet.Affine(10))
	blocks.LossGradient(dataset.Images[float32](data.Train.Head(20)), data.Train.Labels()[:20]) // so that normalisation has seen something
	want.Blocks = scores(blocks, x)
	if err := params.Save(filepath.Join(os.Args[1], "blocks.npz"), blocks.State(), params.Network(blocks.Description())); err != nil {
		log.Fatal(err)
	}
	for _, name := range []string{"go.npz", "go.safetensors"} {
		if err := params.Save(filepath.Join(os.Args[1], name), net.Params()); err != nil {
			log.Fatal(err)
		}
	}
	text, err := json.Marshal(want)
	if err == nil {
		err = os.WriteFile(filepath.Join(os.Args[1], "want.json"), text, 0o600)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func scores(net *convnet.Sequential[float32], x *ndarray.Array[float32]) (all []float64) {
	for _, v := range net.Predict(x).Data() {
		all = append(all, float64(v))
	}
	return all
}
