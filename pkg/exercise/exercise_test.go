package exercise

import (
	"bytes"
	"fmt"
	"math"
	"os"
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
	t.Setenv(StrictVariable, "strict")
	var b bytes.Buffer
	out, exit = &b, func(int) { ended = true }
	defer func() { out, exit = os.Stdout, os.Exit }()
	check()
	return b.String(), ended
}

// answers are, for each exercise, the right answer and one for each usual mistake, in
// the order of the hints.
var answers = map[string][]func(){
	"Im2col": func() (checks []func()) {
		defer func() {
			checks = append(checks, func() {
				Im2col(func(x *Array, fh, fw, stride, pad int) *Array { return layers.Im2col(x, fh, fw, stride, pad).T() })
			})
		}()
		for _, s := range append([]slip{correct}, slips...) {
			checks = append(checks, func() {
				Im2col(func(x *Array, fh, fw, stride, pad int) *Array {
					v := window{x.Dim(0), x.Dim(1), x.Dim(2), x.Dim(3), fh, fw, stride, pad}
					if col := rows(x, v, s); col != unfit {
						return col
					}
					return layers.Im2col(x, fh, fw, stride, pad)
				})
			})
		}
		return checks
	}(),
	"Col2im": {
		func() { Col2im(layers.Col2im[float64]) },
		func() { Col2im(throughWindows(correct, func(_, v float64) float64 { return v })) },
		func() {
			Col2im(func(col *Array, shape []int, fh, fw, stride, pad int) *Array {
				used := layers.Col2im(col.Map(func(float64) float64 { return 1 }), shape, fh, fw, stride, pad)
				return layers.Col2im(col, shape, fh, fw, stride, pad).Div(used.Map(func(n float64) float64 { return max(n, 1) }))
			})
		},
		func() { Col2im(throughWindows(strideForgotten, func(old, v float64) float64 { return old + v })) },
		func() { Col2im(throughWindows(notShifted, func(old, v float64) float64 { return old + v })) },
		func() {
			Col2im(func(col *Array, shape []int, fh, fw, stride, pad int) *Array {
				return layers.Col2im(col, []int{shape[0], shape[1], shape[2] + 2*pad, shape[3] + 2*pad}, fh, fw, stride, 0)
			})
		},
		func() {
			Col2im(func(col *Array, shape []int, fh, fw, stride, pad int) *Array {
				return layers.Col2im(col, shape, fh, fw, stride, pad).Transpose(0, 2, 3, 1)
			})
		},
	},
	"Convolution": {
		func() { Convolution(convolve(nil)) },
		func() { Convolution(convolve(func(w, b *Array, stride, pad *int) { b.Fill(0) })) },
		func() { Convolution(convolve(func(w, b *Array, stride, pad *int) { w.Copy(turned(w)) })) },
		func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				y := convolve(nil)(x, w, b, stride, pad)
				return y.Transpose(0, 2, 3, 1).Reshape(y.Shape()...)
			})
		},
		func() { Convolution(convolve(func(w, b *Array, stride, pad *int) { *pad = 0 })) },
		func() { Convolution(convolve(func(w, b *Array, stride, pad *int) { *stride = 1 })) },
		func() { Convolution(convolve(func(w, b *Array, stride, pad *int) { w.Copy(firstChannel(w)) })) },
		func() {
			Convolution(convolve(func(w, b *Array, stride, pad *int) { w.Copy(w.Reshape(-1, w.Dim(0)).T().Reshape(w.Shape()...)) }))
		},
		func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return convolve(nil)(x, w, b, stride, pad).Transpose(0, 1, 3, 2)
			})
		},
		func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return convolve(nil)(x, w, b, stride, pad).Map(func(y float64) float64 { return max(y, 0) })
			})
		},
	},
	"Pooling": {
		func() { Pooling(pool(func(col *Array) *Array { return col.Max(1) })) },
		func() { Pooling(pool(func(col *Array) *Array { return col.Mean(1) })) },
		func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				y := layers.NewPooling[float64](h, w, stride, pad).Forward(x, false)
				largest := layers.Im2col(x, h, w, stride, pad).Max(1).Reshape(x.Dim(0), 1, y.Dim(2), y.Dim(3))
				return y.Scale(0).Add(largest)
			})
		},
		func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				y := layers.NewPooling[float64](h, w, stride, pad).Forward(x, false)
				return y.Transpose(0, 2, 3, 1).Reshape(y.Shape()...)
			})
		},
		func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return layers.NewPooling[float64](h, w, 1, pad).Forward(x, false)
			})
		},
		func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				if x.Dim(2) >= h && x.Dim(3) >= w { // otherwise the window would not fit
					pad = 0
				}
				return layers.NewPooling[float64](h, w, stride, pad).Forward(x, false)
			})
		},
		func() { Pooling(pool(func(col *Array) *Array { return col.Scale(-1).Max(1).Scale(-1) })) },
		func() { Pooling(pool(func(col *Array) *Array { return col.Sum(1) })) },
		func() {
			Pooling(pool(func(col *Array) *Array {
				places := col.Max(1)
				for i, place := range col.ArgMax(1) {
					places.Data()[i] = float64(place)
				}
				return places
			}))
		},
		func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return layers.NewPooling[float64](h, w, stride, pad).Forward(x, false).Transpose(0, 1, 3, 2)
			})
		},
		func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return withinImage(x, window{x.Dim(0), x.Dim(1), x.Dim(2), x.Dim(3), h, w, stride, pad})
			})
		},
	},
	"Affine": {
		func() { Affine(func(x, w, b *Array) *Array { return x.Dot(w).Add(b) }) },
		func() { Affine(func(x, w, b *Array) *Array { return x.Dot(w) }) },
		func() {
			Affine(func(x, w, b *Array) *Array {
				if w.Dim(0) == w.Dim(1) {
					w = w.T()
				}
				return x.Dot(w).Add(b)
			})
		},
		func() {
			Affine(func(x, w, b *Array) *Array {
				if sameShape(x, w) {
					return x.Mul(w).Add(b)
				}
				return x.Dot(w).Add(b)
			})
		},
		func() { Affine(func(x, w, b *Array) *Array { return w.Dot(x).Add(b) }) },
		func() { Affine(func(x, w, b *Array) *Array { return x.Dot(w).Mul(b) }) },
	},
	"Relu": {
		func() { Relu(func(x *Array) *Array { return layers.NewRelu[float64]().Forward(x, false) }) },
		func() {
			Relu(func(x *Array) *Array {
				return x.Map(func(v float64) float64 { return math.Min(1, math.Max(0, v)) })
			})
		},
		func() { Relu(func(x *Array) *Array { return x.Map(math.Abs) }) },
		func() { Relu(func(x *Array) *Array { return x.Map(func(v float64) float64 { return min(v, 0) }) }) },
		func() { Relu(func(x *Array) *Array { return x.Clone() }) },
	},
	"Dropout": {
		func() { Dropout(drop(1, 1, false)) },
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				if !train {
					return x.Scale(1 - ratio)
				}
				return x.Sub(drop(1, 1, false)(x, draws, ratio, true))
			})
		},
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				if !train {
					return x.Clone()
				}
				return drop(1, 1, false)(x, draws, ratio, true).Scale(1 / (1 - ratio))
			})
		},
		func() { Dropout(drop(1, 0, false)) },
		func() { Dropout(drop(1, 1, true)) },
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				if train {
					return drop(1, 1, false)(x, draws, ratio, true)
				}
				return x.Scale(ratio)
			})
		},
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				if train {
					return x.Sub(drop(1, 1, false)(x, draws, ratio, true))
				}
				return x.Scale(ratio)
			})
		},
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				return drop(1, 1, false)(x, draws, ratio, !train)
			})
		},
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				if train {
					x = x.Map(func(float64) float64 { return 1 })
				}
				return drop(1, 1, false)(x, draws, ratio, train)
			})
		},
		func() {
			Dropout(func(x, draws *Array, ratio float64, train bool) *Array {
				y := drop(1, 1, false)(x, draws, ratio, train)
				if train {
					y = y.Scale(1 - ratio)
				}
				return y
			})
		},
	},
	"SoftmaxWithLoss": {
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 { return layers.CrossEntropy(layers.Softmax(x), t) })
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				return float64(len(t)) * layers.CrossEntropy(layers.Softmax(x), t)
			})
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 { return crossEntropy(layers.Softmax(x), t, 0) })
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				e := x.Map(math.Exp)
				return crossEntropy(e.Div(e.Sum(1).Reshape(-1, 1)), t, 1e-7)
			})
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 { return -layers.CrossEntropy(layers.Softmax(x), t) })
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				e := x.Map(math.Exp)
				return crossEntropy(e.Scale(1/e.SumAll()), t, 1e-7)
			})
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				return float64(len(t)) * layers.CrossEntropy(layers.Softmax(x), t) / float64(x.Dim(1))
			})
		},
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				loss := 0.
				for i, label := range t {
					loss -= layers.Softmax(x).At(i, label)
				}
				return loss / float64(len(t))
			})
		},
		func() { SoftmaxWithLoss(func(x *Array, t []int) float64 { return crossEntropy(x, t, 1e-7) }) },
		func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				loss := 0.
				for _, y := range layers.Softmax(x).Data() {
					loss -= math.Log(y + 1e-7)
				}
				return loss / float64(len(t))
			})
		},
	},
	"Adam": {
		func() { Adam(update(nil)) },
		func() { Adam(update(func(a *adam) { a.corrected = false })) },
		func() {
			Adam(update(func(a *adam) { a.beta1, a.beta2, a.rates = 0.1, 0.001, &[2]float64{0.9, 0.999} }))
		},
		func() { Adam(update(func(a *adam) { a.square = 1 })) },
		func() { Adam(update(func(a *adam) { a.inside = true })) },
		func() { Adam(update(func(a *adam) { a.sign = 1 })) },
		func() { Adam(update(func(a *adam) { a.tiny = 1e-8 })) },
		func() { Adam(update(func(a *adam) { a.paper = true })) },
		func() { Adam(update(func(a *adam) { a.paper, a.tiny = true, 1e-8 })) },
		func() { Adam(update(func(a *adam) { a.rootOfRate = 1 })) },
		func() { Adam(update(func(a *adam) { a.rootOfV = 1 })) },
		func() { Adam(update(func(a *adam) { a.plain = true })) },
		func() { Adam(update(func(a *adam) { a.whole = true })) },
		func() { Adam(update(func(a *adam) { a.late = 1 })) },
		func() {
			Adam(func(param, grad, m, v *Array, lr float64, step int) {
				update(nil)(param, grad, m.Clone(), v.Clone(), lr, step)
			})
		},
		func() { Adam(update(func(a *adam) { a.again = true })) },
	},
	"SimpleConvNet": {
		func() { SimpleConvNet(predict(true, true, true, nil)) },
		func() { SimpleConvNet(predict(true, true, true, layers.Softmax[float64])) },
		func() { SimpleConvNet(predict(false, true, true, nil)) },
		func() { SimpleConvNet(predict(true, false, true, nil)) },
		func() {
			SimpleConvNet(predict(true, true, true, func(y *Array) *Array { return y.Map(func(v float64) float64 { return max(v, 0) }) }))
		},
		func() { SimpleConvNet(predict(true, true, false, nil)) },
		func() {
			SimpleConvNet(predict(true, true, true, func(y *Array) *Array {
				classes := ndarray.Zeros[float64](y.Dim(0))
				for i, class := range y.ArgMax(1) {
					classes.Data()[i] = float64(class)
				}
				return classes
			}))
		},
		func() { SimpleConvNet(wiring{channelsLast: true}.scores) },
	},
}

