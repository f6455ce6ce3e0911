package trainer

import (
	"math"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
)

// step draws a batch, updates the parameters, and returns and logs the loss. It fails
// with *NotFinite, before the update, when the loss is not a number.
func (tr *training[T]) step() (float64, error) {
	if tr.config.Device != nil {
		return tr.stepOnDevice()
	}
	began := time.Now()
	tr.draw()
	if !tr.config.ClassExact {
		tr.drawAhead()
	}
	loss, grads := tr.net.LossGradient(tr.x, tr.t)
	if err := tr.checkFinite(float64(loss)); err != nil {
		return 0, err
	}
	tr.optimizer.Update(tr.net.Params(), grads)
	if tr.config.ClassExact {
		tr.drawAhead() // this one draws, too
		loss = tr.net.Loss(tr.x, tr.t)
		if err := tr.checkFinite(float64(loss)); err != nil {
			return 0, err
		}
	}
	tr.done++
	tr.history.Loss = append(tr.history.Loss, float64(loss))
	tr.history.StepTime += time.Since(began)
	return float64(loss), nil
}

func (tr *training[T]) evaluate(event *Event) error {
	if err := tr.sync(); err != nil {
		return err
	}
	if broken := tr.brokenParams(); broken != "" {
		return &NotFinite{tr.done, math.NaN(), tr.rate, broken}
	}
	head := func(s *dataset.Set) *dataset.Set {
		if n := tr.config.EvaluateSampleNumPerEpoch; n > 0 && n < s.Len() {
			return s.Head(n)
		}
		return s
	}
	epoch := Epoch{Epoch: event.Epoch, Step: event.Step, Elapsed: event.Elapsed, LR: event.LR, Loss: tr.history.meanLoss()}
	for _, measured := range []struct {
		accuracy *float64
		of       *dataset.Set
	}{{&epoch.TrainAcc, tr.data.train}, {&epoch.TestAcc, tr.data.test}, {&epoch.ValAcc, tr.data.validation}} {
		if measured.of.Len() == 0 {
			continue
		}
		var err error
		if *measured.accuracy, err = tr.accuracy(head(measured.of)); err != nil {
			return err
		}
	}
	tr.history.Epochs = append(tr.history.Epochs, epoch)
	return nil
}

func (tr *training[T]) accuracy(s *dataset.Set) (float64, error) {
	const classBatch = 100
	counted := s.Len()
	if tr.config.ClassExact {
		counted -= counted % classBatch
	}
	if tr.config.Device != nil {
		right, err := tr.rightOnDevice(s.Head(counted))
		return float64(right) / float64(s.Len()), err
	}
	return float64(evaluation.Correct(tr.net, s.Head(counted))) / float64(s.Len()), nil
}
