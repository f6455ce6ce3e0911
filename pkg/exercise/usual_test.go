package exercise

import (
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
