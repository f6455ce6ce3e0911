package blas

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/testblas"

	"convbook/pkg/nprandom"
)

// gonum's own conformance suite.
func TestDgemmConforms(t *testing.T) {
	testblas.TestDgemm(t, Implementation{})
}

// inFloat32 lets the suite, which is in float64, test Sgemm: its numbers are
// small multiples of halves, exact in both types.
type inFloat32 struct{}

func (inFloat32) Dgemm(tA, tB blas.Transpose, m, n, k int, alpha float64, a []float64, lda int, b []float64, ldb int, beta float64, c []float64, ldc int) {
	narrow := convert[float32](c)
	Implementation{}.Sgemm(tA, tB, m, n, k, float32(alpha), convert[float32](a), lda, convert[float32](b), ldb, float32(beta), narrow, ldc)
	copy(c, convert[float64](narrow))
}

func convert[U, T float32 | float64](from []T) []U {
	to := make([]U, len(from))
	for i, v := range from {
		to[i] = U(v)
	}
	return to
}

const guard = 12345.5

// matrix is a row-major matrix with guard elements behind each row and at the end.
type matrix[T float32 | float64] struct {
	rows, cols, stride int
	data               []T
}

func draw[T float32 | float64](r *nprandom.RandomState, rows, cols, gap int) matrix[T] {
	stride := max(1, cols+gap)
	m := matrix[T]{rows, cols, stride, make([]T, rows*stride+3)}
	for i := range m.data {
		m.data[i] = guard
	}
	for i := range rows {
		for j := range cols {
			m.data[i*m.stride+j] = T(r.Uniform(-1, 1))
		}
	}
	return m
}

func (m matrix[T]) at(i, j int, transposed bool) float64 {
	if transposed {
		i, j = j, i
	}
	return float64(m.data[i*m.stride+j])
}

// checkProduct holds one product to the sums in float64, within the rounding of
// its terms' magnitudes, and checks that nothing else was written.
func checkProduct[T float32 | float64](t *testing.T, epsilon float64, r *nprandom.RandomState, tA, tB blas.Transpose, m, n, k, gap int, alpha, beta float64) {
	t.Helper()
	a, b, c := draw[T](r, m, k, gap), draw[T](r, k, n, gap), draw[T](r, m, n, gap)
	if tA != blas.NoTrans {
		a = draw[T](r, k, m, gap)
	}
	if tB != blas.NoTrans {
		b = draw[T](r, n, k, gap)
	}
	old := slices.Clone(c.data)
	if beta == 0 {
		for i := range m * n {
			c.data[i/n*c.stride+i%n] = T(math.NaN())
		}
	}
	aBefore, bBefore := slices.Clone(a.data), slices.Clone(b.data)
	gemm(tA, tB, m, n, k, T(alpha), a.data, a.stride, b.data, b.stride, T(beta), c.data, c.stride)
	what := fmt.Sprintf("%c%c m=%d n=%d k=%d gap=%d alpha=%v beta=%v", tA, tB, m, n, k, gap, alpha, beta)
	if !slices.Equal(a.data, aBefore) || !slices.Equal(b.data, bBefore) {
		t.Fatalf("%s: A or B was written", what)
	}
	for i, got := range c.data {
		row, col := i/c.stride, i%c.stride
		if row >= m || col >= n {
			if got != guard {
				t.Fatalf("%s: the element %d behind row %d was written", what, col, row)
			}
			continue
		}
		var sum, magnitude float64
		for p := range k {
			term := a.at(row, p, tA != blas.NoTrans) * b.at(p, col, tB != blas.NoTrans)
			sum, magnitude = sum+term, magnitude+math.Abs(term)
		}
		want := alpha*sum + beta*float64(old[i])
		bound := epsilon * float64(k+3) * (math.Abs(alpha)*magnitude + math.Abs(beta))
		if !(math.Abs(float64(got)-want) <= bound) {
			t.Fatalf("%s: C[%d][%d] = %v, want %v", what, row, col, got, want)
		}
	}
}

var transposes = []blas.Transpose{blas.NoTrans, blas.Trans}

