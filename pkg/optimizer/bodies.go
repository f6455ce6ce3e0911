package optimizer

import (
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what New does. It is compiled here, with all rules, and not in each cell.
type table[T ndarray.Float] struct {
	byName func(name string, s Settings) (Stateful[T], error)
}

func tableOf[T ndarray.Float]() *table[T] { return &table[T]{byName[T]} }

var tables = compiled.Both(tableOf[float32](), tableOf[float64]())

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&tables) }
