package optimizer

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

type steps struct {
	Start map[string][]float64
	Grads []map[string][]float64
	End   map[string]map[string][]float64
}

func arrays[T ndarray.Float](values map[string][]float64) map[string]*ndarray.Array[T] {
	shapes := map[string][]int{"W1": {3, 4}, "b1": {4}}
	m := map[string]*ndarray.Array[T]{}
	for name, v := range values {
		m[name] = ndarray.Convert[T](ndarray.FromSlice(v).Reshape(shapes[name]...)).Clone()
	}
	return m
}

// 50 steps of each optimizer end where NumPy's end; testdata/steps.py made them.
func TestStepsAreTheClasses(t *testing.T) {
	text, err := os.ReadFile("testdata/steps.json")
	if err != nil {
		t.Fatal(err)
	}
	var s steps
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	for _, name := range append(Names(), "ADAM", "rmsprpo") {
		run[float64](t, name, s, 1e-14)
		run[float32](t, name, s, 1e-5)
	}
}

func run[T ndarray.Float](t *testing.T, name string, s steps, tolerance float64) {
	t.Helper()
	opt, err := New[T](name, Settings{})
	if err != nil {
		t.Fatal(err)
	}
	params := arrays[T](s.Start)
	for _, g := range s.Grads {
		opt.Update(params, arrays[T](g))
	}
	end := strings.Replace(strings.ToLower(name), "rmsprpo", "rmsprop", 1)
	for p, want := range arrays[float64](s.End[end]) {
		if got := ndarray.Convert[float64](params[p]); !got.AllClose(want, tolerance, tolerance) {
			t.Errorf("%s of %T: %s ends as\n%v\nwant\n%v", name, opt, p, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	opt, err := New[float64]("adam", Settings{LR: 0.5, Beta1: 0.8, Beta2: 0.7})
	if a := opt.(*Adam[float64]); err != nil || a.LR != 0.5 || a.Beta1 != 0.8 || a.Beta2 != 0.7 {
		t.Errorf("Adam is made as %+v, %v", a, err)
	}
	if _, err := New[float64]("adamw", Settings{}); err == nil || !strings.Contains(err.Error(), `"adamw"`) || !strings.Contains(err.Error(), "rmsprop") {
		t.Errorf("an unknown name gives %v", err)
	}
}

func TestGradientsThatDoNotFit(t *testing.T) {
	params := map[string]*ndarray.Array[float64]{"W1": ndarray.Zeros[float64](2, 3)}
	for want, grads := range map[string]map[string]*ndarray.Array[float64]{
		`no gradient for parameter "W1"`: {},
		"(3, 2)":                         {"W1": ndarray.Zeros[float64](3, 2)},
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, want) {
					t.Errorf("the panic is %q, want it to say %q", text, want)
				}
			}()
			NewSGD[float64](0.1).Update(params, grads)
		}()
	}
}

// A step with every optimizer allocates nothing once it has its arrays.
func TestUpdateAllocatesNothing(t *testing.T) {
	for _, name := range Names() {
		opt, err := New[float32](name, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		rng := nprandom.New(0)
		params := map[string]*ndarray.Array[float32]{"W1": ndarray.Randn[float32](rng, 300, 300), "b1": ndarray.Randn[float32](rng, 7)}
		grads := map[string]*ndarray.Array[float32]{"W1": ndarray.Randn[float32](rng, 300, 300), "b1": ndarray.Randn[float32](rng, 7)}
		opt.Update(params, grads)
		if got := testing.AllocsPerRun(20, func() { opt.Update(params, grads) }); got != 0 {
			t.Errorf("%s: a step makes %v allocations", name, got)
		}
	}
}

// An optimizer's fields are numbers of one type, and zero is a value of them.
func TestFieldsMayBeZero(t *testing.T) {
	momentum, sgd := NewMomentum[float32](0.5), NewSGD[float32](0.5)
	momentum.Momentum = 0
	p, q := map[string]*ndarray.Array[float32]{"b1": ndarray.Full[float32](1, 3)}, map[string]*ndarray.Array[float32]{"b1": ndarray.Full[float32](1, 3)}
	g := map[string]*ndarray.Array[float32]{"b1": ndarray.Arange[float32](3)}
	for range 3 {
		momentum.Update(p, g)
		sgd.Update(q, g)
	}
	if !p["b1"].Equal(q["b1"]) {
		t.Errorf("Momentum of 0 ends at %v, SGD at %v", p["b1"], q["b1"])
	}
	for name, o := range map[string]Stateful[float64]{"0.01": NewNesterov[float64](0), "0.001": NewAdam[float64](0), "0.3": NewRMSprop[float64](0.3), "0.2": NewAdaGrad[float64](0.2)} {
		if got := fmt.Sprint(o.LearningRate()); got != name {
			t.Errorf("the learning rate of %T is %s, want %s", o, got, name)
		}
	}
}

func TestNilArraysAreSaid(t *testing.T) {
	some := map[string]*ndarray.Array[float32]{"W1": ndarray.Zeros[float32](2)}
	none := map[string]*ndarray.Array[float32]{"W1": nil}
	for want, do := range map[string]func(){
		`Adam.Update: no gradient for parameter "W1"`: func() { NewAdam[float32](0).Update(some, none) },
		`SGD.Update: no parameter "W1"`:               func() { NewSGD[float32](0).Update(none, some) },
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, want) {
					t.Errorf("the panic is %q, want it to say %q", text, want)
				}
			}()
			do()
		}()
	}
}

// An update that panics leaves nothing to the next one.
func TestUpdateAfterOneThatPanicked(t *testing.T) {
	o := NewSGD[float32](0.5)
	good, bad := ndarray.Full[float32](1, 3), ndarray.Full[float32](1, 3)
	grad := ndarray.Full[float32](2, 3)
	for range 20 { // in some of them the good one comes first
		func() {
			defer func() { recover() }()
			o.Update(map[string]*ndarray.Array[float32]{"good": good, "bad": bad}, map[string]*ndarray.Array[float32]{"good": grad})
		}()
	}
	other := ndarray.Full[float32](1, 3)
	o.Update(map[string]*ndarray.Array[float32]{"other": other}, map[string]*ndarray.Array[float32]{"other": grad})
	for _, v := range append(good.Data(), bad.Data()...) {
		if v != 1 {
			t.Errorf("updates that panicked changed a parameter to %v, want 1 as before", v)
		}
	}
	if got := other.Data()[0]; got != 0 {
		t.Errorf("the update afterwards gives %v, want 0", got)
	}
}

// One array by two names is updated twice, one after the other.
func TestOneArrayByTwoNames(t *testing.T) {
	for _, n := range []int{3, 100_000} {
		o := NewSGD[float32](0.5)
		p, grad := ndarray.Full[float32](1, n), ndarray.Full[float32](2, n)
		both := map[string]*ndarray.Array[float32]{"W1": p, "W2": p}
		o.Update(both, map[string]*ndarray.Array[float32]{"W1": grad, "W2": grad})
		for i, v := range p.Data() {
			if v != -1 {
				t.Fatalf("number %d of %d is %v after two updates, want -1", i, n, v)
			}
		}
	}
}
