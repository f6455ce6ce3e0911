package exercise

import (
	"math"
	"strings"
	"testing"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// TestAForgottenPadThatPanics checks the ways in which students leave the padding out. Where
// the window is larger than the image they panic, which must not hide the hint.
func TestAForgottenPadThatPanics(t *testing.T) {
	loops := func(x *Array, fh, fw, stride, _ int) *Array {
		n, c, h, w := x.Dim(0), x.Dim(1), x.Dim(2), x.Dim(3)
		oh, ow := (h-fh)/stride+1, (w-fw)/stride+1
		col := ndarray.Zeros[float64](n*oh*ow, c*fh*fw)
		for i := range col.Data() {
			row, at := i/(c*fh*fw), i%(c*fh*fw)
			col.Data()[i] = x.At(row/(oh*ow), at/(fh*fw), row/ow%oh*stride+at/fw%fh, row%ow*stride+at%fw)
		}
		return col
	}
	through := func(x *Array, fh, fw, stride, _ int) *Array { return layers.Im2col(x, fh, fw, stride, 0) }
	for name, check := range map[string]func(){
		"im2col in loops":         func() { Im2col(loops) },
		"im2col without pad":      func() { Im2col(through) },
		"convolution without pad": func() { Convolution(convolution) },
		"pooling without pad": func() {
			Pooling(func(x *Array, h, w, stride, _ int) *Array {
				return layers.NewPooling[float64](h, w, stride, 0).Forward(x, false)
			})
		},
	} {
		if text, _ := report(t, check); !strings.Contains(text, "Hint: the padding is missing") {
			t.Errorf("%s: no hint in\n%s", name, text)
		}
	}
}

// convolution is the lecture's, with the pad forgotten.
func convolution(x, w, b *Array, stride, _ int) *Array {
	oh, ow := layers.OutSize(x.Dim(2), w.Dim(2), stride, 0), layers.OutSize(x.Dim(3), w.Dim(3), stride, 0)
	col := layers.Im2col(x, w.Dim(2), w.Dim(3), stride, 0)
	y := col.DotT(w.Reshape(w.Dim(0), -1)).Add(b)
	return y.Reshape(x.Dim(0), oh, ow, -1).Transpose(0, 3, 1, 2)
}

// TestAPanicAfterDifferences checks that the smallest case that differs is shown, not a larger
// one that panics, and that a panic is shown where nothing differs.
func TestAPanicAfterDifferences(t *testing.T) {
	relu := layers.NewRelu[float64]()
	differing, _ := report(t, func() {
		Relu(func(x *Array) *Array {
			if x.NDim() > 1 {
				panic("too many axes")
			}
			return x.Add(x)
		})
	})
	if !strings.Contains(differing, "x (1,)") || strings.Contains(differing, "too many axes") {
		t.Errorf("the smallest case is not shown:\n%s", differing)
	}
	alone, ended := report(t, func() {
		Relu(func(x *Array) *Array {
			if x.NDim() > 1 {
				panic("too many axes")
			}
			return relu.Forward(x, false)
		})
	})
	if !strings.Contains(alone, "too many axes") || !strings.Contains(alone, "x (2, 3)") || !ended {
		t.Errorf("the panic is not shown:\n%s", alone)
	}
}

// TestWholeNumbersAreExact checks that a count is not right by being close.
func TestWholeNumbersAreExact(t *testing.T) {
	hint := Hint{Instead: 460800, English: "count the biases, too", Korean: "편향도 세세요"}
	for _, c := range []struct {
		answer, want float64
		text         string
	}{
		{460800, 460850, "Hint: count the biases, too"},
		{460849, 460850, "460849 is too small"},
		{460850, 460850, "right. It is 460850."},
		{-3, 3, "-3 is too small"},
		{3.14, 3.1416, "right. It is 3.1416."},
		{2.3026, 2.302585, "right. It is 2.3026."},
	} {
		if text, _ := report(t, func() { Number("n", c.answer, c.want, hint) }); !strings.Contains(text, c.text) {
			t.Errorf("%v for %v: no %q in\n%s", c.answer, c.want, c.text, text)
		}
	}
}

// TestOtherShapesOfAMistake checks that a mistake is known in whatever shape it comes.
func TestOtherShapesOfAMistake(t *testing.T) {
	product := func(shape func(x, w *Array, oh, ow int) []int) func(x, w, b *Array, stride, pad int) *Array {
		return func(x, w, b *Array, stride, pad int) *Array {
			oh, ow := layers.OutSize(x.Dim(2), w.Dim(2), stride, pad), layers.OutSize(x.Dim(3), w.Dim(3), stride, pad)
			y := layers.Im2col(x, w.Dim(2), w.Dim(3), stride, pad).DotT(w.Reshape(w.Dim(0), -1)).Add(b)
			return y.Reshape(shape(x, w, oh, ow)...)
		}
	}
	const last, shaped = "Hint: the product has the filters last", "Hint: the numbers and their order are right"
	for name, c := range map[string]struct {
		check func()
		want  string
	}{
		"the product as it is": {func() {
			Convolution(product(func(x, w *Array, oh, ow int) []int { return []int{x.Dim(0) * oh * ow, w.Dim(0)} }))
		}, last},
		"no transpose": {func() {
			Convolution(product(func(x, w *Array, oh, ow int) []int { return []int{x.Dim(0), oh, ow, w.Dim(0)} }))
		}, last},
		"windows by image": {func() {
			Im2col(func(x *Array, fh, fw, stride, pad int) *Array {
				return layers.Im2col(x, fh, fw, stride, pad).Reshape(x.Dim(0), -1, x.Dim(1)*fh*fw)
			})
		}, shaped},
		"maps without channels": {func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				y := layers.NewPooling[float64](h, w, stride, pad).Forward(x, false)
				return y.Reshape(-1, y.Dim(2), y.Dim(3))
			})
		}, shaped},
		"one map for all channels": {func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				oh, ow := layers.OutSize(x.Dim(2), h, stride, pad), layers.OutSize(x.Dim(3), w, stride, pad)
				return layers.Im2col(x, h, w, stride, pad).Max(1).Reshape(x.Dim(0), 1, oh, ow)
			})
		}, "Hint: the maximum runs over all channels"},
		"no 1e-7 in Adam": {func() { Adam(update(func(a *adam) { a.tiny = 0 })) }, "Hint: the small number that keeps"},
		"1e-8 in the loss": {func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 { return crossEntropy(layers.Softmax(x), t, 1e-8) })
		}, "Hint: the logarithm is of y + 1e-7"},
		"softmax down the column": {func() {
			SoftmaxWithLoss(func(x *Array, t []int) float64 {
				e := x.Map(math.Exp)
				return crossEntropy(e.Div(e.Sum(0)), t, 1e-7)
			})
		}, "Hint: the exponentials must be divided by the sum of their own row"},
	} {
		if text, _ := report(t, c.check); !strings.Contains(text, c.want) {
			t.Errorf("%s: no %q in\n%s", name, c.want, text)
		}
	}
}

