package trainer

import (
	"errors"
	"time"
)

// Event tells a callback where training stands.
type Event struct {
	Epoch, Epochs int // the current epoch, from 1, and how many there will be
	Step, Steps   int // the current step, from 1, and how many there will be
	Loss          float64
	Elapsed       time.Duration // since training began
	History       *History      // so far; callbacks only read it
}

// Callback follows a training run. TrainBegin comes first and TrainEnd last,
// also when training fails or is stopped; err is then the reason. An error from
// StepEnd or EpochEnd ends training with that error, ErrStop ends it early but
// well.
type Callback interface {
	TrainBegin(e Event)
	StepEnd(e Event) error
	EpochEnd(e Event) error // after the epoch's accuracies were measured
	TrainEnd(e Event, err error)
}

// ErrStop is what a callback returns to end training early: the final accuracy
// is still measured and the history is complete.
var ErrStop = errors.New("trainer: stopped by a callback")
