package main

import (
	"fmt"
	"strings"
	"time"

	"convbook/pkg/benchmark/card"
	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
)

// named is a work with its name in the table and in torch.py.
type named struct {
	name string
	work work.Work
}

// steps are those whose kernels are measured by themselves, too.
func steps(few bool) []named {
	if few {
		return []named{{"the assignment's, 10 images", work.Assignment(64, 100).InBatches(10)}}
	}
	return []named{{"the assignment's step", work.Assignment(64, 100)}, {"the book's step", work.Book()}, {"DeepConvNet's step", work.Deep()}}
}

// works are what is measured; few is a step on few images and an evaluation of them.
func works(few bool) []named {
	if few {
		step := steps(few)[0]
		return []named{step, {"50 images evaluated", work.Evaluate(step.work, 50)}}
	}
	all := steps(few)
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
	plan, err := d.Plan(card.WorkOf(net, w.work.Batch, set))
	if err != nil {
		return err
	}
	defer plan.Close()
	r := row{Name: w.name, GFLOP: w.work.Operations() / 1e9}
	if w.work.Kind == work.Step {
		r.Launches, r.Bytes = plan.Launches(), plan.Bytes()
		r.Ours, err = card.StepTime(plan, w.work.Batch, set.Len(), round, rounds)
	} else {
		r.Ours, err = card.MedianTime(func() error {
			_, err := plan.Right(set)
			return err
		}, func() error { return nil }, round, rounds)
	}
	m.Rows = append(m.Rows, r)
	return err
}

// kernelRow is a kernel of a step.
type kernelRow struct {
	Step   string  `json:"step"`
	Kernel string  `json:"kernel"`
	Groups int     `json:"groups"`
	Micro  float64 `json:"us"`
}

// kernels times each kernel of a step by itself: what is far above a launch is worth a look.
func (m *measured) kernels(d *gpu.Device, w named, round time.Duration) error {
	set, err := imagesOf(max(w.work.Images, w.work.Batch))
	if err != nil {
		return err
	}
	times, err := d.KernelTimes(card.WorkOf(ours.Net(w.work), w.work.Batch, set), round/10)
	for _, t := range times {
		m.Kernels = append(m.Kernels, kernelRow{w.name, strings.TrimSpace(t.Layer + " " + t.Name), t.Groups, 1e6 * t.Seconds})
	}
	return err
}