// TestAnswers checks that the right answer passes and that each usual mistake gets its
// own hint, in both languages, and ends a strict run.
func TestAnswers(t *testing.T) {
	for name, checks := range answers {
		seen := make(map[string]int)
		for i, check := range checks {
			text, ended := report(t, check)
			if i == 0 {
				if !strings.HasPrefix(text, "✓ "+name+": right. All ") || ended {
					t.Errorf("%s: the right answer gets\n%s", name, text)
				}
				continue
			}
			_, hint, found := strings.Cut(text, "Hint: ")
			if !strings.HasPrefix(text, "✗ "+name+": ") || !ended || !found || !strings.Contains(hint, "힌트: ") {
				t.Errorf("%s, mistake %d: no hint in\n%s", name, i, text)
				continue
			}
			if before, twice := seen[hint]; twice {
				t.Errorf("%s: mistakes %d and %d get the same hint\n%s", name, before, i, hint)
			}
			seen[hint] = i
		}
	}
}

// TestTheHintIsThatOfTheMistake checks the order of the hints against that of the
// mistakes where both are listed.
func TestTheHintIsThatOfTheMistake(t *testing.T) {
	for i, check := range answers["Im2col"][1 : 1+len(slips)] {
		if text, _ := report(t, check); !strings.Contains(text, slipHints[i].english) {
			t.Errorf("mistake %d wants the hint %q, got\n%s", i, slipHints[i].english, text)
		}
	}
}

