// Package shapes holds the checks of shapes and labels that the packages of the class
// share. Each panics with a text that names the operation, what was given, and what was
// wanted.
package shapes

import (
	"fmt"
	"slices"

	"convbook/pkg/ndarray"
)

// Text writes a shape as Python writes a tuple: (10, 1, 28, 28), (3,), (). A size of -1
// is written "any".
func Text(shape []int) string { return ndarray.Shape(shape).String() }

// Check panics with a *ndarray.ShapeError unless got equals want, where a size of -1 in
// want stands for any size.
func Check(op string, got, want []int, hint string) {
	fits := len(got) == len(want)
	for i := range want {
		fits = fits && (want[i] == -1 || got[i] == want[i])
	}
	if !fits {
		panic(&ndarray.ShapeError{Op: op, Got: append([]int{}, got...), Want: append([]int{}, want...), Hint: hint})
	}
}

// Of returns the shape of an array. It panics where there is none: what is the array's
// name, such as "x".
func Of[T ndarray.Float](op, what string, a *ndarray.Array[T]) ndarray.Shape {
	if a == nil {
		panic(fmt.Sprintf("%s: %s is nil, want an array", op, what))
	}
	return a.Shape()
}

// Size returns how many values an array of a shape has.
func Size(shape []int) int {
	size := 1
	for _, n := range shape {
		size *= n
	}
	return size
}

// CheckLabels panics unless there is one label for each row of scores (N, classes), each
// one of the classes, and at least one row.
func CheckLabels(op string, scores, t []int) {
	if len(scores) != 2 || scores[0] != len(t) {
		panic(&ndarray.ShapeError{Op: op, Got: slices.Clone(scores), Want: []int{len(t), -1},
			Hint: fmt.Sprintf("there are %d labels, one for each row of scores", len(t))})
	}
	if len(t) == 0 {
		panic(op + ": an empty batch has no loss, want at least one sample")
	}
	for n, label := range t {
		if label < 0 || label >= scores[1] {
			panic(fmt.Sprintf("%s: label %d of sample %d is not one of the %d classes (0 to %d)", op, label, n, scores[1], scores[1]-1))
		}
	}
}
