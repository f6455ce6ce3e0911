package trainer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/convnet"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// script feeds a callback epochs with given losses and records what it does.
type script struct {
	rate     float64
	weights  []byte
	restored []byte
}

func (s *script) SetLR(lr float64)          { s.rate = lr }
func (s *script) Weights() []byte           { return bytes.Clone(s.weights) }
func (s *script) SetWeights(w []byte) error { s.restored = w; return nil }

// play returns after which epoch the callback stopped, 0 when it did not.
func (s *script) play(t *testing.T, c Callback, losses ...float64) int {
	t.Helper()
	if err := c.(checkedByConfig).check(Config{}); err != nil {
		t.Fatal(err)
	}
	h := new(History)
	c.TrainBegin(Event{Run: s, History: h})
	for i, loss := range losses {
		s.weights = []byte{byte(i + 1)}
		h.Epochs = append(h.Epochs, Epoch{Epoch: i + 1, Loss: loss, TestAcc: -loss, TrainAcc: -loss})
		err := c.EpochEnd(Event{Epoch: i + 1, LR: s.rate, Run: s, History: h})
		if errors.Is(err, ErrStop) {
			return i + 1
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	c.StepEnd(Event{Step: 9, Steps: 9, Run: s})
	return 0
}

// The epochs at which Keras would stop: after Patience epochs in a row that are not
// better than the best by more than MinDelta.
func TestEarlyStopping(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		callback EarlyStopping
		losses   []float64
		stop     int
		restored []byte
	}{
		{"falls", EarlyStopping{Monitor: Loss}, []float64{5, 4, 3, 2}, 0, nil},
		{"no patience", EarlyStopping{Monitor: Loss}, []float64{5, 4, 4, 3}, 3, nil},
		{"patience 2", EarlyStopping{Monitor: Loss, Patience: 2}, []float64{5, 4, 4, 3, 3, 3}, 6, nil},
		{"min delta", EarlyStopping{Monitor: Loss, MinDelta: 0.5}, []float64{5, 4, 3.6}, 3, nil},
		{"an accuracy", EarlyStopping{Monitor: TrainAcc}, []float64{5, 4, 6, 1}, 3, nil},
		{"the test accuracy by itself", EarlyStopping{}, []float64{5, 4, 6, 1}, 3, nil},
		{"nan is no better", EarlyStopping{Monitor: Loss, Patience: 2}, []float64{nan, nan, 1}, 2, nil},
		{"best weights", EarlyStopping{Monitor: Loss, Patience: 2, RestoreBest: true}, []float64{5, 4, 3, 6, 7}, 5, []byte{3}},
		{"best weights at the end", EarlyStopping{Monitor: Loss, Patience: 9, RestoreBest: true}, []float64{5, 3, 4}, 0, []byte{2}},
	} {
		s := new(script)
		if stop := s.play(t, &c.callback, c.losses...); stop != c.stop || !bytes.Equal(s.restored, c.restored) {
			t.Errorf("%s: stopped at %d with weights %d, want %d and %d", c.name, stop, s.restored, c.stop, c.restored)
		}
	}
}

func TestReduceOnPlateau(t *testing.T) {
	for _, c := range []struct {
		name     string
		callback ReduceOnPlateau
		losses   []float64
		want     float64
	}{
		{"falls", ReduceOnPlateau{Monitor: Loss}, []float64{5, 4, 3}, 1},
		{"a tenth", ReduceOnPlateau{Monitor: Loss}, []float64{5, 5}, 0.1},
		{"twice half", ReduceOnPlateau{Monitor: Loss, Factor: 0.5, Patience: 2}, []float64{5, 5, 5, 5, 5}, 0.25},
		{"floor", ReduceOnPlateau{Monitor: Loss, MinLR: 0.3}, []float64{5, 5, 5}, 0.3},
	} {
		s := &script{rate: 1}
		s.play(t, &c.callback, c.losses...)
		if math.Abs(s.rate-c.want) > 1e-15 {
			t.Errorf("%s: the rate is %v, want %v", c.name, s.rate, c.want)
		}
	}
}

func TestLRSchedules(t *testing.T) {
	for _, c := range []struct {
		s    *LRSchedule
		want []float64 // of five steps
	}{
		{StepDecay(1, 0.5, 2), []float64{1, 1, 0.5, 0.5, 0.25}},
		{ExponentialDecay(1, 0.0001), []float64{1, 0.1, 0.01, 0.001, 0.0001}},
		{CosineDecay(1, 0), []float64{1, (1 + math.Sqrt2/2) / 2, 0.5, (1 - math.Sqrt2/2) / 2, 0}},
		{WarmUp(2, StepDecay(3, 0.5, 2)), []float64{1, 2, 3, 3, 1.5}},
	} {
		for i, want := range c.want {
			if got := c.s.Rate(i+1, 5); math.Abs(got-want) > 1e-15 {
				t.Errorf("%s: step %d has the rate %v, want %v", c.s.Name, i+1, got, want)
			}
		}
	}
}

// The rate of a schedule reaches the optimizer, from the first step on, also in a
// run that is resumed.
func TestScheduleInARun(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "sgd"}
	want := r.whole(t, WarmUp(3, CosineDecay(0.1, 0.001)))
	if want.epochs[0].LR != 0.025 || want.epochs[1].LR >= 0.1 || want.epochs[1].LR <= want.epochs[2].LR {
		t.Errorf("the rates of the epochs are %+v", want.epochs)
	}
	if constant := r.whole(t); constant.digest == want.digest {
		t.Error("the schedule changes nothing")
	}
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	tr, _ := r.start(t, folder, WarmUp(3, CosineDecay(0.1, 0.001)), &stopper{2, cancel})
	tr.Train(ctx)
	tr, rng := r.start(t, folder, WarmUp(3, CosineDecay(0.1, 0.001)))
	h, err := tr.Train(context.Background())
	if got := outcomeOf(h, rng); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the resumed run ends as\n%+v, %v\nwant\n%+v", got, err, want)
	}
}

