package blas

import (
	"runtime"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas"

	"convbook/pkg/internal/kernels"
)

const (
	// A tile of C is small enough that its rows of A stay in the cache while the
	// strips of B pass over them.
	tileRows = 48
	tileCols = 12 * stripCols

	// parallelFrom is how many multiplications make it worth while to wake other
	// processors.
	parallelFrom = 1 << 18

	// packFrom is how many rows of C make it worth while to copy B into strips.
	packFrom = 24
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
		p.pack()
	}
	down, across := (m+tileRows-1)/tileRows, (n+tileCols-1)/tileCols
	p.parallel(down*across, func(t int) { p.tile(t/across*tileRows, t%across*tileCols) })
}

// parallel calls do with 0, 1, …, tasks-1, on several processors where the
// product is large.
func (p *product[T]) parallel(tasks int, do func(task int)) {
	var next atomic.Int64
	work := func() {
		for t := next.Add(1) - 1; t < int64(tasks); t = next.Add(1) - 1 {
			do(int(t))
		}
	}
	var group sync.WaitGroup
	if float64(p.m)*float64(p.n)*float64(p.k) >= parallelFrom {
		for range min(runtime.GOMAXPROCS(0), tasks) - 1 {
			group.Go(work)
		}
	}
	work()
	group.Wait()
}

// tile computes the tile of C that begins at (row, col).
func (p *product[T]) tile(row, col int) {
	m, end := min(tileRows, p.m-row), min(col+tileCols, p.n)
	if p.beta != 0 {
		for i := row; i < row+m; i++ {
			scale(p.beta, p.c[i*p.rowC+col:i*p.rowC+end])
		}
	}
	a, rowA, stepA := p.a[row*p.rowA:], p.rowA, p.stepA
	if p.alpha != 1 {
		a, rowA, stepA = scaled(p.alpha, m, p.k, a, rowA, stepA), p.k, 1
	}
	c := p.c[row*p.rowC:]
	if p.strips == nil {
		kernels.Gemm(m, end-col, p.k, a, rowA, stepA, p.b[col:], p.rowB, c[col:], p.rowC, p.beta != 0)
		return
	}
	for ; col < end; col += stripCols {
		n := min(stripCols, p.n-col)
		kernels.Gemm(m, n, p.k, a, rowA, stepA, p.strips[col*p.k:], n, c[col:], p.rowC, p.beta != 0)
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

// scaled returns alpha times m rows and k columns of A, row-major.
func scaled[T float32 | float64](alpha T, m, k int, a []T, rowA, stepA int) []T {
	out := make([]T, m*k)
	for i := range m {
		for p := range k {
			out[i*k+p] = alpha * a[i*rowA+p*stepA]
		}
	}
	return out
}
