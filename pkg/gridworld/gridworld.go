// Package gridworld is a small world for reinforcement learning: somebody stands
// on a grid and wants to reach a goal, with walls in between. A network sees
// it as an image of three channels and says how good each move is.
//
//	w := gridworld.Random(nprandom.New(0), 6, 5)
//	next, reward, done := w.Move(gridworld.Right)
package gridworld

import (
	"fmt"
	"strings"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// The moves, in the order of a network's scores.
const (
	Up = iota
	Right
	Down
	Left
	Moves // how many there are
)

// steps are the changes of row and column by each move.
var steps = [Moves][2]int{{-1, 0}, {0, 1}, {1, 0}, {0, -1}}

// The channels of Image.
const (
	ChannelSelf = iota
	ChannelGoal
	ChannelWall
	Channels // how many there are
)

// What a move brings: little is lost by each, so that short ways are better.
const (
	StepReward = -0.04
	GoalReward = 1
)

// World is a square grid. It is a value: Move returns another one.
type World struct {
	size       int
	walls      []bool // row by row; never changed
	self, goal int    // places
}

// Random draws a world of size x size places with so many walls, in which the
// goal can be reached and is not reached yet. It panics when walls would fill
// more than half of it.
func Random(rng *nprandom.RandomState, size, walls int) World {
	if size < 2 || walls < 0 || 2*walls > size*size {
		panic(fmt.Sprintf("gridworld.Random: %d walls on %dx%d places: at least 2x2, of which at most half are walls", walls, size, size))
	}
	for {
		places := rng.Permutation(size * size)
		w := World{size: size, walls: make([]bool, size*size), self: places[0], goal: places[1]}
		for _, place := range places[2:min(2+walls, len(places))] {
			w.walls[place] = true
		}
		if w.Distance() > 0 {
			return w
		}
	}
}

// Move goes one place, where neither the border nor a wall is in the way, and
// returns the world after it, the reward, and whether the goal is reached.
func (w World) Move(move int) (next World, reward float64, done bool) {
	row, column := w.self/w.size+steps[move][0], w.self%w.size+steps[move][1]
	if row >= 0 && row < w.size && column >= 0 && column < w.size && !w.walls[row*w.size+column] {
		w.self = row*w.size + column
	}
	if w.self == w.goal {
		return w, GoalReward, true
	}
	return w, StepReward, false
}

// Distance is the number of moves of the shortest way to the goal, 0 at the goal,
// or -1 when there is none.
func (w World) Distance() int {
	seen := make([]bool, len(w.walls))
	seen[w.self] = true
	for distance, here := 0, []World{w}; len(here) > 0; distance++ {
		var further []World
		for _, place := range here {
			if place.self == place.goal {
				return distance
			}
			for move := range Moves {
				if next, _, _ := place.Move(move); !seen[next.self] {
					seen[next.self] = true
					further = append(further, next)
				}
			}
		}
		here = further
	}
	return -1
}

// Image puts the world into x (3, size, size): a one where somebody stands, where
// the goal is, and where walls are.
func Image[T ndarray.Float](w World, x *ndarray.Array[T]) {
	x.Fill(0)
	x.Set(1, ChannelSelf, w.self/w.size, w.self%w.size)
	x.Set(1, ChannelGoal, w.goal/w.size, w.goal%w.size)
	for place, wall := range w.walls {
		if wall {
			x.Set(1, ChannelWall, place/w.size, place%w.size)
		}
	}
}

// String draws the world: o is oneself, * the goal, # a wall.
func (w World) String() string {
	var text strings.Builder
	for place, wall := range w.walls {
		switch {
		case place == w.self:
			text.WriteByte('o')
		case place == w.goal:
			text.WriteByte('*')
		case wall:
			text.WriteByte('#')
		default:
			text.WriteByte('.')
		}
		if place%w.size == w.size-1 {
			text.WriteByte('\n')
		}
	}
	return text.String()
}
