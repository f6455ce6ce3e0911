package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Every number of columns up to a few vectors and every variant, against the formula
// in float64, with guards around what is written.
func TestNorm(t *testing.T) {
	for _, v := range Available() {
		t.Run(v.String(), func(t *testing.T) {
			defer Use(v)()
			r := rand.New(rand.NewPCG(8, uint64(v)))
			for n := 1; n <= 50; n++ {
				checkNorm[float32](t, r, 1+r.IntN(9), n, r.IntN(2) == 0)
				checkNorm[float64](t, r, 1+r.IntN(9), n, r.IntN(2) == 0)
			}
		})
	}
}

func checkNorm[T float32 | float64](t *testing.T, r *rand.Rand, rows, n int, relu bool) {
	t.Helper()
	precision := 1e-6
	if sizeOf[T]() == 8 {
		precision = 2e-15
	}
	stepX, stepY := n+r.IntN(3), n+r.IntN(3)
	x, dy := normals[T](r, rows*stepX), normals[T](r, rows*stepY)
	mean, scale, shift, slope, level := normals[T](r, n), normals[T](r, n), normals[T](r, n), normals[T](r, n), normals[T](r, n)
	sum, checkSum := guarded[T](t, n)
	square, checkSquare := guarded[T](t, n)
	y, checkY := guarded[T](t, rows*stepY)
	dx, checkDX := guarded[T](t, rows*stepX)
	old := slices.Clone(x)

	at := func(row, f int) float64 { return float64(x[row*stepX+f]) - float64(mean[f]) }
	near := func(what string, f int, got T, terms ...float64) {
		t.Helper()
		want, size := 0.0, 0.0
		for _, v := range terms {
			want += v
			size += math.Abs(v)
		}
		if !(math.Abs(float64(got)-want) <= precision*size) {
			t.Fatalf("%d rows, %d columns, relu %v: %s of column %d is %v, want %v", rows, n, relu, what, f, got, want)
		}
	}

	copy(sum, shift)
	copy(square, slope)
	ColumnSums(rows, Matrix[T]{x, stepX}, mean, sum, square)
	for f := range n {
		sums, squares := []float64{float64(shift[f])}, []float64{float64(slope[f])}
		for row := range rows {
			sums, squares = append(sums, at(row, f)), append(squares, at(row, f)*at(row, f))
		}
		near("the sum", f, sum[f], sums...)
		near("the sum of squares", f, square[f], squares...)
	}

	Normalise(rows, Matrix[T]{x, stepX}, mean, scale, shift, Matrix[T]{y, stepY}, relu)
	for row := range rows {
		for f := range n {
			a, b := at(row, f)*float64(scale[f]), float64(shift[f])
			if got := y[row*stepY+f]; relu && a+b < 1e-6 {
				if got > 1e-6 || got < 0 {
					t.Fatalf("relu leaves %v of %v", got, a+b)
				}
			} else {
				near("the output", f, got, a, b)
			}
		}
	}

	clear(sum)
	clear(square)
	NormGradSums(rows, Matrix[T]{x, stepX}, Values[T]{y, dy, stepY}, mean, sum, square, relu)
	NormGrad(rows, Values[T]{x, dx, stepX}, Values[T]{y, dy, stepY}, mean, scale, slope, level, relu)
	for f := range n {
		var sums, products []float64
		for row := range rows {
			g := float64(dy[row*stepY+f])
			if relu && y[row*stepY+f] == 0 {
				g = 0
			}
			sums, products = append(sums, g), append(products, g*at(row, f))
			near("dx", f, dx[row*stepX+f], g*float64(scale[f]), at(row, f)*float64(slope[f]), float64(level[f]))
		}
		near("the sum of gradients", f, sum[f], sums...)
		near("the sum of products", f, square[f], products...)
	}
	for _, check := range []func(){checkSum, checkSquare, checkY, checkDX} {
		check()
	}
	if !slices.Equal(x, old) {
		t.Fatal("the input was written")
	}
}

// What is no number stays none, and only Relu cuts what is below 0.
func TestNormaliseOddValues(t *testing.T) {
	for _, v := range Available() {
		defer Use(v)()
		checkOddValues[float32](t)
		checkOddValues[float64](t)
	}
}

func checkOddValues[T float32 | float64](t *testing.T) {
	nan, inf := T(math.NaN()), T(math.Inf(1))
	for _, relu := range []bool{false, true} {
		ones, zeros := slices.Repeat([]T{1}, 17), make([]T, 17)
		for _, c := range []struct{ x, y, cut T }{{nan, nan, nan}, {inf, inf, inf}, {-inf, -inf, 0}, {-1, -1, 0}, {2, 2, 2}} {
			y := make([]T, 17)
			Normalise(1, Matrix[T]{slices.Repeat([]T{c.x}, 17), 17}, zeros, ones, zeros, Matrix[T]{y, 17}, relu)
			want := c.y
			if relu {
				want = c.cut
			}
			for f, got := range y {
				if got != want && !(got != got && want != want) {
					t.Errorf("%v: %v in column %d becomes %v, want %v", Active(), c.x, f, got, want)
				}
			}
		}
	}
}

func BenchmarkNorm(b *testing.B) {
	const rows, n = 144, 16
	r := rand.New(rand.NewPCG(1, 1))
	x, y, dy, dx := normal(r, rows*n), normal(r, rows*n), normal(r, rows*n), make([]float32, rows*n)
	c, sum, square := normal(r, n), make([]float32, n), make([]float32, n)
	for _, v := range Available() {
		b.Run(v.String(), func(b *testing.B) {
			defer Use(v)()
			for b.Loop() {
				ColumnSums(rows, Matrix[float32]{x, n}, c, sum, square)
				Normalise(rows, Matrix[float32]{x, n}, c, c, c, Matrix[float32]{y, n}, true)
				NormGradSums(rows, Matrix[float32]{x, n}, Values[float32]{y, dy, n}, c, sum, square, true)
				NormGrad(rows, Values[float32]{x, dx, n}, Values[float32]{y, dy, n}, c, c, c, c, true)
			}
		})
	}
}
