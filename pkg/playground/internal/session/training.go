package session

import (
	"fmt"
	"math"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
)

// losses are those of the steps that the page does not know of yet.
type losses struct {
	values []float64
	spent  time.Duration
	since  time.Time // when the page was told last
}

// often is how often the page is told of steps.
const often = 100 * time.Millisecond

func (s *Session) start(Fields) ([]Fields, error) {
	s.training = true
	return []Fields{s.done()}, nil
}

func (s *Session) pause(Fields) ([]Fields, error) {
	if s.training {
		s.training = false
		s.measure.begin(s)
	}
	return append(s.tell(), s.done()), nil
}

func (s *Session) done() Fields { return Fields{"say": "done", "step": s.step, "training": s.training} }

func (s *Session) oneStep(Fields) ([]Fields, error) {
	if err := s.trainStep(); err != nil {
		return nil, err
	}
	return s.tell(), nil
}

// Turn does a small piece of the work that goes on: a step, or a part of a measurement. It returns what the page is told, and
// whether there is more to do. Between two turns messages are answered.
func (s *Session) Turn() (said []Fields, more bool) {
	defer func() {
		if p := recover(); p != nil {
			s.training = false
			said, more = []Fields{failed(fmt.Errorf("%v", p))}, false
		}
	}()
	switch {
	case s.net == nil:
		return nil, false
	case s.measure.going:
		said = s.measure.piece(s)
	case s.training:
		if err := s.trainStep(); err != nil {
			s.training = false
			return append(s.tell(), failed(err)), false
		}
		if time.Since(s.pending.since) >= often {
			said = s.tell()
		}
		if s.measure.due() {
			s.measure.begin(s)
		}
	}
	return said, s.training || s.measure.going
}

// trainStep draws a batch and updates the parameters, as pkg/trainer does, in the same order of draws.
func (s *Session) trainStep() error {
	began := time.Now()
	loss, grads := s.gradientOfBatch()
	if v := float64(loss); math.IsNaN(v) || math.IsInf(v, 0) {
		s.grads = nil
		return fault{
			fmt.Sprintf("after step %d the loss is %v: the learning rate of %v is too large; build the network anew with a smaller one", s.step, v, s.settings.Rate),
			fmt.Sprintf("%d 스텝 뒤 손실이 %v입니다. 학습률 %v이(가) 너무 큽니다. 더 작은 값으로 신경망을 다시 만드세요", s.step, v, s.settings.Rate),
		}
	}
	s.optimize.Update(s.net.Params(), grads)
	s.loss, s.grads = loss, grads
	s.step++
	s.pending.values = append(s.pending.values, float64(loss))
	s.pending.spent += time.Since(began)
	return nil
}

// tell returns what the page is told of the steps since it was told last.
func (s *Session) tell() []Fields {
	n := len(s.pending.values)
	if n == 0 {
		return nil
	}
	told := Fields{"say": "steps", "step": s.step, "epoch": float64(s.step) * float64(s.settings.Batch) / float64(s.train.Len()), "losses": s.pending.values,
		"msPerStep": s.pending.spent.Seconds() * 1000 / float64(n)}
	s.pending = losses{since: time.Now()}
	return []Fields{told}
}

// gradientOfBatch draws a batch and returns its loss and gradients.
func (s *Session) gradientOfBatch() (float32, map[string]*ndarray.Array[float32]) {
	s.rng.ChoiceInto(s.train.Len(), s.indices)
	dataset.Gather(s.train, s.indices, s.x, s.t)
	return s.net.LossGradient(s.x, s.t)
}
