package sweep_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/sweep"
	"convbook/pkg/trainer"
)

// What a process of this test is told by its environment: it is a machine that shares a
// sweep, with its own folder.
const (
	machineVariable = "CONVBOOK_TEST_MACHINE" // its folder
	halvingVariable = "CONVBOOK_TEST_HALVING"
	epochsVariable  = "CONVBOOK_TEST_EPOCHS"
	seedsVariable   = "CONVBOOK_TEST_SEEDS"  // how many
	otherVariable   = "CONVBOOK_TEST_OTHER"  // it has another program
	wrongVariable   = "CONVBOOK_TEST_WRONG"  // it computes wrong
	travelVariable  = "CONVBOOK_TEST_TRAVEL" // how often checkpoints travel
	meetVariable    = "CONVBOOK_TEST_MEET"   // "3 FOLDER": it waits in its first trial until so many are there
	slowVariable    = "CONVBOOK_TEST_SLOW"   // it becomes slow in the middle of its first trial, and does not end it
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(machineVariable); folder != "" {
		os.Exit(machineMain(folder))
	}
	os.Exit(m.Run())
}

// meet waits until so many machines have come to the folder.
func meet(text string) {
	var n int
	var folder string
	if _, err := fmt.Sscanf(text, "%d %s", &n, &folder); err != nil {
		return
	}
	os.WriteFile(filepath.Join(folder, strconv.Itoa(os.Getpid())), nil, 0o600)
	for end := time.Now().Add(longest); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if all, err := os.ReadDir(folder); err != nil || len(all) >= n {
			return
		}
	}
}

// outcome is what a machine ends with.
type outcome struct {
	Results sweep.Results
	Table   sweep.Table
	Error   string
	Last    string // its progress
}

// machineMain runs a sweep and leaves the outcome, and a byte for each step that it has
// trained, in its folder.
func machineMain(folder string) int {
	number := func(variable string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
			return n
		}
		return otherwise
	}
	s := sweep.Sweep{Base: sweep.Point{"epochs": number(epochsVariable, 4), "filters": 4, "rate": 0.001}, Keep: folder, Parallel: 1}
	for seed := range number(seedsVariable, 2) {
		s.Seeds = append(s.Seeds, uint32(seed))
	}
	if os.Getenv(halvingVariable) != "" {
		s.Halving = &sweep.Halving{Epochs: 1}
	}
	if every, err := time.ParseDuration(os.Getenv(travelVariable)); err == nil {
		sweep.TravelEvery(every)
	}
	steps, err := os.OpenFile(filepath.Join(folder, "steps"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	batch := 50
	if os.Getenv(otherVariable) != "" {
		batch = 60
	}
	var o outcome
	var met sync.Once
	s.Progress = func(p sweep.Progress) {
		if o.Last != p.String() {
			o.Last = p.String()
			fmt.Println(time.Now().Format("15:04:05.0"), o.Last)
		}
	}
	results, err := s.Run(context.Background(), garments(), tried, func(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
		rng := nprandom.New(t.Seed)
		net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: t.Int("filters"), HiddenSize: 20})
		count := trainer.OnStep(func(e trainer.Event) error {
			met.Do(func() { meet(os.Getenv(meetVariable)) })
			steps.Write([]byte{'.'})
			if done := e.Step * 10 / e.Steps; os.Getenv(slowVariable) != "" && done >= 5 {
				time.Sleep(50 * time.Millisecond)
				for done == 9 {
					time.Sleep(time.Minute)
				}
			}
			if os.Getenv(wrongVariable) != "" && e.Step == 1 {
				net.Params()["b2"].Data()[0] += 1e-3 // as a bit that flips in bad memory
			}
			return nil
		})
		return trainer.Train(ctx, net, data, trainer.Config{Epochs: t.Int("epochs"), MiniBatchSize: batch, Rng: rng, Optimizer: "adam",
			OptimizerParam: optimizer.Settings{LR: t.Float("rate")}, Callbacks: []trainer.Callback{t.Callback, count}})
	})
	if err != nil {
		o.Error = err.Error()
	}
	o.Results, o.Table = timeless(results), results.Table()
	text, err := json.Marshal(o)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "outcome"), text, 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
