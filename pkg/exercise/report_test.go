package exercise

import (
	"bytes"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// report runs a check and returns what it prints, and whether a strict run would end.
func report(t *testing.T, check func()) (text string, ended bool) {
	t.Helper()
	var b bytes.Buffer
	out, exit, setting.strict = &b, func(int) { ended = true }, true
	defer func() { out, exit, setting.strict = os.Stdout, os.Exit, false }()
	check()
	return b.String(), ended
}

func TestWhatIsNoAnswer(t *testing.T) {
	timeLimit = 50 * time.Millisecond
	defer func() { timeLimit = 5 * time.Second }()
	calls := 0
	for _, c := range []struct {
		name   string
		answer func(x *Array) *Array
		want   []string
	}{
		{"nil", func(x *Array) *Array { return nil }, []string{"✗ Relu: not written yet.", "아직 작성하지 않았습니다"}},
		{"zeros, which are an answer", func(x *Array) *Array { return x.Scale(0) }, []string{"not right yet", "everything is 0", "1.0/2"}},
		{"a panic", func(x *Array) *Array { return x.Reshape(1000) }, []string{"stopped with the panic: ", "(1000,)", "패닉", "x (1,)", "does not fit the shape given to Reshape"}},
		{"a loop", func(x *Array) *Array {
			for {
				time.Sleep(time.Millisecond)
			}
		}, []string{"no answer after 50ms", "0.05초가 지나도", "끝나지 않는 반복문", "x (1,)"}},
		{"a changed input", func(x *Array) *Array {
			for i, v := range x.Data() {
				x.Data()[i] = max(v, 0)
			}
			return x
		}, []string{"the input x was changed", "x.Clone()", "[-1.]"}},
		{"an overwritten shape", func(x *Array) *Array { x.Shape()[0] = 7; return x }, []string{"the input x was changed"}},
		{"a wrong shape", func(x *Array) *Array { return ndarray.Full[float64](2, 1, 7) }, []string{"got the shape (1, 7), want (1,)", "형상"}},
		{"what is kept between calls", func(x *Array) *Array {
			if calls++; calls > len(rectifications()) {
				return x.Scale(1)
			}
			return x.Map(func(v float64) float64 { return max(v, 0) })
		}, []string{"a second call with the same input"}},
	} {
		text, ended := report(t, func() { Relu(c.answer) })
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, text)
			}
		}
		if !ended {
			t.Errorf("%s passes a strict run", c.name)
		}
	}
}

// TestASlowAnswer stops after the time for all cases and says so where they were right.
func TestASlowAnswer(t *testing.T) {
	totalLimit = 30 * time.Millisecond
	defer func() { totalLimit = 10 * time.Second }()
	text, ended := report(t, func() {
		Im2col(func(x *Array, fh, fw, stride, pad int) *Array {
			time.Sleep(10 * time.Millisecond)
			return layers.Im2col(x, fh, fw, stride, pad)
		})
	})
	if told := regexp.MustCompile(`but too slow: a call takes about [1-9][0-9]+ms`); !told.MatchString(text) || !ended { // 10 ms, more on a busy machine
		t.Errorf("a slow answer is reported as\n%s", text)
	}
}

// TestSkeletons checks that what the notebooks hand out is told from a wrong answer.
func TestSkeletons(t *testing.T) {
	for name, check := range map[string]func(){
		"Im2col": func() {
			Im2col(func(x *Array, fh, fw, stride, pad int) *Array {
				return ndarray.Zeros[float64](x.Dim(0)*layers.OutSize(x.Dim(2), fh, stride, pad)*layers.OutSize(x.Dim(3), fw, stride, pad), x.Dim(1)*fh*fw)
			})
		},
		"Col2im": func() {
			Col2im(func(_ *Array, shape []int, _, _, _, _ int) *Array { return ndarray.Zeros[float64](shape...) })
		},
		"SoftmaxWithLoss":     func() { SoftmaxWithLoss(func(*Array, []int) float64 { return NotYet }) },
		"Adam":                func() { Adam(func(_, _, _, _ *Array, _ float64, _ int) {}) },
		"ConvolutionBackward": func() { ConvolutionBackward(func(_, _, _ *Array, _, _ int) (dx, dw, db *Array) { return }) },
		"Residual":            func() { Residual(func(_, _, _ *Array) *Array { return nil }) },
		"ResidualBackward":    func() { ResidualBackward(func(_, _, _, _ *Array) *Array { return nil }) },
		"SimpleConvNetGradient": func() {
			SimpleConvNetGradient(func(map[string]*Array, *Array, []int) map[string]*Array { return nil })
		},
		"first loss with 100 classes": func() { Number("first loss with 100 classes", NotYet) },
	} {
		if text, ended := report(t, check); !strings.Contains(text, "✗ "+name) || !strings.Contains(text, "not written yet") || !ended {
			t.Errorf("%s: the skeleton is reported as\n%s", name, text)
		}
	}
	text, _ := report(t, func() { SoftmaxWithLoss(func(*Array, []int) float64 { return math.NaN() }) })
	if strings.Contains(text, "not written yet") {
		t.Errorf("what is not a number counts as not written:\n%s", text)
	}
}