func throughWindows(s slip, put func(old, v float64) float64) func(col *Array, shape []int, fh, fw, stride, pad int) *Array {
	return func(col *Array, shape []int, fh, fw, stride, pad int) *Array {
		return back(col, window{shape[0], shape[1], shape[2], shape[3], fh, fw, stride, pad}, s, put)
	}
}

// convolve is a convolution whose arguments change is allowed to spoil.
func convolve(change func(w, b *Array, stride, pad *int)) func(x, w, b *Array, stride, pad int) *Array {
	return func(x, w, b *Array, stride, pad int) *Array {
		w, b = w.Clone(), b.Clone()
		if change != nil {
			before := pad
			change(w, b, &stride, &pad)
			if x.Dim(2)+2*pad < w.Dim(2) || x.Dim(3)+2*pad < w.Dim(3) {
				pad = before // otherwise the window would not fit
			}
		}
		return layers.NewConvolution(w, b, stride, pad).Forward(x, false)
	}
}

func pool(of func(col *Array) *Array) func(x *Array, h, w, stride, pad int) *Array {
	return func(x *Array, h, w, stride, pad int) *Array {
		oh, ow := layers.OutSize(x.Dim(2), h, stride, pad), layers.OutSize(x.Dim(3), w, stride, pad)
		col := layers.Im2col(x, h, w, stride, pad).Reshape(-1, h*w)
		return of(col).Reshape(x.Dim(0), oh, ow, x.Dim(1)).Transpose(0, 3, 1, 2)
	}
}

