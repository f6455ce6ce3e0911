package params

import (
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what Save and Load do. It is compiled here and not in each cell.
type table[T ndarray.Float] struct {
	save func(path string, arrays map[string]*ndarray.Array[T]) error
	load func(path string) (map[string]*ndarray.Array[T], error)
}

func tableOf[T ndarray.Float]() *table[T] { return &table[T]{save: save[T], load: load[T]} }

var tables = compiled.Both(tableOf[float32](), tableOf[float64]())

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&tables) }
