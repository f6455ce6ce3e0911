package exercise_test

import (
	"os"
	"testing"
)

// TestTheIndependentMistakes holds the hints to the answers of someone who did not know
// them: to every second one, and with CONVBOOK_LONG=1 to all.
func TestTheIndependentMistakes(t *testing.T) {
	var some []attempt
	for i, a := range attempts(t, "independent") {
		if a.held = false; a.right || i%2 == 0 || os.Getenv("CONVBOOK_LONG") == "1" {
			some = append(some, a)
		}
	}
	mistakes, _, rightOnes := judge(t, some)
	t.Logf("%d right answers, %v", rightOnes, mistakes)
	hold(t, rightOnes, 60, mistakes)
}
