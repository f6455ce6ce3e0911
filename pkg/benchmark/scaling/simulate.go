package scaling

import (
	"math"

	"convbook/pkg/internal/workers"
)

// Cost is what it takes to have other cores help, in seconds. What was measured with two
// cores is carried on to more by what they must do one after the other.
type Cost struct {
	Offer  float64 // the caller, to ask a helper that is awake; it asks one after the other
	PickUp float64 // until that one has begun
	Rouse  float64 // to rouse a helper that sleeps
	Wake   float64 // until that one has begun
	Hand   float64 // to take a piece after another core took one; they take them one after the other
	Finish float64 // until the caller knows that a helper has ended; they tell it one after the other
	Awake  float64 // how long a helper without work stays awake
}

// Seconds returns how long the work takes on so many cores, at least 1. Not in it is
// what the cores share: the memory's bandwidth, the last cache, the power.
func (t Trace) Seconds(cores int) float64 {
	now := 0.0
	idle := make([]float64, max(cores-1, 0)) // since when each helper has had no work
	for _, s := range t.Stages {
		now = s.run(now+s.Serial, idle, t.Cost)
	}
	return now + t.Last
}

// run takes the pieces from now on, and returns when all are done and all have met.
func (s Stage) run(now float64, idle []float64, c Cost) float64 {
	pieces, seconds := s.sum()
	helpers := min(len(idle), pieces-1)
	if helpers <= 0 {
		return now + seconds
	}
	cores := make([]core, helpers+1) // the caller first: of those that are free it takes the next piece
	var sleepers []int
	for i := range helpers {
		if now-idle[i] > c.Awake {
			sleepers = append(sleepers, i+1)
		}
		now += c.Offer
		cores[i+1].free, cores[i+1].rouses = now+c.PickUp, workers.HelperRouses
	}
	cores[0].free, cores[0].rouses = now, workers.CallerRouses
	rouse(cores, sleepers, c)
	s.handOut(cores, len(idle)+1 >= workers.Many, c)
	// Helpers that have begun tell the caller when nothing is left; it waits for no others.
	end, told := cores[0].free, 0.0
	for i := next(cores, true); i >= 0; i = next(cores, true) {
		told = max(told+c.Hand, cores[i].free)
		cores[i].began, idle[i-1] = false, told
		end = max(end, told+c.Finish)
	}
	return end
}

// rouse lets the sleepers be roused: by the caller, and by each helper that has begun, who
// take their first pieces after that.
func rouse(cores []core, sleepers []int, c Cost) {
	for _, s := range sleepers {
		cores[s].free = math.Inf(1)
	}
	for _, s := range sleepers {
		by := 0 // of those that can rouse another the one that is free first
		for i := range cores {
			if cores[i].rouses > 0 && (cores[by].rouses == 0 || cores[i].free < cores[by].free) {
				by = i
			}
		}
		cores[by].free += c.Rouse
		cores[by].rouses--
		cores[s].free = cores[by].free + c.Wake
	}
}

// core is where a core stands.
type core struct {
	free   float64 // when it takes its next piece
	began  bool    // it has had one
	rouses int     // how many sleepers it rouses before
	waits  bool    // it has found nothing to do
	since  float64 // when that was
}

// handOut lets the core that is free first take the first piece that may begin, until
// none is left. Where cores are many, late groups wait for the others.
func (s Stage) handOut(cores []core, many bool, c Cost) {
	groups := make([]group, len(s.Groups))
	taken, by := 0.0, -1 // when the last piece was taken, and by whom
	for {
		if s.begin(groups) {
			for i := range cores {
				if k := &cores[i]; k.waits { // it may be for something that begins sooner
					_, later := s.first(groups, k.since, many)
					k.free = min(k.free, c.after(k.since, later))
				}
			}
		}
		i := next(cores, false)
		at := max(cores[i].free, taken)
		g, later := s.first(groups, at, many)
		if g < 0 && math.IsInf(later, 1) {
			return
		}
		if g < 0 {
			cores[i].free, cores[i].waits, cores[i].since = c.after(at, later), true, at
			continue
		}
		cores[i].waits = false
		if by >= 0 && by != i {
			at += c.Hand
		}
		taken, by = at, i
		cores[i].free, cores[i].began = at+s.Groups[g].Pieces[groups[g].taken], true
		groups[g].taken++
		groups[g].ended = max(groups[g].ended, cores[i].free)
	}
}

// after returns when a core goes on that waits from at on for what begins later.
func (c Cost) after(at, later float64) float64 {
	if later-at > c.Awake {
		later += c.Wake
	}
	return later
}

// group is where a group stands.
type group struct {
	begun bool    // it is known when its pieces may begin
	from  float64 // which is then
	taken int     // pieces so far
	ended float64 // when the last of them ends
}

// begin finds out of which groups all that they wait for has been taken, and says whether
// there is another one.
func (s Stage) begin(groups []group) (another bool) {
	for i, g := range s.Groups {
		if groups[i].begun {
			continue
		}
		from, known := 0.0, true
		for _, a := range g.After {
			known = known && groups[a].begun && groups[a].taken == len(s.Groups[a].Pieces)
			from = max(from, groups[a].ended, groups[a].from)
		}
		if known {
			groups[i].begun, groups[i].from, another = true, from, true
		}
	}
	return another
}

// first returns the first group that has a piece which may begin at a time, or -1 and
// when one may later.
func (s Stage) first(groups []group, at float64, many bool) (g int, later float64) {
	late := -1
	later = math.Inf(1)
	for i, g := range groups {
		switch {
		case !g.begun || g.taken == len(s.Groups[i].Pieces):
		case g.from > at:
			later = min(later, g.from)
		case many && s.Groups[i].Late:
			if late < 0 {
				late = i
			}
		default:
			return i, at
		}
	}
	return late, later
}

// next returns the core that is free first, or of the helpers the one among those that
// have begun; -1 where there is none.
func next(cores []core, begun bool) int {
	first := -1
	for i, c := range cores {
		if (!begun || i > 0 && c.began) && (first < 0 || c.free < cores[first].free) {
			first = i
		}
	}
	return first
}
