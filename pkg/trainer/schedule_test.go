package trainer

import "testing"

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
