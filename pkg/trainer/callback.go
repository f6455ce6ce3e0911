package trainer

import (
	"errors"
	"time"

	"convbook/pkg/internal/runfile"
)

// Event tells a callback where training stands.
type Event struct {
	Epoch, Epochs int // the current epoch, from 1, and how many there will be
	Step, Steps   int // the current step, from 1, and how many there will be
	Loss          float64
	LR            float64       // learning rate of the step
	Elapsed       time.Duration // since training began
	History       *History      // so far; callbacks only read it

	// Replayed marks an EpochEnd about the past: a run that is resumed or was
	// finished before brings its last epoch once, with the whole history.
	Replayed bool

	// Opened marks a run that was finished before: nothing is trained.
	Opened bool

	// Run lets a callback take part in training.
	Run Control
}

// Control is what a callback can do to the run it follows.
type Control interface {
	// SetLR changes the learning rate from the next step on. It panics unless lr
	// is finite and not negative.
	SetLR(lr float64)

	// Settings returns all that the run's result depends on, as far as settings go: data,
	// network, seeds, epochs, optimizer … It is nil where the network draws from a source
	// that cannot be told, or once training has gone on.
	Settings() []Setting

	// Weights returns a copy of the network's state, SetWeights puts it back.
	Weights() []byte
	SetWeights(weights []byte) error
}

// Setting is one of the settings of a run, with its value as text.
type Setting = runfile.Setting

// Callback follows a training run. TrainBegin comes first, with the step that a
// resumed run goes on from, and TrainEnd last, also when training fails or is
// stopped; err is then the reason. An error from StepEnd or EpochEnd ends training
// with that error, ErrStop or an error around it ends it early but well.
type Callback interface {
	TrainBegin(e Event)
	StepEnd(e Event) error
	EpochEnd(e Event) error // after the epoch's accuracies were measured
	TrainEnd(e Event, err error)
}

// Base is embedded by callbacks that need only some of the methods.
type Base struct{}

// TrainBegin does nothing.
func (Base) TrainBegin(Event) {}

// StepEnd does nothing.
func (Base) StepEnd(Event) error { return nil }

// EpochEnd does nothing.
func (Base) EpochEnd(Event) error { return nil }

// TrainEnd does nothing.
func (Base) TrainEnd(Event, error) {}

// OnStep makes a callback of a function that is called after each step.
func OnStep(do func(e Event) error) Callback { return &onStep{do: do} }

type onStep struct {
	Base
	do func(e Event) error
}

func (c *onStep) StepEnd(e Event) error { return c.do(e) }

// OnEpoch makes a callback of a function that is called when an epoch was measured.
func OnEpoch(do func(e Event) error) Callback { return &onEpoch{do: do} }

type onEpoch struct {
	Base
	do func(e Event) error
}

func (c *onEpoch) EpochEnd(e Event) error { return c.do(e) }

// Checker is a callback that can say before training what it lacks.
type Checker interface{ Check(c Config) error }

// Participant is a callback that changes training. Its settings belong to those of
// the run, and what it remembers to the run's checkpoints, so that a resumed run
// ends as one that was never stopped.
type Participant interface {
	Callback

	// Settings names the kind of callback and its settings, in one line.
	Settings() string

	// State returns what the callback remembers, and SetState, which comes before
	// TrainBegin of a resumed run, takes it back.
	State() []byte
	SetState(state []byte) error
}

// Onlooker is a callback that reads the numbers of the event in StepEnd and nothing else, neither
// Run nor the network, except after an epoch or the last step. Where all callbacks are onlookers a
// training on a Device goes on while they look; otherwise each step waits for them.
type Onlooker interface {
	Callback
	LooksOn()
}

// ErrStop is what a callback returns, alone or wrapped into a reason, to end
// training early: the final accuracy is still measured and the history is complete.
var ErrStop = errors.New("trainer: stopped by a callback")

// Stop returns ErrStop with a reason, which the log and the history tell.
func Stop(reason string) error { return &stop{reason} }

type stop struct{ reason string }

func (s *stop) Error() string { return s.reason }
func (s *stop) Unwrap() error { return ErrStop }

// keeper is a callback that keeps a run without Config.Keep in a folder of its own, as
// a sweep does with a trial that may go on elsewhere.
type keeper interface{ KeptIn() string }

func keptIn(callbacks []Callback) string {
	for _, c := range callbacks {
		if k, ok := c.(keeper); ok && k.KeptIn() != "" {
			return k.KeptIn()
		}
	}
	return ""
}
