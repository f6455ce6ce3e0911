package scaling

// Cost is what it takes to have other cores help, in seconds. What was measured with two
// cores is carried on to more by what they must do one after the other.
type Cost struct {
	Offer  float64 // the caller, to ask a helper that is awake; it asks one after the other
	PickUp float64 // until that one has begun
	Rouse  float64 // the caller, to ask one that sleeps
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
	pieces := s.pieces()
	helpers := min(len(idle), len(pieces)-1)
	if helpers <= 0 {
		for _, p := range pieces {
			now += p.seconds
		}
		return now
	}
	cores := make([]core, helpers+1) // the caller first: of those that are free it takes the next piece
	for i := range helpers {
		offer, begin := c.Offer, c.PickUp
		if now-idle[i] > c.Awake {
			offer, begin = c.Rouse, c.Wake
		}
		now += offer
		cores[i+1].free = now + begin
	}
	cores[0].free = now
	s.handOut(pieces, cores, c)
	// Helpers that have begun tell the caller when nothing is left; it waits for no others.
	end, told := cores[0].free, 0.0
	for i := next(cores, true); i >= 0; i = next(cores, true) {
		told = max(told+c.Hand, cores[i].free)
		cores[i].began, idle[i-1] = false, told
		end = max(end, told+c.Finish)
	}
	return end
}

// core is where a core stands.
type core struct {
	free  float64 // when it takes its next piece
	began bool    // it has had one
}

// handOut gives each piece to the core that is free first. A piece whose group must wait
// for others makes its core wait.
func (s Stage) handOut(pieces []piece, cores []core, c Cost) {
	ended := make([]float64, len(s.Groups)) // of each group, its last piece so far
	taken, by := 0.0, -1                    // when the last piece was taken, and by whom
	for _, p := range pieces {
		i := next(cores, false)
		at := max(cores[i].free, taken)
		if by >= 0 && by != i {
			at += c.Hand
		}
		taken, by = at, i
		for _, before := range s.Groups[p.group].After {
			at = max(at, ended[before])
		}
		cores[i].free, cores[i].began = at+p.seconds, true
		ended[p.group] = max(ended[p.group], cores[i].free)
	}
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
