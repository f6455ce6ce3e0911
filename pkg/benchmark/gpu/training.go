package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

// trainTwice trains the assignment, as the class did, twice on the device and once on the
// processor, and says how each ended. Few are 300 images.
func trainTwice(d *gpu.Device, epochs int, few bool, out io.Writer) error {
	data, err := openImages()
	if err != nil {
		return err
	}
	images := 6000
	if few {
		images = 300
	}
	data = data.Head(min(images, data.Train.Len()), min(images/6, data.Test.Len()))
	digests := map[string]bool{}
	for _, on := range []trainer.Device{d, d, nil} {
		rng := nprandom.New(0)
		net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50, UseDropout: true, DropoutRatio: 0.4})
		history, err := trainer.Train(context.Background(), net, data, trainer.Config{Epochs: epochs, Optimizer: "adam",
			OptimizerParam: optimizer.Settings{LR: 0.001}, Rng: rng, EvaluateSampleNumPerEpoch: 1000, Device: on})
		if err != nil {
			return err
		}
		where := "the processor"
		if on != nil {
			where = d.Name()
			digests[history.Digest] = true
		}
		fmt.Fprintf(out, "%s: %d steps in %v of %v, test accuracy %.3f, digest %s\n", where, len(history.Loss), history.StepTime, history.TotalTime, history.FinalTestAcc, history.Digest)
	}
	if len(digests) != 1 {
		return fmt.Errorf("two runs on %s have the digests %v, want one", d.Name(), digests)
	}
	return nil
}

// openImages opens drawn stand-ins, unless CONVBOOK_DATA says otherwise: the content of images
// does not matter for times.
func openImages() (*dataset.Data, error) {
	if os.Getenv(dataset.FolderVariable) == "" {
		os.Setenv(dataset.FolderVariable, "stand-in")
	}
	return dataset.Open("fashion", dataset.Log(io.Discard))
}
