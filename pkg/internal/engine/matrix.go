package engine

import "convbook/pkg/internal/kernels"

// matrix has row i at data[i*row:].
func matrix(data []float32, row int) kernels.Matrix[float32] {
	return kernels.Matrix[float32]{Data: data, Row: row}
}

// strided has element (i, j) at data[i*row + j*column].
func strided(data []float32, row, column int) kernels.Strided[float32] {
	return kernels.Strided[float32]{Data: data, Row: row, Column: column}
}
