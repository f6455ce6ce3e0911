package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// With zeros left out the sums have the same bits, for every number of zeros, rows that
// lie either way, and all tails.
func TestSparseProductsHaveTheSameBits(t *testing.T) {
	checkSparse[float32](t)
	checkSparse[float64](t)
}

func checkSparse[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	for i := range 150 {
		m, n, depth := 1+r.IntN(150), 1+r.IntN(60), 1+r.IntN(plainDepth)
		a := Strided[T]{normals[T](r, m*depth), depth, 1}
		if i%2 == 0 {
			a.Row, a.Column = 1, m
		}
		for k := range a.Data {
			if r.IntN(8) < i%9 {
				a.Data[k] = T(math.Copysign(0, float64(a.Data[k])))
			}
		}
		b := Matrix[T]{normals[T](r, depth*n), n}
		dense, sparse := make([]T, m*n), make([]T, m*n)
		denseTiles(m, n, depth, a, b, Matrix[T]{dense, n})
		sparseTiles(m, n, depth, a, b, Matrix[T]{sparse, n})
		if !slices.EqualFunc(dense, sparse, func(x, y T) bool { return math.Float64bits(float64(x)) == math.Float64bits(float64(y)) }) {
			t.Fatalf("%T, %d x %d, %d deep, zeros %d of 8: the sums are others without the zeros", dense[0], m, n, depth, i%9)
		}
	}
}

// Zero times infinity is no number, also where plain Go leaves out zeros.
func TestZeroTimesInfinity(t *testing.T) {
	defer Use(PureGo)()
	for _, odd := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), 1} {
		const m, n, k = 20, 40, 30
		a, b, c := make([]float64, m*k), slices.Repeat([]float64{2}, k*n), make([]float64, m*n)
		a[0], b[7*n+33] = 3, odd
		Gemm(m, n, k, Strided[float64]{a, k, 1}, Matrix[float64]{b, n}, Matrix[float64]{c, n}, false)
		for i, v := range c {
			want := 0.0
			if i < n {
				want = 6
			}
			if none := i%n == 33 && odd != 1; none != (v != v) || !none && v != want {
				t.Fatalf("with %v in B, C[%d][%d] is %v", odd, i/n, i%n, v)
			}
		}
	}
}

// Large numbers are finite where their sum is not.
func TestIsFinite(t *testing.T) {
	const rows, n = 5, 21
	for _, fill := range []float64{1, -math.MaxFloat64, math.MaxFloat64} {
		for at := range rows * n {
			for _, odd := range []float64{fill, -fill, math.Inf(1), math.Inf(-1), math.NaN()} {
				b := slices.Repeat([]float64{fill}, rows*n)
				b[at] = odd
				if got, want := isFinite(n, rows, Matrix[float64]{b, n}), odd-odd == 0; got != want {
					t.Errorf("%v among numbers of %v: finite is %v", odd, fill, got)
				}
			}
		}
	}
}

// Zeros are looked for where leaving them out pays: in wide products of some rows, half of A
// at least, and finite B.
func TestIsSparse(t *testing.T) {
	const k = 8
	some := func(m, zeros int) Strided[float32] {
		a := slices.Repeat([]float32{1}, m*k)
		for i := range m {
			clear(a[i*k : i*k+zeros])
		}
		return Strided[float32]{a, k, 1}
	}
	for _, c := range []struct {
		m, n, zeros int
		odd         float32
		want        bool
	}{
		{sparseLeast, sparseColumns, 4, 1, true}, {sparseLeast, sparseColumns, 3, 1, false},
		{sparseLeast - 1, sparseColumns, 8, 1, false}, {1, sparseColumns, 8, 1, false},
		{sparseLeast, sparseColumns - 1, 8, 1, false}, {100, sparseColumns + 3, 8, 1, true},
		{sparseLeast, sparseColumns, 8, float32(math.Inf(-1)), false}, {sparseLeast, sparseColumns + 3, 8, float32(math.NaN()), false},
		{sparseLeast, sparseColumns, 8, math.MaxFloat32, true},
	} {
		b := slices.Repeat([]float32{1}, k*c.n)
		b[len(b)-1] = c.odd
		if got := isSparse(c.m, c.n, k, some(c.m, c.zeros), Matrix[float32]{b, c.n}); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
