package trainer

import "fmt"

// ReduceOnPlateau lowers the learning rate when what it watches has not become
// better for Patience epochs (Keras: ReduceLROnPlateau).
type ReduceOnPlateau struct {
	Monitor  string  // ValAcc with Config.ValidationSplit, else TestAcc; or TrainAcc, Loss
	Factor   float64 // the rate is multiplied by it; 0.1
	MinDelta float64 // less than this is no improvement
	Patience int     // epochs without improvement after which the rate falls; 1 when it is 0
	MinLR    float64 // the rate goes no lower

	name string
	seen monitor
}

func (r *ReduceOnPlateau) check(c Config) (err error) {
	if r.Patience < 0 || !(r.MinDelta >= 0) || !(r.MinLR >= 0) || !(r.Factor >= 0 && r.Factor < 1) {
		return fmt.Errorf("trainer: ReduceOnPlateau with Factor %v, Patience %d, MinDelta %v, MinLR %v: want a factor below 1 and nothing negative",
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

func (r *ReduceOnPlateau) TrainBegin(e Event) {
	if e.Step == 0 {
		r.seen = monitor{}
	}
}

func (r *ReduceOnPlateau) EpochEnd(e Event) error {
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

func (r *ReduceOnPlateau) StepEnd(Event) error   { return nil }
func (r *ReduceOnPlateau) TrainEnd(Event, error) {}

// Settings names what the callback's decisions depend on.
func (r *ReduceOnPlateau) Settings() string {
	return fmt.Sprintf("ReduceOnPlateau by %s, factor %v, patience %d, min delta %v, min lr %v", r.name, r.factor(), r.Patience, r.MinDelta, r.MinLR)
}

// State holds the best epoch so far.
func (r *ReduceOnPlateau) State() []byte { return r.seen.state() }

// SetState takes back what State returned.
func (r *ReduceOnPlateau) SetState(state []byte) error { return r.seen.setState(state) }
