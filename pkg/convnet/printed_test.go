package convnet

import (
	"strings"
	"testing"
	"unicode/utf8"

	"convbook/pkg/nprandom"
)

// A network and its plan print in lines that a phone shows, whatever its layers say of themselves.
func TestPrintedNetworksAreNarrow(t *testing.T) {
	long := Residual(Conv(16, 3, 1, 1), Relu(), Conv(16, 3, 1, 1), Relu(), Conv(16, 3, 1, 1), squares("Square"))
	many := Branches([]Part{Conv(4, 1, 1, 0), Relu(), Conv(4, 3, 1, 1), Relu(), Conv(4, 3, 1, 1), Relu()}, []Part{MaxPool(3, 1, 1), Conv(4, 1, 1, 0)})
	for name, parts := range map[string][]Part{
		"convolutions": {Conv(128, 11, 4, 2), Relu(), Pool(2, 2), Conv(128, 3, 2, 1), BatchNorm(), AveragePool(2, 2), Affine(4096), Dropout(0.4), Affine(10)},
		"blocks":       {Conv(16, 3, 1, 1), long, Relu(), many, Affine(10)},
	} {
		net := Build[float32](nprandom.New(0), []int{3, 64, 64}, He, parts...)
		for what, text := range map[string]string{"summary": net.Summary(), "plan": net.Plan()} {
			for _, line := range strings.Split(text, "\n") {
				if n := utf8.RuneCountInString(line); n > printedWidth || line != strings.TrimRight(line, " ") {
					t.Errorf("%s: a line of the %s has %d letters, want at most %d and none that is a space at the end: %q", name, what, n, printedWidth, line)
				}
			}
		}
	}
}
