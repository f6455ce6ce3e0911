package trainer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/params"
)

// Network is what a Trainer trains: *convnet.Sequential and all that embed it.
type Network[T ndarray.Float] interface {
	InputShape() []int
	Classes() int
	Params() map[string]*ndarray.Array[T]
	State() map[string]*ndarray.Array[T]
	LossGradient(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T])
	Loss(x *ndarray.Array[T], t []int) T
	Accuracy(x *ndarray.Array[T], t []int) float64
	Digest() string
}

// Config holds the arguments of the class's Trainer. A zero value stands for
// the class's default.
type Config struct {
	Epochs        int // 20
	MiniBatchSize int // 100

	Optimizer      string             // by the class's name; "sgd"
	OptimizerParam optimizer.Settings // LR 0.01, the class's default, unless the optimizer has its own

	// EvaluateSampleNumPerEpoch is how many of the first training and test
	// samples the accuracy of an epoch is measured on; 0 takes all.
	EvaluateSampleNumPerEpoch int

	// Rng draws the batches. Give the network and the trainer the same one to
	// draw in the class's order.
	Rng *nprandom.RandomState

	// Verbose prints the class's log to Log (os.Stdout): a line for each epoch
	// and the final accuracy. PrintLoss adds a line for each step.
	Verbose   bool
	PrintLoss bool
	Log       io.Writer

	// ClassExact repeats what the class's Python does where it differs: the
	// logged loss is of a second forward pass after the update, in training
	// mode, so that dropout draws twice; an epoch may be a fraction of a step
	// longer than a whole number of batches; accuracy leaves out a last batch
	// of less than 100 samples but divides by the full count.
	ClassExact bool

	Callbacks []Callback

	// Folder, where it is set, receives params.npz and history.json when all
	// epochs are done.
	Folder string
}

// Train is New and Trainer.Train in one.
func Train[T ndarray.Float](ctx context.Context, net Network[T], data *dataset.Data, config Config) (*History, error) {
	tr, err := New(net, data, config)
	if err != nil {
		return nil, err
	}
	return tr.Train(ctx)
}

// Must returns history, or panics with err: for notebooks, where an error should
// stop the cell and be read.
func Must(history *History, err error) *History {
	if err != nil {
		panic(err)
	}
	return history
}

// Trainer trains one network on one data set.
type Trainer[T ndarray.Float] struct {
	net       Network[T]
	data      *dataset.Data
	config    Config
	optimizer optimizer.Optimizer[T]
	schedule  schedule

	x       *ndarray.Array[T] // one batch
	t       []int
	indices []int
	history *History
}

// New prepares training of net on data. The error names what cannot work:
// samples of another shape than the network's input, labels beyond its classes,
// an unknown optimizer, an empty training set, a config without Rng.
func New[T ndarray.Float](net Network[T], data *dataset.Data, config Config) (*Trainer[T], error) {
	config = config.withDefaults()
	if config.Rng == nil {
		return nil, errors.New("trainer: Config.Rng is not set; give it a random source such as nprandom.New(0)")
	}
	if config.Epochs < 0 || config.MiniBatchSize < 0 || config.EvaluateSampleNumPerEpoch < 0 {
		return nil, fmt.Errorf("trainer: Epochs %d, MiniBatchSize %d, EvaluateSampleNumPerEpoch %d: none may be negative",
			config.Epochs, config.MiniBatchSize, config.EvaluateSampleNumPerEpoch)
	}
	if data.Train.Len() == 0 || data.Test.Len() == 0 {
		return nil, fmt.Errorf("trainer: %d training and %d test samples; there must be at least one of each", data.Train.Len(), data.Test.Len())
	}
	c, h, w := data.Train.Shape()
	if err := fits(net.InputShape(), []int{c, h, w}); err != nil {
		return nil, err
	}
	if len(data.Classes) > net.Classes() {
		return nil, fmt.Errorf("trainer: the data has %d classes, the network scores only %d; make its last layer as wide", len(data.Classes), net.Classes())
	}
	opt, err := optimizer.New[T](config.Optimizer, config.OptimizerParam)
	if err != nil {
		return nil, err
	}
	return &Trainer[T]{
		net: net, data: data, config: config, optimizer: opt, schedule: newSchedule(data.Train.Len(), config),
		x:       ndarray.Zeros[T](config.MiniBatchSize, c, h, w),
		t:       make([]int, config.MiniBatchSize),
		indices: make([]int, config.MiniBatchSize),
		history: &History{Dataset: data.Name, StandIn: data.StandIn},
	}, nil
}

func (c Config) withDefaults() Config {
	if c.Epochs == 0 {
		c.Epochs = 20
	}
	if c.MiniBatchSize == 0 {
		c.MiniBatchSize = 100
	}
	if c.Optimizer == "" {
		c.Optimizer = "sgd"
	}
	if c.Log == nil {
		c.Log = os.Stdout
	}
	return c
}

func fits(network, sample []int) (err error) {
	defer func() {
		if shape, ok := recover().(*ndarray.ShapeError); ok {
			err = shape
		}
	}()
	ndarray.CheckShape("trainer: samples of the data set", sample, network, "the wanted shape is the network's input")
	return nil
}

// History returns the record so far.
func (tr *Trainer[T]) History() *History { return tr.history }

// Train runs all epochs and returns the history. When ctx is cancelled, or a
// callback returns an error, training stops between two steps: the history up
// to there comes back with the error.
func (tr *Trainer[T]) Train(ctx context.Context) (*History, error) {
	began := time.Now()
	event := Event{Epochs: tr.config.Epochs, Steps: tr.schedule.steps, History: tr.history}
	for _, c := range tr.config.Callbacks {
		c.TrainBegin(event)
	}
	err := tr.steps(ctx, &event, began)
	if err == nil || errors.Is(err, ErrStop) {
		err = nil
		tr.finish()
	}
	tr.history.TotalTime = time.Since(began)
	if tr.history.Complete && tr.config.Folder != "" {
		err = tr.keep()
	}
	event.Elapsed = tr.history.TotalTime
	for _, c := range tr.config.Callbacks {
		c.TrainEnd(event, err)
	}
	return tr.history, err
}

func (tr *Trainer[T]) steps(ctx context.Context, event *Event, began time.Time) error {
	log := classLog{tr.config.Log}
	for step := 1; step <= tr.schedule.steps; step++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("trainer: stopped after %d of %d steps: %w", step-1, tr.schedule.steps, context.Cause(ctx))
		}
		loss := tr.step()
		event.Step, event.Loss, event.Elapsed = step, loss, time.Since(began)
		if tr.config.PrintLoss {
			log.loss(loss)
		}
		if tr.schedule.evaluates(step) {
			event.Epoch++
			tr.evaluate(event)
			if tr.config.Verbose {
				log.epoch(tr.history.Epochs[len(tr.history.Epochs)-1])
			}
			event.Elapsed = time.Since(began)
			for _, c := range tr.config.Callbacks {
				if err := c.EpochEnd(*event); err != nil {
					return err
				}
			}
		}
		for _, c := range tr.config.Callbacks {
			if err := c.StepEnd(*event); err != nil {
				return err
			}
		}
	}
	return nil
}

// step draws a batch, updates the parameters, and returns and logs the loss.
func (tr *Trainer[T]) step() float64 {
	began := time.Now()
	tr.config.Rng.ChoiceInto(tr.data.Train.Len(), tr.indices)
	dataset.Gather(tr.data.Train, tr.indices, tr.x, tr.t)
	loss, grads := tr.net.LossGradient(tr.x, tr.t)
	tr.optimizer.Update(tr.net.Params(), grads)
	if tr.config.ClassExact {
		loss = tr.net.Loss(tr.x, tr.t)
	}
	tr.history.Loss = append(tr.history.Loss, float64(loss))
	tr.history.StepTime += time.Since(began)
	return float64(loss)
}

func (tr *Trainer[T]) evaluate(event *Event) {
	head := func(s *dataset.Set) *dataset.Set {
		if n := tr.config.EvaluateSampleNumPerEpoch; n > 0 && n < s.Len() {
			return s.Head(n)
		}
		return s
	}
	epoch := Epoch{Epoch: event.Epoch, Step: event.Step,
		TrainAcc: tr.accuracy(head(tr.data.Train)), TestAcc: tr.accuracy(head(tr.data.Test))}
	epoch.Elapsed = event.Elapsed
	tr.history.Epochs = append(tr.history.Epochs, epoch)
}

func (tr *Trainer[T]) finish() {
	tr.history.FinalTestAcc = tr.accuracy(tr.data.Test)
	tr.history.Digest = tr.net.Digest()
	tr.history.Complete = true
	if tr.config.Verbose {
		classLog{tr.config.Log}.final(tr.history)
	}
}

func (tr *Trainer[T]) keep() error {
	if err := params.Save(filepath.Join(tr.config.Folder, "params.npz"), tr.net.State()); err != nil {
		return err
	}
	return tr.history.Save(filepath.Join(tr.config.Folder, "history.json"))
}

func (tr *Trainer[T]) accuracy(s *dataset.Set) float64 {
	const classBatch = 100
	counted := s.Len()
	if tr.config.ClassExact {
		counted -= counted % classBatch
	}
	return float64(correct(tr.net, s.Head(counted))) / float64(s.Len())
}

// Accuracy returns the share of the samples of s that net classifies right.
func Accuracy[T ndarray.Float](net Network[T], s *dataset.Set) float64 {
	return float64(correct(net, s)) / float64(s.Len())
}

// correct counts the samples of s that net classifies right.
func correct[T ndarray.Float](net Network[T], s *dataset.Set) int {
	right := 0
	each(s, func(x *ndarray.Array[T], t []int) {
		right += int(math.Round(net.Accuracy(x, t) * float64(len(t))))
	})
	return right
}

// each calls do with the samples of s, a thousand at a time.
func each[T ndarray.Float](s *dataset.Set, do func(x *ndarray.Array[T], t []int)) {
	const chunk = 1000
	c, h, w := s.Shape()
	n := min(chunk, s.Len())
	x, t, indices := ndarray.Zeros[T](n, c, h, w), make([]int, n), make([]int, n)
	for lo := 0; lo < s.Len(); lo += chunk {
		n := min(chunk, s.Len()-lo)
		for i := range n {
			indices[i] = lo + i
		}
		dataset.Gather(s, indices[:n], x.Slice(0, n), t[:n])
		do(x.Slice(0, n), t[:n])
	}
}

// schedule says how many steps there are and on which ones an epoch begins.
type schedule struct {
	steps    int
	perEpoch float64 // a whole number except in class-exact mode
}

func newSchedule(samples int, c Config) schedule {
	perEpoch := max(float64(samples)/float64(c.MiniBatchSize), 1)
	if !c.ClassExact {
		perEpoch = math.Floor(perEpoch)
	}
	return schedule{steps: int(float64(c.Epochs) * perEpoch), perEpoch: perEpoch}
}

func (s schedule) evaluates(step int) bool { return math.Mod(float64(step-1), s.perEpoch) == 0 }
