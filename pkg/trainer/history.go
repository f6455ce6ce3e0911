package trainer

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/system/atomicfile"
)

// Epoch is what was measured on the first step of an epoch.
type Epoch struct {
	Epoch    int           `json:"epoch"` // from 1
	Step     int           `json:"step"`  // from 1
	Loss     float64       `json:"loss"`  // mean of the steps since the epoch before was measured
	TrainAcc float64       `json:"train_acc"`
	TestAcc  float64       `json:"test_acc"`
	ValAcc   float64       `json:"val_acc,omitempty"` // 0 without Config.ValidationSplit
	LR       float64       `json:"lr"`                // learning rate of the step
	Elapsed  time.Duration `json:"elapsed_ns"`        // since training began, evaluation included
}

// History is the record of a training run.
type History struct {
	Dataset string `json:"dataset"`
	StandIn bool   `json:"stand_in,omitempty"` // drawn by the program instead of the real data set

	Loss         []float64     `json:"loss"` // of each step's batch
	Epochs       []Epoch       `json:"epochs"`
	FinalTestAcc float64       `json:"final_test_acc"` // on the whole test set, after the last step
	Final        Final         `json:"final,omitzero"` // the same beside the training set
	Digest       string        `json:"digest"`         // of the parameters at the end
	StepTime     time.Duration `json:"step_time_ns"`   // all steps together, without evaluation
	TotalTime    time.Duration `json:"total_time_ns"`
	Complete     bool          `json:"complete"`          // false when the run was interrupted
	Stopped      string        `json:"stopped,omitempty"` // why a callback ended it early
}

// Final is what is measured after the last step, on training and on test samples alike:
// with the same weights, in evaluation mode, and on as many of the first training samples
// as there are test samples, or on all of them where there are fewer.
type Final struct {
	TrainAcc float64 `json:"train_acc"`
	TestAcc  float64 `json:"test_acc"`
	TrainOn  int     `json:"train_on"` // samples; 0 when the run was not finished, or by an older version
	TestOn   int     `json:"test_on"`
}

// Accuracies returns the accuracies of the epochs, on training and on test data, a
// number for each epoch. Like Validation and Note it panics when h is nil.
func (h *History) Accuracies() (train, test []float64) {
	h.mustBe()
	for _, e := range h.Epochs {
		train = append(train, e.TrainAcc)
		test = append(test, e.TestAcc)
	}
	return train, test
}

// Validation returns the accuracies of the epochs on what Config.ValidationSplit
// held back.
func (h *History) Validation() []float64 {
	h.mustBe()
	var validation []float64
	for _, e := range h.Epochs {
		validation = append(validation, e.ValAcc)
	}
	return validation
}

// mustBe panics with words where there is no history.
func (h *History) mustBe() {
	if h == nil {
		panic("trainer: the history is nil; train first, or open a run with OpenRun")
	}
}

// meanLoss is the mean loss of the steps since the last epoch was measured.
func (h *History) meanLoss() float64 {
	first := 0
	if n := len(h.Epochs); n > 0 {
		first = h.Epochs[n-1].Step
	}
	sum := 0.0
	for _, loss := range h.Loss[first:] {
		sum += loss
	}
	return sum / float64(len(h.Loss)-first)
}

// Note marks a run on stand-in images, for titles of figures; it is empty for
// real data.
func (h *History) Note() string {
	h.mustBe()
	if h.StandIn {
		return "on drawn stand-in images, not the real data"
	}
	return ""
}

// OnStandIn reports whether the run was on stand-in images, for the metadata of what
// shows it.
func (h *History) OnStandIn() bool { return h != nil && h.StandIn }

// Save writes the history as JSON, so that a later cell can draw it. The file
// appears whole or not at all, and holds its own digest.
func (h *History) Save(path string) error {
	if h == nil {
		return errors.New("trainer: there is no history to save: it is nil; train first")
	}
	text, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("trainer: history for %s: %w", path, err)
	}
	if err := atomicfile.Write(path, runfile.Seal(text)); err != nil {
		return fmt.Errorf("trainer: saving the history: %w", err)
	}
	return nil
}

// LoadHistory reads what Save wrote.
func LoadHistory(path string) (*History, error) {
	text, err := runfolder.ReadUpTo(path, runfolder.MaxFile)
	if err != nil {
		return nil, fmt.Errorf("trainer: no history to load: %w; run the cell that trains first", err)
	}
	h := new(History)
	if text, err = runfile.Unseal(text); err == nil {
		err = json.Unmarshal(text, h)
	}
	if err != nil {
		return nil, fmt.Errorf("trainer: %s is not a history: %w; run the cell that trains again", path, err)
	}
	return h, nil
}