// TestHeightAndWidth checks what is said when they change places: with most of such mistakes
// a function panics, or is wrong, only where something is not square.
func TestHeightAndWidth(t *testing.T) {
	swapped := func(x *Array, fh, fw, stride, pad int) *Array {
		v := window{x.Dim(0), x.Dim(1), x.Dim(3), x.Dim(2), fh, fw, stride, pad} // H and W taken from the wrong axes
		return rows(x, v, correct)
	}
	for name, c := range map[string]struct {
		check func()
		want  string
	}{
		"of the image": {func() { Im2col(swapped) }, "Hint: it goes wrong only where the image is not square"},
		"of the window": {func() {
			Im2col(func(x *Array, fh, fw, stride, pad int) *Array { return layers.Im2col(x, fw, fh, stride, pad) })
		}, "Hint: it goes wrong only where the window is not square"},
		"of the pool": {func() {
			Pooling(func(x *Array, h, w, stride, pad int) *Array {
				return layers.NewPooling[float64](w, h, stride, pad).Forward(x, false)
			})
		}, "Hint: it goes wrong only where the window is not square"},
	} {
		text, _ := report(t, c.check)
		if !strings.Contains(text, c.want) || !strings.Contains(text, "힌트: 정사각형이 아닌") {
			t.Errorf("%s: no %q in\n%s", name, c.want, text)
		}
	}
}

// TestWhatPositiveNumbersHide checks answers that are right for large positive numbers alone.
func TestWhatPositiveNumbersHide(t *testing.T) {
	for name, check := range map[string]func(){
		"relu after a convolution": func() {
			Convolution(func(x, w, b *Array, stride, pad int) *Array {
				return layers.NewConvolution(w, b, stride, pad).Forward(x, false).Map(func(y float64) float64 { return max(y, 0) })
			})
		},
		"relu from 1 on": func() {
			Relu(func(x *Array) *Array {
				return x.Map(func(v float64) float64 {
					if v < 1 {
						return 0
					}
					return v
				})
			})
		},
	} {
		if text, ended := report(t, check); !ended {
			t.Errorf("%s passes:\n%s", name, text)
		}
	}
}
