package callbacks

import (
	"bytes"
	"errors"
	"math"
	"testing"

	"convbook/pkg/trainer"
)

// script feeds a callback epochs with given losses and records what it does.
type script struct {
	rate     float64
	weights  []byte
	restored []byte
}

func (s *script) Settings() []trainer.Setting { return nil }
func (s *script) SetLR(lr float64)            { s.rate = lr }
func (s *script) Weights() []byte             { return bytes.Clone(s.weights) }
func (s *script) SetWeights(w []byte) error   { s.restored = w; return nil }

// play returns after which epoch the callback stopped, 0 when it did not.
func (s *script) play(t *testing.T, c trainer.Callback, losses ...float64) int {
	t.Helper()
	if err := c.(trainer.Checker).Check(trainer.Config{}); err != nil {
		t.Fatal(err)
	}
	h := new(trainer.History)
	c.TrainBegin(trainer.Event{Run: s, History: h})
	for i, loss := range losses {
		s.weights = []byte{byte(i + 1)}
		h.Epochs = append(h.Epochs, trainer.Epoch{Epoch: i + 1, Loss: loss, TestAcc: -loss, TrainAcc: -loss})
		err := c.EpochEnd(trainer.Event{Epoch: i + 1, LR: s.rate, Run: s, History: h})
		if errors.Is(err, trainer.ErrStop) {
			return i + 1
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	c.StepEnd(trainer.Event{Step: 9, Steps: 9, Run: s})
	return 0
}

// The epochs at which Keras would stop: after Patience epochs in a row that are not
// better than the best by more than MinDelta.
func TestEarlyStopping(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		callback EarlyStopping
		losses   []float64
		stop     int
		restored []byte
	}{
		{"falls", EarlyStopping{Monitor: Loss}, []float64{5, 4, 3, 2}, 0, nil},
		{"no patience", EarlyStopping{Monitor: Loss}, []float64{5, 4, 4, 3}, 3, nil},
		{"patience 2", EarlyStopping{Monitor: Loss, Patience: 2}, []float64{5, 4, 4, 3, 3, 3}, 6, nil},
		{"min delta", EarlyStopping{Monitor: Loss, MinDelta: 0.5}, []float64{5, 4, 3.6}, 3, nil},
		{"an accuracy", EarlyStopping{Monitor: TrainAcc}, []float64{5, 4, 6, 1}, 3, nil},
		{"the test accuracy by itself", EarlyStopping{}, []float64{5, 4, 6, 1}, 3, nil},
		{"nan is no better", EarlyStopping{Monitor: Loss, Patience: 2}, []float64{nan, nan, 1}, 2, nil},
		{"best weights", EarlyStopping{Monitor: Loss, Patience: 2, RestoreBest: true}, []float64{5, 4, 3, 6, 7}, 5, []byte{3}},
		{"best weights at the end", EarlyStopping{Monitor: Loss, Patience: 9, RestoreBest: true}, []float64{5, 3, 4}, 0, []byte{2}},
	} {
		s := new(script)
		if stop := s.play(t, &c.callback, c.losses...); stop != c.stop || !bytes.Equal(s.restored, c.restored) {
			t.Errorf("%s: stopped at %d with weights %d, want %d and %d", c.name, stop, s.restored, c.stop, c.restored)
		}
	}
}

func TestReduceOnPlateau(t *testing.T) {
	for _, c := range []struct {
		name     string
		callback ReduceOnPlateau
		losses   []float64
		want     float64
	}{
		{"falls", ReduceOnPlateau{Monitor: Loss}, []float64{5, 4, 3}, 1},
		{"a tenth", ReduceOnPlateau{Monitor: Loss}, []float64{5, 5}, 0.1},
		{"twice half", ReduceOnPlateau{Monitor: Loss, Factor: 0.5, Patience: 2}, []float64{5, 5, 5, 5, 5}, 0.25},
		{"floor", ReduceOnPlateau{Monitor: Loss, MinLR: 0.3}, []float64{5, 5, 5}, 0.3},
	} {
		s := &script{rate: 1}
		s.play(t, &c.callback, c.losses...)
		if math.Abs(s.rate-c.want) > 1e-15 {
			t.Errorf("%s: the rate is %v, want %v", c.name, s.rate, c.want)
		}
	}
}

func TestLRSchedules(t *testing.T) {
	for _, c := range []struct {
		s    *LRSchedule
		want []float64 // of five steps
	}{
		{StepDecay(1, 0.5, 2), []float64{1, 1, 0.5, 0.5, 0.25}},
		{ExponentialDecay(1, 0.0001), []float64{1, 0.1, 0.01, 0.001, 0.0001}},
		{CosineDecay(1, 0), []float64{1, (1 + math.Sqrt2/2) / 2, 0.5, (1 - math.Sqrt2/2) / 2, 0}},
		{WarmUp(2, StepDecay(3, 0.5, 2)), []float64{1, 2, 3, 3, 1.5}},
	} {
		for i, want := range c.want {
			if got := c.s.Rate(i+1, 5); math.Abs(got-want) > 1e-15 {
				t.Errorf("%s: step %d has the rate %v, want %v", c.s.Name, i+1, got, want)
			}
		}
	}
}
