package trainer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

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

	// ValidationSplit is the share of the training set, taken from its end,
	// that is not trained on: the accuracy on it is measured each epoch, and
	// EarlyStopping and ReduceOnPlateau go by it, so that the test set stays
	// unseen. 0 holds nothing back, as the class does; 0.1 is usual.
	ValidationSplit float64

	// Augment changes the images of every batch at random, with a random source
	// of its own. The accuracies are measured on images as they are.
	Augment dataset.Augmentation

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

	// Device, where it is set, computes the steps: gpu.Open returns one. All else stays as it
	// is; the numbers follow those of the processor within rounding.
	Device Device

	// Keep, where it is set, keeps the run under this name: see the package
	// documentation. A name with a separator is the path of a folder of one's own.
	// CheckpointEvery is the longest time between two checkpoints (10 s).
	// Restart gives up what is kept of the run with these settings and trains anew.
	Keep            string
	CheckpointEvery time.Duration
	Restart         bool
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
	if c.CheckpointEvery == 0 {
		c.CheckpointEvery = 10 * time.Second
	}
	return c
}

func (c Config) check() error {
	if c.Rng == nil {
		return errors.New("trainer: Config.Rng is not set; give it a random source such as nprandom.New(0)")
	}
	if c.Epochs < 0 || c.MiniBatchSize < 0 || c.EvaluateSampleNumPerEpoch < 0 {
		return fmt.Errorf("trainer: Epochs %d, MiniBatchSize %d, EvaluateSampleNumPerEpoch %d: none may be negative",
			c.Epochs, c.MiniBatchSize, c.EvaluateSampleNumPerEpoch)
	}
	if !(c.ValidationSplit >= 0 && c.ValidationSplit < 1) {
		return fmt.Errorf("trainer: ValidationSplit %v: want a share of the training set from 0 to below 1, such as 0.1", c.ValidationSplit)
	}
	if err := c.Augment.Check(); err != nil {
		return fmt.Errorf("trainer: %w", err)
	}
	if lr := c.OptimizerParam.LR; !(lr >= 0) || !finite(lr) {
		return fmt.Errorf("trainer: a learning rate of %v: want a number above 0, such as 0.001", lr)
	}
	for _, callback := range c.Callbacks {
		if callback == nil {
			return errors.New("trainer: one of Config.Callbacks is nil; leave it out")
		}
		if callback, ok := callback.(Checker); ok {
			if err := callback.Check(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// parts are the samples that a run works with.
type parts struct{ train, validation, test *dataset.Set }

// divide holds back what is to be validated on, and checks that the network can
// take the samples.
func divide[T ndarray.Float](net Network[T], data *dataset.Data, c Config) (parts, error) {
	held := int(float64(data.Train.Len()) * c.ValidationSplit)
	p := parts{data.Train.Head(data.Train.Len() - held), data.Train.Tail(held), data.Test}
	if p.train.Len() == 0 || p.test.Len() == 0 {
		return p, fmt.Errorf("trainer: %d training and %d test samples; there must be at least one of each", p.train.Len(), p.test.Len())
	}
	if c.ValidationSplit > 0 && held == 0 {
		return p, fmt.Errorf("trainer: ValidationSplit %v of %d samples holds none back; raise it", c.ValidationSplit, data.Train.Len())
	}
	ch, h, w := p.train.Shape()
	if err := fits(net.InputShape(), []int{ch, h, w}); err != nil {
		return p, err
	}
	if len(data.Classes) > net.Classes() {
		return p, fmt.Errorf("trainer: the data has %d classes, the network scores only %d; make its last layer as wide", len(data.Classes), net.Classes())
	}
	return p, nil
}

func fits(network, sample []int) (err error) {
	defer func() {
		if shape, ok := recover().(*ndarray.ShapeError); ok {
			err = shape
		}
	}()
	shapes.Check("trainer: samples of the data set", sample, network, "the wanted shape is the network's input")
	return nil
}
