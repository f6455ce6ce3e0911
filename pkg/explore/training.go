package explore

import (
	"fmt"
	"slices"

	"convbook/pkg/explore/js"
	"convbook/pkg/figure"
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// History is what is measured in a training run, as trainer.History has it.
type History interface {
	Accuracies() (train, test []float64) // a number for each epoch, from 1
	OnStandIn() bool
}

// Snapshot is what a network was at an epoch.
type Snapshot[T ndarray.Float] struct {
	Epoch     int               // from 1
	Filters   *ndarray.Array[T] // (FN, C, FH, FW), or nil
	Confusion [][]int           // how often each class (row) was taken for each (column), as evaluation.Confusion counts; or nil
}

// Take returns a snapshot of a network: a copy of the filters w, and what was counted.
func Take[T ndarray.Float](epoch int, w *ndarray.Array[T], confusion [][]int) Snapshot[T] {
	if w != nil {
		w = w.Clone()
	}
	return Snapshot[T]{Epoch: epoch, Filters: w, Confusion: confusion}
}

// mostFilters is how many numbers all snapshots have.
const mostFilters = 200_000

// Training shows a run by a slider over its snapshots: the filters, the accuracy and the confusion matrix at each. Point at a cell of
// the matrix to read it, at the curve to go to its epoch. Its still figure is the accuracy of all epochs. It panics without snapshots, and when they differ in their shapes.
func Training[T ndarray.Float](history History, snapshots []Snapshot[T], opts ...Option) *Figure {
	return trainingBodies[T]().training(history, snapshots, optionsOf(opts))
}

type trainingTable[T ndarray.Float] struct {
	training func(History, []Snapshot[T], options) *Figure
}

var (
	training32 = compiled.Hidden(&trainingTable[float32]{training[float32]})
	training64 = compiled.Hidden(&trainingTable[float64]{training[float64]})
)

func trainingBodies[T ndarray.Float]() *trainingTable[T] {
	return compiled.For[T, trainingTable[T]](&training32, &training64)
}

func training[T ndarray.Float](history History, snapshots []Snapshot[T], o options) *Figure {
	if len(snapshots) == 0 {
		panic("explore.Training: there are no snapshots; take one at the end of each epoch, in a trainer.OnEpoch, with explore.Take")
	}
	train, test := history.Accuracies()
	shape, classes := []int{0, 0, 0, 0}, len(snapshots[0].Confusion)
	if w := snapshots[0].Filters; w != nil {
		shape = w.Shape()
	}
	if len(shape) != 4 {
		panic(&ndarray.ShapeError{Op: "explore.Training", Got: shape, Want: []int{-1, -1, -1, -1}, Hint: "filters have the axes (FN, C, FH, FW)"})
	}
	floats := slices.Concat(singles(train), singles(test))
	var counts []float32
	taken := make([]int, len(snapshots))
	for i, s := range snapshots {
		taken[i] = s.Epoch
		if w := s.Filters; (w == nil) != (snapshots[0].Filters == nil) || w != nil && !slices.Equal(w.Shape(), shape) || len(s.Confusion) != classes {
			panic(fmt.Sprintf("explore.Training: snapshot %d has other shapes than the first", i+1))
		} else if w != nil {
			floats = append(floats, singles(w.Data())...)
		}
		for _, row := range s.Confusion {
			if len(row) != classes {
				panic(fmt.Sprintf("explore.Training: the confusion matrix of snapshot %d has a row of %d counts, want %d", i+1, len(row), classes))
			}
			for _, n := range row {
				counts = append(counts, float32(n))
			}
		}
	}
	if floats = append(floats, counts...); len(floats) > mostFilters {
		panic(fmt.Sprintf("explore.Training: %d numbers, want %d at most: take fewer snapshots", len(floats), mostFilters))
	}
	epochs := make([]int, len(train))
	for i := range epochs {
		epochs[i] = i + 1
	}
	still := figure.Curves([]figure.Series{{Name: "training images", Y: train}, {Name: "test images", Y: test}},
		append([]figure.Option{figure.XLabel("epochs"), figure.YLabel("accuracy"), figure.StandIn(history.OnStandIn())}, o.still...)...)
	var head object
	head.numbers("epochs", epochs)
	head.numbers("snapshots", taken)
	head.numbers("filters", shape)
	head.number("classes", classes)
	head.raw("names", o.classNames())
	return figureOf("training", js.Training(), still, head, floats, nil)
}
