package ndarray

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// TestTextOfDrawnArrays prints arrays drawn at random and compares the texts
// with those of the NumPy of this machine, and of NumPy 2 where CONVBOOK_NUMPY2 names
// an interpreter that has it.
func TestTextOfDrawnArrays(t *testing.T) {
	for major, interpreter := range map[string]string{"1": "python3", "2": os.Getenv("CONVBOOK_NUMPY2")} {
		t.Run("NumPy "+major, func(t *testing.T) {
			out, err := exec.Command(interpreter, "testdata/draw.py", major, "1", "2000").Output()
			if err != nil {
				t.Skipf("skipped: no interpreter with NumPy %s (%v): only the stored texts are compared", major, err)
			}
			number, _ := strconv.Atoi(major)
			asNumPy(t, number)
			compareDrawn(t, out)
		})
	}
}

func compareDrawn(t *testing.T, out []byte) {
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
