package layers

import (
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/params"
)

type arrays = map[string]*ndarray.Array[float64]

// drawnByNumPy runs testdata/drawn.py with a seed of its own, or skips the test
// where there is no NumPy.
func drawnByNumPy(t *testing.T, cases int) arrays {
	t.Helper()
	if exec.Command("python3", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: needs python3 with NumPy")
	}
	seed, file := fmt.Sprint(time.Now().UnixNano()%1_000_000_000), filepath.Join(t.TempDir(), "drawn.npz")
	t.Logf("python3 testdata/drawn.py %s %d FILE", seed, cases)
	if out, err := exec.Command("python3", "testdata/drawn.py", seed, fmt.Sprint(cases), file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	drawn, err := params.Load[float64](file)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// far returns the largest difference as a share of the largest number, or of 1, the
// size of the inputs, where all are smaller: sums that cancel are no more exact.
func far(got, want *ndarray.Array[float64]) float64 {
	difference, size := 0.0, 1.0
	for i, v := range want.Data() {
		difference, size = max(difference, math.Abs(got.Data()[i]-v)), max(size, math.Abs(v))
	}
	return difference / size
}

// Every layer on random shapes, forward and backward, is NumPy's within 1e-12 of
// the largest number.
func TestDrawnLayersAreNumPys(t *testing.T) {
	const cases = 60
	drawn := drawnByNumPy(t, cases)
	worst := map[string]float64{}
	for i := range cases {
		for _, kind := range []string{"conv", "pool", "affine", "relu", "sigmoid", "dropout", "softmax", "norm", "channels"} {
			name := fmt.Sprint(kind, i)
			of := func(key string) *ndarray.Array[float64] {
				a := drawn[name+"."+key]
				if a == nil {
					t.Fatalf("drawn.py has no %s.%s", name, key)
				}
				return a
			}
			for key, got := range computed(kind, of) {
				want := of(key)
				if shapes.Text(got.Shape()) != shapes.Text(want.Shape()) {
					t.Errorf("%s.%s has shape %s, NumPy's %s", name, key, got.Shape(), want.Shape())
					continue
				}
				d := far(got, want)
				worst[kind] = max(worst[kind], d)
				if !(d <= 1e-12) {
					t.Errorf("%s.%s differs from NumPy's by %.1e of the largest number", name, key, d)
				}
			}
		}
	}
	t.Logf("%d shapes each; largest differences: %v", cases, worst)
}

// computed is what the Go layer makes of a case's input, under the case's keys.
func computed(kind string, of func(key string) *ndarray.Array[float64]) arrays {
	number := func(key string) int { return int(of(key).Data()[0]) }
	both := func(l Layer[float64]) arrays {
		y := l.Forward(of("x"), true)
		return arrays{"y": y, "dx": l.Backward(of("dout"))}
	}
	switch kind {
	case "conv":
		l := NewConvolution(of("w"), of("b"), number("stride"), number("pad"))
		a := both(l)
		a["dw"], a["db"] = l.DW, l.DB
		return a
	case "pool":
		return both(NewPooling[float64](number("size"), int(of("size").Data()[1]), number("stride"), number("pad")))
	case "affine":
		l := NewAffine(of("w"), of("b"))
		a := both(l)
		a["dw"], a["db"] = l.DW, l.DB
		return a
	case "relu":
		return both(NewRelu[float64]())
	case "sigmoid":
		return both(NewSigmoid[float64]())
	case "dropout":
		l := NewDropout[float64](nprandom.New(uint32(number("seed"))), of("ratio").Data()[0])
		a := both(l)
		a["eval"] = l.Forward(of("x"), false)
		return a
	case "softmax":
		l := NewSoftmaxWithLoss[float64]()
		var t []int
		for _, v := range of("t").Data() {
			t = append(t, int(v))
		}
		loss := ndarray.FromSlice([]float64{l.Forward(of("x"), t)}).Reshape()
		return arrays{"loss": loss, "dx": l.Backward()}
	}
	l := NewBatchNormalization(of("gamma"), of("beta"))
	x := of("x")
	y := ndarray.Zeros[float64](x.Shape()...)
	for i := range x.Dim(0) {
		y.Index(i).Copy(l.Forward(x.Index(i), true))
	}
	a := arrays{"y": y, "dx": l.Backward(of("dout")), "dgamma": l.DGamma, "dbeta": l.DBeta, "mean": l.RunningMean, "var": l.RunningVar}
	a["eval"] = l.Forward(x.Index(0), false)
	return a
}
