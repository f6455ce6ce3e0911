package scaling

import (
	"math"
	"math/rand/v2"
	"testing"
)

// one is a trace of a single stage with one group.
func one(serial, last float64, c Cost, pieces ...float64) Trace {
	return Trace{Stages: []Stage{{Serial: serial, Groups: []Group{{Pieces: pieces}}}}, Last: last, Cost: c}
}

// late has a late group first, and a group that others follow.
var late = Trace{Stages: []Stage{{Groups: []Group{{Late: true, Pieces: []float64{3, 3, 3, 3}},
	{Pieces: []float64{2, 2}}, {After: []int{1}, Pieces: []float64{4, 4}}}}}}

// Schedules worked out by hand.
func TestSeconds(t *testing.T) {
	cost := Cost{Offer: 1, PickUp: 2, Rouse: 10, Wake: 20, Hand: 0.5, Finish: 4, Awake: 50}
	for _, c := range []struct {
		name  string
		trace Trace
		cores int
		want  float64
	}{
		// 3 | 1 2, and whoever is free first, the caller where both are, takes the last 2.
		{"two cores, meetings for nothing", one(0, 0, Cost{}, 3, 1, 2, 2), 2, 5},
		{"as many cores as pieces", one(0, 0, Cost{}, 3, 1, 2, 2), 4, 3},
		{"more cores than pieces", one(0, 0, Cost{}, 3, 1, 2, 2), 32, 3},
		{"before and after the caller is alone", one(7, 11, Cost{}, 3, 1, 2, 2), 2, 7 + 5 + 11},
		{"a piece alone needs nobody", one(0, 0, cost, 5), 8, 5},
		{"one core meets nobody", one(1, 1, cost, 5, 5), 1, 12},
		{"twelve equal pieces on eight cores", one(0, 0, Cost{}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 8, 2},
		// Asked at 1; the caller works from 1 to 11. The helper begins at 3, has its piece at
		// 3.5 and ends at 13.5, which the caller knows at 17.5.
		{"what a helper costs", one(0, 0, cost, 10, 10), 2, 17.5},
		// The caller has done both by 3, before the helper is there.
		{"a helper that comes too late is not waited for", one(0, 0, cost, 1, 1), 2, 3},
		// Asked at 1, 2 and 3. The caller has its piece at 3, the helpers theirs at 3.5, 4.5 and
		// 5.5; the last one ends at 15.5.
		{"helpers are asked one after the other", one(0, 0, cost, 10, 10, 10, 10), 4, 19.5},
		// All are ready at 0 and take their pieces at 0, 1, 2, 3.
		{"pieces are taken one after the other", one(0, 0, Cost{Hand: 1}, 10, 10, 10, 10), 4, 13},
		// The helpers end at 10.5, all of them, and tell it at 10.5, 11.5 and 12.5.
		{"ends are told one after the other", one(0, 0, Cost{Hand: 1}, 10, 9.5, 8.5, 7.5), 4, 12.5},
		// The helper has slept since 0: asked at 60 + 10, it begins at 90.
		{"a helper that sleeps", one(60, 0, Cost{Rouse: 10, Wake: 20, Awake: 50}, 40, 40), 2, 60 + 30 + 40},
		// The caller rouses four, which begin at 90, 100, 110 and 120; the first of them rouses two
		// until 110, who begin at 120 and 130, and the second one until 110, who begins at 130.
		{"helpers rouse helpers", one(60, 0, Cost{Rouse: 10, Wake: 20, Awake: 50}, 100, 100, 100, 100, 100, 100, 100, 100), 8, 230},
		{"and one that does not yet", one(50, 0, Cost{Rouse: 10, Wake: 20, Awake: 50}, 40, 40), 2, 50 + 40},
		{"a group waits for another", Trace{Stages: []Stage{{Groups: []Group{{Pieces: []float64{5}}, {After: []int{0}, Pieces: []float64{1, 1}}}}}}, 2, 6},
		// 5 and 2 begin at once; the third group follows the second, at 2.
		{"and only for that", Trace{Stages: []Stage{{Groups: []Group{{Pieces: []float64{5}}, {Pieces: []float64{2}}, {After: []int{1}, Pieces: []float64{2}}}}}}, 2, 5},
		// The core that has nothing to do takes what may begin: not the second group, which waits
		// for the first until 4, but the third.
		{"who would wait takes something else", Trace{Stages: []Stage{{Groups: []Group{{Pieces: []float64{4}}, {After: []int{0}, Pieces: []float64{1}}, {Pieces: []float64{5}}}}}}, 2, 5},
		// The helper waits from 0 to 4 and has fallen asleep at 3: it begins at 5, the caller at 4.
		{"who waits long falls asleep", Trace{Stages: []Stage{{Groups: []Group{{Pieces: []float64{4}}, {After: []int{0}, Pieces: []float64{2, 2}}}}},
			Cost: Cost{Awake: 3, Wake: 1}}, 2, 7},
		// Group 2 needs group 1, which needs group 0: a chain.
		{"a chain is no quicker", Trace{Stages: []Stage{{Groups: []Group{{Pieces: []float64{2}}, {After: []int{0}, Pieces: []float64{3}}, {After: []int{1}, Pieces: []float64{4}}}}}}, 8, 9},
		{"an empty group ends when it may begin", Trace{Stages: []Stage{{Groups: []Group{{Pieces: []float64{2}}, {After: []int{0}}, {After: []int{1}, Pieces: []float64{4}}}}}}, 8, 6},
		// Four cores begin with 3 3 3 3, then come 2 2, until 5, and then 4 4. Five begin with
		// 2 2 3 3 3; at 2 come 4 4, and at 3 the last 3.
		{"few cores take late groups in their order", late, 4, 9},
		{"many cores take them last", late, 5, 6},
		{"two stages meet between", Trace{Stages: []Stage{
			{Groups: []Group{{Pieces: []float64{4, 1}}}}, {Serial: 2, Groups: []Group{{Pieces: []float64{3, 3}}}}}}, 2, 4 + 2 + 3},
	} {
		if got := c.trace.Seconds(c.cores); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

// random draws a trace of several stages and groups.
func random(rng *rand.Rand, c Cost) Trace {
	t := Trace{Last: rng.Float64(), Cost: c}
	for range 1 + rng.IntN(6) {
		s := Stage{Serial: rng.Float64()}
		for g := range 1 + rng.IntN(3) {
			group := Group{Late: rng.IntN(3) == 0}
			if g > 0 && rng.IntN(2) == 0 {
				group.After = []int{rng.IntN(g)}
			}
			for range rng.IntN(20) {
				group.Pieces = append(group.Pieces, rng.Float64())
			}
			s.Groups = append(s.Groups, group)
		}
		t.Stages = append(t.Stages, s)
	}
	return t
}

// One core takes the sum, however much a meeting costs; more cores take at least an equal
// share of it and the longest piece of each stage, and where meetings cost nothing never
// more than the sum.
func TestBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		tr := random(rng, Cost{Offer: 3, PickUp: 1, Rouse: 5, Wake: 9, Hand: 2, Finish: 4, Awake: 1})
		pieces, longest := 0.0, 0.0
		for _, s := range tr.Stages {
			most := 0.0
			for _, g := range s.Groups {
				for _, seconds := range g.Pieces {
					pieces, most = pieces+seconds, max(most, seconds)
				}
			}
			longest += most
		}
		sum := tr.Serial() + pieces
		if got := tr.Seconds(1); math.Abs(got-sum) > 1e-9 {
			t.Fatalf("on one core %g, want the sum %g", got, sum)
		}
		free := tr
		free.Cost = Cost{}
		for _, cores := range []int{2, 3, 8, 33} {
			least := tr.Serial() + max(pieces/float64(cores), longest)
			if got := tr.Seconds(cores); got < least-1e-9 {
				t.Fatalf("%d cores: %g, less than %g", cores, got, least)
			}
			if got := free.Seconds(cores); got < least-1e-9 || got > sum+1e-9 {
				t.Fatalf("%d cores without costs: %g, want from %g to %g", cores, got, least, sum)
			}
		}
	}
}

func TestAmdahl(t *testing.T) {
	for _, c := range []struct {
		serial float64
		want   [4]float64
	}{{0, [4]float64{1, 2, 3, 4}}, {1, [4]float64{1, 1, 1, 1}}, {0.5, [4]float64{1, 4. / 3, 1.5, 1.6}}, {0.25, [4]float64{1, 1.6, 2, 16. / 7}}} {
		got := Amdahl(c.serial, 4)
		for i := range got {
			if math.Abs(got[i]-c.want[i]) > 1e-12 {
				t.Errorf("%g serial: %v, want %v", c.serial, got, c.want)
				break
			}
		}
	}
	for _, serial := range []float64{0, 0.02, 0.3, 1} {
		if got := SerialShare(Amdahl(serial, 32)); math.Abs(got-serial) > 1e-12 {
			t.Errorf("the share that fits %g is %g", serial, got)
		}
	}
	if got := SerialShare([]float64{1}); got != 0 {
		t.Errorf("one core alone has the serial share %g", got)
	}
	// 2 cores take 0.7 and 3 cores 0.5 of the time: more than 1/2 and 1/3 by 0.2 and 1/6, where
	// a share of 1 would be by 1/2 and 2/3.
	if got, want := SerialShare([]float64{1, 1 / 0.7, 2}), (0.2/2+2./18)/(1./4+4./9); math.Abs(got-want) > 1e-12 {
		t.Errorf("the share is %g, want %g", got, want)
	}
	if got := one(1, 0, Cost{}, 1, 1, 2).Faster(3); got[0] != 1 || got[1] != 5./4 || got[2] != 5./3 {
		t.Errorf("one and four pieces go %v times as fast", got)
	}
}
