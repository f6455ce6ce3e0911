package gridworld

import (
	"strings"
	"testing"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// drawn reads the text that String writes.
func drawn(text string) World {
	lines := strings.Fields(text)
	w := World{size: len(lines), walls: make([]bool, len(lines)*len(lines))}
	for place, c := range strings.Join(lines, "") {
		switch c {
		case 'o':
			w.self = place
		case '*':
			w.goal = place
		case '#':
			w.walls[place] = true
		}
	}
	return w
}

func TestMoves(t *testing.T) {
	w := drawn("o#. ..# #.*")
	if got := w.Distance(); got != 4 {
		t.Errorf("the way has %d moves, want 4", got)
	}
	for i, step := range []struct {
		move   int
		reward float64
		done   bool
		want   string
	}{
		{Up, StepReward, false, "o#. ..# #.*"},    // the border
		{Right, StepReward, false, "o#. ..# #.*"}, // a wall
		{Down, StepReward, false, ".#. o.# #.*"},
		{Left, StepReward, false, ".#. o.# #.*"},
		{Right, StepReward, false, ".#. .o# #.*"},
		{Down, StepReward, false, ".#. ..# #o*"},
		{Right, GoalReward, true, ".#. ..# #.o"},
	} {
		var reward float64
		var done bool
		w, reward, done = w.Move(step.move)
		if got := strings.Join(strings.Fields(w.String()), " "); got != step.want || reward != step.reward || done != step.done {
			t.Fatalf("move %d: %s, reward %v, done %v; want %+v", i, got, reward, done, step)
		}
	}
	if w.Distance() != 0 || drawn("o#. ##. ..*").Distance() != -1 {
		t.Error("at the goal, or where there is no way, the distance is wrong")
	}
}

func TestRandom(t *testing.T) {
	rng := nprandom.New(0)
	x := ndarray.Zeros[float32](Channels, 5, 5)
	for range 200 {
		w := Random(rng, 5, 8)
		if w.Distance() < 1 {
			t.Fatalf("no way, or none to go:\n%s", w)
		}
		Image(w, x)
		if got := []float32{x.Index(ChannelSelf).SumAll(), x.Index(ChannelGoal).SumAll(), x.Index(ChannelWall).SumAll()}; got[0] != 1 || got[1] != 1 || got[2] != 8 {
			t.Fatalf("the image holds %v of each kind:\n%s", got, w)
		}
		if x.At(ChannelWall, w.self/5, w.self%5) != 0 || x.At(ChannelSelf, w.self/5, w.self%5) != 1 {
			t.Fatalf("somebody stands in a wall:\n%s", w)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a grid of walls alone was drawn")
		}
	}()
	Random(rng, 3, 8)
}
