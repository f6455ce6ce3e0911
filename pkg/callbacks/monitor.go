package callbacks

import (
	"encoding/json"
	"fmt"
	"math"

	"convbook/pkg/trainer"
)

// What EarlyStopping and ReduceOnPlateau can watch: numbers of an Epoch.
const (
	TestAcc  = "test_acc"
	TrainAcc = "train_acc"
	ValAcc   = "val_acc" // needs Config.ValidationSplit
	Loss     = "loss"
)

// monitor follows one number of the epochs and remembers the best.
type monitor struct {
	Best  *float64 `json:"best"`  // nil before the first epoch
	Epoch int      `json:"epoch"` // of the best
	Wait  int      `json:"wait"`  // epochs since
}

// watched completes the name of what is watched and refuses what is not measured.
func watched(kind, name string, c trainer.Config) (string, error) {
	switch name {
	case "":
		if c.ValidationSplit > 0 {
			return ValAcc, nil
		}
		return TestAcc, nil
	case TestAcc, TrainAcc, Loss:
		return name, nil
	case ValAcc:
		if c.ValidationSplit > 0 {
			return name, nil
		}
		return "", fmt.Errorf("callbacks: %s watches %s, which is not measured; set Config.ValidationSplit, such as 0.1", kind, name)
	}
	return "", fmt.Errorf("callbacks: %s cannot watch %q; choose %s, %s, %s or %s", kind, name, ValAcc, TestAcc, TrainAcc, Loss)
}

// see takes an epoch's number and reports whether it is better, by more than
// minDelta, than all before. A loss gets better as it falls; NaN never does.
func (m *monitor) see(name string, e trainer.Epoch, minDelta float64) bool {
	value, better := 0.0, false
	switch name {
	case ValAcc:
		value = e.ValAcc
	case TestAcc:
		value = e.TestAcc
	case TrainAcc:
		value = e.TrainAcc
	case Loss:
		value = e.Loss
	}
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
	case m.Best == nil:
		better = true
	case name == Loss:
		better = value < *m.Best-minDelta
	default:
		better = value > *m.Best+minDelta
	}
	if better {
		m.Best, m.Epoch, m.Wait = &value, e.Epoch, 0
	} else {
		m.Wait++
	}
	return better
}

func (m *monitor) state() []byte {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // the best is finite
	}
	return text
}

func (m *monitor) setState(state []byte) error {
	var read monitor
	if err := json.Unmarshal(state, &read); err != nil {
		return err
	}
	*m = read
	return nil
}
