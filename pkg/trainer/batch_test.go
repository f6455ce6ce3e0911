package trainer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/internal/workers"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// seen notes after each step all that a callback can see of the random numbers and of the
// network, and does what a callback may do.
type seen[T ndarray.Float] struct {
	Base
	tr    *training[T]
	also  func(tr *training[T], e Event)
	notes []string
}

func (s *seen[T]) StepEnd(e Event) error {
	s.note()
	if s.also != nil {
		s.also(s.tr, e)
	}
	return nil
}

func (s *seen[T]) note() {
	sources, err := s.tr.sources()
	if err != nil {
		panic(err)
	}
	random := sha256.New()
	for _, source := range sources {
		state, err := source.State().MarshalBinary()
		if err != nil {
			panic(err)
		}
		random.Write(state)
	}
	s.notes = append(s.notes, fmt.Sprintf("%x %s %v", random.Sum(nil)[:8], s.tr.net.Digest(), s.tr.history.Loss))
}

// gated is a Dropout that the engine does not know: it runs in copies.
type gated[T ndarray.Float] struct{ *layers.Dropout[T] }

func (g gated[T]) ShareFrom(src ndarray.Source) layers.Layer[T] {
	return gated[T]{layers.NewDropout[T](src, g.Ratio)}
}

// alone is one that cannot be copied: it sees the batch as a whole.
type alone[T ndarray.Float] struct{ dropout *layers.Dropout[T] }

func (a alone[T]) Name() string                                   { return "Alone" }
func (a alone[T]) Source() ndarray.Source                         { return a.dropout.Source() }
func (a alone[T]) OutputShape(in []int) []int                     { return in }
func (a alone[T]) Backward(d *ndarray.Array[T]) *ndarray.Array[T] { return a.dropout.Backward(d) }
func (a alone[T]) Forward(x *ndarray.Array[T], train bool) *ndarray.Array[T] {
	return a.dropout.Forward(x, train)
}

// twice is a network whose gradient draws twice for each step.
type twice[T ndarray.Float] struct{ *convnet.Sequential[T] }

func (n twice[T]) LossGradient(x *ndarray.Array[T], t []int) (T, map[string]*ndarray.Array[T]) {
	n.Sequential.LossGradient(x, t)
	return n.Sequential.LossGradient(x, t)
}

// A run on several processors draws ahead, and yet nobody sees at any moment another number
// than on one, where nothing is drawn ahead.
func TestDrawnAheadIsNotSeen(t *testing.T) {
	data := openTiny(t, writeTiny(t))
	t.Run("float32", func(t *testing.T) { drawsAhead[float32](t, tinyRun[float32]{data: data, optimizer: "adam"}) })
	t.Run("float64", func(t *testing.T) { drawsAhead[float64](t, tinyRun[float64]{data: data, optimizer: "adam"}) })
}

func drawsAhead[T ndarray.Float](t *testing.T, tiny tinyRun[T]) {
	dropout := func(tr *training[T]) *layers.Dropout[T] {
		return tr.net.(*convnet.Sequential[T]).Layer("Dropout1").(*layers.Dropout[T])
	}
	own := func(layer func(d *layers.Dropout[T]) layers.Layer[T]) func(tr *training[T]) {
		return func(tr *training[T]) {
			rng := tr.config.Rng
			tr.net = convnet.NewSequential([]int{1, tinySide, tinySide},
				layers.NewConvolution(ndarray.Randn[T](rng, 4, 1, 3, 3), ndarray.Zeros[T](4), 1, 0), layers.NewRelu[T](), layers.NewPooling[T](2, 2, 2, 0),
				layer(layers.NewDropout[T](rng, 0.2)), layers.NewAffine(ndarray.Randn[T](rng, 36, 10), ndarray.Zeros[T](10)), layers.NewDropout[T](rng, 0.4))
		}
	}
	for _, c := range []struct {
		name   string
		ahead  int // batches that are drawn ahead and used; -1 for all but the first, 35
		change func(c *Config)
		other  func(tr *training[T])
		also   func(tr *training[T], e Event)
		own    bool
	}{
		{name: "one source", ahead: -1},
		{name: "two sources", ahead: -1, own: true},
		{name: "class-exact", ahead: -1, change: func(c *Config) { c.ClassExact = true }},
		{name: "augmented", ahead: -1, change: func(c *Config) { c.Augment.Shift = 2 }},
		{name: "a batch of one", ahead: -1, change: func(c *Config) { c.MiniBatchSize, c.Epochs = 1, 1 }},
		{name: "a layer in copies", ahead: -1, other: own(func(d *layers.Dropout[T]) layers.Layer[T] { return gated[T]{d} })},
		{name: "a layer alone", ahead: -1, other: own(func(d *layers.Dropout[T]) layers.Layer[T] { return alone[T]{d} })},
		{name: "a callback that draws each time", ahead: 0, also: func(tr *training[T], e Event) { tr.config.Rng.Rand() }},
		{name: "a callback that draws now and then", ahead: 35 - 8, also: func(tr *training[T], e Event) {
			if e.Step%4 == 0 {
				tr.config.Rng.Randn()
			}
		}},
		{name: "a callback that seeds", ahead: 35 - 7, also: func(tr *training[T], e Event) {
			if e.Step%5 == 3 {
				tr.config.Rng.Seed(7)
			}
		}},
		{name: "a callback that goes back", ahead: -1, also: func(tr *training[T], e Event) {
			state := tr.config.Rng.State()
			tr.net.Loss(tr.x, tr.t)
			if err := tr.config.Rng.SetState(state); err != nil {
				panic(err)
			}
		}},
		{name: "a callback that looks at the loss", ahead: 35 - 8, also: func(tr *training[T], e Event) {
			if e.Step%4 == 0 {
				tr.net.Loss(tr.x, tr.t)
				tr.net.Accuracy(tr.x, tr.t)
			}
		}},
		{name: "a callback that changes the ratio", ahead: -1, also: func(tr *training[T], e Event) { dropout(tr).Ratio = 0.1 * float64(e.Step%4) }},
		{name: "a network that draws twice", ahead: 0, other: func(tr *training[T]) { tr.net = twice[T]{tr.net.(*convnet.Sequential[T])} }},
	} {
		run := func() (*seen[T], int) {
			tiny := tiny
			tiny.ownSource, tiny.change = c.own, c.change
			look := &seen[T]{also: c.also}
			tr, _ := tiny.start(t, "", look)
			look.tr = tr
			if c.other != nil {
				c.other(tr)
			}
			if _, err := tr.Train(context.Background()); err != nil {
				t.Fatal(err)
			}
			look.note()
			return look, tr.foresight.taken
		}
		old := runtime.GOMAXPROCS(1)
		want, taken := run()
		if taken != 0 {
			t.Errorf("%s: on one processor %d batches are drawn ahead", c.name, taken)
		}
		for _, procs := range []int{2, 8} {
			runtime.GOMAXPROCS(procs)
			stop := workers.Disturb(func() {
				if rand.IntN(20) == 0 {
					time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
				}
			})
			got, taken := run()
			stop()
			ahead := c.ahead
			if ahead < 0 {
				ahead = len(want.tr.history.Loss) - 1
			}
			if taken != ahead {
				t.Errorf("%s: %d batches of %d are drawn ahead, want %d", c.name, taken, len(want.tr.history.Loss), ahead)
			}
			if !slices.Equal(got.notes, want.notes) {
				for i := range want.notes {
					if i >= len(got.notes) || got.notes[i] != want.notes[i] {
						t.Errorf("%s: on %d processors a callback sees after step %d of %d another state of the random numbers, or another network", c.name, procs, i+1, len(want.notes)-1)
						break
					}
				}
			}
		}
		runtime.GOMAXPROCS(old)
	}
}

// No step allocates anything for the batch that it draws ahead.
func TestDrawingAheadAllocatesNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	tr, _ := tinyRun[float32]{data: openTiny(t, writeTiny(t)), optimizer: "adam"}.start(t, "")
	tr.schedule.steps = 1 << 30
	draw := func() {
		tr.draw()
		tr.drawAhead()
		tr.net.LossGradient(tr.x, tr.t)
	}
	const steps = 50
	least := uint64(math.MaxUint64) // others in the program may allocate something meanwhile
	for range 10 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range steps {
			draw()
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.Mallocs-before.Mallocs)
	}
	if least > 0 || tr.foresight.taken < 9*steps {
		t.Errorf("%d steps allocate %d times while %d batches are drawn ahead", steps, least, tr.foresight.taken)
	}
}
