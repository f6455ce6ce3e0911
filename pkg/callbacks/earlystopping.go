package callbacks

import (
	"encoding/binary"
	"errors"
	"fmt"

	"convbook/pkg/trainer"
)

// EarlyStopping ends training when what it watches has not become better for
// Patience epochs in a row (Keras: EarlyStopping). Epochs are measured on their first step,
// so the weights of an epoch are those after that step.
type EarlyStopping struct {
	trainer.Base

	Monitor     string  // ValAcc with Config.ValidationSplit, else TestAcc; or TrainAcc, Loss
	MinDelta    float64 // less than this is no improvement
	Patience    int     // epochs without improvement after which training ends; 1 when it is 0
	RestoreBest bool    // the network ends with the weights of the best epoch

	name string
	seen monitor
	best []byte // weights
}

// Check refuses settings that cannot be meant, and what is not measured.
func (s *EarlyStopping) Check(c trainer.Config) (err error) {
	if s.Patience < 0 || !(s.MinDelta >= 0) {
		return fmt.Errorf("callbacks: EarlyStopping with Patience %d, MinDelta %v: neither may be negative", s.Patience, s.MinDelta)
	}
	s.name, err = watched("EarlyStopping", s.Monitor, c)
	return err
}

// TrainBegin forgets an earlier run.
func (s *EarlyStopping) TrainBegin(e trainer.Event) {
	if e.Step == 0 {
		s.seen, s.best = monitor{}, nil
	}
}

// EpochEnd looks at what was measured and ends training when that is no longer better.
func (s *EarlyStopping) EpochEnd(e trainer.Event) error {
	if e.Replayed {
		return nil
	}
	if s.seen.see(s.name, e.History.Epochs[len(e.History.Epochs)-1], s.MinDelta) {
		if s.RestoreBest {
			s.best = e.Run.Weights()
		}
		return nil
	}
	if s.seen.Wait < max(s.Patience, 1) {
		return nil
	}
	if err := s.restore(e); err != nil {
		return err
	}
	if s.seen.Best == nil {
		return trainer.Stop(fmt.Sprintf("EarlyStopping: %s was never a number in %d epochs", s.name, e.Epoch))
	}
	return trainer.Stop(fmt.Sprintf("EarlyStopping: %s was best in epoch %d, %.4f", s.name, s.seen.Epoch, *s.seen.Best))
}

// StepEnd goes back to the best weights when the last step is done.
func (s *EarlyStopping) StepEnd(e trainer.Event) error {
	if e.Step < e.Steps {
		return nil
	}
	return s.restore(e)
}

// LooksOn lets a training on a device run ahead: the weights are looked at after an epoch,
// and changed then or after the last step.
func (s *EarlyStopping) LooksOn() {}

func (s *EarlyStopping) restore(e trainer.Event) error {
	if s.best == nil {
		return nil
	}
	return e.Run.SetWeights(s.best)
}

// Settings names what the callback's decisions depend on.
func (s *EarlyStopping) Settings() string {
	return fmt.Sprintf("EarlyStopping by %s, patience %d, min delta %v, restore best %v", s.name, s.Patience, s.MinDelta, s.RestoreBest)
}

// State holds the best epoch so far and its weights.
func (s *EarlyStopping) State() []byte {
	seen := s.seen.state()
	state := binary.LittleEndian.AppendUint32(nil, uint32(len(seen)))
	return append(append(state, seen...), s.best...)
}

// SetState takes back what State returned.
func (s *EarlyStopping) SetState(state []byte) error {
	if len(state) < 4 || uint64(binary.LittleEndian.Uint32(state)) > uint64(len(state)-4) {
		return errors.New("it is cut off")
	}
	seen, best := state[4:], state[4:]
	seen, best = seen[:binary.LittleEndian.Uint32(state)], best[binary.LittleEndian.Uint32(state):]
	if err := s.seen.setState(seen); err != nil {
		return err
	}
	s.best = nil
	if len(best) > 0 {
		s.best = append([]byte(nil), best...)
	}
	return nil
}
