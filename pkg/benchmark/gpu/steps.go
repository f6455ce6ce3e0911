package main

import (
	"fmt"
	"io"
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
	only string // the one kernel of the step that is of interest, "" for all
}

// steps are those whose kernels are measured by themselves, too.
func steps(few bool) []named {
	if few {
		return []named{{name: "the assignment's, 10 images", work: work.Assignment(64, 100).InBatches(10)}}
	}
	return []named{{name: "the assignment's step", work: work.Assignment(64, 100)}, {name: "the book's step", work: work.Book()}, {name: "DeepConvNet's step", work: work.Deep()}}
}

// works are what is measured; few is a step on few images and an evaluation of them.
func works(few bool) []named {
	if few {
		step := steps(few)[0]
		return []named{step, {name: "50 images evaluated", work: work.Evaluate(step.work, 50)}}
	}
	all := append(steps(few), named{name: "10,000 images evaluated", work: work.Evaluate(work.Assignment(64, 100), 10_000)})
	for _, batch := range []int{10, 1000} {
		all = append(all, named{name: fmt.Sprintf("the assignment's, %d images", batch), work: work.Assignment(64, 100).InBatches(batch)})
	}
	return all
}

// large are kernels that a device has enough to do with: what the trial measured that is in the
// card's record.
func large(few bool) []named {
	images, side := 10_000, 4096
	if few {
		images, side = 20, 64
	}
	layers := work.Assignment(64, 1).Layers
	wide := work.Layer{Kind: "affine", Units: side}
	step := func(batch int, layers ...work.Layer) work.Work {
		return work.Work{Kind: work.Step, Batch: batch, Images: batch, Layers: layers}
	}
	return []named{
		{fmt.Sprintf("a step of %d images", images), step(images, append(append([]work.Layer{}, layers[:3]...), layers[len(layers)-2])...), "Conv1 convolution"},
		{fmt.Sprintf("a product of %d x %[1]d x %[1]d", side), step(side, wide, wide), "Affine2 affine"},
	}
}

// imagesOf returns the first n images, or all where there are fewer.
func imagesOf(n int) (*dataset.Set, error) {
	data, err := openImages()
	if err != nil {
		return nil, err
	}
	return data.Train.Head(min(n, data.Train.Len())), nil
}

// counted returns the row of a work as it is known on paper.
func counted(w named, set *dataset.Set) (row, error) {
	count := gpu.CountStep
	if w.work.Kind == work.Evaluation {
		count = gpu.CountEvaluation
	}
	c, err := count(card.WorkOf(ours.Net(w.work), max(w.work.Batch, 1), set))
	return row{Name: w.name, GFLOP: w.work.Operations() / 1e9, Launches: len(c.Kernels), Bytes: c.Bytes, paper: c}, err
}

// measure runs a work in rounds and notes the median of a step.
func (m *measured) measure(d *gpu.Device, w named, round time.Duration, rounds int, log io.Writer) error {
	net := ours.Net(w.work)
	set, err := imagesOf(max(w.work.Images, w.work.Batch))
	if err != nil {
		return err
	}
	r, err := counted(w, set)
	if err != nil {
		return err
	}
	plan, err := m.plan(d, net, w.work.Batch, set)
	if err != nil {
		return err
	}
	defer plan.Close()
	if w.work.Kind == work.Step {
		r.Ours, err = card.StepTime(plan, w.work.Batch, set.Len(), round, rounds)
	} else {
		r.Ours, err = card.MedianTime(func() error {
			_, err := plan.Right(set)
			return err
		}, func() error { return nil }, round, rounds)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "%s: %.3f ms\n", w.name, r.Ours)
	m.Rows = append(m.Rows, r)
	return nil
}

// kernelRow is a kernel of a step.
type kernelRow struct {
	Step   string  `json:"step"`
	Kernel string  `json:"kernel"`
	Groups int     `json:"groups"`
	Micro  float64 `json:"us"`
	GFLOPS float64 `json:"gflops,omitempty"` // of a product
}

// kernels times each kernel of a step by itself: what is far above a launch is worth a look.
func (m *measured) kernels(d *gpu.Device, w named, round time.Duration, log io.Writer) error {
	set, err := imagesOf(max(w.work.Images, w.work.Batch))
	if err != nil {
		return err
	}
	m.allow(d)
	began := time.Now()
	times, err := d.KernelTimes(card.WorkOf(ours.Net(w.work), w.work.Batch, set), round/10)
	m.left -= time.Since(began)
	for _, t := range times {
		name := strings.TrimSpace(t.Layer + " " + t.Name)
		if w.only != "" && w.only != name {
			continue
		}
		k := kernelRow{Step: w.name, Kernel: name, Groups: t.Groups, Micro: 1e6 * t.Seconds, GFLOPS: t.Operations / t.Seconds / 1e9}
		fmt.Fprintf(log, "%s, %s: %.1f µs\n", k.Step, k.Kernel, k.Micro)
		m.Kernels = append(m.Kernels, k)
	}
	return err
}
