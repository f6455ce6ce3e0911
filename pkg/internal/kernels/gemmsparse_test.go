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
		sparseTiles(1, m, n, depth, a, Panels[T]{Data: b.Data, Row: n}, Panels[T]{Data: sparse, Row: n})
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

// Zeros are looked for where leaving them out pays: in wide products of some rows, two of
// five numbers of A at least.
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
		want        bool
	}{
		{sparseLeast, sparseColumns, 4, true}, {sparseLeast, sparseColumns, 3, false},
		{sparseLeast - 1, sparseColumns, 8, false}, {1, sparseColumns, 8, false},
		{sparseLeast, sparseColumns - 1, 8, false}, {100, sparseColumns + 3, 8, true},
	} {
		if got := isSparse(c.m, c.n, k, some(c.m, c.zeros)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// Products with one A have the bits of each alone, where B has infinities here and there, too.
func TestGemms(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			checkGemms[float32](t)
			checkGemms[float64](t)
		})
	}
}

func checkGemms[T float32 | float64](t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	for i := range 100 {
		count, m, n, k := r.IntN(6), 1+r.IntN(90), 1+r.IntN(70), r.IntN(2*plainDepth)
		a := Strided[T]{normals[T](r, m*k+1), k, 1}
		if i%2 == 0 {
			a.Row, a.Column = 1, m
		}
		for at := range a.Data {
			if r.IntN(3) < i%4 {
				a.Data[at] = 0
			}
		}
		row, add := n+r.IntN(3), i%3 == 0
		panelB, panelC := k*row+r.IntN(5), m*row+r.IntN(5)
		b, c := normals[T](r, count*panelB+n), normals[T](r, count*panelC+n)
		for range r.IntN(3) {
			b[r.IntN(len(b))] = T(math.Inf(1))
		}
		want := slices.Clone(c)
		for q := range count {
			Gemm(m, n, k, a, Matrix[T]{b[q*panelB:], row}, Matrix[T]{want[q*panelC:], row}, add)
		}
		Gemms(count, m, n, k, a, Panels[T]{b, row, panelB}, Panels[T]{c, row, panelC}, add)
		if !slices.EqualFunc(c, want, func(x, y T) bool { return math.Float64bits(float64(x)) == math.Float64bits(float64(y)) }) {
			t.Fatalf("%T, %d times %d x %d, %d deep: together the sums are others", c[0], count, m, n, k)
		}
	}
}
