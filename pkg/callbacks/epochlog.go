package callbacks

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"convbook/pkg/internal/python"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/trainer"
)

// CSVLog returns a callback that writes a table into a file: a line for each epoch
// with epoch, step, loss, train_acc, test_acc, val_acc (empty where there is none),
// lr and seconds. A resumed run begins the file with its epochs of before.
func CSVLog(path string) trainer.Callback { return &epochLog{path: path, head: csvHead, line: csvLine} }

// JSONLog is CSVLog with a JSON object on each line, an Epoch.
func JSONLog(path string) trainer.Callback {
	return &epochLog{path: path, line: func(e trainer.Epoch) (string, error) {
		text, err := json.Marshal(e)
		return string(text), err
	}}
}

const csvHead = "epoch,step,loss,train_acc,test_acc,val_acc,lr,seconds\n"

func csvLine(e trainer.Epoch) (string, error) {
	validation := ""
	if e.ValAcc != 0 {
		validation = python.Float(e.ValAcc)
	}
	return fmt.Sprintf("%d,%d,%s,%s,%s,%s,%s,%s", e.Epoch, e.Step, python.Float(e.Loss), python.Float(e.TrainAcc), python.Float(e.TestAcc),
		validation, python.Float(e.LR), strconv.FormatFloat(e.Elapsed.Seconds(), 'f', 3, 64)), nil
}

// epochLog is a file with a line for each epoch.
type epochLog struct {
	trainer.Base
	path, head string
	line       func(trainer.Epoch) (string, error)
	failed     error // of TrainBegin, which cannot return it
}

// LooksOn lets a training on a device run ahead.
func (l *epochLog) LooksOn() {}

// TrainBegin writes the file anew, with the epochs of a resumed run.
func (l *epochLog) TrainBegin(e trainer.Event) {
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

func (l *epochLog) EpochEnd(e trainer.Event) error {
	err := l.failed
	if err == nil && !e.Replayed {
		var line string
		line, err = l.line(e.History.Epochs[len(e.History.Epochs)-1])
		if err == nil {
			err = appendLine(l.path, line)
		}
	}
	if err != nil {
		return fmt.Errorf("callbacks: the log of the epochs: %w; choose a file that can be written", err)
	}
	return nil
}

func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line + "\n")
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}
