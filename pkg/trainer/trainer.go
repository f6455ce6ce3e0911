package trainer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/internal/runfolder"
	"convbook/pkg/ndarray"
	"convbook/pkg/optimizer"
)

// Network is what a Trainer trains: *convnet.Sequential and all that embed it.
type Network[T ndarray.Float] interface {
	InputShape() []int
	Classes() int
	Params() map[string]*ndarray.Array[T]
	State() map[string]*ndarray.Array[T]
	SetParams(params map[string]*ndarray.Array[T]) error
	LossGradient(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T])
	Loss(x *ndarray.Array[T], t []int) T
	Accuracy(x *ndarray.Array[T], t []int) float64
	Digest() string
}

// Train is New and Trainer.Train in one.
func Train[T ndarray.Float](ctx context.Context, net Network[T], data *dataset.Data, config Config) (*History, error) {
	return bodies[T]().train(ctx, net, data, config)
}

func train[T ndarray.Float](ctx context.Context, net Network[T], data *dataset.Data, config Config) (*History, error) {
	tr, err := newTraining(net, data, config)
	if err != nil {
		return nil, err
	}
	return tr.Train(ctx)
}

// Must returns value, or panics with err: for notebooks, where an error should stop the
// cell and be read.
func Must[V any](value V, err error) V {
	if err != nil {
		panic(err)
	}
	return value
}

// Trainer trains one network on one data set.
type Trainer[T ndarray.Float] struct {
	history func() *History
	train   func(ctx context.Context) (*History, error)
}

// New prepares training of net on data. The error names what cannot work:
// samples of another shape than the network's input, labels beyond its classes,
// an unknown optimizer, an empty training set, a config without Rng.
func New[T ndarray.Float](net Network[T], data *dataset.Data, config Config) (*Trainer[T], error) {
	return bodies[T]().trainer(net, data, config)
}

// History returns the record so far.
func (tr *Trainer[T]) History() *History { return tr.history() }

// Train runs all epochs and returns the history. When ctx is cancelled, or a
// callback returns an error, training stops between two steps: the history up
// to there comes back with the error. With Config.Keep the same call, also in
// another program, goes on from there.
func (tr *Trainer[T]) Train(ctx context.Context) (*History, error) { return tr.train(ctx) }

func newTrainer[T ndarray.Float](net Network[T], data *dataset.Data, config Config) (*Trainer[T], error) {
	tr, err := newTraining(net, data, config)
	if err != nil {
		return nil, err
	}
	return &Trainer[T]{history: func() *History { return tr.history }, train: tr.Train}, nil
}

// training is what stands behind a Trainer.
type training[T ndarray.Float] struct {
	net       Network[T]
	data      parts
	config    Config
	optimizer optimizer.Stateful[T]
	rate      float64 // the optimizer's, as it was set
	schedule  schedule
	settings  runfile.Settings  // empty without a folder
	run       *runfolder.Folder // nil without a folder

	*batch[T] // of the last step
	foresight foresight[T]

	device  *deviceRun // nil on the processor, and before the first step
	history *History
	done    int           // steps
	before  time.Duration // how long the run was trained before it was resumed
	loaded  bool          // it was finished before
}

func newTraining[T ndarray.Float](net Network[T], data *dataset.Data, config Config) (*training[T], error) {
	if kind := reflect.ValueOf(net); net == nil || kind.Kind() == reflect.Pointer && kind.IsNil() {
		return nil, errors.New("trainer: the network is nil; make one, such as convnet.NewSimpleConvNet")
	}
	if data == nil || data.Train == nil || data.Test == nil {
		return nil, errors.New("trainer: there is no data, it is nil; open some, such as dataset.Open(\"fashion\")")
	}
	config = config.withDefaults()
	if err := config.check(); err != nil {
		return nil, err
	}
	if err := checkDevice(net, config); err != nil {
		return nil, err
	}
	divided, err := divide(net, data, config)
	if err != nil {
		return nil, err
	}
	opt, err := optimizer.New[T](config.Optimizer, config.OptimizerParam)
	if err != nil {
		return nil, err
	}
	c, h, w := divided.train.Shape()
	tr := &training[T]{
		net: net, data: divided, config: config, optimizer: opt, rate: opt.LearningRate(),
		schedule: newSchedule(divided.train.Len(), config),
		batch:    newBatch[T](config.MiniBatchSize, c, h, w),
		history:  &History{Dataset: data.Name, StandIn: data.StandIn},
	}
	if config.Keep != "" {
		if tr.settings, err = settingsOf(tr); err != nil {
			return nil, err
		}
	} else if folder := keptIn(config.Callbacks); folder != "" {
		// A run that draws from a source that cannot be kept does without.
		if settings, err := settingsOf(tr); err == nil {
			tr.settings, tr.config.Keep = settings, folder
		}
	}
	return tr, nil
}

