package trainer_test

import (
	"context"
	"io"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/evaluation"
	"convbook/pkg/nprandom"
	"convbook/pkg/trainer"
)

// A run of a network with batch normalisation leaves the running values too, so
// that the loaded network answers as the trained one.
func TestRunningValuesAreKept(t *testing.T) {
	data := standIn(t, 500, 200)
	build := func(seed uint32) *convnet.Sequential[float32] {
		return convnet.Build[float32](nprandom.New(seed), []int{1, 28, 28}, convnet.He,
			convnet.Conv(4, 5, 1, 0), convnet.BatchNormPerChannel(), convnet.Relu(), convnet.Pool(2, 2),
			convnet.Affine(20), convnet.BatchNorm(), convnet.Relu(), convnet.Affine(10))
	}
	folder := t.TempDir()
	net := build(0)
	h, err := trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 3, Optimizer: "adam",
		Rng: nprandom.New(0), Log: io.Discard, Keep: folder})
	if err != nil {
		t.Fatal(err)
	}
	loaded := build(1)
	trainer.Must(trainer.OpenRun[float32](folder)).Into(loaded)
	if loaded.Digest() != h.Digest || evaluation.Accuracy(loaded, data.Test) != h.FinalTestAcc {
		t.Errorf("the loaded network has digest %s and accuracy %v, the trained one %s and %v",
			loaded.Digest(), evaluation.Accuracy(loaded, data.Test), h.Digest, h.FinalTestAcc)
	}
}
