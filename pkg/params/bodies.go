package params

import (
	"convbook/pkg/internal/compiled"
	"convbook/pkg/ndarray"
)

// table holds what Save, Load, Encode and Decode do. It is compiled here and not in each cell.
type table[T ndarray.Float] struct {
	save func(path string, arrays map[string]*ndarray.Array[T], opts []Option) error
	load func(path string) (map[string]*ndarray.Array[T], error)

	encode func(ending string, arrays map[string]*ndarray.Array[T], opts []Option) ([]byte, error)
	decode func(file []byte) (map[string]*ndarray.Array[T], error)
}

var (
	table32 = compiled.Hidden(&table[float32]{save: save[float32], load: load[float32], encode: encode[float32], decode: decode[float32]})
	table64 = compiled.Hidden(&table[float64]{save: save[float64], load: load[float64], encode: encode[float64], decode: decode[float64]})
)

func bodies[T ndarray.Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }
