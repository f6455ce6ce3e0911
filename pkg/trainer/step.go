package trainer

import (
	"time"

	"convbook/pkg/dataset"
)

// beforeUpdate is a callback that sees a step's loss before the parameters change.
type beforeUpdate interface {
	beforeUpdate(step int, loss float64, run inspector) error
}

// step draws a batch, updates the parameters, and returns and logs the loss.
func (tr *Trainer[T]) step() (float64, error) {
	began := time.Now()
	tr.config.Rng.ChoiceInto(tr.data.train.Len(), tr.indices)
	dataset.Gather(tr.data.train, tr.indices, tr.x, tr.t)
	dataset.Augment(tr.x, tr.config.Augment, tr.done)
	loss, grads := tr.net.LossGradient(tr.x, tr.t)
	for _, c := range tr.config.Callbacks {
		if c, ok := c.(beforeUpdate); ok {
			if err := c.beforeUpdate(tr.done+1, float64(loss), control[T]{tr}); err != nil {
				return 0, err
			}
		}
	}
	tr.optimizer.Update(tr.net.Params(), grads)
	if tr.config.ClassExact {
		loss = tr.net.Loss(tr.x, tr.t)
	}
	tr.done++
	tr.history.Loss = append(tr.history.Loss, float64(loss))
	tr.history.StepTime += time.Since(began)
	return float64(loss), nil
}

func (tr *Trainer[T]) evaluate(event *Event) {
	head := func(s *dataset.Set) *dataset.Set {
		if n := tr.config.EvaluateSampleNumPerEpoch; n > 0 && n < s.Len() {
			return s.Head(n)
		}
		return s
	}
	epoch := Epoch{Epoch: event.Epoch, Step: event.Step, Elapsed: event.Elapsed, LR: event.LR,
		Loss: tr.history.meanLoss(), TrainAcc: tr.accuracy(head(tr.data.train)), TestAcc: tr.accuracy(head(tr.data.test))}
	if tr.data.validation.Len() > 0 {
		epoch.ValAcc = tr.accuracy(head(tr.data.validation))
	}
	tr.history.Epochs = append(tr.history.Epochs, epoch)
}

func (tr *Trainer[T]) accuracy(s *dataset.Set) float64 {
	const classBatch = 100
	counted := s.Len()
	if tr.config.ClassExact {
		counted -= counted % classBatch
	}
	return float64(correct(tr.net, s.Head(counted))) / float64(s.Len())
}
