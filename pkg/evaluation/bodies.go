package evaluation

import (
	"convbook/pkg/dataset"
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what the public functions do. It is compiled here and not in each cell.
type table[T ndarray.Float] struct {
	correct func(net Classifier[T], s *dataset.Set) int
	answers func(net Predictor[T], s *dataset.Set) []Answer
}

var (
	table32 = compiled.Hidden(&table[float32]{correct: correct[float32], answers: answers[float32]})
	table64 = compiled.Hidden(&table[float64]{correct: correct[float64], answers: answers[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }
