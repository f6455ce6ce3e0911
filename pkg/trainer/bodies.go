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

var (
	table32 = compiled.Hidden(&table[float32]{train: train[float32], trainer: newTrainer[float32],
		findLearningRate: findLearningRate[float32], openRun: openRun[float32]})
	table64 = compiled.Hidden(&table[float64]{train: train[float64], trainer: newTrainer[float64],
		findLearningRate: findLearningRate[float64], openRun: openRun[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }
