package engine

import (
	"convbook/pkg/internal/kernels"
	"convbook/pkg/ndarray"
)

// matrix has row i at data[i*row:].
func matrix[T ndarray.Float](data []T, row int) kernels.Matrix[T] {
	return kernels.Matrix[T]{Data: data, Row: row}
}

// strided has element (i, j) at data[i*row + j*column].
func strided[T ndarray.Float](data []T, row, column int) kernels.Strided[T] {
	return kernels.Strided[T]{Data: data, Row: row, Column: column}
}
