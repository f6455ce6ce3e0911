package scaling

import (
	"fmt"
	"math"
	"runtime"
	"testing"
	"time"

	"convbook/pkg/internal/workers"
)

// A recording has the stages, pieces and serial parts of the work, in their order.
func TestRecord(t *testing.T) {
	inner := workers.NewJob("inner", func(int) { spin(50 * time.Microsecond) })
	first := workers.NewJob("first", func(i int) { spin(time.Duration(i+1) * 200 * time.Microsecond) })
	second := workers.NewJob("second", func(int) { inner.Run(4) })
	procs := runtime.GOMAXPROCS(0)
	tr := RecordFor(func() {
		first.Run(3)
		spin(400 * time.Microsecond)
		second.Run(2)
		spin(100 * time.Microsecond)
	}, 0)
	if runtime.GOMAXPROCS(0) != procs {
		t.Errorf("GOMAXPROCS is %d afterwards, was %d", runtime.GOMAXPROCS(0), procs)
	}
	names := ""
	for _, s := range tr.Stages {
		for _, g := range s.Groups {
			names += fmt.Sprint(g.Name, len(g.Pieces), " ")
		}
	}
	if names != "first3 second2 " || tr.Pieces() != 5 {
		t.Fatalf("the pieces are %s(%d)", names, tr.Pieces())
	}
	at := func(s Stage, i int) float64 { return s.Groups[0].Pieces[i] }
	for _, c := range []struct {
		what        string
		got, atMost float64 // microseconds
	}{
		{"first 0", at(tr.Stages[0], 0), 200}, {"first 2", at(tr.Stages[0], 2), 600}, {"between", tr.Stages[1].Serial, 400},
		{"second 1", at(tr.Stages[1], 1), 200}, {"the end", tr.Last, 100}, {"alone", tr.Serial(), 500},
	} {
		// A busy machine makes any of them longer; nothing makes them shorter.
		if c.got < (c.atMost-1)*1e-6 || c.got > 1 {
			t.Errorf("%s takes %g s, want %g µs", c.what, c.got, c.atMost)
		}
	}
	if c := tr.Cost; c.Awake != workers.Patience.Seconds() || !(c.Offer > 0 && c.PickUp > 0 && c.Finish > 0 && c.Hand > 0 && c.Rouse > 0 && c.Wake > 0) {
		t.Errorf("a meeting costs %+v", c)
	}
}

// A program of one core supposes what a meeting costs.
func TestCostOnOneCore(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if tr := RecordFor(func() {}, 0); tr.Cost != supposed || tr.Cost.Hand <= 0 {
		t.Errorf("a meeting costs %+v", tr.Cost)
	}
}

// Of each piece the second quickest of five times counts; a recording of another shape
// does not.
func TestTypical(t *testing.T) {
	all := []Trace{one(1, 4, Cost{}, 10, 90), one(3, 90, Cost{}, 12, 21), one(0, 0, Cost{}, 1), one(2, 5, Cost{}, 90, 22),
		one(90, 6, Cost{}, 11, 20), one(1, 3, Cost{}, 9, 19)}
	got := typical(all)
	if want := one(1, 4, Cost{}, 10, 20); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the typical one is %v, want %v", got, want)
	}
}

// What one core takes by its recording is what it takes.
func TestOneCoreIsTheSum(t *testing.T) {
	began := time.Now()
	meetings := []workers.Meeting{
		{Began: began.Add(2), Ended: began.Add(9), Groups: []workers.Group{{Tasks: []time.Duration{3, 4}}}},
		{Began: began.Add(15), Ended: began.Add(20), Groups: []workers.Group{{Tasks: []time.Duration{1}}, {After: []int{0}, Tasks: []time.Duration{4}}}},
	}
	tr := traceOf(began, meetings, began.Add(31))
	if got := tr.Seconds(1); math.Abs(got-31e-9) > 1e-18 || math.Abs(tr.Serial()-19e-9) > 1e-18 {
		t.Errorf("31 ns, of them 19 alone, are %g and %g s", got, tr.Serial())
	}
}

// Where no helper comes, or a difference of two times is below 0, the cost is supposed.
func TestLeast(t *testing.T) {
	for _, c := range []struct {
		times []float64
		want  float64
	}{{[]float64{3, 2, 4}, 2}, {[]float64{-1, math.NaN(), 5, 0}, 5}, {[]float64{math.NaN(), -2}, 7}, {nil, 7}} {
		if got := least(c.times, 7); got != c.want {
			t.Errorf("the least of %v is %g, want %g", c.times, got, c.want)
		}
	}
}
