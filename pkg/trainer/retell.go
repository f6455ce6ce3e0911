package trainer

import (
	"errors"
	"fmt"
	"time"
)

// replay tells of what was trained before: the log again, and the last epoch to the
// callbacks, once.
func (tr *training[T]) replay(e Event) error {
	h := tr.history
	if tr.done == 0 {
		return nil
	}
	log, epoch := classLog{tr.config.Log}, 0
	if tr.loaded && tr.config.Verbose {
		fmt.Fprintf(tr.config.Log, "opened, trained before (%d steps in %v) · 이미 학습한 결과를 엽니다\n", tr.done, h.TotalTime.Round(100*time.Millisecond))
	}
	for i, loss := range h.Loss {
		if tr.config.PrintLoss {
			log.loss(loss)
		}
		if epoch < len(h.Epochs) && h.Epochs[epoch].Step == i+1 {
			if tr.config.Verbose {
				log.epoch(h.Epochs[epoch])
			}
			epoch++
		}
	}
	if tr.config.Verbose {
		if h.Complete {
			log.final(h)
		} else {
			fmt.Fprintf(tr.config.Log, "going on after step %d of %d · %d번째 갱신 다음부터 이어서 학습합니다\n", tr.done, tr.schedule.steps, tr.done)
		}
	}
	e.Replayed = true
	for _, c := range tr.config.Callbacks {
		if len(h.Epochs) == 0 {
			break
		}
		if err := c.EpochEnd(e); err != nil && !(h.Complete && errors.Is(err, ErrStop)) {
			return err
		}
	}
	return nil
}
