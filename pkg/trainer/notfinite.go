package trainer

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"convbook/pkg/internal/python"
	"convbook/pkg/ndarray"
)

// NotFinite is the error of a run whose numbers stopped being finite (Keras needs
// TerminateOnNaN for it). Training ends before the parameters are updated by such a
// loss; what is kept of the run is the checkpoint before.
type NotFinite struct {
	Step  int     // from 1
	Loss  float64 // NaN or an infinity
	LR    float64
	Where string // "in the output of Conv1, while all parameters are finite"
}

// Error says where numbers stopped being finite, and what to try.
func (n *NotFinite) Error() string {
	return fmt.Sprintf("trainer: the loss of step %d is %s; it arose %s.\nTry a smaller learning rate than %v (FindLearningRate shows which ones work), or smaller initial weights",
		n.Step, python.Float(n.Loss), n.Where, n.LR)
}

// checkFinite returns a *NotFinite for a loss, of the batch drawn last, that is one.
func (tr *training[T]) checkFinite(loss float64) error {
	if finite(loss) {
		return nil
	}
	broken := &NotFinite{tr.done + 1, loss, tr.rate, tr.brokenParams()}
	if net, ok := tr.net.(layered[T]); ok && broken.Where == "" {
		x := tr.x
		for _, name := range net.LayerNames() {
			if x = net.Layer(name).Forward(x, false); !allFinite(x) {
				broken.Where = fmt.Sprintf("in the output of %s, while all parameters are finite", name)
				break
			}
		}
	}
	if broken.Where == "" {
		broken.Where = "in the loss, while all parameters are finite"
	}
	return broken
}

// brokenParams names the parameters that hold a number that is not finite; "" when
// none does.
func (tr *training[T]) brokenParams() string {
	state := tr.net.State()
	var broken []string
	for _, name := range slices.Sorted(maps.Keys(state)) {
		if !allFinite(state[name]) {
			broken = append(broken, name)
		}
	}
	if len(broken) == 0 {
		return ""
	}
	return "in the parameters " + strings.Join(broken, ", ") + ", after an update"
}

func allFinite[T ndarray.Float](a *ndarray.Array[T]) bool {
	for _, v := range a.Data() {
		if !finite(float64(v)) {
			return false
		}
	}
	return true
}

// finite reports whether v is neither NaN nor infinite.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
