package convnet

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// A batch that is nil, empty or of another shape is said in words by all that takes one.
func TestBatchesThatDoNotFit(t *testing.T) {
	net := Build[float32](nprandom.New(0), []int{1, 4, 4}, He, Conv(2, 3, 1, 0), Relu(), Affine(3))
	type array = *ndarray.Array[float32]
	for name, do := range map[string]func(x array, t []int){
		"Forward":           func(x array, _ []int) { net.Forward(x, true) },
		"Predict":           func(x array, _ []int) { net.Predict(x) },
		"Classify":          func(x array, _ []int) { net.Classify(x) },
		"Activations":       func(x array, _ []int) { net.Activations(x) },
		"Accuracy":          func(x array, t []int) { net.Accuracy(x, t) },
		"Loss":              func(x array, t []int) { net.Loss(x, t) },
		"Gradient":          func(x array, t []int) { net.Gradient(x, t) },
		"GradientFlow":      func(x array, t []int) { net.GradientFlow(x, t) },
		"NumericalGradient": func(x array, t []int) { net.NumericalGradient(x, t) },
	} {
		for _, c := range []struct {
			x    array
			t    []int
			want string
		}{
			{nil, nil, "x is nil"},
			{ndarray.Zeros[float32](2, 16), []int{0, 1}, "(2, 16)"},
			{ndarray.Zeros[float32](), nil, "()"},
			{ndarray.Zeros[float32](2, 1, 4, 5), []int{0, 1}, "(2, 1, 4, 5)"},
		} {
			func() {
				defer func() {
					if text := fmt.Sprint(recover()); !strings.Contains(text, c.want) || strings.Contains(text, "runtime error") {
						t.Errorf("%s: the panic is %q, want it to say %q", name, text, c.want)
					}
				}()
				do(c.x, c.t)
			}()
		}
	}
	none := ndarray.Zeros[float32](0, 1, 4, 4)
	if y, c, a := net.Predict(none), net.Classify(none), net.Accuracy(none, nil); y.Dim(0) != 0 || y.Dim(1) != 3 || len(c) != 0 || !math.IsNaN(a) {
		t.Errorf("of no samples the scores are %v, the classes %v, the accuracy %v", y.Shape(), c, a)
	}
}
