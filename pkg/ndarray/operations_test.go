package ndarray

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

type packed struct {
	Shape []int
	Data  []string
}

func (p packed) array(t *testing.T) *Array[float64] {
	t.Helper()
	a := Zeros[float64](p.Shape...)
	for i, text := range p.Data {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		a.Data()[i] = v
	}
	return a
}

// The results are NumPy's; testdata/operations.py made them.
func TestOperationsAreNumPys(t *testing.T) {
	text, err := os.ReadFile("testdata/operations.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Op       string
		Args     []packed
		Result   packed
		Settings []int
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		name := fmt.Sprintf("case %d: %s %v of %v", i, c.Op, c.Settings, c.Args[0].Shape)
		want := c.Result.array(t)
		var args []*Array[float64]
		for _, p := range c.Args {
			args = append(args, p.array(t))
		}
		before := args[0].Clone()
		a := args[0]
		var got *Array[float64]
		switch c.Op {
		case "add":
			got = a.Add(args[1])
		case "sub":
			got = a.Sub(args[1])
		case "mul":
			got = a.Mul(args[1])
		case "div":
			got = a.Div(args[1])
		case "sum":
			got = a.Sum(c.Settings...)
		case "mean":
			got = a.Mean(c.Settings...)
		case "max":
			got = a.Max(c.Settings[0])
		case "transpose":
			got = a.Transpose(c.Settings...)
		case "dot":
			got = a.Dot(args[1])
		case "argmax":
			var places []float64
			for _, p := range a.ArgMax(c.Settings[0]) {
				places = append(places, float64(p))
			}
			got = FromSlice(places).Reshape(want.Shape()...)
		}
		if !slices.Equal(got.Shape(), want.Shape()) {
			t.Errorf("%s has shape %v, want %v", name, got.Shape(), want.Shape())
			continue
		}
		for k, w := range want.Data() {
			if g := got.Data()[k]; g != w && !(math.Abs(g-w) <= 1e-13*(1+math.Abs(w))) && !(g != g && w != w) {
				t.Errorf("%s: element %d is %v, want %v", name, k, g, w)
			}
		}
		if !slices.EqualFunc(a.Data(), before.Data(), func(x, y float64) bool { return x == y || x != x && y != y }) {
			t.Errorf("%s changed its argument", name)
		}
	}
	if len(cases) < 100 {
		t.Errorf("only %d cases were compared", len(cases))
	}
}

func TestDotForms(t *testing.T) {
	a, b := Arange[float32](12).Reshape(3, 4), Arange[float32](20).Reshape(5, 4)
	if !a.DotT(b).Equal(a.Dot(b.T())) {
		t.Error("DotT is not the product with the transpose")
	}
	c := Arange[float32](15).Reshape(3, 5)
	if !a.TDot(c).Equal(a.T().Dot(c)) {
		t.Error("TDot is not the product of the transpose")
	}
	big, other := Full(0.5, 300, 400), Full(2.0, 400, 300)
	if got := big.Dot(other); got.At(299, 299) != 400 || got.At(0, 0) != 400 || got.SumAll() != 400*300*300 {
		t.Error("a product on all processors is wrong")
	}
}

func TestViewsShareMemory(t *testing.T) {
	x := Arange[float64](24).Reshape(2, 3, 4)
	x.Index(1, 2).Set(-1, 3)
	x.Slice(0, 1).Set(-2, 0, 1, 1)
	x.Reshape(-1, 2).Set(-3, 0, 1)
	if x.At(1, 2, 3) != -1 || x.At(0, 1, 1) != -2 || x.At(0, 0, 1) != -3 {
		t.Errorf("views do not share memory:\n%v", x)
	}
	if c := x.Clone(); c.Data()[0] == 0 {
		c.Set(9, 0, 0, 0)
		if x.At(0, 0, 0) == 9 {
			t.Error("a clone shares memory")
		}
	}
	if got := x.Index(1).Shape(); !slices.Equal(got, []int{3, 4}) {
		t.Errorf("x[1] has shape %v", got)
	}
	if v := x.Index(1, 2, 3); v.NDim() != 0 || v.At() != -1 {
		t.Errorf("x[1, 2, 3] is %v", v)
	}
	// What follows a view in memory is out of its reach.
	if view := x.Index(0).Data(); cap(view) != len(view) {
		t.Error("appending to a view would write into its neighbour")
	}
}

func TestReshape(t *testing.T) {
	x := Arange[float32](24)
	for _, c := range []struct{ shape, want []int }{{[]int{2, -1}, []int{2, 12}}, {[]int{-1}, []int{24}}, {[]int{4, -1, 3}, []int{4, 2, 3}}, {[]int{1, 24, 1}, []int{1, 24, 1}}} {
		if got := x.Reshape(c.shape...).Shape(); !slices.Equal(got, c.want) {
			t.Errorf("Reshape(%v) has shape %v, want %v", c.shape, got, c.want)
		}
	}
	if got := Zeros[float32](0, 3).Reshape(-1, 3).Shape(); !slices.Equal(got, []int{0, 3}) {
		t.Errorf("an empty array reshapes to %v", got)
	}
}

