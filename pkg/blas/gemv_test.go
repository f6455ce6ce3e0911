package blas

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/blas/testblas"

	"convbook/pkg/nprandom"
)

// gonum's own conformance suite.
func TestDgemvConforms(t *testing.T) { testblas.DgemvTest(t, Implementation{}) }

// Sgemv and Dgemv agree with gonum's, which the suite holds to the definition. y
// has just the length it needs: gonum's portable code clears all of the slice.
func TestGemv(t *testing.T) {
	r := nprandom.New(3)
	for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans} {
		for _, m := range []int{1, 2, 7, 600} {
			for _, n := range []int{1, 8, 15, 17, 65, tileCols + 3} {
				for _, alpha := range []float64{0, 1, -0.5} {
					for _, beta := range []float64{0, 1, 3} {
						a := draw[float64](r, m, n, n%3)
						lengthX, lengthY := n, m
						if tA != blas.NoTrans {
							lengthX, lengthY = m, n
						}
						x, y := draw[float64](r, 1, lengthX, 0).data[:lengthX], draw[float64](r, 1, lengthY, 0).data[:lengthY]
						x32, y32 := convert[float32](x), convert[float32](y)
						want := append([]float64{}, y...)
						gonum.Implementation{}.Dgemv(tA, m, n, alpha, a.data, a.stride, x, 1, beta, want, 1)
						Implementation{}.Dgemv(tA, m, n, alpha, a.data, a.stride, x, 1, beta, y, 1)
						Implementation{}.Sgemv(tA, m, n, float32(alpha), convert[float32](a.data), a.stride, x32, 1, float32(beta), y32, 1)
						terms := float64(max(m, n) + 3)
						for i, w := range want {
							if math.Abs(y[i]-w) > 0x1p-52*terms*terms || math.Abs(float64(y32[i])-w) > 0x1p-23*terms*terms {
								t.Fatalf("%c m=%d n=%d alpha=%v beta=%v: y[%d] = %v and %v, want %v", tA, m, n, alpha, beta, i, y[i], y32[i], w)
							}
						}
					}
				}
			}
		}
	}
}

func TestGemvPanics(t *testing.T) {
	data := make([]float32, 12)
	for _, c := range []struct {
		want    string
		a, x, y int // lengths
	}{
		{"A is 3x4 with rows every 4 elements, but its slice has only 11", 11, 3, 4},
		{"x is 1x3 with rows every 3 elements, but its slice has only 2", 12, 2, 4},
		{"y is 1x4 with rows every 4 elements, but its slice has only 3", 12, 3, 3},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, c.want) {
					t.Errorf("the panic is %q, want one with %q", got, c.want)
				}
			}()
			Implementation{}.Sgemv(blas.Trans, 3, 4, 1, data[:c.a], 4, data[:c.x], 1, 0, data[:c.y], 1)
		}()
	}
}
