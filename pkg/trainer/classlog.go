package trainer

import (
	"fmt"
	"io"

	"convbook/pkg/internal/python"
)

// classLog writes the lines that the class's Trainer prints.
type classLog struct{ w io.Writer }

func (l classLog) loss(loss float64) {
	fmt.Fprintf(l.w, "train loss:%s\n", python.Float(loss))
}

func (l classLog) epoch(e Epoch) {
	fmt.Fprintf(l.w, "=== epoch:%d, train acc:%s, test acc:%s ===\n", e.Epoch, python.Float(e.TrainAcc), python.Float(e.TestAcc))
}

func (l classLog) final(h *History) {
	if h.Stopped != "" {
		fmt.Fprintln(l.w, h.Stopped)
	}
	fmt.Fprintln(l.w, "=============== Final Test Accuracy ===============")
	fmt.Fprintf(l.w, "test acc:%s\n", python.Float(h.FinalTestAcc))
	fmt.Fprintf(l.w, "digest of the weights:%s\n", h.Digest)
}
