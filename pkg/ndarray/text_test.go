package ndarray

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"testing"
)

type textCase struct {
	Dtype     string
	Shape     []int
	Hex       string
	Str, Repr string
	Number    string // repr of the number in an array without axes
}

// asNumPy prints as a NumPy for the rest of a test.
func asNumPy(t *testing.T, major int) {
	before := SetPrintOptions(PrintOptions{NumPy: major})
	t.Cleanup(func() { SetPrintOptions(before) })
}

// The texts are those of NumPy 1 and NumPy 2; testdata/text.py printed them.
func TestTextIsNumPys(t *testing.T) {
	for major, name := range map[int]string{1: "testdata/text.json", 2: "testdata/text2.json"} {
		t.Run(name, func(t *testing.T) {
			asNumPy(t, major)
			checkTexts(t, name)
		})
	}
	if a := Arange[float32](1001); a.Repr() != "array([   0.,    1.,    2., ...,  998.,  999., 1000.], dtype=float32)" {
		t.Errorf("unless told otherwise, an array prints as\n%s", a.Repr())
	}
	defer func() {
		if recover() == nil {
			t.Error("NumPy 3 is printed")
		}
	}()
	SetPrintOptions(PrintOptions{NumPy: 3})
}

func checkTexts(t *testing.T, name string) {
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var texts struct{ Cases, Large []textCase }
	if err := json.Unmarshal(file, &texts); err != nil {
		t.Fatal(err)
	}
	for _, c := range texts.Cases {
		bytes, err := hex.DecodeString(c.Hex)
		if err != nil {
			t.Fatal(err)
		}
		if c.Dtype == "float32" {
			data := make([]float32, len(bytes)/4)
			for i := range data {
				data[i] = math.Float32frombits(binary.LittleEndian.Uint32(bytes[4*i:]))
			}
			checkText(t, FromSlice(data).Reshape(c.Shape...), c)
		} else {
			data := make([]float64, len(bytes)/8)
			for i := range data {
				data[i] = math.Float64frombits(binary.LittleEndian.Uint64(bytes[8*i:]))
			}
			checkText(t, FromSlice(data).Reshape(c.Shape...), c)
		}
	}
	for _, c := range texts.Large {
		a := Zeros[float64](c.Shape...)
		for i := range a.Data() {
			a.Data()[i] = float64(i*7919%10007)/10007 - 0.25
		}
		if c.Dtype == "float32" {
			checkText(t, Convert[float32](a), c)
		} else {
			checkText(t, a, c)
		}
	}
	if len(texts.Cases) < 300 || len(texts.Large) < 10 {
		t.Errorf("only %d and %d texts were compared", len(texts.Cases), len(texts.Large))
	}
}

func checkText[T Float](t *testing.T, a *Array[T], want textCase) {
	t.Helper()
	if got := a.String(); got != want.Str {
		t.Errorf("%s %v prints\n%s\nNumPy prints\n%s", want.Dtype, want.Shape, got, want.Str)
	}
	if got := ""; want.Number != "" {
		if got = NumberRepr(a.Data()[0]); got != want.Number {
			t.Errorf("repr of a number of %s is %s, NumPy's is %s", want.Dtype, got, want.Number)
		}
	}
	if got := a.Repr(); got != want.Repr {
		t.Errorf("repr of %s %v is\n%s\nNumPy's is\n%s", want.Dtype, want.Shape, got, want.Repr)
	}
}
