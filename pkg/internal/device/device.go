// Package device is what pkg/trainer and a device that trains for it, such as that of
// pkg/gpu, say to each other. It has no generic types, so that a cell does not compile any
// for it; networks are of float32.
package device

import "convbook/pkg/dataset"

// Work is a training that a device is to take over.
type Work struct {
	Input     []int    // shape of one sample
	Names     []string // of the layers, in order
	Layers    []any    // the layers, each a layers.Layer[float32]
	Learn     []Param  // the parameters that learn
	Optimizer any      // an optimizer.Stateful[float32]
	Batch     int      // samples of a step

	Train *dataset.Set   // what the batches are drawn from
	Sets  []*dataset.Set // what Right is asked about, parts of Train or others
}

// Param is a parameter by its name, as the optimizer knows it. Values is the network's own
// slice.
type Param struct {
	Name   string
	Values []float32
}

// Plan is a training on a device. The parameters of the network, its running values and
// what the optimizer remembers lie on the device; Store and Load move them.
type Plan interface {
	// Step enqueues a step: gradient and update. It draws for Dropout from the layers' own
	// sources. images is nil, or holds the batch where it was changed after it was drawn;
	// indices are those of the batch in Train in either case. With again the loss is that
	// of a second forward pass after the update. No more than Ahead steps may wait for
	// Loss.
	Step(indices []int, images []float32, again bool) error

	// Loss waits for the oldest step whose loss was not returned yet. After a loss that is not
	// finite no step changes the parameters any more.
	Loss() (float64, error)

	// Ahead is how many steps may be enqueued whose loss was not asked for.
	Ahead() int

	// Launches is how many kernels a step consists of.
	Launches() int

	// Bytes is what a step moves to and from the device's memory if each kernel reads what it
	// needs and writes what it makes once.
	Bytes() int

	// Right counts the samples of a set, one of Work.Sets or the first samples of one,
	// that are classified right.
	Right(s *dataset.Set) (int, error)

	// Store brings network and optimizer up to date; Load hands to the device what was
	// changed in the network since.
	Store() error
	Load() error

	// Close frees what the plan has on the device.
	Close()
}
