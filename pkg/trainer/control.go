package trainer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/ndarray"
)

// control lets callbacks take part in the run of a trainer.
type control[T ndarray.Float] struct{ tr *Trainer[T] }

func (c control[T]) SetLR(lr float64) { c.tr.setLR(lr) }

func (c control[T]) Weights() []byte {
	var w runfile.Writer
	w.Start(runfile.Header{})
	for name, a := range c.tr.net.State() {
		runfile.Add(&w, "net/"+name, a)
	}
	file, err := w.Seal()
	if err != nil {
		panic(err) // an empty header can always be written
	}
	return file
}

func (c control[T]) SetWeights(weights []byte) error {
	kept, err := runfile.Read(weights)
	if err != nil {
		return fmt.Errorf("trainer: the weights to go back to: %w", err)
	}
	state, _, err := restored[T](checkpoint{kept})
	if err != nil {
		return fmt.Errorf("trainer: the weights to go back to: %w", err)
	}
	return c.tr.net.SetParams(state)
}

// inspector looks for what broke a step.
type inspector interface {
	// firstNotFinite says where numbers stopped being finite in the step whose
	// batch was drawn last; the parameters are those before its update.
	firstNotFinite() string
	learningRate() float64
}

func (c control[T]) learningRate() float64 { return c.tr.rate }

func (c control[T]) firstNotFinite() string {
	net, shows := c.tr.net.(layered[T])
	state := c.tr.net.State()
	var broken []string
	for _, name := range slices.Sorted(maps.Keys(state)) {
		if !allFinite(state[name]) {
			broken = append(broken, name)
		}
	}
	if len(broken) > 0 {
		return "in the parameters " + strings.Join(broken, ", ") + ", after an update"
	}
	if shows {
		x := c.tr.x
		for _, name := range net.LayerNames() {
			if x = net.Layer(name).Forward(x, false); !allFinite(x) {
				return fmt.Sprintf("in the output of %s, while all parameters are finite", name)
			}
		}
	}
	return "in the loss, while all parameters are finite"
}

func allFinite[T ndarray.Float](a *ndarray.Array[T]) bool {
	for _, v := range a.Data() {
		if !finite(float64(v)) {
			return false
		}
	}
	return true
}
