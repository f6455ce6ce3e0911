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

func tableOf[T ndarray.Float]() *table[T] { return &table[T]{correct: correct[T], answers: answers[T]} }

var tables = compiled.Both(tableOf[float32](), tableOf[float64]())

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&tables) }
