package ndarray

import (
	"encoding/json"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// TestTextOfDrawnArrays prints arrays drawn at random and compares the texts
// with those of the NumPy of this machine.
func TestTextOfDrawnArrays(t *testing.T) {
	out, err := exec.Command("python3", "testdata/draw.py", "1", "2000").Output()
	if err != nil {
		t.Skipf("no python3 with NumPy 1 on this machine (%v): only the stored texts are compared", err)
	}
	var cases []struct {
		Dtype     string
		Shape     []int
		Values    string // repeated until the shape is filled
		Str, Repr string
	}
	if err := json.Unmarshal(out, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 2000 {
		t.Fatalf("%d arrays instead of 2000", len(cases))
	}
	for _, c := range cases {
		want := textCase{Dtype: c.Dtype, Shape: c.Shape, Str: c.Str, Repr: c.Repr}
		if c.Dtype == "float32" {
			checkText(t, filled[float32](t, c.Values, c.Shape), want)
		} else {
			checkText(t, filled[float64](t, c.Values, c.Shape), want)
		}
	}
}

// filled returns an array of the given shape that repeats the values.
func filled[T Float](t *testing.T, values string, shape []int) *Array[T] {
	t.Helper()
	words := strings.Fields(values)
	a := Zeros[T](shape...)
	for i := range a.Data() {
		v, err := strconv.ParseFloat(words[i%len(words)], bitsOf[T]())
		if err != nil {
			t.Fatal(err)
		}
		a.Data()[i] = T(v)
	}
	return a
}
