package trainer

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// The error names where numbers stopped being finite.
func TestNotFinite(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	for _, c := range []struct {
		name  string
		where string
		step  int
		exact bool
		spoil func(net *convnet.Sequential[float32])
		lr    float64
	}{
		{"a parameter", "in the parameters W2,", 1, false, func(net *convnet.Sequential[float32]) {
			net.Params()["W2"].Data()[3] = float32(math.NaN())
		}, 0.01},
		{"a layer", "in the output of Affine1,", 1, false, func(net *convnet.Sequential[float32]) {
			net.Params()["W1"].Fill(1e30)
			net.Params()["W2"].Fill(1e30)
		}, 0.01},
		{"a rate that is too high", "in the ", 2, false, func(*convnet.Sequential[float32]) {}, 1e38},
		{"in class-exact mode", "in the ", 1, true, func(*convnet.Sequential[float32]) {}, 1e38},
	} {
		rng := nprandom.New(0)
		net := convnet.Build[float32](rng, []int{1, tinySide, tinySide}, convnet.He,
			convnet.Conv(4, 3, 1, 0), convnet.Relu(), convnet.Affine(10), convnet.Relu(), convnet.Affine(10))
		c.spoil(net)
		h, err := Train(context.Background(), net, data, Config{Rng: rng, MiniBatchSize: 10, ClassExact: c.exact,
			OptimizerParam: optimizer.Settings{LR: c.lr}})
		var broken *NotFinite
		if !errors.As(err, &broken) || broken.Step != c.step || !strings.Contains(broken.Where, c.where) || !strings.Contains(err.Error(), "smaller learning rate") {
			t.Errorf("%s: the error is %v, want step %d and %q", c.name, err, c.step, c.where)
			continue
		}
		if h.Complete {
			t.Errorf("%s: the history says that it is complete", c.name)
		}
	}
}

func TestWhatASplitRefuses(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "sgd"}
	for want, share := range map[string]float64{"want a share of the training set": 1, "holds none back": 0.001} {
		r.change = func(c *Config) { c.ValidationSplit = share }
		if _, _, err := r.prepare(""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
}
