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
//	var (
//		table32 = compiled.Hidden(&table[float32]{dot: dot[float32]})
//		table64 = compiled.Hidden(&table[float64]{dot: dot[float64]})
//	)
//
//	func bodies[T Float]() *table[T] { return compiled.For[T, table[T]](&table32, &table64) }
//
// Such tables are data and not code that runs when a program starts, so that the linker
// leaves out those that a program does not use, with all that they name.
//
// The table is a struct: an interface would bring a function for each of its methods
// into every program. Types are compiled with those of their fields, so what a public
// type needs inside of it stands behind functions, too.
package compiled

import "unsafe"

// Table is a table whose own type is not told: a program with float64 would else compile
// what belongs to float32, too.
type Table struct{ table unsafe.Pointer }

// Hidden hides the type of a table.
func Hidden[T any](table *T) Table { return Table{unsafe.Pointer(table)} }

// For returns the table for the element type T, in its own type again.
func For[T float32 | float64, Own any](for32, for64 *Table) *Own {
	if unsafe.Sizeof(*new(T)) == 4 {
		return (*Own)(for32.table)
	}
	return (*Own)(for64.table)
}