// A stop by EarlyStopping is told in the log and in the history, and the weights
// are those of the best epoch.
func TestEarlyStoppingInARun(t *testing.T) {
	var log bytes.Buffer
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "sgd", change: func(c *Config) {
		c.OptimizerParam.LR, c.Verbose, c.Log, c.ValidationSplit = 1e-9, true, &log, 0.25
	}}
	tr, _ := r.start(t, "", &EarlyStopping{Patience: 2, RestoreBest: true})
	start := control[float32]{tr}.Weights()
	h, err := tr.Train(context.Background())
	if err != nil || !h.Complete || len(h.Epochs) != 3 || !strings.Contains(h.Stopped, "val_acc was best in epoch 1") {
		t.Errorf("%d epochs, stopped by %q, %v", len(h.Epochs), h.Stopped, err)
	}
	if !strings.Contains(log.String(), h.Stopped+"\n") {
		t.Errorf("the log does not say why it ended:\n%s", &log)
	}
	if v := h.Validation(); len(v) != 3 || v[0] != Accuracy(tr.net, r.data.Train.Tail(15)) {
		t.Errorf("the accuracies on the validation set are %v, and %v with the weights of the first", v, Accuracy(tr.net, r.data.Train.Tail(15)))
	}
	end := tr.net.Digest()
	if err := (control[float32]{tr}).SetWeights(start); err != nil || tr.net.Digest() == end {
		t.Errorf("the weights of the start are those of the end, %v", err)
	}
}

// The error names where numbers stopped being finite.
func TestStopOnNaN(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	for _, c := range []struct {
		name  string
		where string
		step  int
		exact bool
		spoil func(net *convnet.Sequential[float32])
		lr    float64
	}{
		{"a parameter", "in the parameters W2,", 1, false, func(net *convnet.Sequential[float32]) {
			net.Params()["W2"].Data()[3] = float32(math.NaN())
		}, 0.01},
		{"a layer", "in the output of Affine1,", 1, false, func(net *convnet.Sequential[float32]) {
			net.Params()["W1"].Fill(1e30)
			net.Params()["W2"].Fill(1e30)
		}, 0.01},
		{"a rate that is too high", "in the ", 2, false, func(*convnet.Sequential[float32]) {}, 1e38},
		{"in class-exact mode", "in the ", 1, true, func(*convnet.Sequential[float32]) {}, 1e38},
	} {
		rng := nprandom.New(0)
		net := convnet.Build[float32](rng, []int{1, tinySide, tinySide}, convnet.He,
			convnet.Conv(4, 3, 1, 0), convnet.Relu(), convnet.Affine(10), convnet.Relu(), convnet.Affine(10))
		c.spoil(net)
		h, err := Train(context.Background(), net, data, Config{Rng: rng, MiniBatchSize: 10, ClassExact: c.exact,
			OptimizerParam: optimizer.Settings{LR: c.lr}, Callbacks: []Callback{StopOnNaN{}}})
		var broken *NotFinite
		if !errors.As(err, &broken) || broken.Step != c.step || !strings.Contains(broken.Where, c.where) || !strings.Contains(err.Error(), "smaller learning rate") {
			t.Errorf("%s: the error is %v, want step %d and %q", c.name, err, c.step, c.where)
			continue
		}
		if h.Complete {
			t.Errorf("%s: the history says that it is complete", c.name)
		}
	}
}