func TestClose(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	a := FromSlice([]float64{1, inf, -inf})
	if !a.AllClose(FromSlice([]float64{1 + 1e-9, inf, -inf}), 1e-8, 0) || a.AllClose(FromSlice([]float64{1 + 1e-7, inf, -inf}), 1e-8, 0) ||
		a.AllClose(FromSlice([]float64{1, -inf, inf}), 1, 1) || a.AllClose(a.Reshape(3, 1), 1, 1) {
		t.Error("AllClose errs")
	}
	n := FromSlice([]float64{nan})
	if n.Equal(n) || n.AllClose(n, 1, 1) {
		t.Error("nan equals nan")
	}
	if Convert[float32](FromSlice([]float64{0.1})).At(0) != float32(0.1) {
		t.Error("Convert does not round to the nearest")
	}
}

// What does not fit panics with a text that names both shapes.
func TestErrors(t *testing.T) {
	x := Zeros[float64](2, 3)
	for _, c := range []struct {
		do   func()
		want []string
	}{
		{func() { x.Add(Zeros[float64](2)) }, []string{"Add", "(2, 3)", "(2,)", "equal or 1"}},
		{func() { x.Dot(Zeros[float64](2, 3)) }, []string{"Dot", "(2, 3)", "(any, 2)"}},
		{func() { x.Dot(Zeros[float64](2, 3, 4)) }, []string{"Dot", "(2, 3)", "(2, 3, 4)"}},
		{func() { x.DotT(Zeros[float64](5, 4)) }, []string{"DotT", "(2, 3)", "(any, 4)", "(5, 4)"}},
		{func() { x.TDot(Zeros[float64](5, 4)) }, []string{"TDot", "(2, 3)", "(5, any)", "(5, 4)"}},
		{func() { x.Reshape(4, -1) }, []string{"Reshape", "(2, 3)", "(4, any)", "6 elements"}},
		{func() { x.Reshape(-1, -1) }, []string{"Reshape(-1, -1)", "only one size may be -1"}},
		{func() { x.Transpose(0, 0) }, []string{"Transpose(0, 0)", "(2, 3)", "0 to 1"}},
		{func() { x.At(0, 3) }, []string{"At", "index 3", "axis 1", "size 3"}},
		{func() { x.At(0) }, []string{"At(0)", "(2, 3)", "one index for each axis"}},
		{func() { x.Set(1, 2, 0) }, []string{"Set(2, 0)", "(2, 3)", "index 2", "axis 0", "size 2"}},
		{func() { x.Dim(2) }, []string{"Dim", "axis 2", "(2, 3)"}},
		{func() { x.Dim(-3) }, []string{"Dim", "axis -3", "(2, 3)"}},
		{func() { x.Transpose(1) }, []string{"Transpose(1)", "(2, 3)", "0 to 1"}},
		{func() { x.Transpose(0, 2) }, []string{"Transpose(0, 2)", "(2, 3)", "0 to 1"}},
		{func() { x.Mean(-3) }, []string{"axis -3", "(2, 3)"}},
		{func() { x.Max(2) }, []string{"Max", "axis 2", "(2, 3)"}},
		{func() { Zeros[float64](0, 3).Max(0) }, []string{"Max of shape (0, 3)", "empty"}},
		{func() { x.ArgMax(2) }, []string{"ArgMax", "axis 2", "(2, 3)"}},
		{func() { Zeros[float64](0, 3).MaxAll() }, []string{"MaxAll", "(0, 3)", "empty"}},
		{func() { Zeros[float64](0, 3).MinAll() }, []string{"MinAll", "(0, 3)", "empty"}},
		{func() { Zeros[float64]().Dot(x) }, []string{"Dot", "()", "(2, 3)", "one or two axes"}},
		{func() { Zeros[float64](3).DotT(x) }, []string{"DotT", "(3,)", "(any, 3)", "(2, 3)"}},
		{func() { x.TDot(Zeros[float64](2)) }, []string{"TDot", "(2,)", "two axes"}},
		{func() { x.Slice(-1, 1) }, []string{"Slice(-1, 1)", "(2, 3)"}},
		{func() { x.Index(2) }, []string{"Index(2)", "index 2", "axis 0", "size 2"}},
		{func() { Zeros[float64](0).Reshape(1<<40, 1<<40) }, []string{"Reshape", "more elements"}},
		{func() { x.Index(0, 0, 0) }, []string{"Index", "more indices"}},
		{func() { x.Slice(1, 3) }, []string{"Slice(1, 3)", "(2, 3)"}},
		{func() { x.Sum(2) }, []string{"Sum", "axis 2", "(2, 3)"}},
		{func() { x.Sum(0, 0) }, []string{"Sum", "twice"}},
		{func() { Zeros[float64](0, 3).ArgMax(0) }, []string{"ArgMax", "(0, 3)", "empty"}},
		{func() { x.Copy(Zeros[float64](3, 2)) }, []string{"Copy", "(3, 2)", "(2, 3)"}},
		{func() { FromSlice([]float64{1, 2}, 3) }, []string{"FromSlice", "(2,)", "(3,)"}},
		{func() { Zeros[float64](2, -1) }, []string{"Zeros", "negative"}},
		{func() { Zeros[float64](1<<40, 1<<40) }, []string{"Zeros", "more elements"}},
	} {
		func() {
			defer func() {
				found := recover()
				if _, ok := found.(*ShapeError); !ok {
					t.Errorf("the panic is a %T, want a *ShapeError", found)
				}
				text := fmt.Sprint(found)
				for _, part := range c.want {
					if !strings.Contains(text, part) {
						t.Errorf("the panic is %q, want it to say %q", text, part)
					}
				}
			}()
			c.do()
		}()
	}
}
