package sweep

import (
	"time"

	"convbook/pkg/trainer"
)

// Result is what became of a trial.
type Result struct {
	Settings Point  `json:"settings"`
	Seed     uint32 `json:"seed"`
	Key      string `json:"key"` // settings, seed, data and end: what tells results apart

	// The training as it was: what the trainer was given, and a digest of the code.
	Trained []trainer.Setting `json:"trained,omitempty"`
	Code    string            `json:"code"`

	Train        []float64     `json:"train"`          // accuracy by epoch
	Test         []float64     `json:"test"`           //
	FinalTestAcc float64       `json:"final_test_acc"` // on the whole test set, after the last step
	Final        trainer.Final `json:"final,omitzero"` // the same beside the training set
	Digest       string        `json:"digest"`         // of the weights at the end
	StandIn      bool          `json:"stand_in,omitempty"`
	Variant      string        `json:"variant,omitempty"` // of the kernels that computed it: amd64/avx512
	Machine      string        `json:"machine,omitempty"` // that trained it, where machines share the sweep
	Steps        int           `json:"steps"`
	Seconds      float64       `json:"seconds"`

	Stopped int    `json:"stopped,omitempty"` // Halving stopped it after so many epochs
	Failed  string `json:"-"`                 // why there is no result; tried again by the next Run
}

func (r *Result) done() bool { return r.Digest != "" }

func (r *Result) fill(h *trainer.History, stopped int, took time.Duration) {
	r.Train, r.Test = h.Accuracies()
	r.FinalTestAcc, r.Final, r.Digest, r.StandIn = h.FinalTestAcc, h.Final, h.Digest, h.StandIn
	r.Steps, r.Seconds, r.Stopped = len(h.Loss), took.Seconds(), stopped
}

// at is the test accuracy after so many epochs, or at the end when that came
// sooner; 0 for a trial that failed.
func (r *Result) at(epochs int) float64 {
	if epochs < len(r.Test) {
		return r.Test[epochs]
	}
	return r.FinalTestAcc
}
