package trainer

import (
	"encoding/json"
	"fmt"
	"strconv"

	"convbook/pkg/internal/atomicfile"
)

// CSVLog returns a callback that writes a table into a file: a line for each epoch
// with epoch, step, loss, train_acc, test_acc, val_acc (empty where there is none),
// lr and seconds. A resumed run begins the file with its epochs of before.
func CSVLog(path string) Callback { return &epochLog{path: path, head: csvHead, line: csvLine} }

// JSONLog is CSVLog with a JSON object on each line, an Epoch.
func JSONLog(path string) Callback {
	return &epochLog{path: path, line: func(e Epoch) (string, error) {
		text, err := json.Marshal(e)
		return string(text), err
	}}
}

const csvHead = "epoch,step,loss,train_acc,test_acc,val_acc,lr,seconds\n"

func csvLine(e Epoch) (string, error) {
	validation := ""
	if e.ValAcc != 0 {
		validation = pythonFloat(e.ValAcc)
	}
	return fmt.Sprintf("%d,%d,%s,%s,%s,%s,%s,%s", e.Epoch, e.Step, pythonFloat(e.Loss), pythonFloat(e.TrainAcc), pythonFloat(e.TestAcc),
		validation, pythonFloat(e.LR), strconv.FormatFloat(e.Elapsed.Seconds(), 'f', 3, 64)), nil
}

// epochLog is a file with a line for each epoch.
type epochLog struct {
	path, head string
	line       func(Epoch) (string, error)
	failed     error // of TrainBegin, which cannot return it
}

// TrainBegin writes the file anew, with the epochs of a resumed run.
func (l *epochLog) TrainBegin(e Event) {
	text := l.head
	for _, epoch := range e.History.Epochs {
		line, err := l.line(epoch)
		if err != nil {
			l.failed = err
			return
		}
		text += line + "\n"
	}
	l.failed = atomicfile.Write(l.path, []byte(text))
}

func (l *epochLog) EpochEnd(e Event) error {
	err := l.failed
	if err == nil && !e.Replayed {
		var line string
		line, err = l.line(e.History.Epochs[len(e.History.Epochs)-1])
		if err == nil {
			err = appendLines(l.path, []byte(line+"\n"))
		}
	}
	if err != nil {
		return fmt.Errorf("trainer: the log of the epochs: %w; choose a file that can be written", err)
	}
	return nil
}

func (l *epochLog) StepEnd(Event) error   { return nil }
func (l *epochLog) TrainEnd(Event, error) {}
