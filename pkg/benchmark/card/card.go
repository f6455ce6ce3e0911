// Package card measures a graphics processor in the figures in which package machine measures
// the cores. Where there is none it has what was recorded on one (recorded.json).
package card

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
)

//go:embed recorded.json
var recordedFile []byte

// Card is a graphics processor.
type Card struct {
	Name     string // "NVIDIA H200"
	Source   string // a line that says whether it is here or recorded
	Note     string // the same for a figure, in both languages
	Measured bool   // it is here

	device *gpu.Device
	images int // of the step whose kernels are measured
	record record
}

// record is what was recorded on a card.
type record struct {
	Card     string  `json:"card"`
	Recorded string  `json:"recorded"` // when, in both languages
	By       string  `json:"by"`       // with what
	Limits   Limits  `json:"limits"`
	Steps    []Curve `json:"steps"`
	Works    []struct {
		Name        string  `json:"name"`
		Convolution int     `json:"convolution"` // images
		Product     [3]int  `json:"product"`     // rows, columns and the side that is added up
		Micro       float64 `json:"us"`
		GFLOPS      float64 `json:"gflops"`
	} `json:"works"`
}

// Curve is how long a training step of the assignment's network takes, by the images of its
// batch.
type Curve struct {
	Name         string    `json:"name"`
	Images       []float64 `json:"images"`
	Milliseconds []float64 `json:"ms"`
}

// Work is a computation: how many operations it does for each byte of the arrays that it
// takes and makes, in float32, and how fast.
type Work struct {
	Name              string
	Intensity, GFLOPS float64
}

// Open returns the graphics processor of this machine, or that of the record where there is none.
// It returns an error where CONVBOOK_DEVICE names a device that is not there.
func Open() (*Card, error) {
	device, err := gpu.OpenGPU()
	if err != nil && os.Getenv(gpu.DeviceVariable) != "" {
		return nil, err
	}
	if err != nil {
		return Recorded(), nil
	}
	return here(device), nil
}

func here(device *gpu.Device) *Card {
	name := device.Name()
	return &Card{Name: name, Source: "measured now on " + name + " (" + device.Kind() + ")", Note: "measured on " + name + " · " + name + "에서 측정",
		Measured: true, device: device, images: 100}
}

// Recorded returns the graphics processor of the record, wherever this runs.
func Recorded() *Card {
	var c Card
	if err := json.Unmarshal(recordedFile, &c.record); err != nil {
		panic(err) // it is part of the program
	}
	c.Name = c.record.Card
	when, korean, _ := strings.Cut(c.record.Recorded, " · ")
	c.Source = fmt.Sprintf("no GPU here: recorded on an %s (%s)\nby %s", c.Name, when, c.record.By)
	c.Note = fmt.Sprintf("GPU: recorded on an %s, %s · GPU: %s의 기록, %s", c.Name, when, c.Name, korean)
	return &c
}

// Close frees the device.
func (c *Card) Close() {
	if c.device != nil {
		c.device.Close()
	}
}

// Limits measures the card's peak, its bandwidth and what a launch costs. What is recorded has
// peak and bandwidth from the data sheet.
func (c *Card) Limits() (Limits, error) {
	if !c.Measured {
		return c.record.Limits, nil
	}
	return LimitsOf(c.Name, 100*time.Millisecond)
}

// Launches is how many kernels a training step of the assignment's network has.
const Launches = 11

// Steps measures a training step of the assignment's network on so many images of a set. What is
// recorded are steps in PyTorch on 100 images.
func (c *Card) Steps(set *dataset.Set, images ...int) ([]Curve, error) {
	if !c.Measured {
		return c.record.Steps, nil
	}
	curve := Curve{Name: c.Name}
	for _, n := range images {
		net := ours.Net(work.Assignment(64, n))
		plan, err := c.device.Plan(WorkOf(net, n, set))
		if err != nil {
			return nil, err
		}
		ms, err := StepTime(plan, n, set.Len(), 50*time.Millisecond, 3)
		plan.Close()
		if err != nil {
			return nil, err
		}
		curve.Images, curve.Milliseconds = append(curve.Images, float64(n)), append(curve.Milliseconds, ms)
	}
	return []Curve{curve}, nil
}

// Works measures the kernels of a step that notebook 11 measures on a core: convolution with Relu
// and pooling, the first Affine, and Adam. What is recorded are those of a trial.
func (c *Card) Works(set *dataset.Set) ([]Work, error) {
	var works []Work
	if !c.Measured {
		for _, w := range c.record.Works {
			operations, numbers := product(w.Product[0], w.Product[1], w.Product[2])
			if w.Convolution > 0 {
				operations, numbers = convolution(w.Convolution)
			}
			if w.Micro > 0 {
				w.GFLOPS = operations / w.Micro / 1e3
			}
			works = append(works, onGPU(w.Name, operations/(4*numbers), w.GFLOPS))
		}
		return works, nil
	}
	times, err := c.device.KernelTimes(WorkOf(ours.Net(work.Assignment(64, c.images)), c.images, set), 30*time.Millisecond)
	if err != nil {
		return nil, err
	}
	add := func(name string, operations, numbers float64, kernels ...string) {
		seconds := 0.0
		for _, t := range times {
			if slices.Contains(kernels, t.Layer+" "+t.Name) {
				seconds += t.Seconds
			}
		}
		works = append(works, onGPU(name, operations/(4*numbers), operations/seconds/1e9))
	}
	operations, numbers := convolution(c.images)
	add("convolution · 합성곱", operations, numbers, "Conv1 convolution")
	operations, numbers = product(c.images, 50, 9216)
	add("Affine", operations, numbers, "Affine1 affine", "Affine1 affine_parts", "Affine1 affine_sum")
	const parameters = 64*26 + 9217*50 + 51*10
	add("Adam", 12*parameters, 7*parameters, " update")
	return works, nil
}

// convolution counts 64 filters of 5x5 over images of 28x28, Relu and pooling in one: operations,
// and numbers read and written.
func convolution(images int) (operations, numbers float64) {
	return 2 * 24 * 24 * 64 * 25 * float64(images), float64(28*28+64*12*12) * float64(images)
}

// product counts a product of matrices of m x k and k x n numbers.
func product(m, n, k int) (operations, numbers float64) {
	return 2 * float64(m) * float64(n) * float64(k), float64(m*k) + float64(k*n) + float64(m*n)
}

// onGPU names a work as one of the GPU, in both languages.
func onGPU(name string, intensity, gflops float64) Work {
	english, korean, both := strings.Cut(name, " · ")
	if both {
		return Work{"GPU: " + english + " · GPU: " + korean, intensity, gflops}
	}
	return Work{"GPU: " + name, intensity, gflops}
}