func (tr *training[T]) Train(ctx context.Context) (*History, error) {
	if tr.config.Keep != "" {
		if err := tr.open(); err != nil {
			return tr.history, err
		}
		defer tr.run.Close()
	}
	defer tr.leaveDevice()
	began := time.Now()
	event := tr.event()
	for _, c := range tr.config.Callbacks {
		c.TrainBegin(event)
	}
	err := tr.replay(event)
	if err == nil && !tr.history.Complete {
		if err = tr.steps(ctx, &event, began); err != nil {
			err = tr.landed(err)
		}
	}
	if err == nil || errors.Is(err, ErrStop) {
		err = tr.finish(err)
	}
	if !tr.loaded {
		tr.history.TotalTime = tr.before + time.Since(began)
	}
	if err == nil {
		err = tr.keepFinished()
	}
	event.Elapsed = tr.history.TotalTime
	for _, c := range tr.config.Callbacks {
		c.TrainEnd(event, err)
	}
	return tr.history, err
}

// event tells where the run stands.
func (tr *training[T]) event() Event {
	e := Event{Epoch: len(tr.history.Epochs), Epochs: tr.config.Epochs, Step: tr.done, Steps: tr.schedule.steps,
		LR: tr.rate, Elapsed: tr.before, History: tr.history, Opened: tr.loaded, Run: control[T]{tr}}
	if tr.done > 0 {
		e.Loss = tr.history.Loss[tr.done-1]
	}
	return e
}

func (tr *training[T]) steps(ctx context.Context, event *Event, began time.Time) error {
	log := classLog{tr.config.Log}
	elapsed := func() time.Duration { return tr.before + time.Since(began) }
	for tr.done < tr.schedule.steps {
		if ctx.Err() != nil {
			if tr.flying() == 0 {
				return tr.interrupted(ctx, elapsed())
			}
			tr.device.settle = true
		}
		loss, err := tr.step()
		if err != nil {
			return err
		}
		event.Step, event.Loss, event.LR, event.Elapsed = tr.done, loss, tr.rate, elapsed()
		if tr.config.PrintLoss {
			log.loss(loss)
		}
		evaluates := tr.schedule.evaluates(tr.done)
		if evaluates {
			event.Epoch++
			if err := tr.evaluate(event); err != nil {
				return err
			}
			if tr.config.Verbose {
				log.epoch(tr.history.Epochs[len(tr.history.Epochs)-1])
			}
			event.Elapsed = elapsed()
			for _, c := range tr.config.Callbacks {
				if err := c.EpochEnd(*event); err != nil {
					return err
				}
			}
		}
		if err := tr.stepEnd(*event, evaluates); err != nil {
			return err
		}
		if tr.run != nil && tr.run.Due(evaluates) {
			if tr.flying() > 0 {
				tr.device.settle = true // and the checkpoint is still due after the next step
				continue
			}
			if err := tr.keepCheckpoint(elapsed()); err != nil {
				return err
			}
		}
		if tr.device != nil && tr.flying() == 0 {
			tr.device.settle = false
		}
	}
	return nil
}

// stepEnd calls the callbacks after a step. What they change in the network goes to the
// device.
func (tr *training[T]) stepEnd(event Event, evaluates bool) error {
	if tr.watched() || tr.done == tr.schedule.steps {
		if err := tr.sync(); err != nil {
			return err
		}
	}
	for _, c := range tr.config.Callbacks {
		if err := c.StepEnd(event); err != nil {
			return errors.Join(err, tr.reload())
		}
	}
	if tr.watched() || evaluates || tr.done == tr.schedule.steps {
		return tr.reload()
	}
	return nil
}

// finish measures what is left when the last step is done, or a callback stopped
// the run by an error around ErrStop.
func (tr *training[T]) finish(stop error) error {
	if tr.loaded {
		return nil
	}
	if err := errors.Join(tr.sync(), tr.reload()); err != nil {
		return err
	}
	if broken := tr.brokenParams(); broken != "" {
		return &NotFinite{tr.done, math.NaN(), tr.rate, broken}
	}
	alike := tr.data.train.Head(min(tr.data.train.Len(), tr.data.test.Len()))
	onTest, err := tr.accuracy(tr.data.test)
	if err != nil {
		return err
	}
	onTraining, err := tr.accuracy(alike)
	if err != nil {
		return err
	}
	tr.history.FinalTestAcc = onTest
	tr.history.Final = Final{onTraining, onTest, alike.Len(), tr.data.test.Len()}
	tr.history.Digest = tr.net.Digest()
	tr.history.Complete = true
	if stop != nil {
		tr.history.Stopped = stop.Error()
	}
	if tr.config.Verbose {
		classLog{tr.config.Log}.final(tr.history)
	}
	return nil
}

// interrupted keeps the run as it is and says where it stopped.
func (tr *training[T]) interrupted(ctx context.Context, elapsed time.Duration) error {
	again := ""
	if tr.run != nil {
		if err := tr.keepLast(elapsed); err != nil {
			return err
		}
		again = "; the same call goes on from there"
	}
	return fmt.Errorf("trainer: stopped after %d of %d steps%s: %w", tr.done, tr.schedule.steps, again, context.Cause(ctx))
}
