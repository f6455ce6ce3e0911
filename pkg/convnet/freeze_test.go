package convnet

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// What is frozen keeps its bits, the rest learns, and all of it is saved.
func TestFreeze(t *testing.T) {
	freezes[float32](t)
	freezes[float64](t)
}

func freezes[T ndarray.Float](t *testing.T) {
	t.Helper()
	rng := nprandom.New(0)
	net := Build[T](rng, []int{1, 8, 8}, He, Conv(3, 3, 1, 1), Relu(), Residual(Conv(3, 3, 1, 1)), Affine(6), Relu(), Affine(4))
	x, labels := ndarray.Rand[T](rng, 12, 1, 8, 8), rng.Choice(4, 12)
	adam := optimizer.NewAdam[T](0.01)
	step := func() { adam.Update(net.Params(), net.Gradient(x, labels)) }
	step() // the moments are not zero when the layers are frozen
	net.Freeze("Conv1", "Residual1")
	before, loss := map[string]*ndarray.Array[T]{}, net.Loss(x, labels)
	for name, p := range net.State() {
		before[name] = p.Clone()
	}
	for range 5 {
		step()
	}
	for name, p := range net.State() {
		if frozen := slices.Contains(net.Frozen(), name); frozen != p.Equal(before[name]) {
			t.Errorf("%T: %s is frozen: %v, is as before: %v", T(0), name, frozen, p.Equal(before[name]))
		}
	}
	if got := fmt.Sprint(net.Frozen(), net.ParamNames(), len(net.Params()), len(net.Gradient(x, labels)), len(net.State())); got != "[W1 b1 W2 b2] [W3 b3 W4 b4] 4 4 8" {
		t.Errorf("frozen and free are %s", got)
	}
	if after := net.Loss(x, labels); !(after < loss) {
		t.Errorf("the loss goes from %v to %v", loss, after)
	}
	saved := Build[T](nprandom.New(5), []int{1, 8, 8}, He, Conv(3, 3, 1, 1), Relu(), Residual(Conv(3, 3, 1, 1)), Affine(6), Relu(), Affine(4))
	if err := saved.SetParams(net.State()); err != nil || saved.Digest() != net.Digest() {
		t.Errorf("the state in another network gives %v and digest %s, want %s", err, saved.Digest(), net.Digest())
	}
	digest := net.Digest()
	net.Thaw("Conv1", "Residual1")
	step()
	if len(net.Frozen()) != 0 || len(net.Params()) != 8 || net.State()["W1"].Equal(before["W1"]) || net.Digest() == digest {
		t.Error("what is thawed does not learn")
	}
	defer func() {
		if text := fmt.Sprint(recover()); !strings.Contains(text, `no layer "Relu1" that learns`) || !strings.Contains(text, "Conv1, Residual1, Affine1, Affine2") {
			t.Errorf("freezing Relu1 panics with %q", text)
		}
	}()
	net.Freeze("Relu1")
}
