package trainer

import "math"

// schedule says how many steps there are and on which ones an epoch begins.
type schedule struct {
	steps    int
	perEpoch float64 // a whole number except in class-exact mode
}

func newSchedule(samples int, c Config) schedule {
	perEpoch := max(float64(samples)/float64(c.MiniBatchSize), 1)
	if !c.ClassExact {
		perEpoch = math.Floor(perEpoch)
	}
	return schedule{steps: int(float64(c.Epochs) * perEpoch), perEpoch: perEpoch}
}

func (s schedule) evaluates(step int) bool { return math.Mod(float64(step-1), s.perEpoch) == 0 }
