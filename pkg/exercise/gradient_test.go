package exercise

import "testing"

// TestTheGradientIsThatByDifferences holds what a whole network's gradient is compared with
// to differences of the loss, so that a student's gradient by numbers passes, too.
func TestTheGradientIsThatByDifferences(t *testing.T) {
	cases := networks()
	for _, c := range cases[:len(cases)-1] {
		mine, by := gradients{times: func(float64) float64 { return 1 }}.of(c), c.numerical()
		for _, name := range names {
			if !same(by[name], mine[name], 2e-4) {
				t.Errorf("%+v, %s:\n%v\nby differences\n%v", c, name, mine[name], by[name])
			}
		}
	}
}
