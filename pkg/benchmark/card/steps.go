package card

import (
	"slices"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/device"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// WorkOf describes the training of a network by Adam on a device.
func WorkOf(net *convnet.Sequential[float32], batch int, set *dataset.Set) device.Work {
	w := device.Work{Input: net.InputShape(), Names: net.LayerNames(), Optimizer: optimizer.NewAdam[float32](0.001), Batch: batch,
		Train: set, Sets: []*dataset.Set{set}}
	for _, name := range w.Names {
		w.Layers = append(w.Layers, net.Layer(name))
	}
	for _, name := range net.ParamNames() {
		w.Learn = append(w.Learn, device.Param{Name: name, Values: net.Params()[name].Data()})
	}
	return w
}

// StepTime returns the median of a plan's steps in milliseconds, as a training does them: losses
// are waited for some steps later, all of them before a round ends. Batches are drawn among so
// many images.
func StepTime(plan device.Plan, batch, images int, round time.Duration, rounds int) (float64, error) {
	rng := nprandom.New(1)
	indices := make([]int, batch)
	flying := 0
	wait := func(atMost int) error {
		for ; flying > atMost; flying-- {
			if _, err := plan.Loss(); err != nil {
				return err
			}
		}
		return nil
	}
	step := func() error {
		rng.ChoiceInto(images, indices)
		if err := plan.Step(indices, nil, false); err != nil {
			return err
		}
		flying++
		return wait(plan.Ahead() - 1)
	}
	return MedianTime(step, func() error { return wait(0) }, round, rounds)
}

// MedianTime does something in rounds of so long, after one that warms up, ends each of them, and
// returns the median of the rounds in milliseconds.
func MedianTime(do, end func() error, round time.Duration, rounds int) (float64, error) {
	var times []float64
	for i := range rounds + 1 {
		began, n := time.Now(), 0
		for n < 3 || time.Since(began) < round {
			if err := do(); err != nil {
				return 0, err
			}
			n++
		}
		if err := end(); err != nil {
			return 0, err
		}
		if i > 0 {
			times = append(times, float64(time.Since(began).Microseconds())/1e3/float64(n))
		}
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
