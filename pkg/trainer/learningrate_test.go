package trainer

import (
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
)

// FindLearningRate leaves everything as it was, and finds a rate at which the loss
// falls, below those at which it explodes.
func TestFindLearningRate(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	rng := nprandom.New(1)
	net := convnet.Build[float32](rng, []int{1, tinySide, tinySide}, convnet.He,
		convnet.Conv(4, 3, 1, 0), convnet.BatchNorm(), convnet.Relu(), convnet.Dropout(0.1), convnet.Affine(10))
	digest, state := net.Digest(), rng.State()
	c := Config{Rng: rng, MiniBatchSize: 20, Callbacks: []Callback{&stopper{}}, Keep: "none"}
	curve, err := FindLearningRate(net, data, c, RateSearch{From: 1e-5, To: 1e4, Steps: 120})
	if err != nil {
		t.Fatal(err)
	}
	if net.Digest() != digest || !reflect.DeepEqual(rng.State(), state) {
		t.Error("the network or the random source is not as before")
	}
	n := len(curve.Rates)
	if n < 60 || n == 120 || len(curve.Loss) != n || len(curve.Smooth) != n || curve.Rates[0] != 1e-5 {
		t.Errorf("the curve has %d rates, %d losses, %d smooth ones, from %v", n, len(curve.Loss), len(curve.Smooth), curve.Rates[0])
	}
	if curve.Steepest < 1e-3 || curve.Steepest >= curve.Rates[n-1] {
		t.Errorf("the steepest fall is at %v, the last rate %v", curve.Steepest, curve.Rates[n-1])
	}
	if _, err := FindLearningRate(net, data, c, RateSearch{From: 1, To: 0.1}); err == nil || !strings.Contains(err.Error(), "rates that grow") {
		t.Errorf("rates that fall give %v", err)
	}
}