// TestRelations checks what is said of answers that no listed slip gives.
func TestRelations(t *testing.T) {
	conv := layers.NewConvolution[float64]
	for name, c := range map[string]struct {
		check func()
		want  string
	}{
		"a sign": {func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return conv(w, b, stride, pad).Forward(x, false).Scale(-1)
			})
		}, "the sign is the opposite"},
		"a factor": {func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return layers.NewPooling[float64](h, w, stride, pad).Forward(x, false).Scale(3)
			})
		}, "each number is 3 times"},
		"a shape": {func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return layers.NewPooling[float64](h, w, stride, pad).Forward(x, false).Reshape(-1)
			})
		}, "only the shape differs"},
		"an order of the axes": {func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return conv(w, b, stride, pad).Forward(x, false).Transpose(1, 0, 2, 3)
			})
		}, "in the order (FN, N, OH, OW)"},
		"only with padding": {func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				y := conv(w, b, stride, pad).Forward(x, false)
				return y.Map(func(v float64) float64 { return v + float64(pad)*7 })
			})
		}, "it goes wrong only where the pad is not 0"},
		"a batch": {func() {
			AffineBackward(func(x, w, dout *Array) (dx, dw, db *Array) {
				return dout.DotT(w).Scale(float64(x.Dim(0))), x.TDot(dout), dout.Sum(0)
			})
		}, "it is N times too large"},
		"a batch the wrong way": {func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				return layers.NewSoftmaxWithLoss[float64]().Forward(x, t) * float64(len(t)*len(t))
			})
		}, "multiplied by N, the size of the batch, where it should be divided"},
		"a part that is nil": {func() {
			AffineBackward(func(x, w, dout *Array) (dx, dw, db *Array) { return nil, x.TDot(dout), dout.Sum(0) })
		}, ""},
		"two slips at once": {func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return conv(turned(w), b.Scale(0), stride, pad).Forward(x, false)
			})
		}, "the bias is missing"},
		"nothing known": {func() { Relu(func(x *Array) *Array { return x.Map(math.Sin) }) }, ""},
	} {
		text, _ := report(t, c.check)
		if _, hint, found := strings.Cut(text, "Hint"); c.want == "" && found || !strings.Contains(hint, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, text)
		}
	}
}

// TestDigitsThatPrintAlike shows the digits in which got and want differ.
func TestDigitsThatPrintAlike(t *testing.T) {
	text, _ := report(t, func() {
		Relu(func(x *Array) *Array { return x.Map(func(v float64) float64 { return max(v, 0) * (1 + 1e-8) }) })
	})
	if !strings.Contains(text, "at · 위치 (0,): got 0.300000003, want 0.3") {
		t.Errorf("no digits in\n%s", text)
	}
}

