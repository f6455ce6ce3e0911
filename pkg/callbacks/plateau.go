package callbacks

import (
	"fmt"

	"convbook/pkg/trainer"
)

// ReduceOnPlateau lowers the learning rate when what it watches has not become
// better for Patience epochs (Keras: ReduceLROnPlateau).
type ReduceOnPlateau struct {
	trainer.Base

	Monitor  string  // ValAcc with Config.ValidationSplit, else TestAcc; or TrainAcc, Loss
	Factor   float64 // the rate is multiplied by it; 0.1
	MinDelta float64 // less than this is no improvement
	Patience int     // epochs without improvement after which the rate falls; 1 when it is 0
	MinLR    float64 // the rate goes no lower

	name string
	seen monitor
}

// Check refuses settings that cannot be meant, and what is not measured.
func (r *ReduceOnPlateau) Check(c trainer.Config) (err error) {
	if r.Patience < 0 || !(r.MinDelta >= 0) || !(r.MinLR >= 0) || !(r.Factor >= 0 && r.Factor < 1) {
		return fmt.Errorf("callbacks: ReduceOnPlateau with Factor %v, Patience %d, MinDelta %v, MinLR %v: want a factor below 1 and nothing negative",
			r.Factor, r.Patience, r.MinDelta, r.MinLR)
	}
	r.name, err = watched("ReduceOnPlateau", r.Monitor, c)
	return err
}

func (r *ReduceOnPlateau) factor() float64 {
	if r.Factor == 0 {
		return 0.1
	}
	return r.Factor
}

// TrainBegin forgets an earlier run.
func (r *ReduceOnPlateau) TrainBegin(e trainer.Event) {
	if e.Step == 0 {
		r.seen = monitor{}
	}
}

// EpochEnd looks at what was measured and lowers the rate when that is no longer better.
func (r *ReduceOnPlateau) EpochEnd(e trainer.Event) error {
	if e.Replayed {
		return nil
	}
	if r.seen.see(r.name, e.History.Epochs[len(e.History.Epochs)-1], r.MinDelta) || r.seen.Wait < max(r.Patience, 1) {
		return nil
	}
	if lower := max(e.LR*r.factor(), r.MinLR); lower < e.LR {
		e.Run.SetLR(lower)
	}
	r.seen.Wait = 0
	return nil
}

// LooksOn lets a training on a device run ahead: the rate changes after an epoch only.
func (r *ReduceOnPlateau) LooksOn() {}

// Settings names what the callback's decisions depend on.
func (r *ReduceOnPlateau) Settings() string {
	return fmt.Sprintf("ReduceOnPlateau by %s, factor %v, patience %d, min delta %v, min lr %v", r.name, r.factor(), r.Patience, r.MinDelta, r.MinLR)
}

// State holds the best epoch so far.
func (r *ReduceOnPlateau) State() []byte { return r.seen.state() }

// SetState takes back what State returned.
func (r *ReduceOnPlateau) SetState(state []byte) error { return r.seen.setState(state) }
