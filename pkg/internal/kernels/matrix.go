package kernels

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
