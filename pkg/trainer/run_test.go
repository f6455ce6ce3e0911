package trainer

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
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
	opened   bool
}

func (c *counter) TrainBegin(e Event) { c.calls, c.opened = append(c.calls, "begin"), e.Opened }
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
		func() { os.Remove(filepath.Join(where(t, folder), runfolder.HistoryFile)) },
		func() { os.WriteFile(filepath.Join(where(t, folder), runfolder.ParamsFile), []byte("PK"), 0o600) },
		func() {
			os.WriteFile(filepath.Join(where(t, folder), runfolder.HistoryFile), runfile.Seal([]byte(`{"digest":"0"}`)), 0o600)
		},
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
		log, opened := logs[i].String(), ""
		if i > 0 {
			opened, log, _ = strings.Cut(log, "\n")
		}
		if log != logs[0].String() || strings.HasPrefix(opened, "opened, trained before (") != (i > 0) || calls.opened != (i > 0) {
			t.Errorf("time %d: the log is\n%s\nwant\n%s", i, &logs[i], &logs[0])
		}
		kept, err := LoadHistory(filepath.Join(where(t, folder), runfolder.HistoryFile))
		if err != nil || kept.Digest != want.digest {
			t.Errorf("time %d: the history that was kept: %v", i, err)
		}
		arrays, err := params.Load[float32](filepath.Join(where(t, folder), runfolder.ParamsFile))
		if err != nil || !same(arrays, tr.net.State()) {
			t.Errorf("time %d: the parameters that were kept: %v", i, err)
		}
	}
	epochs, _ := os.ReadFile(filepath.Join(where(t, folder), runfolder.EpochsFile))
	if n := bytes.Count(epochs, []byte("\n")); n != tinyEpochs {
		t.Errorf("%s has %d lines, want %d:\n%s", runfolder.EpochsFile, n, tinyEpochs, epochs)
	}
	if found, _ := filepath.Glob(filepath.Join(where(t, folder), runfolder.CheckpointPrefix+"*")); len(found) != runfolder.CheckpointsKept {
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

// Other settings are trained anew, with a line that names what differs, whichever it is;
// the files of the run before stay as they are, and the same settings open it again.
func TestOtherSettings(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	folder := t.TempDir()
	r := tinyRun[float32]{data: data, optimizer: "adam"}
	first, _ := r.start(t, folder)
	want, err := first.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	before := files(t, where(t, folder))
	changed := func(change func(c *Config)) tinyRun[float32] {
		other := r
		other.change = change
		return other
	}
	fewer := r
	fewer.data = data.Head(50, 10)
	deeper := r
	deeper.batchNorm = true
	for text, other := range map[string]tinyRun[float32]{
		"(epochs: 6 before, 3 now)":                          changed(func(c *Config) { c.Epochs = 3 }),
		"(batch size: 10 before, 20 now)":                    changed(func(c *Config) { c.MiniBatchSize = 20 }),
		"(optimizer: adam before, sgd now)":                  changed(func(c *Config) { c.Optimizer = "SGD" }),
		"(optimizer's settings: LR:0.01 before, LR:0.5 now)": changed(func(c *Config) { c.OptimizerParam.LR = 0.5 }),
		"(class-exact: false before, true now)":              changed(func(c *Config) { c.ClassExact = true }),
		"(random numbers (seed): ":                           changed(func(c *Config) { c.Rng = nprandom.New(8) }),
		"(images for the accuracy: 0 before, 7 now)":         changed(func(c *Config) { c.EvaluateSampleNumPerEpoch = 7 }),
		"validation images: 0 before, 6 now":                 changed(func(c *Config) { c.ValidationSplit = 0.1 }),
		"(callback: none before, what a test remembers now)": changed(func(c *Config) { c.Callbacks = append(c.Callbacks, &remembering{}) }),
		"(augmentation: none before, ":                       changed(func(c *Config) { c.Augment.Shift = 1 }),
		"(training images: 60 before, 50 now; test images":   fewer,
		"(network: Conv1 (4 filters":                         deeper,
	} {
		calls, log := new(counter), new(bytes.Buffer)
		change := other.change
		other.change = func(c *Config) {
			c.Log = log
			if change != nil {
				change(c)
			}
		}
		tr, _ := other.start(t, folder, calls)
		_, err := tr.Train(context.Background())
		if err != nil || calls.opened || !slices.Contains(calls.calls, "step") {
			t.Errorf("%s: the callback was called %v, %v", text, calls.calls, err)
		}
		if !strings.Contains(log.String(), "other settings than last time (") || !strings.Contains(log.String(), text) || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("the log is %q, want it to say %q", log, text)
		}
		back, _ := r.start(t, folder, calls)
		if h, err := back.Train(context.Background()); err != nil || !calls.opened || h.Digest != want.Digest || !reflect.DeepEqual(files(t, where(t, folder)), before) {
			t.Errorf("%s: going back to the settings before: opened %v, %v", text, calls.opened, err)
		}
	}
	calls := new(counter)
	anew, _ := r.start(t, folder, calls)
	anew.config.Restart = true
	if _, err := anew.Train(context.Background()); err != nil || calls.opened || len(calls.replayed) != tinyEpochs {
		t.Errorf("with Restart there are %d epochs, opened %v, %v", len(calls.replayed), calls.opened, err)
	}
}

func TestSecondProgram(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	folder := t.TempDir()
	tr, _ := r.start(t, folder)
	own := filepath.Join(folder, tr.settings.Digest())
	if err := os.Mkdir(own, 0o700); err != nil {
		t.Fatal(err)
	}
	held, err := lock.Take(filepath.Join(own, runfolder.LockFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.Train(context.Background()); err == nil || !strings.Contains(err.Error(), "another program is training") {
		t.Errorf("while the folder is locked the error is %v", err)
	}
	if len(files(t, own)) != 1 {
		t.Error("files were written into a locked folder")
	}
	held.Close()
	if _, err := tr.Train(context.Background()); err != nil {
		t.Error(err)
	}
}

// What is kept under a name is opened by it, and its absence is told.
func TestOpenRun(t *testing.T) {
	t.Setenv(kept.FolderVariable, t.TempDir())
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	if _, err := OpenRun[float32]("tiny"); err == nil || !strings.Contains(err.Error(), "run the cell that trains it first") {
		t.Errorf("a run that is not there gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	half, _ := r.start(t, "tiny", &stopper{after: 3, cancel: cancel})
	half.Train(ctx)
	if _, err := OpenRun[float32]("tiny"); err == nil || !strings.Contains(err.Error(), "run the cell that trains") {
		t.Errorf("a run that is not finished gives %v", err)
	}
	tr, _ := r.start(t, "tiny")
	want, err := tr.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	run, err := OpenRun[float32]("tiny")
	if err != nil || run.History.Digest != want.Digest {
		t.Fatalf("the run that was opened: %+v, %v", run, err)
	}
	again, _ := r.start(t, "")
	if run.Into(again.net); again.net.Digest() != want.Digest {
		t.Error("the network has other weights than the one that was trained")
	}
	defer func() {
		if text, ok := recover().(string); !ok || !strings.Contains(text, "not built as the one that was trained") {
			t.Errorf("another network gives %v", text)
		}
	}()
	r.batchNorm = true
	other, _ := r.start(t, "")
	run.Into(other.net)
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
			found, _ := filepath.Glob(filepath.Join(where(t, folder), runfolder.CheckpointPrefix+"*"))
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
