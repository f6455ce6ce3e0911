package described

import (
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
)

// networks of the notebooks, with blocks.
var networks = map[string][]convnet.Part{
	"(1, 28, 28)": {convnet.Conv(4, 3, 1, 1), convnet.BatchNormPerChannel(), convnet.Relu(), convnet.MaxPool(3, 2, 0), convnet.Residual(convnet.Conv(4, 3, 1, 1), convnet.Sigmoid()),
		convnet.Shortcut([]convnet.Part{convnet.Conv(6, 1, 2, 0)}, convnet.Conv(6, 3, 2, 1), convnet.BatchNorm()), convnet.AveragePool(2, 2),
		convnet.Branches([]convnet.Part{convnet.Relu()}, []convnet.Part{convnet.Relu()}, []convnet.Part{convnet.Conv(2, 1, 1, 0), convnet.Pool(1, 1)}), convnet.Affine(7), convnet.Dropout(0.25), convnet.Affine(3)},
	"(2, 6, 5)": {convnet.Conv(3, 2, 2, 3), convnet.Affine(5), convnet.BatchNorm(), convnet.Affine(2)},
}

// TestParse reads what networks say of themselves, and builds the same again, at the cost that it says.
func TestParse(t *testing.T) {
	for shape, parts := range networks {
		d, err := Parse(shape + " Relu()")
		if err != nil {
			t.Fatal(err)
		}
		net := convnet.Build[float32](nprandom.New(0), d.Input, convnet.He, parts...)
		read, err := Parse(net.Description())
		if err != nil || read.String() != net.Description() {
			t.Errorf("%s is read as %s, %v", net.Description(), read, err)
			continue
		}
		again := convnet.Build[float32](nprandom.New(0), read.Input, convnet.He, read.Build()...)
		if again.Digest() != net.Digest() || again.Description() != net.Description() {
			t.Errorf("%s is built as %s", net.Description(), again.Description())
		}
		cost, err := read.Cost()
		if err != nil || int(cost.Parameters) != net.ParamCount() || len(cost.Output) != 1 || cost.Output[0] != net.Classes() {
			t.Errorf("%s costs %+v, %v, want %d parameters", net.Description(), cost, err, net.ParamCount())
		}
	}
	if d, err := Parse("(10,) Affine(2)"); err != nil || d.String() != "(10,) Affine(2)" {
		t.Errorf("it is read as %v, %v", d, err)
	}
}

func TestUnreadable(t *testing.T) {
	for _, text := range []string{"", "(1, 28, 28)", "(1, 28, 28) ", "1, 28", "(0, 1, 1) Relu()", "(1, 1) Relu", "(1, 1) Relu(", "(1, 1) Relu() Relu()", "(1, 1) Relu(),", "(1, 1) Dropout(1)", "(1, 1) Dropout(-0.5)",
		"(1, 1) Conv(1, 2, 3)", "(1, 1) Conv(1, 2, 3, 4, 5)", "(1, 1) Conv(1.5, 1, 1, 1)", "(1, 1) Branches()", "(1, 1) Branches({})", "(1, 1) Branches(Relu())", "(1, 1) Residual()", "(1, 1) Shortcut(Relu())",
		"(1, 1) Shortcut({Relu()})", "(1, 1) relu()", "(1, 1) Affine(99999)", "(1, 1) Affine(NaN)", "(1, 1, 1, 1, 1) Relu()", strings.Repeat("(", 30_000)} {
		if d, err := Parse(text); err == nil || len(err.Error()) > 200 {
			t.Errorf("%.60q is read as %v, %v", text, d, err)
		}
	}
}

// FuzzParse reads any line: it is refused, or comes out as it went in and costs what it costs.
func FuzzParse(f *testing.F) {
	for shape := range networks {
		f.Add(shape + " Conv(1, 2, 3, 4), Shortcut({Relu()}, Residual(Pool(2, 2))), Branches({Affine(2)}, {Dropout(0.5)})")
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			return
		}
		_, _ = d.Cost()
		if again, err := Parse(d.String()); err != nil || again.String() != d.String() {
			t.Errorf("%q is read as %q, and that as %q, %v", text, d, again, err)
		}
	})
}