func testSizes[T float32 | float64](t *testing.T, epsilon float64) {
	r := nprandom.New(1)
	for _, tA := range transposes {
		for _, tB := range transposes {
			for m := range 14 { // every height of a micro-kernel and its remainder
				for _, n := range []int{0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 49, 64, 65} {
					for _, k := range []int{0, 1, 2, 5} {
						checkProduct[T](t, epsilon, r, tA, tB, m, n, k, (m+n)%3, 1, 0)
					}
				}
			}
			for _, alpha := range []float64{0, 1, -0.5} {
				for _, beta := range []float64{0, 1, 3} {
					checkProduct[T](t, epsilon, r, tA, tB, 5, 18, 9, 2, alpha, beta)
				}
			}
			checkProduct[T](t, epsilon, r, tA, tB, tileRows+5, tileCols+3, 20, 1, 2, 0.5) // four tiles
			checkProduct[T](t, epsilon, r, tA, tB, tileRows+1, 40, 1100, 0, 1, 1)         // five blocks of k
			checkProduct[T](t, epsilon, r, tA, tB, tileRows+1, 130, 2100, 1, -3, 0.5)     // two passes
		}
	}
}

func TestSgemm(t *testing.T) {
	testSizes[float32](t, 0x1p-23)
	testblas.TestDgemm(t, inFloat32{})
}

func TestDgemm(t *testing.T) { testSizes[float64](t, 0x1p-52) }

// Where alpha is 0, A and B are not read.
func TestZeroAlphaReadsNothing(t *testing.T) {
	nan := []float32{float32(math.NaN())}
	c := []float32{3}
	Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, 1, 1, 1, 0, nan, 1, nan, 1, 2, c, 1)
	if c[0] != 6 {
		t.Errorf("0*nan*nan + 2*3 = %v, want 6", c[0])
	}
}

func TestSameBitsOnAnyNumberOfProcessors(t *testing.T) {
	const m, n, k = 2*tileRows + 7, tileCols + 100, 600
	r := nprandom.New(2)
	a, b := draw[float32](r, m, k, 0), draw[float32](r, k, n, 0)
	var first []float32
	for _, procs := range []int{1, 2, 3, 8} {
		before := runtime.GOMAXPROCS(procs)
		c := make([]float32, m*n)
		Implementation{}.Sgemm(blas.NoTrans, blas.NoTrans, m, n, k, 0.3, a.data, k, b.data, n, 0, c, n)
		runtime.GOMAXPROCS(before)
		if first == nil {
			first = c
		}
		if !slices.Equal(c, first) {
			t.Errorf("%d processors give other bits than 1", procs)
		}
	}
}

func TestPanics(t *testing.T) {
	x := make([]float32, 100)
	for _, c := range []struct {
		want          string
		tA, tB        blas.Transpose
		m, n, k       int
		a             []float32
		lda, ldb, ldc int
	}{
		{"illegal transpose 'x'", 'x', blas.NoTrans, 2, 3, 4, x, 4, 3, 3},
		{"illegal transpose 'y'", blas.NoTrans, 'y', 2, 3, 4, x, 4, 3, 3},
		{"m is -1", blas.NoTrans, blas.NoTrans, -1, 3, 4, x, 4, 3, 3},
		{"n is -1", blas.NoTrans, blas.NoTrans, 2, -1, 4, x, 4, 3, 3},
		{"k is -1", blas.NoTrans, blas.NoTrans, 2, 3, -1, x, 4, 3, 3},
		{"rows of A begin every 3 elements, want every 4", blas.NoTrans, blas.NoTrans, 2, 3, 4, x, 3, 3, 3},
		{"rows of B begin every 3 elements, want every 4", blas.NoTrans, blas.Trans, 2, 3, 4, x, 4, 3, 3},
		{"rows of C begin every 2 elements, want every 3", blas.NoTrans, blas.NoTrans, 2, 3, 4, x, 4, 3, 2},
		{"A is 2x4 with rows every 4 elements, but its slice has only 7", blas.NoTrans, blas.NoTrans, 2, 3, 4, x[:7], 4, 3, 3},
		{"A is 4x2 with rows every 2 elements, but its slice has only 7", blas.Trans, blas.NoTrans, 2, 3, 4, x[:7], 2, 3, 3},
		{"B is 4x3 with rows every 40 elements", blas.NoTrans, blas.NoTrans, 2, 3, 4, x, 4, 40, 3},
		{"C is 2x3 with rows every 99 elements", blas.NoTrans, blas.NoTrans, 2, 3, 4, x, 4, 3, 99},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, c.want) {
					t.Errorf("the panic is %q, want one with %q", got, c.want)
				}
			}()
			Implementation{}.Sgemm(c.tA, c.tB, c.m, c.n, c.k, 1, c.a, c.lda, x, c.ldb, 0, make([]float32, 100), c.ldc)
		}()
	}
}