func TestNumbersAndShapes(t *testing.T) {
	const std, pixels, loss = "standard deviation by He initialization, 16 channels and 3 x 3", "pixels in 100 images of 28 x 28", "first loss with 100 classes"
	const mean = "x.Index(5).Mean(1, 2)"
	for _, c := range []struct {
		check func()
		want  string
		ended bool
	}{
		{func() { Number(pixels, 78400) }, "✓ " + pixels + ": right. It is 78400.", false},
		{func() { Number(pixels, 78400.) }, "✓ ", false},
		{func() { Number(pixels, 78399.9) }, "78399.9 is too small", true}, // a count is exact
		{func() { Number(pixels, NotYet) }, "not written yet", true},
		{func() { Number(pixels, 784) }, "Hint: those are the pixels of one image.\n힌트: ", true},
		{func() { Number(pixels, 100) }, "100 is too small", true},
		{func() { Number(pixels, 0) }, ": 0 is too small.\n", true},  // no division led to it
		{func() { Number(pixels, 2801) }, "2801 is too small", true}, // not the hint for 2800
		{func() { Number(pixels, 1e9) }, "too large", true},
		{func() { Number(std, 0.118) }, "✓ ", false},
		{func() { Number(std, 0.12) }, "✓ ", false},
		{func() { Number(std, 0.11) }, "0.11 is too small", true},
		{func() { Number(std, math.Sqrt(2/(16*3*3))) }, "division of whole numbers", true},
		{func() { Number(std, math.Sqrt(2./16*3*3)) }, "brackets are missing", true},
		{func() { Number(loss, 4.6) }, "✓ ", false},
		{func() { Number(loss, 5) }, "5 is too large", true},
		{func() { Number(loss, math.Inf(1)) }, "+Inf is too large", true},
		{func() { Number(loss, math.NaN()) }, "NaN is not a number", true},
		{func() { Number("made up", 1) }, "no exercise with this name", true},
		{func() { Shape(mean, []int{3}) }, "✓ " + mean + ": right. It is (3,).", false},
		{func() { Shape(mean, nil) }, "not written yet", true},
		{func() { Shape(mean, []int{1, 3}) }, "(1, 3) has the wrong number of axes, 2.", true},
		{func() { Shape(mean, []int{32}) }, "(32,) differs at axis 0", true},
		{func() { AtLeast("accuracy on test images", 0.71) }, "right. 0.7100; 0.7 was asked for.", false},
		{func() { AtLeast("accuracy on test images", 0.69) }, "0.6900 so far; 0.7 is asked for", true},
		{func() { AtLeast("accuracy on test images", math.NaN()) }, "NaN so far", true},
		{func() { AtLeast("accuracy on test images", NotYet) }, "not written yet", true},
		{func() { AtLeast("made up", 1) }, "no exercise with this name", true},
	} {
		text, ended := report(t, c.check)
		if !strings.Contains(text, c.want) || ended != c.ended {
			t.Errorf("ended %v, want %v, and %q in\n%s", ended, c.ended, c.want, text)
		}
	}
}

// TestTheRulesAreTheClass holds the rules of the exercises to the layers, the network and
// the optimizer, whose numbers are held to the class's Python elsewhere.
func TestTheRulesAreTheClass(t *testing.T) {
	for name, check := range map[string]func(){
		"Im2col": func() { Im2col(layers.Im2col[float64]) },
		"Col2im": func() { Col2im(layers.Col2im[float64]) },
		"Convolution": func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return layers.NewConvolution(w, b, stride, pad).Forward(x, false)
			})
		},
		"ConvolutionBackward": func() {
			ConvolutionBackward(func(x, w, dout *Array, stride, pad int) (dx, dw, db *Array) {
				l := layers.NewConvolution(w, ndarray.Zeros[float64](w.Dim(0)), stride, pad)
				l.Forward(x, true)
				dx = l.Backward(dout)
				return dx, l.DW, l.DB
			})
		},
		"Pooling": func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return layers.NewPooling[float64](h, w, stride, pad).Forward(x, false)
			})
		},
		"PoolingBackward": func() {
			PoolingBackward(func(x, dout *Array, h, w, stride, pad int) *Array {
				l := layers.NewPooling[float64](h, w, stride, pad)
				l.Forward(x, true)
				return l.Backward(dout)
			})
		},
		"Affine": func() { Affine(func(x, w, b *Array) *Array { return layers.NewAffine(w, b).Forward(x, false) }) },
		"AffineBackward": func() {
			AffineBackward(func(x, w, dout *Array) (dx, dw, db *Array) {
				l := layers.NewAffine(w, ndarray.Zeros[float64](w.Dim(1)))
				l.Forward(x, true)
				dx = l.Backward(dout)
				return dx, l.DW, l.DB
			})
		},
		"Relu": func() { Relu(func(x *Array) *Array { return layers.NewRelu[float64]().Forward(x, false) }) },
		"Residual": func() {
			Residual(func(x, w, b *Array) *Array { return block(w, b).Forward(x, false) })
		},
		"ResidualBackward": func() {
			ResidualBackward(func(x, w, b, dout *Array) *Array {
				l := block(w, b)
				l.Forward(x, true)
				return l.Backward(dout)
			})
		},
		"ReluBackward": func() {
			ReluBackward(func(x, dout *Array) *Array {
				l := layers.NewRelu[float64]()
				l.Forward(x, true)
				return l.Backward(dout)
			})
		},
		"SoftmaxWithLoss": func() { SoftmaxWithLoss(layers.NewSoftmaxWithLoss[float64]().Forward) },
		"SoftmaxWithLossBackward": func() {
			SoftmaxWithLossBackward(func(x *Array, t []int) *Array {
				l := layers.NewSoftmaxWithLoss[float64]()
				l.Forward(x, t)
				return l.Backward()
			})
		},
		"BatchNormalization": func() {
			BatchNormalization(func(x, gamma, beta *Array) *Array { return layers.NewBatchNormalization(gamma, beta).Forward(x, true) })
		},
		"BatchNormalizationBackward": func() {
			BatchNormalizationBackward(func(x, gamma, dout *Array) (dx, dgamma, dbeta *Array) {
				l := layers.NewBatchNormalization(gamma, gamma.Scale(0))
				l.Forward(x, true)
				dx = l.Backward(dout)
				return dx, l.DGamma, l.DBeta
			})
		},
		"SimpleConvNetGradient": func() {
			SimpleConvNetGradient(func(params map[string]*Array, x *Array, t []int) map[string]*Array {
				return network(params, x).Gradient(x, t)
			})
		},
		"SimpleConvNet": func() {
			SimpleConvNet(func(params map[string]*Array, x *Array) *Array { return network(params, x).Predict(x) })
		},
	} {
		if text, ended := report(t, check); ended || !strings.HasPrefix(text, "✓ "+name+": right. All ") {
			t.Errorf("%s: the class's is reported as\n%s", name, text)
		}
	}
}

