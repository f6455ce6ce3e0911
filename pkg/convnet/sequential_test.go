package convnet

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

func TestSimpleConvNetIsTheClasses(t *testing.T) {
	net := NewSimpleConvNet[float64](nprandom.New(0), SimpleConvNetConfig{UseDropout: true, DropoutRatio: 0.5})
	if got := net.LayerNames(); !slices.Equal(got, []string{"Conv1", "Relu1", "Pool1", "Affine1", "Relu2", "Dropout1", "Affine2", "Dropout2"}) {
		t.Errorf("the layers are %v", got)
	}
	shapes := map[string][]int{"W1": {30, 1, 5, 5}, "b1": {30}, "W2": {4320, 100}, "b2": {100}, "W3": {100, 10}, "b3": {10}}
	for name, want := range shapes {
		if got := net.Params()[name].Shape(); !slices.Equal(got, want) {
			t.Errorf("%s has shape %v, want %v", name, got, want)
		}
	}
	if got := net.ParamNames(); !slices.Equal(got, []string{"W1", "b1", "W2", "b2", "W3", "b3"}) {
		t.Errorf("the parameters are %v", got)
	}
	// Weights are 0.01*randn in the order W1, W2, W3; biases are zero.
	rng := nprandom.New(0)
	for _, name := range []string{"W1", "W2", "W3"} {
		for i, v := range net.Params()[name].Data() {
			if want := 0.01 * rng.Randn(); v != want {
				t.Fatalf("%s[%d] starts as %v, want %v", name, i, v, want)
			}
		}
	}
	if d := net.Layer("Dropout1").(*layers.Dropout[float64]); d.Ratio != 0.5 || net.Layer("Conv9") != nil {
		t.Errorf("Dropout1 has ratio %v, Conv9 is %v", d.Ratio, net.Layer("Conv9"))
	}
}

func TestInitialScale(t *testing.T) {
	for name, want := range map[string]float64{"relu": math.Sqrt(2. / 25), "He": math.Sqrt(2. / 25), "sigmoid": 0.2, "xavier": 0.2, "": 0.05} {
		net := NewSimpleConvNet[float64](nprandom.New(0), SimpleConvNetConfig{FilterNum: 2000, HiddenSize: 1, WeightInitStd: 0.05, WeightInit: name})
		squares := 0.0
		for _, v := range net.Params()["W1"].Data() {
			squares += v * v
		}
		if got := math.Sqrt(squares / 50000); math.Abs(got-want) > 0.02*want {
			t.Errorf("%q: W1 has the standard deviation %.4f, want %.4f", name, got, want)
		}
	}
}

// The numerical gradient and the one by backpropagation differ by less than 1e-6
// of the largest, for every parameter. The weights are small, so that no
// probability is near the 1e-7 that the class adds to it.
func TestGradientIsTheNumericalOne(t *testing.T) {
	rng := nprandom.New(5)
	net := NewSimpleConvNet[float64](rng, SimpleConvNetConfig{InputDim: [3]int{2, 8, 8}, FilterNum: 3, FilterSize: 3, HiddenSize: 6, OutputSize: 4, WeightInitStd: 0.1})
	x, labels := ndarray.Rand[float64](rng, 5, 2, 8, 8), []int{0, 3, 1, 1, 2}
	want := net.NumericalGradient(x, labels)
	got := net.Gradient(x, labels)
	for name := range want {
		largest, difference := 0.0, 0.0
		for i, v := range want[name].Data() {
			largest = max(largest, math.Abs(v))
			difference = max(difference, math.Abs(v-got[name].Data()[i]))
		}
		if !(difference < 1e-6*largest) {
			t.Errorf("the gradient of %s is off by %.1e of %.1e", name, difference, largest)
		}
	}
}

func TestLossAtTheStart(t *testing.T) {
	rng := nprandom.New(0)
	net := NewSimpleConvNet[float32](rng, SimpleConvNetConfig{})
	x := ndarray.Rand[float32](rng, 50, 1, 28, 28)
	if got := float64(net.Loss(x, make([]int, 50))); math.Abs(got-math.Log(10)) > 0.01 {
		t.Errorf("before training the loss is %v, want about ln 10 = %.4f", got, math.Log(10))
	}
}

