package distributed

import (
	"context"
	"fmt"
	"strings"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// Shards is the number of pieces that a batch is cut into, for any number of
// processes.
const Shards = 8

// Network is what Train needs of a network; those of convnet in float32 have it.
type Network interface {
	Params() map[string]*ndarray.Array[float32]
	ParamNames() []string
	LayerNames() []string
	InputShape() []int
	LossGradient(x *ndarray.Array[float32], t []int) (float32, map[string]*ndarray.Array[float32])
	Digest() string
}

// Config says how to train.
type Config struct {
	Processes int // 1, 2, 4 or 8
	Steps     int
	BatchSize int // a multiple of Shards
	LR        float64
	Rng       *nprandom.RandomState // draws the batches, as the class's Trainer does
	// Throttle is how many bytes a second may pass between two processes; 0 is as
	// many as the pipe takes.
	Throttle float64
}

// Result is what a training leaves beside the network.
type Result struct {
	Loss     []float64     // before each update
	Took     time.Duration // for all steps, without starting the processes
	Waited   time.Duration // of it, the first process waited for gradients of others or sent its own
	Bytes    int64         // that passed between the processes
	Digest   string        // of the trained weights, the same in every process
	Children int           // processes that were started besides this one
}

// PerStep returns the milliseconds of one step.
func (r *Result) PerStep() float64 {
	return float64(r.Took.Microseconds()) / 1000 / float64(max(len(r.Loss), 1))
}

// Train trains net with Adam in so many processes. It returns an error for a
// Config that makes no sense, for a network with layers that see the whole
// batch or draw (BatchNormalization, Dropout: each process would have its
// own), when a process fails, and when ctx is cancelled. In the processes that
// it starts it does not return.
func Train(ctx context.Context, net Network, set *dataset.Set, c Config) (*Result, error) {
	if err := c.check(net, set); err != nil {
		return nil, err
	}
	switch role, err := nextCall(); {
	case err != nil:
		return nil, err
	case role.skip:
		return &Result{}, nil
	case role.rank > 0:
		serve(net, set, c, role.rank)
	}
	others, err := start(ctx, c)
	if err != nil {
		return nil, err
	}
	result, err := lead(ctx, net, set, c, others)
	if stopped := others.stop(err != nil); err == nil {
		err = stopped
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}

func (c Config) check(net Network, set *dataset.Set) error {
	switch {
	case c.Processes != 1 && c.Processes != 2 && c.Processes != 4 && c.Processes != 8:
		return fmt.Errorf("distributed.Train: Processes is %d; it can be 1, 2, 4 or 8, so that each gets the same share of %d shards", c.Processes, Shards)
	case c.BatchSize <= 0 || c.BatchSize%Shards != 0:
		return fmt.Errorf("distributed.Train: BatchSize is %d; it must be a multiple of %d, the number of shards", c.BatchSize, Shards)
	case c.Steps <= 0:
		return fmt.Errorf("distributed.Train: Steps is %d; there must be one at least", c.Steps)
	case !(c.LR > 0) || c.LR > 1:
		return fmt.Errorf("distributed.Train: LR is %v; a learning rate lies above 0 and is 1 at most", c.LR)
	case c.Throttle < 0:
		return fmt.Errorf("distributed.Train: Throttle is %v bytes a second; 0 is without a limit", c.Throttle)
	case c.Rng == nil:
		return fmt.Errorf("distributed.Train: Rng is nil; nprandom.New(0) draws the batches")
	case set.Len() == 0:
		return fmt.Errorf("distributed.Train: the set has no images")
	}
	for _, name := range net.LayerNames() {
		if strings.HasPrefix(name, "Dropout") || strings.HasPrefix(name, "BatchNorm") {
			return fmt.Errorf("distributed.Train: the network has %s, and each process would draw or average on its own; train a network without it", name)
		}
	}
	return nil
}

// worker is one process's part in the training.
type worker struct {
	net    Network
	names  []string
	set    *dataset.Set
	first  int // shard
	shards int
	size   int // samples of a shard
	// settings are the numbers that all processes must agree on.
	settings []int
	adam     optimizer.Stateful[float32]
	x        *ndarray.Array[float32]
	t        []int
	scaled   map[string]*ndarray.Array[float32] // the mean gradient, for the update
}

func newWorker(net Network, set *dataset.Set, c Config, rank int) (*worker, error) {
	adam, err := optimizer.New[float32]("adam", optimizer.Settings{LR: c.LR})
	if err != nil {
		return nil, err
	}
	w := &worker{net: net, names: net.ParamNames(), set: set, adam: adam,
		shards: Shards / c.Processes, size: c.BatchSize / Shards,
		scaled: map[string]*ndarray.Array[float32]{}}
	w.first = rank * w.shards
	w.settings = []int{c.Processes, c.Steps, c.BatchSize, w.numbers(), set.Len()}
	w.x, w.t = ndarray.Zeros[float32](append([]int{w.size}, net.InputShape()...)...), make([]int, w.size)
	for name, p := range net.Params() {
		w.scaled[name] = ndarray.Zeros[float32](p.Shape()...)
	}
	return w, nil
}

// numbers is the length of a sum: all gradients, and the loss.
func (w *worker) numbers() int {
	n := 1
	for _, p := range w.net.Params() {
		n += p.Size()
	}
	return n
}

// sum adds the gradients, and at the end the loss, of this process's shards of a
// batch.
func (w *worker) sum(batch []int) []float32 {
	return w.between(batch, w.first, w.first+w.shards)
}

// between adds the shards from lo up to hi: each half, then the two halves.
func (w *worker) between(batch []int, lo, hi int) []float32 {
	if hi-lo > 1 {
		return add(w.between(batch, lo, (lo+hi)/2), w.between(batch, (lo+hi)/2, hi))
	}
	dataset.Gather(w.set, batch[lo*w.size:hi*w.size], w.x, w.t)
	loss, grads := w.net.LossGradient(w.x, w.t)
	sum := make([]float32, 0, w.numbers())
	for _, name := range w.names {
		sum = append(sum, grads[name].Data()...)
	}
	return append(sum, loss)
}

// add adds b to a.
func add(a, b []float32) []float32 {
	for i, v := range b {
		a[i] += v
	}
	return a
}

// update steps by the mean of the shards and returns the mean loss.
func (w *worker) update(sum []float32) float64 {
	at := 0
	for _, name := range w.names {
		grad := w.scaled[name].Data()
		for i := range grad {
			grad[i] = sum[at+i] / Shards
		}
		at += len(grad)
	}
	w.adam.Update(w.net.Params(), w.scaled)
	return float64(sum[at]) / Shards
}