// drop is Dropout with factors on the rates of training and evaluation.
func drop(training, evaluation float64, always bool) func(x, draws *Array, ratio float64, train bool) *Array {
	return func(x, draws *Array, ratio float64, train bool) *Array {
		if !train && !always {
			return x.Scale(1 - evaluation*ratio)
		}
		y := x.Clone()
		for i, v := range draws.Data() {
			if !(v > training*ratio) {
				y.Data()[i] = 0
			}
		}
		return y
	}
}

func update(change func(*adam)) func(param, grad, m, v *Array, lr float64, step int) {
	return func(param, grad, m, v *Array, lr float64, step int) {
		rule := theClasses
		if change != nil {
			change(&rule)
		}
		rows := rule.update(param, grad, m, v, lr, step)
		param.Copy(rows.Index(0))
		m.Copy(rows.Index(1))
		v.Copy(rows.Index(2))
	}
}

func predict(reluAfterConv, reluAfterHidden, biases bool, last func(*Array) *Array) func(params map[string]*Array, x *Array) *Array {
	return func(params map[string]*Array, x *Array) *Array {
		p := make(map[string]*Array)
		for name, a := range params {
			if name[0] == 'b' && !biases {
				a = a.Scale(0)
			}
			p[name] = a
		}
		relu := func(a *Array, yes bool) *Array {
			if yes {
				return layers.NewRelu[float64]().Forward(a, false)
			}
			return a
		}
		h := relu(layers.NewConvolution(p["W1"], p["b1"], 1, 0).Forward(x, false), reluAfterConv)
		h = layers.NewPooling[float64](2, 2, 2, 0).Forward(h, false).Reshape(x.Dim(0), -1)
		h = relu(h.Dot(p["W2"]).Add(p["b2"]), reluAfterHidden)
		y := h.Dot(p["W3"]).Add(p["b3"])
		if last != nil {
			y = last(y)
		}
		return y
	}
}