// block is the residual block of the exercise.
func block(w, b *Array) *layers.Residual[float64] {
	return layers.NewResidual(layers.Chain[float64]{layers.NewConvolution(w, b, 1, 1), layers.NewRelu[float64]()}, nil)
}

// network is the class's with the given parameters.
func network(params map[string]*Array, x *Array) *convnet.SimpleConvNet[float64] {
	net := convnet.NewSimpleConvNet[float64](nprandom.New(0), convnet.SimpleConvNetConfig{
		InputDim: [3]int{x.Dim(1), x.Dim(2), x.Dim(3)}, FilterNum: params["W1"].Dim(0), FilterSize: params["W1"].Dim(2),
		HiddenSize: params["b2"].Size(), OutputSize: params["b3"].Size()})
	for name, a := range net.Params() {
		a.Copy(params[name])
	}
	return net
}

// TestAdamIsTheClass holds the reference of the exercise to the optimizer.
func TestAdamIsTheClass(t *testing.T) {
	rng := nprandom.New(3)
	p, m, v := ndarray.Randn[float64](rng, 5), ndarray.Zeros[float64](5), ndarray.Zeros[float64](5)
	q := map[string]*Array{"W1": p.Clone()}
	opt := optimizer.NewAdam[float64](0.01)
	for step := 1; step <= 20; step++ {
		g := ndarray.Randn[float64](rng, 5)
		theClasses.update(p, g, m, v, 0.01, step)
		opt.Update(q, map[string]*Array{"W1": g})
	}
	if !p.AllClose(q["W1"], 1e-12, 1e-12) {
		t.Errorf("after 20 steps\n%v\nthe optimizer has\n%v", p, q["W1"])
	}
}

// TestOneAnswerForAll: a number instead of a computation is told, and a right function with a
// mistake elsewhere is not taken for one.
func TestOneAnswerForAll(t *testing.T) {
	const hint = "Hint: the answer is the same whatever goes in"
	text, _ := report(t, func() { SoftmaxWithLoss(func(*Array, []int) float64 { return math.Log(10) }) })
	if !strings.Contains(text, hint) {
		t.Errorf("no hint in\n%s", text)
	}
	text, _ = report(t, func() { Relu(func(x *Array) *Array { return x.Scale(2) }) })
	if strings.Contains(text, hint) {
		t.Errorf("a wrong hint in\n%s", text)
	}
}

// TestStudentFrames: of a stack the student's own functions are left, with their lines and
// without the addresses that nobody wrote.
func TestStudentFrames(t *testing.T) {
	stack := "goroutine 9 [running]:\nruntime/debug.Stack()\n\t/go/stack.go:26 +0x5e\n" +
		"main.myPooling(0x3bf38427e150, 0x1)\n\t/tmp/gonb/main.go:46 +0x3fa\n" +
		"main.(*layer).Forward({0x1, 0x2}, 0x0?)\n\t/tmp/gonb/main.go:50 +0x12\nmain.main.func1(...)\n\t/tmp/gonb/main.go:60\n"
	want := "main.myPooling\n\t/tmp/gonb/main.go:46\nmain.(*layer).Forward\n\t/tmp/gonb/main.go:50\nmain.main.func1\n\t/tmp/gonb/main.go:60"
	if got := studentFrames(stack); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
