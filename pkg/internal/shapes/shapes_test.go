package shapes

import (
	"fmt"
	"testing"

	"convbook/pkg/ndarray"
)

// says returns the text that f panics with, "" where it returns.
func says(f func()) (text string) {
	defer func() {
		if e := recover(); e != nil {
			text = fmt.Sprint(e)
		}
	}()
	f()
	return ""
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		got, want []int
		text      string // of the panic
	}{
		{[]int{2, 3}, []int{2, 3}, ""},
		{[]int{2, 3}, []int{-1, 3}, ""},
		{nil, nil, ""},
		{[]int{2, 3}, []int{2, 4}, "Dot: got shape (2, 3), want (2, 4): a hint"},
		{[]int{2, 3}, []int{3, -1}, "Dot: got shape (2, 3), want (3, any): a hint"},
		{[]int{2}, []int{2, 1}, "Dot: got shape (2,), want (2, 1): a hint"},
		{[]int{2, 1}, []int{2}, "Dot: got shape (2, 1), want (2,): a hint"},
		{nil, []int{-1}, "Dot: got shape (), want (any,): a hint"},
		{[]int{2}, nil, "Dot: got shape (2,), want (): a hint"},
	} {
		if text := says(func() { Check("Dot", c.got, c.want, "a hint") }); text != c.text {
			t.Errorf("Check(%v, %v) says %q, want %q", c.got, c.want, text, c.text)
		}
	}
}

func TestOf(t *testing.T) {
	if shape := Of("Dot", "x", ndarray.Zeros[float64](2, 3)); shape.String() != "(2, 3)" {
		t.Errorf("the shape is %v", shape)
	}
	const want = "Dot: x is nil, want an array"
	if text := says(func() { Of[float64]("Dot", "x", nil) }); text != want {
		t.Errorf("of no array it says %q, want %q", text, want)
	}
}

func TestSize(t *testing.T) {
	for want, shape := range map[int][]int{1: {}, 24: {2, 3, 4}, 0: {2, 0}} {
		if got := Size(shape); got != want {
			t.Errorf("an array of shape %v has %d values, want %d", shape, got, want)
		}
	}
}

func TestCheckLabels(t *testing.T) {
	for _, c := range []struct {
		scores, labels []int
		text           string // of the panic
	}{
		{[]int{2, 10}, []int{0, 9}, ""},
		{[]int{2, 10}, []int{0}, "Loss: got shape (2, 10), want (1, any): there are 1 labels, one for each row of scores"},
		{[]int{2}, []int{0, 1}, "Loss: got shape (2,), want (2, any): there are 2 labels, one for each row of scores"},
		{[]int{0, 10}, nil, "Loss: an empty batch has no loss, want at least one sample"},
		{[]int{2, 10}, []int{0, 10}, "Loss: label 10 of sample 1 is not one of the 10 classes (0 to 9)"},
		{[]int{2, 10}, []int{-1, 0}, "Loss: label -1 of sample 0 is not one of the 10 classes (0 to 9)"},
	} {
		if text := says(func() { CheckLabels("Loss", c.scores, c.labels) }); text != c.text {
			t.Errorf("CheckLabels(%v, %v) says %q, want %q", c.scores, c.labels, text, c.text)
		}
	}
}
