package optimizer

import (
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what New does. It is compiled here, with all rules, and not in each cell.
type table[T ndarray.Float] struct {
	byName func(name string, s Settings) (Stateful[T], error)
}

var (
	table32 = compiled.Hidden(&table[float32]{byName: byName[float32]})
	table64 = compiled.Hidden(&table[float64]{byName: byName[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }
