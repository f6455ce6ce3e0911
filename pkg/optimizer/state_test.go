package optimizer

import (
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// An optimizer that takes over the state of another goes on with the same bits.
func TestStateGoesOn(t *testing.T) {
	for _, name := range Names() {
		goesOn[float32](t, name)
		goesOn[float64](t, name)
	}
}

func goesOn[T ndarray.Float](t *testing.T, name string) {
	t.Helper()
	rng := nprandom.New(0)
	whole := map[string]*ndarray.Array[T]{"W1": ndarray.Randn[T](rng, 3, 5), "b1": ndarray.Randn[T](rng, 5)}
	parted := map[string]*ndarray.Array[T]{"W1": whole["W1"].Clone(), "b1": whole["b1"].Clone()}
	opt := ready[T](t, name)
	other := ready[T](t, name)
	for step := range 20 {
		if step == 10 {
			next := ready[T](t, name)
			if err := next.SetState(other.State()); err != nil {
				t.Fatal(err)
			}
			next.SetLearningRate(other.LearningRate())
			other = next
		}
		if step == 5 {
			opt.SetLearningRate(0.123)
			other.SetLearningRate(0.123)
		}
		grads := map[string]*ndarray.Array[T]{"W1": ndarray.Randn[T](rng, 3, 5), "b1": ndarray.Randn[T](rng, 5)}
		opt.Update(whole, grads)
		other.Update(parted, grads)
	}
	for p := range whole {
		for i, v := range whole[p].Data() {
			if v != parted[p].Data()[i] {
				t.Fatalf("%s of %T: %s[%d] is %v after a change of hands, %v without", name, v, p, i, parted[p].Data()[i], v)
			}
		}
	}
}

func ready[T ndarray.Float](t *testing.T, name string) Stateful[T] {
	t.Helper()
	opt, err := New[T](name, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return opt
}

func TestStateOfAnotherKind(t *testing.T) {
	adam := ready[float32](t, "adam")
	adam.Update(map[string]*ndarray.Array[float32]{"b1": ndarray.Zeros[float32](2)},
		map[string]*ndarray.Array[float32]{"b1": ndarray.Full[float32](1, 2)})
	if err := ready[float32](t, "sgd").SetState(adam.State()); err == nil || !strings.Contains(err.Error(), `SGD keeps no moment "m"; its state has none`) {
		t.Errorf("Adam's state in SGD gives %v", err)
	}
	if err := adam.SetState(State[float32]{Updates: -1}); err == nil || adam.State().Updates != 1 {
		t.Errorf("-1 updates give %v, and the optimizer has %d", err, adam.State().Updates)
	}
}
