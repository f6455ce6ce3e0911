package ndarray

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Shape is the length of each axis. It prints as a tuple does in Python.
type Shape []int

// String returns the shape as Python writes it: (10, 1, 28, 28), (3,), (). A size of -1,
// which stands for any, is written so.
func (s Shape) String() string {
	if len(s) == 1 {
		return "(" + sizeText(s[0]) + ",)"
	}
	texts := make([]string, len(s))
	for i, n := range s {
		texts[i] = sizeText(n)
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

func sizeText(n int) string {
	if n == -1 {
		return "any"
	}
	return strconv.Itoa(n)
}

// list writes numbers as the arguments of a call: (0, 3).
func list(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

// cloned returns a copy of a shape that is never nil: without axes it is a scalar's.
//
//go:noinline
func cloned(shape []int) []int { return append([]int{}, shape...) }

// sizeOf multiplies the sizes of a shape; it panics when one is negative or the
// product does not fit an int.
func sizeOf(op string, shape []int) int {
	size := 1
	for _, n := range shape {
		if n < 0 {
			panic(&ShapeError{Op: op + list(shape), Hint: "no size may be negative"})
		}
		if n > 0 && size > math.MaxInt/n {
			panic(&ShapeError{Op: op + list(shape), Hint: "more elements than the machine can count"})
		}
		size *= n
	}
	return size
}

// checkSame panics unless two shapes are equal.
//
//go:noinline
func checkSame(op string, got, want []int) {
	if !slices.Equal(got, want) {
		panic(&ShapeError{Op: op, Got: cloned(got), Want: cloned(want)})
	}
}

// checkFilled panics unless a number of elements fills a shape.
func checkFilled(op string, elements int, shape []int) {
	if sizeOf(op, shape) != elements {
		panic(&ShapeError{Op: op, Got: []int{elements}, Want: cloned(shape),
			Hint: "the product of the shape must be the number of elements"})
	}
}

// axisOf turns a possibly negative axis into 0..len(shape)-1.
func axisOf(op string, axis int, shape []int) int {
	k := axis
	if k < 0 {
		k += len(shape)
	}
	if k < 0 || k >= len(shape) {
		panic(&ShapeError{Op: op, Got: cloned(shape), Hint: fmt.Sprintf("axis %d is out of bounds for %d axes", axis, len(shape))})
	}
	return k
}

// offset returns the position of an index in an array of the given shape, or, where
// shape holds the first axes only, counted in sub-arrays of the others.
func offset(op string, index, shape []int) int {
	if len(index) != len(shape) {
		panic(&ShapeError{Op: op + list(index), Got: cloned(shape), Hint: "one index for each axis"})
	}
	at := 0
	for k, i := range index {
		if i < 0 || i >= shape[k] {
			panic(&ShapeError{Op: op + list(index), Got: cloned(shape),
				Hint: fmt.Sprintf("index %d is out of bounds for axis %d with size %d", i, k, shape[k])})
		}
		at = at*shape[k] + i
	}
	return at
}

// subArray returns the shape of what stands at an index over the leading axes, and
// where its elements begin and end.
func subArray(index, shape []int) (rest []int, lo, hi int) {
	if len(index) > len(shape) {
		panic(&ShapeError{Op: "Index" + list(index), Got: cloned(shape), Hint: "more indices than axes"})
	}
	rest = cloned(shape[len(index):])
	size := sizeOf("Index", rest)
	lo = offset("Index", index, shape[:len(index)]) * size
	return rest, lo, lo + size
}

// rowRange returns the shape of the elements lo <= i < hi of the first axis, and where
// theirs begin and end.
func rowRange(lo, hi int, shape []int) (part []int, first, end int) {
	if len(shape) == 0 || lo < 0 || hi < lo || hi > shape[0] {
		panic(&ShapeError{Op: fmt.Sprintf("Slice(%d, %d)", lo, hi), Got: cloned(shape),
			Hint: "the bounds must satisfy 0 <= lo <= hi <= the length of the first axis"})
	}
	part = cloned(shape)
	part[0] = hi - lo
	row := sizeOf("Slice", shape[1:])
	return part, lo * row, hi * row
}

// reshaped returns the shape that Reshape asks for, with the free size worked out.
func reshaped(asked, own []int, elements int) []int {
	shape := cloned(asked)
	free := slices.Index(shape, -1)
	if free >= 0 {
		shape[free] = 1
		if slices.Contains(shape, -1) {
			panic(&ShapeError{Op: "Reshape" + list(asked), Hint: "only one size may be -1"})
		}
	}
	known := sizeOf("Reshape", shape)
	fits := known == elements
	if free >= 0 {
		fits = known > 0 && elements%known == 0
	}
	if !fits {
		panic(&ShapeError{Op: "Reshape", Got: cloned(own), Want: cloned(asked),
			Hint: fmt.Sprintf("%d elements do not fit", elements)})
	}
	if free >= 0 {
		shape[free] = elements / known
	}
	return shape
}
