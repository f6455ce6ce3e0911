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

func tableOf[T Float]() *table[T] {
	return &table[T]{
		add: add[T], sub: sub[T], mul: mul[T], div: div[T],
		scale: scale[T], apply: apply[T], equal: equal[T], allClose: allClose[T],
		sum: sum[T], mean: mean[T], max: maxAlong[T], argMax: argMaxAlong[T], largest: largest[T], least: least[T],
		dot: dot[T], dotT: dotT[T], tDot: tDot[T], transpose: transpose[T], clone: clone[T],
		str: str[T], repr: repr[T],
	}
}

var tables = compiled.Both(tableOf[float32](), tableOf[float64]())

func bodies[T Float]() *table[T] { return compiled.For[T, table[T]](&tables) }
