package trainer

import (
	"errors"
	"fmt"
	"math"
	"time"

	"convbook/pkg/internal/runfile"
)

// checkpoint is a checkpoint of a run: besides the parts of which the network, the
// optimizer and the callbacks know it has the part "loss", of each step, and the part
// "epochs", with a row for each.
type checkpoint struct{ *runfile.Checkpoint }

// epochNumbers is how many numbers an epoch has.
const epochNumbers = 8

func addEpochs(w *runfile.Writer, epochs []Epoch) {
	var rows []float64
	for _, e := range epochs {
		rows = append(rows, float64(e.Epoch), float64(e.Step), e.Loss, e.TrainAcc, e.TestAcc, e.ValAcc, e.LR, float64(e.Elapsed))
	}
	w.Numbers("epochs", rows, len(epochs), epochNumbers)
}

// checked returns a checkpoint that was read, unless its numbers contradict each other.
// The errors say what is wrong with "it".
func checked(read *runfile.Checkpoint) (checkpoint, error) {
	c := checkpoint{read}
	return c, c.check()
}

// check looks for numbers that contradict each other.
func (c checkpoint) check() error {
	loss, losses := c.Contents["loss"]
	rows, epochs := c.Contents["epochs"]
	switch {
	case !losses || loss.Kind != "float64" || len(loss.Shape) != 1:
		return errors.New("it has no losses")
	case !epochs || rows.Kind != "float64" || len(rows.Shape) != 2 || rows.Shape[1] != epochNumbers:
		return errors.New("it has no epochs")
	case c.Step != loss.Shape[0]:
		return fmt.Errorf("it has %d losses after %d steps", loss.Shape[0], c.Step)
	case c.Updates < 0 || !(c.Rate >= 0) || math.IsInf(c.Rate, 0):
		return fmt.Errorf("it counts %d updates at a rate of %v", c.Updates, c.Rate)
	}
	last := 0
	for i, e := range c.epochs() {
		if e.Epoch != i+1 || e.Step <= last || e.Step > c.Step {
			return fmt.Errorf("its epoch %d is called %d, at step %d of %d", i+1, e.Epoch, e.Step, c.Step)
		}
		last = e.Step
	}
	return nil
}

// losses returns the losses of the steps.
func (c checkpoint) losses() []float64 { return c.Contents["loss"].Floats() }

// epochs returns what was measured.
func (c checkpoint) epochs() []Epoch {
	v := c.Contents["epochs"].Floats()
	epochs := make([]Epoch, len(v)/epochNumbers)
	for i := range epochs {
		epochs[i] = Epoch{Epoch: int(v[0]), Step: int(v[1]), Loss: v[2], TrainAcc: v[3], TestAcc: v[4], ValAcc: v[5], LR: v[6], Elapsed: time.Duration(v[7])}
		v = v[epochNumbers:]
	}
	return epochs
}
