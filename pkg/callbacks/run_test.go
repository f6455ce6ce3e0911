package callbacks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/callbacks"
	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/evaluation"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/trainer"
)

const epochs = 6

// garments are a few drawn images.
func garments(t *testing.T) *dataset.Data {
	t.Helper()
	t.Setenv(dataset.FolderVariable, "stand-in")
	data, err := dataset.Open("fashion", dataset.Log(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	return data.Head(60, 20)
}

func network(rng *nprandom.RandomState) *convnet.Sequential[float32] {
	return convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, convnet.Conv(2, 5, 3, 0), convnet.Relu(), convnet.Affine(10))
}

// train trains on six batches an epoch; change, where it is not nil, changes the settings.
func train(ctx context.Context, data *dataset.Data, folder string, change func(c *trainer.Config), all ...trainer.Callback) (*convnet.Sequential[float32], *trainer.History, error) {
	rng := nprandom.New(3)
	net := network(rng)
	c := trainer.Config{Epochs: epochs, MiniBatchSize: 10, Optimizer: "sgd", OptimizerParam: optimizer.Settings{LR: 0.01}, Rng: rng,
		Log: io.Discard, Keep: folder, Callbacks: all}
	if change != nil {
		change(&c)
	}
	h, err := trainer.Train(ctx, net, data, c)
	return net, h, err
}

// outcome is what must not depend on how often a run was stopped.
func outcome(h *trainer.History) any {
	epochs := append([]trainer.Epoch(nil), h.Epochs...)
	for i := range epochs {
		epochs[i].Elapsed = 0
	}
	return []any{h.Digest, h.Stopped, h.FinalTestAcc, h.Loss, epochs}
}

// stopAfter cancels the run after a step.
func stopAfter(step int, cancel context.CancelFunc) trainer.Callback {
	return trainer.OnStep(func(e trainer.Event) error {
		if e.Step == step {
			cancel()
		}
		return nil
	})
}

// A run that is stopped again and again ends as one that was never stopped, whatever
// the callbacks remember.
func TestResume(t *testing.T) {
	data := garments(t)
	for name, all := range map[string]func() []trainer.Callback{
		"schedule": func() []trainer.Callback {
			return []trainer.Callback{callbacks.WarmUp(3, callbacks.CosineDecay(0.1, 0.001))}
		},
		"early stopping and plateau": func() []trainer.Callback {
			return []trainer.Callback{&callbacks.EarlyStopping{Monitor: callbacks.TrainAcc, Patience: 3, RestoreBest: true},
				&callbacks.ReduceOnPlateau{Monitor: callbacks.Loss, Factor: 0.5, MinDelta: 0.05}}
		},
	} {
		_, whole, err := train(context.Background(), data, "", nil, all()...)
		if err != nil {
			t.Fatal(err)
		}
		if name == "schedule" && (whole.Epochs[0].LR != 0.025 || whole.Epochs[1].LR >= 0.1 || whole.Epochs[1].LR <= whole.Epochs[2].LR) {
			t.Errorf("the rates of the epochs are %+v", whole.Epochs)
		}
		if _, plain, _ := train(context.Background(), data, "", nil); name == "schedule" && plain.Digest == whole.Digest {
			t.Error("the schedule changes nothing")
		}
		folder := t.TempDir()
		for _, after := range []int{1, 2, 7, 8, 20, 33, 0} {
			ctx, cancel := context.WithCancel(context.Background())
			_, h, err := train(ctx, data, folder, nil, append(all(), stopAfter(after, cancel))...)
			cancel()
			if after > 0 && after < len(whole.Loss) {
				continue
			}
			if err != nil || !reflect.DeepEqual(outcome(h), outcome(whole)) {
				t.Errorf("%s: the resumed run ends as\n%+v, %v\nwant\n%+v", name, outcome(h), err, outcome(whole))
			}
		}
	}
}

// A stop by EarlyStopping is told in the log and in the history, and the weights are
// those of the best epoch.
func TestEarlyStoppingInARun(t *testing.T) {
	var log bytes.Buffer
	data := garments(t)
	net, h, err := train(context.Background(), data, "", func(c *trainer.Config) {
		c.OptimizerParam.LR, c.Verbose, c.Log, c.ValidationSplit = 1e-9, true, &log, 0.25
	}, &callbacks.EarlyStopping{Patience: 2, RestoreBest: true})
	if err != nil || !h.Complete || len(h.Epochs) != 3 || !strings.Contains(h.Stopped, "val_acc was best in epoch 1") {
		t.Errorf("%d epochs, stopped by %q, %v", len(h.Epochs), h.Stopped, err)
	}
	if !strings.Contains(log.String(), h.Stopped+"\n") {
		t.Errorf("the log does not say why it ended:\n%s", &log)
	}
	best := evaluation.Accuracy(net, data.Train.Tail(15))
	if v := h.Validation(); len(v) != 3 || v[0] != best {
		t.Errorf("the accuracies on the validation set are %v, and %v with the weights of the first", v, best)
	}
}

func TestWhatCallbacksRefuse(t *testing.T) {
	data := garments(t)
	for want, c := range map[string]trainer.Callback{
		`cannot watch "accuracy"`:    &callbacks.EarlyStopping{Monitor: "accuracy"},
		"set Config.ValidationSplit": &callbacks.ReduceOnPlateau{Monitor: callbacks.ValAcc},
		"neither may be negative":    &callbacks.EarlyStopping{Patience: -1},
		"want a factor below 1":      &callbacks.ReduceOnPlateau{Factor: 2},
	} {
		if _, _, err := train(context.Background(), data, "", nil, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
}

// A log holds every epoch once, also after the run was stopped and resumed.
func TestEpochLogs(t *testing.T) {
	data, folder := garments(t), t.TempDir()
	table, list := filepath.Join(folder, "log.csv"), filepath.Join(folder, "log.jsonl")
	for _, after := range []int{9, 20, 0, 0} {
		ctx, cancel := context.WithCancel(context.Background())
		train(ctx, data, filepath.Join(folder, "run"), nil, callbacks.CSVLog(table), callbacks.JSONLog(list), stopAfter(after, cancel))
		cancel()
	}
	lines := readLines(t, table)
	if len(lines) != 1+epochs || !strings.HasPrefix(lines[0], "epoch,step,loss,") || !strings.HasPrefix(lines[3], "3,13,") {
		t.Errorf("the table is\n%s", strings.Join(lines, "\n"))
	}
	lines = readLines(t, list)
	var last trainer.Epoch
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || len(lines) != epochs || last.Epoch != epochs || last.LR != 0.01 {
		t.Errorf("the list has %d lines, the last is %+v, %v", len(lines), last, err)
	}
	_, _, err := train(context.Background(), data, "", nil, callbacks.CSVLog(filepath.Join(folder, "none", "log.csv")))
	if err == nil || !strings.Contains(err.Error(), "choose a file") {
		t.Errorf("a file that cannot be written gives %v", err)
	}
}

func readLines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}