// Accuracy counts a last batch of any size.
func TestAccuracyCountsAll(t *testing.T) {
	rng := nprandom.New(0)
	net := NewSimpleConvNet[float32](rng, SimpleConvNetConfig{FilterNum: 4, HiddenSize: 5})
	x := ndarray.Rand[float32](rng, 207, 1, 28, 28)
	labels := net.Predict(x).ArgMax(1)
	if got := net.Accuracy(x, labels); got != 1 {
		t.Errorf("against its own answers the network has the accuracy %v", got)
	}
	for i := range 21 {
		labels[206-i] = (labels[206-i] + 1) % 10
	}
	if got, want := net.Accuracy(x, labels), 186./207; got != want {
		t.Errorf("with 21 wrong labels the accuracy is %v, want %v", got, want)
	}
}

func TestSummary(t *testing.T) {
	net := NewSimpleConvNet[float32](nprandom.New(0), SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50, UseDropout: true, DropoutRatio: 0.4})
	want := `layer            output        parameters
input            (1, 28, 28)
Conv1            (64, 24, 24)       1,664
  64 filters 5x5, stride 1, pad 0
Relu1            (64, 24, 24)
Pool1            (64, 12, 12)
  2x2, stride 2, pad 0
Affine1          (50,)            460,850
Relu2            (50,)
Dropout1         (50,)
  ratio 0.4
Affine2          (10,)                510
Dropout2         (10,)
  ratio 0.4
SoftmaxWithLoss  (10,)
total                             463,024
`
	if got := net.Summary(); got != want {
		t.Errorf("the summary is\n%s\nwant\n%s", got, want)
	}
	if net.ParamCount() != 463024 {
		t.Errorf("%d parameters are counted", net.ParamCount())
	}
}

func TestSetParams(t *testing.T) {
	from := NewSimpleConvNet[float32](nprandom.New(1), SimpleConvNetConfig{FilterNum: 4})
	to := NewSimpleConvNet[float32](nprandom.New(2), SimpleConvNetConfig{FilterNum: 4})
	if from.Digest() == to.Digest() {
		t.Error("two networks have one digest")
	}
	if err := to.SetParams(from.Params()); err != nil || to.Digest() != from.Digest() {
		t.Errorf("the parameters are not taken over: %v", err)
	}
	before := to.Digest()
	wrong := map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](4, 1, 3, 3), "b1": ndarray.Zeros[float32](4),
		"W2": from.Params()["W2"], "b2": from.Params()["b2"], "W3": from.Params()["W3"], "gamma": ndarray.Zeros[float32](1)}
	err := to.SetParams(wrong)
	for _, part := range []string{"W1 has shape (4, 1, 3, 3)", "(4, 1, 5, 5)", "b3 (10,) is missing", "gamma is not a parameter"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("the error is %v, want it to say %q", err, part)
		}
	}
	if to.Digest() != before {
		t.Error("refused parameters changed the network")
	}
	to.Params()["b3"].Set(1e-30, 7)
	if to.Digest() == before {
		t.Error("a changed bit leaves the digest as it was")
	}
}

func TestShapesThatDoNotFit(t *testing.T) {
	rng := nprandom.New(0)
	net := NewSimpleConvNet[float32](rng, SimpleConvNetConfig{FilterNum: 2, HiddenSize: 3})
	zeros := ndarray.Zeros[float32]
	for name, c := range map[string]struct {
		do   func()
		want []string
	}{
		"a batch of rows":        {func() { net.Predict(zeros(5, 784)) }, []string{"Predict", "(5, 784)", "(any, 1, 28, 28)"}},
		"one image":              {func() { net.Loss(zeros(1, 28, 28), []int{1}) }, []string{"Loss", "(1, 28, 28)", "(any, 1, 28, 28)"}},
		"labels too few":         {func() { net.Gradient(zeros(5, 1, 28, 28), []int{1}) }, []string{"Gradient", "(5, 10)", "1 labels"}},
		"a label too large":      {func() { net.Gradient(zeros(1, 1, 28, 28), []int{10}) }, []string{"label 10", "10 classes"}},
		"accuracy of other size": {func() { net.Accuracy(zeros(2, 1, 28, 28), []int{1}) }, []string{"Accuracy", "(1,)", "(2,)"}},
		"a filter too large": {func() { NewSimpleConvNet[float32](rng, SimpleConvNetConfig{FilterSize: 29}) },
			[]string{"Convolution", "(1, 1, 28, 28)", "29"}},
		"an initial value unknown": {func() { NewSimpleConvNet[float32](rng, SimpleConvNetConfig{WeightInit: "big"}) }, []string{`"big"`, `"xavier"`}},
		"no scores at the end":     {func() { Build[float32](rng, []int{1, 8, 8}, He, Conv(3, 3, 1, 0)) }, []string{"NewSequential", "(3, 6, 6)", "score"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				text := fmt.Sprint(recover())
				for _, part := range c.want {
					if !strings.Contains(text, part) {
						t.Errorf("the panic is %q, want it to say %q", text, part)
					}
				}
			}()
			c.do()
		})
	}
}

