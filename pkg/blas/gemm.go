package blas

import (
	"gonum.org/v1/gonum/blas"

	"convbook/pkg/internal/kernels"
	"convbook/pkg/internal/workers"
)

const (
	// A tile of C has as many rows as its rows of A stay in the cache while the strips
	// of B pass over them, fewer where that makes too few tiles, and so many columns.
	tileRows  = 48
	leastRows = 12 // two of the widest micro-kernel's, one of the highest's
	tileCols  = 8 * stripCols
	fewTiles  = 8

	// blockK is how many rows of a strip stay in the nearest cache while the rows of
	// A pass over them.
	blockK = 256

	// parallelFrom is how many multiplications make it worth while to wake other
	// processors.
	parallelFrom = 1 << 18

	// passSize is how many elements of B all tiles use before they go on to its next
	// rows: few enough to stay in the second cache.
	passSize = 1 << 18

	// packFrom is how many rows of C make it worth while to copy B into strips where
	// one is not enough, and copyFrom how many columns to copy a tile's rows of A.
	packFrom = 24
	copyFrom = 96
)

// product is one call of gemm, with its arguments checked. op(A)[i][p] stands at
// a[i*rowA + p*stepA] and op(B)[p][j] at b[p*rowB + j*stepB].
type product[T float32 | float64] struct {
	m, n, k     int
	alpha, beta T
	a, b, c     []T
	rowA, stepA int
	rowB, stepB int
	rowC        int
	strips      []T // B in strips, or nil
	height      int // rows of a tile
}

func gemm[T float32 | float64](tA, tB blas.Transpose, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	transA, transB := isTransposed(tA), isTransposed(tB)
	checkSize("m", m)
	checkSize("n", n)
	checkSize("k", k)
	rowsA, colsA := m, k
	if transA {
		rowsA, colsA = k, m
	}
	rowsB, colsB := k, n
	if transB {
		rowsB, colsB = n, k
	}
	checkStride("A", colsA, lda)
	checkStride("B", colsB, ldb)
	checkStride("C", n, ldc)
	if m == 0 || n == 0 {
		return
	}
	checkLength("A", rowsA, colsA, lda, len(a))
	checkLength("B", rowsB, colsB, ldb, len(b))
	checkLength("C", m, n, ldc, len(c))

	if alpha == 0 || k == 0 {
		for i := range m {
			scale(beta, c[i*ldc:i*ldc+n])
		}
		return
	}

	p := product[T]{m: m, n: n, k: k, alpha: alpha, beta: beta, a: a, b: b, c: c, rowA: lda, stepA: 1, rowB: ldb, stepB: 1, rowC: ldc}
	if transA {
		p.rowA, p.stepA = 1, lda
	}
	if transB {
		p.rowB, p.stepB = 1, ldb
	}
	if transB || m >= packFrom && n > stripCols {
		strips := borrow[T](k * n)
		defer giveBack(strips)
		p.pack(*strips)
	}
	across := (n + tileCols - 1) / tileCols
	p.height = tileRows
	for p.height > leastRows && (m+p.height-1)/p.height*across < fewTiles {
		p.height /= 2
	}
	down := (m + p.height - 1) / p.height
	pass := max(passSize/min(n, tileCols)/blockK, 1) * blockK
	for low := 0; low < k; low += pass {
		high := min(low+pass, k)
		p.parallel(down*across, func(t int) { p.tile(t%down*p.height, t/down*tileCols, low, high) })
	}
}

// parallel calls do with 0, 1, …, tasks-1, on several processors where the
// product is large.
func (p *product[T]) parallel(tasks int, do func(task int)) {
	if float64(p.m)*float64(p.n)*float64(p.k) >= parallelFrom {
		workers.NewJob("product", do).Run(tasks)
		return
	}
	for task := range tasks {
		do(task)
	}
}

// tile adds rows low to high of B to the tile of C that begins at (row, col).
func (p *product[T]) tile(row, col, low, high int) {
	m, n := min(p.height, p.m-row), min(tileCols, p.n-col)
	if p.beta != 0 && low == 0 {
		for i := row; i < row+m; i++ {
			scale(p.beta, p.c[i*p.rowC+col:][:n])
		}
	}
	rows := tileOfA[T]{a: p.a[row*p.rowA:], row: p.rowA, step: p.stepA}
	copied := n >= copyFrom || p.alpha != 1
	if copied {
		buffer := borrow[T](tileRows * (blockK + gap))
		defer giveBack(buffer)
		rows.buffer = *buffer
	}
	c := p.c[row*p.rowC+col:]
	for ; low < high; low += blockK {
		k, add := min(blockK, high-low), p.beta != 0 || low > 0
		a, rowA, stepA := rows.a[low*rows.step:], rows.row, rows.step
		if copied {
			a, rowA, stepA = rows.copy(m, k, low, p.alpha)
		}
		if p.strips == nil {
			kernels.Gemm(m, n, k, kernels.Strided[T]{Data: a, Row: rowA, Column: stepA},
				kernels.Matrix[T]{Data: p.b[low*p.rowB+col:], Row: p.rowB}, kernels.Matrix[T]{Data: c, Row: p.rowC}, add)
			continue
		}
		for j := 0; j < n; j += stripCols {
			width := min(stripCols, n-j)
			strip := p.strips[(col+j)*p.k:][low*width:]
			kernels.Gemm(m, width, k, kernels.Strided[T]{Data: a, Row: rowA, Column: stepA},
				kernels.Matrix[T]{Data: strip, Row: width}, kernels.Matrix[T]{Data: c[j:], Row: p.rowC}, add)
		}
	}
}

// scale multiplies x by beta; with 0 it clears x, whatever stood there.
func scale[T float32 | float64](beta T, x []T) {
	switch beta {
	case 0:
		clear(x)
	case 1:
	default:
		for i := range x {
			x[i] *= beta
		}
	}
}