func TestWhatCallbacksRefuse(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "sgd"}
	for want, c := range map[string]Config{
		`cannot watch "accuracy"`:          {Callbacks: []Callback{&EarlyStopping{Monitor: "accuracy"}}},
		"set Config.ValidationSplit":       {Callbacks: []Callback{&ReduceOnPlateau{Monitor: ValAcc}}},
		"neither may be negative":          {Callbacks: []Callback{&EarlyStopping{Patience: -1}}},
		"want a factor below 1":            {Callbacks: []Callback{&ReduceOnPlateau{Factor: 2}}},
		"want a share of the training set": {ValidationSplit: 1},
		"holds none back":                  {ValidationSplit: 0.001},
	} {
		r.change = func(base *Config) { base.Callbacks, base.ValidationSplit = c.Callbacks, c.ValidationSplit }
		if _, _, err := r.prepare(""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want it to say %q", err, want)
		}
	}
}

// A log holds every epoch once, also after the run was stopped and resumed.
func TestEpochLogs(t *testing.T) {
	r := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}
	folder := t.TempDir()
	table, list := filepath.Join(folder, "log.csv"), filepath.Join(folder, "log.jsonl")
	for _, after := range []int{9, 20, 0, 0} {
		ctx, cancel := context.WithCancel(context.Background())
		tr, _ := r.start(t, filepath.Join(folder, "run"), CSVLog(table), JSONLog(list), &stopper{after, cancel})
		tr.Train(ctx)
		cancel()
	}
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 1+tinyEpochs || lines[0]+"\n" != csvHead || !strings.HasPrefix(lines[3], "3,13,") {
		t.Errorf("the table is\n%s", text)
	}
	text, err = os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	lines = strings.Split(strings.TrimSpace(string(text)), "\n")
	var last Epoch
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || len(lines) != tinyEpochs || last.Epoch != tinyEpochs || last.LR != 0.01 {
		t.Errorf("the list has %d lines, the last is %+v, %v", len(lines), last, err)
	}
	tr, _ := r.start(t, "", CSVLog(filepath.Join(folder, "none", "log.csv")))
	if _, err := tr.Train(context.Background()); err == nil || !strings.Contains(err.Error(), "choose a file") {
		t.Errorf("a file that cannot be written gives %v", err)
	}
}

// FindLearningRate leaves everything as it was, and finds a rate at which the loss
// falls, below those at which it explodes.
func TestFindLearningRate(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	rng := nprandom.New(1)
	net := convnet.Build[float32](rng, []int{1, tinySide, tinySide}, convnet.He,
		convnet.Conv(4, 3, 1, 0), convnet.BatchNorm(), convnet.Relu(), convnet.Dropout(0.1), convnet.Affine(10))
	digest, state := net.Digest(), rng.State()
	c := Config{Rng: rng, MiniBatchSize: 20, Callbacks: []Callback{&stopper{}}, Folder: "none"}
	curve, err := FindLearningRate(net, data, c, RateSearch{From: 1e-5, To: 1e4, Steps: 120})
	if err != nil {
		t.Fatal(err)
	}
	if net.Digest() != digest || !reflect.DeepEqual(rng.State(), state) {
		t.Error("the network or the random source is not as before")
	}
	n := len(curve.Rates)
	if n < 60 || n == 120 || len(curve.Loss) != n || len(curve.Smooth) != n || curve.Rates[0] != 1e-5 {
		t.Errorf("the curve has %d rates, %d losses, %d smooth ones, from %v", n, len(curve.Loss), len(curve.Smooth), curve.Rates[0])
	}
	if curve.Steepest < 1e-3 || curve.Steepest >= curve.Rates[n-1] {
		t.Errorf("the steepest fall is at %v, the last rate %v", curve.Steepest, curve.Rates[n-1])
	}
	if _, err := FindLearningRate(net, data, c, RateSearch{From: 1, To: 0.1}); err == nil || !strings.Contains(err.Error(), "rates that grow") {
		t.Errorf("rates that fall give %v", err)
	}
}

func TestForeignSource(t *testing.T) {
	net := convnet.Build[float32](constant{}, []int{1, tinySide, tinySide}, convnet.He, convnet.Affine(10), convnet.Dropout(0.5))
	_, err := New(net, openTiny(t, writeTiny(t)), Config{Rng: nprandom.New(0), Folder: t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "draws from a trainer.constant") {
		t.Errorf("a source that cannot be kept gives %v", err)
	}
}

// constant is a random source that is none.
type constant struct{}

func (constant) Rand() float64  { return 0.7 }
func (constant) Randn() float64 { return 0.1 }
