package trainer

import (
	"math"
	"testing"
)

func TestPythonFloat(t *testing.T) {
	for want, v := range map[string]float64{
		"0.799": 0.799, "0.79": 0.79, "1.0": 1, "0.0": 0, "0.13333333333333333": 0.4 / 3, "2.302063600977805": 2.302063600977805,
		"0.0001": 0.0001, "1e-05": 0.00001, "1e+16": 1e16, "123456789.0": 123456789, "nan": math.NaN(), "inf": math.Inf(1), "-inf": math.Inf(-1),
	} {
		if got := pythonFloat(v); got != want {
			t.Errorf("%v is written %s, Python writes %s", v, got, want)
		}
	}
}

// An epoch is train_size/batch_size steps; in class-exact mode a fraction counts,
// so that the accuracy is measured only where a step and an epoch begin together.
func TestSchedule(t *testing.T) {
	for _, c := range []struct {
		samples, batch, epochs int
		exact                  bool
		steps                  int
		evaluated              []int
	}{
		{6000, 100, 2, false, 120, []int{1, 61}},
		{6000, 100, 2, true, 120, []int{1, 61}},
		{250, 100, 4, false, 8, []int{1, 3, 5, 7}},
		{250, 100, 4, true, 10, []int{1, 6}},
		{50, 100, 3, false, 3, []int{1, 2, 3}},
	} {
		s := newSchedule(c.samples, Config{MiniBatchSize: c.batch, Epochs: c.epochs, ClassExact: c.exact})
		var evaluated []int
		for step := 1; step <= s.steps; step++ {
			if s.evaluates(step) {
				evaluated = append(evaluated, step)
			}
		}
		if s.steps != c.steps || len(evaluated) != len(c.evaluated) {
			t.Fatalf("%+v: %d steps, measured on %v", c, s.steps, evaluated)
		}
		for i, step := range c.evaluated {
			if evaluated[i] != step {
				t.Errorf("%+v: measured on %v", c, evaluated)
			}
		}
	}
}