func TestDeepConvNet(t *testing.T) {
	net := NewDeepConvNet[float32](nprandom.New(0), DeepConvNetConfig{DropoutRatio: 0.5})
	shapes := map[string][]int{"W1": {16, 1, 3, 3}, "W2": {16, 16, 3, 3}, "W3": {32, 16, 3, 3}, "W4": {32, 32, 3, 3},
		"W5": {64, 32, 3, 3}, "W6": {64, 64, 3, 3}, "W7": {1024, 50}, "W8": {50, 10}}
	for name, want := range shapes {
		if got := net.Params()[name].Shape(); !slices.Equal(got, want) {
			t.Errorf("%s has shape %v, want %v", name, got, want)
		}
	}
	if got := len(net.ParamNames()); got != 16 {
		t.Errorf("there are %d parameters, want 16", got)
	}
}

// A ratio of 0 is 0: DeepConvNet without dropout has none, SimpleConvNet drops nothing.
func TestDropoutRatioMayBeZero(t *testing.T) {
	rng := nprandom.New(0)
	deep := NewDeepConvNet[float32](rng, DeepConvNetConfig{InputDim: [3]int{1, 4, 4}})
	if deep.Layer("Dropout1") != nil || deep.Layer("Affine2") == nil {
		t.Errorf("the layers are %v", deep.LayerNames())
	}
	simple := NewSimpleConvNet[float32](rng, SimpleConvNetConfig{UseDropout: true})
	if d := simple.Layer("Dropout2").(*layers.Dropout[float32]); d.Ratio != 0 {
		t.Errorf("the ratio is %v, want 0", d.Ratio)
	}
	x := ndarray.Rand[float32](rng, 3, 1, 28, 28)
	if train, eval := simple.Forward(x, true), simple.Forward(x, false); !train.Equal(eval) {
		t.Errorf("a ratio of 0 changes the scores in training:\n%v\n%v", train, eval)
	}
	defer func() {
		if err, ok := recover().(*ndarray.ShapeError); !ok {
			t.Errorf("images of 3x3 give %v", err)
		}
	}()
	NewDeepConvNet[float32](rng, DeepConvNetConfig{InputDim: [3]int{1, 3, 4}})
}

// A network may have no layer at all, or samples of two axes.
func TestNetworksOfUnusualForm(t *testing.T) {
	rng := nprandom.New(0)
	none := NewSequential[float32]([]int{4})
	x := ndarray.Randn[float32](rng, 6, 4)
	if loss, _ := none.LossGradient(x, make([]int, 6)); !none.Predict(x).Equal(x) || math.IsNaN(float64(loss)) {
		t.Errorf("without layers the scores are\n%v\nand the loss is %v", none.Predict(x), loss)
	}
	for name, parts := range map[string][]Part{
		"rows":             {Affine(6), Relu(), Affine(3)},
		"mean of each row": {BatchNormPerChannel(), Relu(), Affine(3)},
		"dropout first":    {Dropout(0.3), BatchNorm(), Affine(3)},
	} {
		compareEngine[float32](t, name, []int{4, 5}, parts, 12, 1e-4)
		compareEngine[float64](t, name, []int{4, 5}, parts, 12, 1e-12)
	}
}
