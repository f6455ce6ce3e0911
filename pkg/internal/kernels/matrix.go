package kernels

import "unsafe"

// Matrix says where the elements of a matrix stand: [i][j] at Data[i*Row + j].
type Matrix[T float32 | float64] struct {
	Data []T
	Row  int
}

// Strided is a matrix whose columns, too, are a step apart: [i][j] stands at
// Data[i*Row + j*Column]. A transpose is one, and with steps of 0 a single number that
// stands for all.
type Strided[T float32 | float64] struct {
	Data        []T
	Row, Column int
}

// wholeVectors returns how many vectors of so many lanes n numbers fill: none where a
// variant has no vectors.
func wholeVectors(n, lanes int) int {
	if lanes == 0 {
		return 0
	}
	return n / lanes
}

// sizeOf returns how many bytes a number has.
func sizeOf[T float32 | float64]() int {
	var v T
	return int(unsafe.Sizeof(v))
}

// of returns the one of two tables that is a K: those for float32 and for float64.
func of[K any](single, double any) *K {
	if k, ok := single.(*K); ok {
		return k
	}
	return double.(*K)
}
