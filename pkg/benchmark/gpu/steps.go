package main

import (
	"fmt"
	"slices"
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
	"convbook/pkg/internal/device"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// named is a work with its name in the table and in torch.py.
type named struct {
	name string
	work work.Work
}

// works are what is measured; few is a step on few images and an evaluation of them.
func works(few bool) []named {
	if few {
		step := work.Assignment(64, 100).InBatches(10)
		return []named{{"the assignment's, 10 images", step}, {"50 images evaluated", work.Evaluate(step, 50)}}
	}
	all := []named{{"the assignment's step", work.Assignment(64, 100)}, {"the book's step", work.Book()}, {"DeepConvNet's step", work.Deep()}}
	for _, batch := range []int{10, 1000} {
		all = append(all, named{fmt.Sprintf("the assignment's, %d images", batch), work.Assignment(64, 100).InBatches(batch)})
	}
	return append(all, named{"10,000 images evaluated", work.Evaluate(work.Assignment(64, 100), 10_000)})
}

// imagesOf returns the first n images, or all where there are fewer.
func imagesOf(n int) (*dataset.Set, error) {
	data, err := openImages()
	if err != nil {
		return nil, err
	}
	return data.Train.Head(min(n, data.Train.Len())), nil
}

// measure runs a work in rounds and notes the median of a step.
func (m *measured) measure(d *gpu.Device, w named, round time.Duration, rounds int) error {
	net := ours.Net(w.work)
	set, err := imagesOf(max(w.work.Images, w.work.Batch))
	if err != nil {
		return err
	}
	plan, err := d.Plan(workOf(net, w.work.Batch, set))
	if err != nil {
		return err
	}
	defer plan.Close()
	do := func() error {
		_, err := plan.Right(set)
		return err
	}
	r := row{Name: w.name, GFLOP: w.work.Operations() / 1e9}
	if w.work.Kind == work.Step {
		r.Launches = plan.Launches()
		rng := nprandom.New(1)
		indices := make([]int, w.work.Batch)
		flying := 0
		do = func() error {
			rng.ChoiceInto(set.Len(), indices)
			if err := plan.Step(indices, nil, false); err != nil {
				return err
			}
			if flying++; flying < plan.Ahead() {
				return nil
			}
			flying--
			_, err := plan.Loss()
			return err
		}
	}
	var times []float64
	for i := range rounds + 1 { // the first one warms up
		began, n := time.Now(), 0
		for n < 3 || time.Since(began) < round {
			if err := do(); err != nil {
				return err
			}
			n++
		}
		if i > 0 {
			times = append(times, float64(time.Since(began).Microseconds())/1e3/float64(n))
		}
	}
	slices.Sort(times)
	r.Ours = times[len(times)/2]
	m.Rows = append(m.Rows, r)
	return nil
}

// workOf describes the training of a network by Adam.
func workOf(net network, batch int, set *dataset.Set) device.Work {
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
