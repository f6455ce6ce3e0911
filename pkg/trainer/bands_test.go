package trainer_test

import (
	"context"
	"io"
	"math"
	"os"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

// Five seeds of the assignment's network in float32 end, on all 10,000 test
// images, within the bands that NumPy and PyTorch gave for these settings.
func TestAccuracyOfTheAssignment(t *testing.T) {
	if os.Getenv("CONVBOOK_LONG") == "" {
		t.Skip("skipped: trains ten networks; set CONVBOOK_LONG=1 to run it")
	}
	data := realData(t, "fashion")
	for _, c := range []struct {
		name      string
		images    int
		dropout   bool
		low, high float64
	}{
		{"as written: 6,000 images, dropout 0.4", 6000, true, 0.78, 0.84},
		{"20,000 images, no dropout", 20000, false, 0.88, 0.91},
	} {
		var sum, squares float64
		const seeds = 5
		for seed := range uint32(seeds) {
			rng := nprandom.New(seed)
			net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{
				FilterNum: 64, HiddenSize: 50, UseDropout: c.dropout, DropoutRatio: 0.4})
			h, err := trainer.Train(context.Background(), net, data.Head(c.images, data.Test.Len()), trainer.Config{
				Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: 0.001},
				EvaluateSampleNumPerEpoch: 100, Rng: rng, Log: io.Discard})
			if err != nil {
				t.Fatal(err)
			}
			sum += h.FinalTestAcc
			squares += h.FinalTestAcc * h.FinalTestAcc
			if h.FinalTestAcc < c.low || h.FinalTestAcc > c.high {
				t.Errorf("%s, seed %d: accuracy %.4f is outside %.2f to %.2f", c.name, seed, h.FinalTestAcc, c.low, c.high)
			}
			t.Logf("%s, seed %d: %.4f, %d steps of %.2f ms", c.name, seed, h.FinalTestAcc, len(h.Loss), h.StepTime.Seconds()*1000/float64(len(h.Loss)))
		}
		mean := sum / seeds
		t.Logf("%s: mean %.4f, standard deviation %.4f", c.name, mean, math.Sqrt((squares-seeds*mean*mean)/(seeds-1)))
	}
}
