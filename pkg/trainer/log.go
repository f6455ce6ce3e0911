package trainer

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// classLog writes the lines that the class's Trainer prints.
type classLog struct{ w io.Writer }

func (l classLog) loss(loss float64) {
	fmt.Fprintf(l.w, "train loss:%s\n", pythonFloat(loss))
}

func (l classLog) epoch(e Epoch) {
	fmt.Fprintf(l.w, "=== epoch:%d, train acc:%s, test acc:%s ===\n", e.Epoch, pythonFloat(e.TrainAcc), pythonFloat(e.TestAcc))
}

func (l classLog) final(h *History) {
	if h.Stopped != "" {
		fmt.Fprintln(l.w, h.Stopped)
	}
	fmt.Fprintln(l.w, "=============== Final Test Accuracy ===============")
	fmt.Fprintf(l.w, "test acc:%s\n", pythonFloat(h.FinalTestAcc))
	fmt.Fprintf(l.w, "digest of the weights:%s\n", h.Digest)
}

// pythonFloat writes v as Python's str does: the shortest digits that read back
// as v, "1.0" rather than "1", an exponent below 1e-4 and from 1e16.
func pythonFloat(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strings.ToLower(strconv.FormatFloat(v, 'g', -1, 64)), "+")
	case size != 0 && size < 1e-4, size >= 1e16:
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
