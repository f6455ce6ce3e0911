// Package scaling computes how long work would take on more cores than there are, from
// the time of each of its pieces on one core and the measured cost of a meeting.
//
//	trace := scaling.Record(step)
//	fmt.Println(trace.Seconds(1), "on one core,", trace.Seconds(16), "on sixteen")
package scaling

import (
	"runtime"
	"slices"
	"time"

	"convbook/pkg/internal/workers"
)

// Trace is a piece of work as one core did it.
type Trace struct {
	Stages []Stage
	Last   float64 // seconds that the caller works alone after the last stage
	Cost   Cost    // of having other cores help, on this machine
}

// Stage lies between two meetings of the cores: first the caller works alone, then each
// core that is free takes the first piece that may begin, in the order of the groups.
type Stage struct {
	Serial float64 // seconds
	Groups []Group
}

// Group is some pieces that may be done at the same time.
type Group struct {
	Name   string
	After  []int     // the groups of the stage that must have ended before a piece begins
	Late   bool      // many cores take its pieces where no other group has any
	Pieces []float64 // seconds of each
}

// Record does the work again and again on one core for half a second and returns what
// its pieces take, with the cost of a meeting on this machine. Meanwhile nobody else may
// compute.
func Record(do func()) Trace { return RecordFor(do, 500*time.Millisecond) }

// RecordFor is Record for about d, at least seven times.
func RecordFor(do func(), d time.Duration) Trace {
	t := typical(record(do, d))
	t.Cost = MeasureCost()
	return t
}

// record returns recordings on one core.
func record(do func(), d time.Duration) (all []Trace) {
	const least = 7
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	do() // buffers and caches get ready
	for began := time.Now(); len(all) < least || time.Since(began) < d; {
		all = append(all, recordOnce(do))
	}
	return all
}

func recordOnce(do func()) Trace {
	var seen []workers.Meeting
	began := time.Now()
	stop := workers.Watch(func(m workers.Meeting) {
		// A meeting within a task of this one is part of that task.
		seen = slices.DeleteFunc(seen, func(within workers.Meeting) bool { return within.Began.After(m.Began) })
		seen = append(seen, m)
	})
	defer stop()
	do()
	return traceOf(began, seen, time.Now())
}

// traceOf returns what lies between began and ended.
func traceOf(began time.Time, meetings []workers.Meeting, ended time.Time) Trace {
	var t Trace
	for _, m := range meetings {
		s := Stage{Serial: m.Began.Sub(began).Seconds()}
		for _, g := range m.Groups {
			group := Group{Name: g.Name, After: g.After, Late: g.Late}
			for _, task := range g.Tasks {
				group.Pieces = append(group.Pieces, task.Seconds())
			}
			s.Groups = append(s.Groups, group)
		}
		t.Stages, began = append(t.Stages, s), m.Ended
	}
	t.Last = ended.Sub(began).Seconds()
	return t
}

// typical takes for each piece the lower quartile of its times: pieces are short, so that
// a core which had something else to do for a while has made few of them long.
func typical(all []Trace) Trace {
	all = slices.DeleteFunc(slices.Clone(all), func(t Trace) bool { return !t.like(all[0]) })
	quartile := func(of func(t Trace) float64) float64 {
		var xs []float64
		for _, t := range all {
			xs = append(xs, of(t))
		}
		slices.Sort(xs)
		return xs[(len(xs)-1)/4]
	}
	t := Trace{Last: quartile(func(t Trace) float64 { return t.Last })}
	for i, stage := range all[0].Stages {
		s := Stage{Serial: quartile(func(t Trace) float64 { return t.Stages[i].Serial })}
		for j, g := range stage.Groups {
			group := Group{Name: g.Name, After: g.After, Late: g.Late}
			for k := range g.Pieces {
				group.Pieces = append(group.Pieces, quartile(func(t Trace) float64 { return t.Stages[i].Groups[j].Pieces[k] }))
			}
			s.Groups = append(s.Groups, group)
		}
		t.Stages = append(t.Stages, s)
	}
	return t
}

// like says whether two traces have the same pieces, whatever they took.
func (t Trace) like(other Trace) bool {
	return slices.EqualFunc(t.Stages, other.Stages, func(a, b Stage) bool {
		return slices.EqualFunc(a.Groups, b.Groups, func(a, b Group) bool {
			return a.Name == b.Name && len(a.Pieces) == len(b.Pieces)
		})
	})
}

// Pieces returns how many pieces the work has that cores can share.
func (t Trace) Pieces() int {
	n := 0
	for _, s := range t.Stages {
		pieces, _ := s.sum()
		n += pieces
	}
	return n
}

// Serial returns how many seconds the caller works alone, on any number of cores.
func (t Trace) Serial() float64 {
	sum := t.Last
	for _, s := range t.Stages {
		sum += s.Serial
	}
	return sum
}

// sum returns how many pieces the stage has, and how many seconds they take together.
func (s Stage) sum() (pieces int, seconds float64) {
	for _, g := range s.Groups {
		pieces += len(g.Pieces)
		for _, piece := range g.Pieces {
			seconds += piece
		}
	}
	return pieces, seconds
}
