package trainer

import (
	"context"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what the public functions do. It is compiled here and not in each cell,
// with the optimizers and all that reads and writes the folder of a run.
type table[T ndarray.Float] struct {
	train            func(ctx context.Context, net Network[T], data *dataset.Data, config Config) (*History, error)
	trainer          func(net Network[T], data *dataset.Data, config Config) (*Trainer[T], error)
	findLearningRate func(net Network[T], data *dataset.Data, config Config, search RateSearch) (*RateCurve, error)
	openRun          func(name string) (*Run[T], error)
}

func tableOf[T ndarray.Float]() *table[T] {
	return &table[T]{train: train[T], trainer: newTrainer[T], findLearningRate: findLearningRate[T], openRun: openRun[T]}
}

var tables = compiled.Both(tableOf[float32](), tableOf[float64]())

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&tables) }
