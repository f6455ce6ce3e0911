package ndarray

import "convbook/pkg/internal/compiled"

// table holds what the methods of an Array do where that is more than a line. It is
// compiled here and not in each cell.
type table[T Float] struct {
	add, sub, mul, div func(a, b *Array[T]) *Array[T]
	scale              func(a *Array[T], s T) *Array[T]
	apply              func(a *Array[T], f func(T) T) *Array[T]
	equal              func(a, b *Array[T]) bool
	allClose           func(a, b *Array[T], rtol, atol float64) bool

	sum, mean      func(a *Array[T], axes []int) *Array[T]
	max            func(a *Array[T], axis int) *Array[T]
	argMax         func(a *Array[T], axis int) []int
	largest, least func(a *Array[T]) T

	dot, dotT, tDot func(a, b *Array[T]) *Array[T]
	transpose       func(a *Array[T], axes []int) *Array[T]
	clone           func(a *Array[T]) *Array[T]

	str, repr func(a *Array[T]) string
}

var table32 = compiled.Hidden(&table[float32]{
	add: add[float32], sub: sub[float32], mul: mul[float32], div: div[float32],
	scale: scale[float32], apply: apply[float32], equal: equal[float32], allClose: allClose[float32],
	sum: sum[float32], mean: mean[float32], max: maxAlong[float32], argMax: argMaxAlong[float32], largest: largest[float32], least: least[float32],
	dot: dot[float32], dotT: dotT[float32], tDot: tDot[float32], transpose: transpose[float32], clone: clone[float32],
	str: str[float32], repr: repr[float32],
})

var table64 = compiled.Hidden(&table[float64]{
	add: add[float64], sub: sub[float64], mul: mul[float64], div: div[float64],
	scale: scale[float64], apply: apply[float64], equal: equal[float64], allClose: allClose[float64],
	sum: sum[float64], mean: mean[float64], max: maxAlong[float64], argMax: argMaxAlong[float64], largest: largest[float64], least: least[float64],
	dot: dot[float64], dotT: dotT[float64], tDot: tDot[float64], transpose: transpose[float64], clone: clone[float64],
	str: str[float64], repr: repr[float64],
})

func bodies[T Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }
