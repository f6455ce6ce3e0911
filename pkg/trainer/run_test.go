package trainer

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/internal/runfolder"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/params"
	"convbook/pkg/system/lock"
)

// A run that is cancelled again and again, each time taken up by another trainer
// with another network, ends as one that was never stopped.
func TestResume(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	for _, name := range optimizer.Names() {
		t.Run(name, func(t *testing.T) {
			resumes(t, tinyRun[float32]{data: data, optimizer: name})
		})
	}
	t.Run("float64", func(t *testing.T) { resumes(t, tinyRun[float64]{data: data, optimizer: "adam"}) })
	t.Run("batch normalisation", func(t *testing.T) {
		resumes(t, tinyRun[float32]{data: data, optimizer: "adam", batchNorm: true})
	})
	t.Run("two sources", func(t *testing.T) { resumes(t, tinyRun[float32]{data: data, optimizer: "adam", ownSource: true}) })
	t.Run("class-exact", func(t *testing.T) {
		resumes(t, tinyRun[float64]{data: data, optimizer: "adam", change: func(c *Config) { c.ClassExact, c.MiniBatchSize = true, 7 }})
	})
	t.Run("validation", func(t *testing.T) {
		resumes(t, tinyRun[float32]{data: data, optimizer: "adam", change: func(c *Config) { c.ValidationSplit = 0.2 }})
	})
}

func resumes[T ndarray.Float](t *testing.T, r tinyRun[T]) {
	callbacks := func() []Callback {
		return []Callback{&remembering{}, &remembering{}}
	}
	want := r.whole(t, callbacks()...)
	folder := t.TempDir()
	for _, after := range []int{1, 2, 7, 8, 20, 33, 0} {
		ctx, cancel := context.WithCancel(context.Background())
		tr, rng := r.start(t, folder, append(callbacks(), &stopper{after: after, cancel: cancel})...)
		h, err := tr.Train(ctx)
		cancel()
		if after > 0 && after < len(want.loss) {
			if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "goes on from there") || len(h.Loss) != after {
				t.Fatalf("cancelled after step %d: %d losses, %v", after, len(h.Loss), err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomeOf(h, rng); !reflect.DeepEqual(got, want) {
			t.Errorf("the run that was stopped ends as\n%+v\nwant\n%+v", got, want)
		}
	}
}

// A panic, or an error of a callback, loses no more than the steps since the last
// checkpoint, and the folder is free again.
func TestResumeAfterPanic(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	want := r.whole(t)
	folder := t.TempDir()
	for _, failure := range []any{"a panic", errors.New("an error")} {
		func() {
			defer func() { recover() }()
			tr, _ := r.start(t, folder, &failing{after: 10, with: failure})
			if _, err := tr.Train(context.Background()); err == nil {
				t.Error("the callback's error is lost")
			}
		}()
	}
	tr, rng := r.start(t, folder)
	h, err := tr.Train(context.Background())
	if got := outcomeOf(h, rng); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("after a panic the run ends as\n%+v, %v\nwant\n%+v", got, err, want)
	}
}

// failing panics, or returns an error, after so many of its own steps.
type failing struct {
	stopper
	after, steps int
	with         any
}

func (f *failing) StepEnd(Event) error {
	if f.steps++; f.steps < f.after {
		return nil
	}
	if err, ok := f.with.(error); ok {
		return err
	}
	panic(f.with)
}

// counter counts the calls of a callback.
type counter struct {
	calls    []string
	replayed []bool
	epochs   int
}

func (c *counter) TrainBegin(e Event) { c.calls = append(c.calls, "begin") }
func (c *counter) StepEnd(Event) error {
	c.calls = append(c.calls, "step")
	return nil
}
func (c *counter) EpochEnd(e Event) error {
	c.calls, c.replayed, c.epochs = append(c.calls, "epoch"), append(c.replayed, e.Replayed), len(e.History.Epochs)
	return nil
}
func (c *counter) TrainEnd(_ Event, err error) { c.calls = append(c.calls, "end") }

// A finished run is loaded: the same log, the callbacks once, network, random
// source and the files for others as after training.
func TestFinishedRunLoads(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	want := r.whole(t)
	folder := t.TempDir()
	var logs [4]bytes.Buffer
	spoil := []func(){
		func() {},
		func() { os.Remove(filepath.Join(folder, runfolder.HistoryFile)) },
		func() { os.WriteFile(filepath.Join(folder, runfolder.ParamsFile), []byte("PK"), 0o600) },
		func() { os.WriteFile(filepath.Join(folder, runfolder.HistoryFile), []byte(`{"digest":"0"}`), 0o600) },
	}
	for i := range logs {
		spoil[i]()
		r.change = func(c *Config) { c.Verbose, c.PrintLoss, c.Log = true, true, &logs[i] }
		calls := new(counter)
		tr, rng := r.start(t, folder, calls)
		h, err := tr.Train(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomeOf(h, rng); !reflect.DeepEqual(got, want) || tr.net.Digest() != want.digest {
			t.Errorf("time %d: the run ends as\n%+v\nwant\n%+v", i, got, want)
		}
		if i > 0 && (!reflect.DeepEqual(calls.calls, []string{"begin", "epoch", "end"}) || !calls.replayed[0] || calls.epochs != tinyEpochs) {
			t.Errorf("time %d: the callback was called %v, replayed %v, with %d epochs", i, calls.calls, calls.replayed, calls.epochs)
		}
		if logs[i].String() != logs[0].String() {
			t.Errorf("time %d: the log is\n%s\nwant\n%s", i, &logs[i], &logs[0])
		}
		kept, err := LoadHistory(filepath.Join(folder, runfolder.HistoryFile))
		if err != nil || kept.Digest != want.digest {
			t.Errorf("time %d: the history that was kept: %v", i, err)
		}
		arrays, err := params.Load[float32](filepath.Join(folder, runfolder.ParamsFile))
		if err != nil || !same(arrays, tr.net.State()) {
			t.Errorf("time %d: the parameters that were kept: %v", i, err)
		}
	}
	epochs, _ := os.ReadFile(filepath.Join(folder, runfolder.EpochsFile))
	if n := bytes.Count(epochs, []byte("\n")); n != tinyEpochs {
		t.Errorf("%s has %d lines, want %d:\n%s", runfolder.EpochsFile, n, tinyEpochs, epochs)
	}
	if found, _ := filepath.Glob(filepath.Join(folder, runfolder.CheckpointPrefix+"*")); len(found) != runfolder.CheckpointsKept {
		t.Errorf("%d checkpoints are kept, want %d", len(found), runfolder.CheckpointsKept)
	}
}

// files returns the content of a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(content)
	}
	return all
}

// Another setting is named, whichever it is, and the files stay as they are.
func TestOtherSettings(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	folder := t.TempDir()
	r := tinyRun[float32]{data: data, optimizer: "adam"}
	tr, _ := r.start(t, folder)
	if _, err := tr.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	before := files(t, folder)
	changed := func(change func(c *Config)) *Trainer[float32] {
		other := r
		other.change = change
		tr, _ := other.start(t, folder)
		return tr
	}
	fewer := r
	fewer.data = data.Head(50, 10)
	fewerImages, _ := fewer.start(t, folder)
	deeper := r
	deeper.batchNorm = true
	otherNetwork, _ := deeper.start(t, folder)
	for want, tr := range map[string]*Trainer[float32]{
		"epochs: 6 there, 9 now":                         changed(func(c *Config) { c.Epochs = 9 }),
		"batch size: 10 there, 20 now":                   changed(func(c *Config) { c.MiniBatchSize = 20 }),
		"optimizer: adam there, sgd now":                 changed(func(c *Config) { c.Optimizer = "SGD" }),
		"optimizer's settings: {LR:0.01":                 changed(func(c *Config) { c.OptimizerParam.LR = 0.5 }),
		"class-exact: false there, true now":             changed(func(c *Config) { c.ClassExact = true }),
		"random numbers (seed): ":                        changed(func(c *Config) { c.Rng = nprandom.New(8) }),
		"images for the accuracy: 0 there, 7":            changed(func(c *Config) { c.EvaluateSampleNumPerEpoch = 7 }),
		"validation images: 0 there, 6 now":              changed(func(c *Config) { c.ValidationSplit = 0.1 }),
		"callback: none there, what a test remembers":    changed(func(c *Config) { c.Callbacks = []Callback{&remembering{}} }),
		"training images: 60 there, 50 now; test images": fewerImages,
		"network: W1 (4, 1, 3, 3)":                       otherNetwork,
	} {
		_, err := tr.Train(context.Background())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "Restart") {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
	if !reflect.DeepEqual(files(t, folder), before) {
		t.Error("the files changed")
	}
	anew, _ := r.start(t, folder)
	anew.config.Restart = true
	calls := new(counter)
	anew.config.Callbacks = []Callback{calls}
	if _, err := anew.Train(context.Background()); err != nil || len(calls.replayed) != tinyEpochs {
		t.Errorf("with Restart there are %d epochs, %v", len(calls.replayed), err)
	}
}

func TestSecondProgram(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	folder := t.TempDir()
	held, err := lock.Take(filepath.Join(folder, runfolder.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	tr, _ := r.start(t, folder)
	if _, err := tr.Train(context.Background()); err == nil || !strings.Contains(err.Error(), "another program is training") {
		t.Errorf("while the folder is locked the error is %v", err)
	}
	if len(files(t, folder)) != 1 {
		t.Error("files were written into a locked folder")
	}
	held.Close()
	if _, err := tr.Train(context.Background()); err != nil {
		t.Error(err)
	}
}

// Damaged checkpoints are passed over, however many there are, and whatever the
// damage; the run ends with the same bits.
func TestDamagedCheckpoints(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	want := r.whole(t)
	flip := func(at int) func([]byte) []byte {
		return func(file []byte) []byte {
			file = bytes.Clone(file)
			file[(at+len(file))%len(file)] ^= 0x10
			return file
		}
	}
	for name, damage := range map[string]func([]byte) []byte{
		"empty":       func([]byte) []byte { return nil },
		"cut off":     func(file []byte) []byte { return file[:len(file)/2] },
		"longer":      func(file []byte) []byte { return append(bytes.Clone(file), 0) },
		"magic":       flip(0),
		"version":     flip(8),
		"header":      flip(60),
		"numbers":     flip(-100),
		"digest":      flip(-1),
		"another run": func([]byte) []byte { return foreignCheckpoint(t, r.data) },
	} {
		for _, count := range []int{1, 2} {
			folder := t.TempDir()
			ctx, cancel := context.WithCancel(context.Background())
			tr, _ := r.start(t, folder, &stopper{after: 20, cancel: cancel})
			tr.Train(ctx)
			found, _ := filepath.Glob(filepath.Join(folder, runfolder.CheckpointPrefix+"*"))
			if len(found) != 2 {
				t.Fatalf("%d checkpoints, want 2", len(found))
			}
			for _, path := range found[2-count:] {
				file, err := os.ReadFile(path)
				if err == nil {
					err = os.WriteFile(path, damage(file), 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			var log bytes.Buffer
			again := r
			again.change = func(c *Config) { c.Verbose, c.Log = true, &log }
			tr, rng := again.start(t, folder)
			h, err := tr.Train(context.Background())
			if got := outcomeOf(h, rng); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %d checkpoints: the run ends as\n%+v, %v\nwant\n%+v", name, count, got, err, want)
			}
			if strings.Count(log.String(), "left out: ") != count {
				t.Errorf("%s, %d checkpoints: the log does not say so:\n%s", name, count, &log)
			}
		}
	}
}
