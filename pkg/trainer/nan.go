package trainer

import "fmt"

// StopOnNaN ends training with an error when the loss is no longer a number, before
// the parameters are updated by it (Keras: TerminateOnNaN). The error names the
// step, the parameters or the layer where numbers stopped being finite, and what to
// try. A run's folder keeps the checkpoint before.
type StopOnNaN struct{}

// NotFinite is the error of StopOnNaN.
type NotFinite struct {
	Step  int     // from 1
	Loss  float64 // NaN or an infinity
	LR    float64
	Where string // "in the output of Conv1, while all parameters are finite"
}

func (n *NotFinite) Error() string {
	return fmt.Sprintf("trainer: the loss of step %d is %s; it arose %s.\nTry a smaller learning rate than %v (FindLearningRate shows which ones work), or smaller initial weights",
		n.Step, pythonFloat(n.Loss), n.Where, n.LR)
}

func (StopOnNaN) beforeUpdate(step int, loss float64, run inspector) error {
	if finite(loss) {
		return nil
	}
	return &NotFinite{step, loss, run.learningRate(), run.firstNotFinite()}
}

// StepEnd sees the loss after the update, which Config.ClassExact computes.
func (StopOnNaN) StepEnd(e Event) error {
	if finite(e.Loss) {
		return nil
	}
	where := "after the update of the step"
	if run, ok := e.Run.(inspector); ok {
		where = run.firstNotFinite()
	}
	return &NotFinite{e.Step, e.Loss, e.LR, where}
}

func (StopOnNaN) TrainBegin(Event)      {}
func (StopOnNaN) EpochEnd(Event) error  { return nil }
func (StopOnNaN) TrainEnd(Event, error) {}