// TestAdamIsTheClass holds the reference of the exercise to the optimizer.
func TestAdamIsTheClass(t *testing.T) {
	rng := nprandom.New(3)
	p, m, v := ndarray.Randn[float64](rng, 5), ndarray.Zeros[float64](5), ndarray.Zeros[float64](5)
	q := map[string]*Array{"W1": p.Clone()}
	opt := optimizer.NewAdam[float64](0.01)
	for step := 1; step <= 20; step++ {
		g := ndarray.Randn[float64](rng, 5)
		update(nil)(p, g, m, v, 0.01, step)
		opt.Update(q, map[string]*Array{"W1": g})
	}
	if !p.AllClose(q["W1"], 1e-12, 1e-12) {
		t.Errorf("after 20 steps\n%v\nthe optimizer has\n%v", p, q["W1"])
	}
}

func TestWhatIsNoAnswer(t *testing.T) {
	timeLimit = 50 * time.Millisecond
	defer func() { timeLimit = 5 * time.Second }()
	for _, c := range []struct {
		name   string
		answer func(x *Array) *Array
		want   []string
	}{
		{"nil", func(x *Array) *Array { return nil }, []string{"✗ Relu: not yet.", "아직입니다"}},
		{"a skeleton", func(x *Array) *Array { return ndarray.Zeros[float64](x.Shape()...) }, []string{"✗ Relu: not yet. Write the answer", "아직입니다"}},
		{"a panic", func(x *Array) *Array { return x.Reshape(1000) }, []string{"stopped with the panic: ", "(1000,)", "패닉", "x (1,)"}},
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
		{"a wrong shape", func(x *Array) *Array { return ndarray.Full[float64](2, 1, 7) }, []string{"got the shape (1, 7), want (1,)", "형상"}},
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

// TestAnUpdateThatIsNotWritten changes nothing, which is no difference to look at.
func TestAnUpdateThatIsNotWritten(t *testing.T) {
	text, ended := report(t, func() { Adam(func(param, grad, m, v *Array, lr float64, step int) {}) })
	if !strings.Contains(text, "✗ Adam: not yet. Write the answer") || !ended {
		t.Errorf("an empty Adam is reported as\n%s", text)
	}
}

// TestTheSmallestCaseIsShown reads a whole report.
func TestTheSmallestCaseIsShown(t *testing.T) {
	text, _ := report(t, func() {
		Im2col(func(x *Array, fh, fw, stride, pad int) *Array {
			v := window{x.Dim(0), x.Dim(1), x.Dim(2), x.Dim(3), fh, fw, stride, pad}
			return rows(x, v, filterSwapped)
		})
	})
	want := `✗ Im2col: not yet. The smallest case that differs:
  아직 다릅니다. 결과가 다른 가장 작은 경우는 다음과 같습니다.
window 2 x 2, stride 1, pad 1
x (1, 1, 1, 1)
  [[[[1.]]]]
  got · 결과        want · 정답
  [[0. 0. 0. 1.]    [[0. 0. 0. 1.]
   [0. 1. 0. 0.]     [0. 0. 1. 0.]
   [0. 0. 1. 0.]     [0. 1. 0. 0.]
   [1. 0. 0. 0.]]    [1. 0. 0. 0.]]
Hint: within a window the values go along its rows: fw runs quickest.
힌트: 윈도 안에서는 가로 방향으로 읽습니다. fw가 가장 빨리 변합니다.
`
	if text != want {
		t.Errorf("the report is\n%s\nwant\n%s", text, want)
	}
}

func TestNumbersAndShapes(t *testing.T) {
	hint := Hint{Instead: 784, English: "for all 100 of them", Korean: "100장 모두에 대해 구하세요"}
	for _, c := range []struct {
		check func()
		want  string
		ended bool
	}{
		{func() { Number("pixels", 78400, 78400) }, "✓ pixels: right. It is 78400.", false},
		{func() { Number("pixels", 78399.9, 78400) }, "✓ pixels", false},
		{func() { Number("pixels", 0, 78400) }, "not yet", true},
		{func() { Number("pixels", 784, 78400, hint) }, "Hint: for all 100 of them\n힌트: 100장", true},
		{func() { Number("pixels", 100, 78400, hint) }, "100 is too small", true},
		{func() { Number("pixels", 1e9, 78400) }, "too large", true},
		{func() { Number("nothing", 0, 0) }, "✓ nothing", false},
		{func() { Shape("x", []int{1, 2}, []int{1, 2}) }, "✓ x: right. It is (1, 2).", false},
		{func() { Shape("x", nil, []int{1, 2}) }, "not yet", true},
		{func() { Shape("x", []int{1}, []int{1, 2}) }, "(1,) has the wrong number of axes, 1.", true},
		{func() { Shape("x", []int{1, 3}, []int{1, 2}) }, "(1, 3) differs at axis 1", true},
		{func() { AtLeast("accuracy", 0.91, 0.9) }, "✓ accuracy: right. 0.9100; 0.9 was asked for.", false},
		{func() { AtLeast("accuracy", 0.89, 0.9) }, "0.8900 so far; 0.9 is asked for", true},
		{func() { AtLeast("accuracy", math.NaN(), 0.9) }, "NaN so far", true},
	} {
		text, ended := report(t, c.check)
		if !strings.Contains(text, c.want) || ended != c.ended {
			t.Errorf("ended %v, want %v, and %q in\n%s", ended, c.ended, c.want, text)
		}
	}
}

// TestALenientRunGoesOn makes sure that without the variable nothing ends.
func TestALenientRunGoesOn(t *testing.T) {
	t.Setenv(StrictVariable, "")
	var b bytes.Buffer
	out, exit = &b, func(int) { t.Error("the program was ended") }
	defer func() { out, exit = os.Stdout, os.Exit }()
	Relu(func(x *Array) *Array { return nil })
	if b.Len() == 0 {
		t.Error("nothing was reported")
	}
}

// TestTheNetworkOfTheExerciseIsTheClass checks a student's way through a whole network
// against SimpleConvNet on one more case.
func TestTheNetworkOfTheExerciseIsTheClass(t *testing.T) {
	rng := nprandom.New(9)
	net := convnet.NewSimpleConvNet[float64](rng, convnet.SimpleConvNetConfig{})
	x := ndarray.Rand[float64](rng, 2, 1, 28, 28)
	if got := predict(true, true, true, nil)(net.Params(), x); !got.AllClose(net.Predict(x), 1e-12, 1e-12) {
		t.Error(fmt.Sprint("the scores differ: ", got))
	}
}
