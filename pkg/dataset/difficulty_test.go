package dataset_test

import (
	"context"
	"io"
	"os"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

// The assignment's network must find the garments of the stand-in about as hard
// as the real ones: with dropout and without, 20 epochs of 6,000 images end
// between 80 % and 97 % of the 10,000 test images.
func TestStandInIsHardEnough(t *testing.T) {
	if os.Getenv("CONVBOOK_LONG") == "" {
		t.Skip("skipped: trains two networks; set CONVBOOK_LONG=1 to run it")
	}
	t.Setenv(dataset.FolderVariable, "stand-in")
	data, err := dataset.Open("fashion", dataset.Log(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	for _, dropout := range []bool{true, false} {
		rng := nprandom.New(0)
		net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{
			FilterNum: 64, HiddenSize: 50, UseDropout: dropout, DropoutRatio: 0.4})
		h, err := trainer.Train(context.Background(), net, data.Head(6000, 10000), trainer.Config{
			Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: 0.001},
			EvaluateSampleNumPerEpoch: 100, Rng: rng, Log: io.Discard})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("dropout %v: accuracy %.4f", dropout, h.FinalTestAcc)
		if h.FinalTestAcc < 0.80 || h.FinalTestAcc > 0.97 {
			t.Errorf("dropout %v: accuracy %.4f is outside 0.80 to 0.97", dropout, h.FinalTestAcc)
		}
	}
}
