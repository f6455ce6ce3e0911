// Command panics panics in a way that its argument names, as a student's program does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/internal/workers"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/sweep"
	"convbook/pkg/trainer"
)

func third(list []int) int {
	return list[2] // third
}

type own struct{ forward, backward bool }

func (o *own) Name() string                 { return "Own" }
func (o *own) OutputShape(in []int) []int   { return in }
func (o *own) Share() layers.Layer[float32] { return &own{o.forward, o.backward} }

func (o *own) Forward(x *ndarray.Array[float32], train bool) *ndarray.Array[float32] {
	if o.forward && train {
		x.Reshape(3, 5, 7) // forward
	}
	return x
}

func (o *own) Backward(dout *ndarray.Array[float32]) *ndarray.Array[float32] {
	if o.backward {
		panic("backward says so") // backward
	}
	return dout
}

func train(o *own) (*trainer.History, error) {
	rng := nprandom.New(0)
	net := convnet.NewSequential([]int{1, 28, 28}, o, layers.NewAffine(ndarray.Zeros[float32](784, 10), ndarray.Zeros[float32](10)))
	return trainer.Train(context.Background(), net, dataset.Must(dataset.Open("mnist")).Head(200, 100), trainer.Config{Epochs: 1, Rng: rng}) // train
}

func try(do func(t sweep.Trial) (*trainer.History, error)) {
	_, err := sweep.Sweep{Seeds: []uint32{0}}.Run(context.Background(), dataset.Must(dataset.Open("mnist")).Head(200, 100), []sweep.Point{{"n": 1}},
		func(_ context.Context, _ *dataset.Data, t sweep.Trial) (*trainer.History, error) { return do(t) })
	panic(err)
}

func main() {
	switch os.Args[1] {
	case "forward":
		train(&own{forward: true}) // train forward
	case "backward":
		train(&own{backward: true}) // train backward
	case "sweep":
		try(func(sweep.Trial) (*trainer.History, error) { third(nil); return nil, nil }) // trial
	case "sweep of a layer":
		try(func(sweep.Trial) (*trainer.History, error) { return train(&own{forward: true}) }) // trial of a layer
	case "job":
		job := workers.NewJob("", func(int) { third(nil) }) // job
		job.Run(100)
	case "job of a job":
		inner := workers.NewJob("", func(int) { third(nil) })        // inner
		outer := workers.NewJob("", func(task int) { inner.Run(2) }) // outer
		outer.Run(1)
	case "a layer's shape":
		defer func() {
			var shape *ndarray.ShapeError
			fmt.Println("is a ShapeError:", errors.As(recover().(error), &shape))
		}()
		train(&own{forward: true})
	case "a package's own":
		func() {
			defer func() { fmt.Printf("%T", recover()) }()
			rng := nprandom.New(0)
			net := convnet.NewSequential([]int{784}, layers.NewAffine(ndarray.Zeros[float32](784, 10), ndarray.Zeros[float32](10)))
			net.Predict(ndarray.Rand[float32](rng, 100, 783))
		}()
	}
}
