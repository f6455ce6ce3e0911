package exercise_test

import "testing"

// TestTheIndependentMistakes holds the hints to the answers of someone who did not know them.
func TestTheIndependentMistakes(t *testing.T) {
	all := attempts(t, "independent")
	for i := range all {
		all[i].held = false
	}
	mistakes, _, rightOnes := judge(t, all)
	t.Logf("%d right answers, %v", rightOnes, mistakes)
	hold(t, rightOnes, 60, mistakes)
}
