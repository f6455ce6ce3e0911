// Package compiled lets a generic package compile its bodies itself, once for each
// element type.
//
// Go compiles a generic function anew in every program that calls it, and all methods of
// a generic type in every program that has a value of it. The program of a cell is
// compiled while a student waits. So what is public and generic does its work by a call
// of one line, through a table of functions that the package has made for float32 and
// for float64:
//
//	func (a *Array[T]) Dot(b *Array[T]) *Array[T] { return bodies[T]().dot(a, b) }
//
//	type table[T Float] struct {
//		dot func(a, b *Array[T]) *Array[T]
//	}
//
//	func tableOf[T Float]() *table[T] { return &table[T]{dot: dot[T]} }
//
//	var tables = compiled.Both(tableOf[float32](), tableOf[float64]())
//
//	func bodies[T Float]() *table[T] { return compiled.For[T, table[T]](&tables) }
//
// The table is a struct: an interface would bring a function for each of its methods
// into every program. Types are compiled with those of their fields, so what a public
// type needs inside of it stands behind a pointer to a table of its own.
package compiled

import "unsafe"

// Tables are a table for each element type. Their own types are not told, or a program
// with float64 would compile what belongs to float32 too.
type Tables struct{ for32, for64 unsafe.Pointer }

// Both joins the tables for float32 and for float64, which differ in nothing else.
func Both[Table32, Table64 any](for32 *Table32, for64 *Table64) Tables {
	return Tables{unsafe.Pointer(for32), unsafe.Pointer(for64)}
}

// For returns the table for the element type T. Table is what Both was given for it.
func For[T float32 | float64, Table any](t *Tables) *Table {
	if unsafe.Sizeof(*new(T)) == 4 {
		return (*Table)(t.for32)
	}
	return (*Table)(t.for64)
}
