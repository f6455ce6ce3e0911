package callbacks

import (
	"fmt"
	"math"

	"convbook/pkg/trainer"
)

// LRSchedule sets the learning rate of every step (Keras: LearningRateSchedule).
// StepDecay, ExponentialDecay, CosineDecay and WarmUp make the usual ones.
type LRSchedule struct {
	trainer.Base

	// Name says what Rate computes, with all its numbers: by it a resumed run is
	// known to have the same schedule.
	Name string

	// Rate returns the learning rate of a step, from 1 to steps.
	Rate func(step, steps int) float64
}

// StepDecay multiplies the rate by factor after every so many steps:
// rate * factor^floor((step-1)/every).
func StepDecay(rate, factor float64, every int) *LRSchedule {
	if every < 1 {
		panic(fmt.Sprintf("StepDecay: every %d steps: want 1 or more", every))
	}
	return newSchedule(fmt.Sprintf("StepDecay(%v, %v, %d)", rate, factor, every), func(step, _ int) float64 {
		return rate * math.Pow(factor, float64((step-1)/every))
	})
}

// ExponentialDecay lets the rate fall evenly on a logarithmic scale, from rate on
// the first step to last on the last one: rate * (last/rate)^((step-1)/(steps-1)).
func ExponentialDecay(rate, last float64) *LRSchedule {
	return newSchedule(fmt.Sprintf("ExponentialDecay(%v, %v)", rate, last), func(step, steps int) float64 {
		return rate * math.Pow(last/rate, gone(step, steps))
	})
}

// CosineDecay lets the rate fall along half a cosine, from rate on the first step
// to last on the last one: last + (rate-last) * (1 + cos(pi*(step-1)/(steps-1)))/2.
// (Loshchilov and Hutter, 2017, without restarts)
func CosineDecay(rate, last float64) *LRSchedule {
	return newSchedule(fmt.Sprintf("CosineDecay(%v, %v)", rate, last), func(step, steps int) float64 {
		return last + (rate-last)*(1+math.Cos(math.Pi*gone(step, steps)))/2
	})
}

// WarmUp lets the rate rise evenly over the first steps, to where then begins, and
// leaves the others to then.
func WarmUp(first int, then *LRSchedule) *LRSchedule {
	return newSchedule(fmt.Sprintf("WarmUp(%d, %s)", first, then.Name), func(step, steps int) float64 {
		if step <= first {
			return then.Rate(1, max(steps-first, 1)) * float64(step) / float64(first+1)
		}
		return then.Rate(step-first, steps-first)
	})
}

func newSchedule(name string, rate func(step, steps int) float64) *LRSchedule {
	return &LRSchedule{Name: name, Rate: rate}
}

// gone is how much of the steps lies behind, from 0 on the first to 1 on the last.
func gone(step, steps int) float64 { return float64(step-1) / float64(max(steps-1, 1)) }

// TrainBegin sets the rate of the first step, or of the one a resumed run goes on
// with.
func (s *LRSchedule) TrainBegin(e trainer.Event) { s.set(e) }

// StepEnd sets the rate of the next step.
func (s *LRSchedule) StepEnd(e trainer.Event) error {
	s.set(e)
	return nil
}

func (s *LRSchedule) set(e trainer.Event) {
	if e.Step < e.Steps {
		e.Run.SetLR(s.Rate(e.Step+1, e.Steps))
	}
}

// Settings returns the name.
func (s *LRSchedule) Settings() string { return "LRSchedule " + s.Name }

// State is empty: the step alone gives the rate.
func (s *LRSchedule) State() []byte { return nil }

// SetState accepts anything.
func (s *LRSchedule) SetState([]byte) error { return nil }
