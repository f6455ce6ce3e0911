package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Scaling is what a piece of work takes on more cores than there are, simulated, beside
// what it takes on those that are there. Times are those of the quickest round.
type Scaling struct {
	Title   string  `json:"title"`
	Pieces  int     `json:"pieces"`          // that cores can share
	Alone   float64 `json:"alone_seconds"`   // in which one core works and the others wait
	Meeting float64 `json:"meeting_seconds"` // measured: a helper is asked, begins, ends, and the caller knows
	Busy    float64 `json:"busy,omitempty"`  // how many times as long one core takes while another is at the same work; 0 where there is one
	Load    float64 `json:"load,omitempty"`  // of the machine over the last minute, this program included; 0 where it does not tell
	Points  []Cores `json:"cores"`
}

// Cores is a time on a number of cores.
type Cores struct {
	Cores     int     `json:"cores"`
	Simulated float64 `json:"simulated_seconds"`
	Measured  float64 `json:"measured_seconds,omitempty"` // 0 where there are not as many
}

// Difference is how far the simulated time is from the measured one, relative; 0 where
// none was measured.
func (c Cores) Difference() float64 {
	if c.Measured == 0 {
		return 0
	}
	return c.Simulated/c.Measured - 1
}

// of returns the point of so many cores.
func (s Scaling) of(cores int) (Cores, bool) {
	i := slices.IndexFunc(s.Points, func(p Cores) bool { return p.Cores == cores })
	if i < 0 {
		return Cores{}, false
	}
	return s.Points[i], true
}

// scalingTable has a row for each work and a column for each number of cores: measured
// beside simulated where they are there.
func (r *Report) scalingTable() Table {
	t := Table{Title: "Times by cores in milliseconds, simulated from the time of each piece on one core, and measured where there are as many", Header: []string{""}}
	for _, p := range r.Scaling[0].Points {
		if p.Measured > 0 {
			t.Header = append(t.Header, cores(p.Cores)+", measured", "simulated", "difference")
		} else {
			t.Header = append(t.Header, fmt.Sprintf("%d, simulated", p.Cores))
		}
	}
	t.Header = append(t.Header, "16 against 1", "pieces", "alone", "beside another")
	load, meeting := 0.0, math.Inf(1)
	for _, s := range r.Scaling {
		row := []string{s.Title}
		for _, p := range s.Points {
			if p.Measured > 0 {
				row = append(row, milliseconds(p.Measured), milliseconds(p.Simulated), fmt.Sprintf("%+.0f %%", 100*p.Difference()))
			} else {
				row = append(row, milliseconds(p.Simulated))
			}
		}
		t.Rows = append(t.Rows, append(row, s.faster(16), strconv.Itoa(s.Pieces), milliseconds(s.Alone), times(s.Busy)))
		load, meeting = max(load, s.Load), min(meeting, s.Meeting)
	}
	t.Notes = []string{"Simulated: pieces are handed out in the program's order, with the cost of a meeting as measured on two cores and grown by what the cores do one after the other. " +
		"That cores share memory, caches and power is not in it.",
		"Times are those of the quickest round. Alone: of a step, the time in which one core works and the others wait. " +
			"Beside another: the time of one core while a second one does the same for itself, against its time alone; they share what is not simulated.",
		fmt.Sprintf("A meeting of two cores costs %.2f µs.", 1e6*finite(meeting))}
	if load > 0 {
		t.Notes[2] += fmt.Sprintf(" Load of the machine, this program included: up to %.1f on %s.", load, cores(r.Machine.Cores))
	}
	if load > 1.25*float64(r.Machine.Cores) {
		t.Notes = append(t.Notes, "Others kept the machine busy: the measured times are too long, and the differences say little.")
	}
	return t
}

// faster says how many times as fast so many cores are as one: both measured, where they
// are there, else both simulated.
func (s Scaling) faster(n int) string {
	one, _ := s.of(1)
	many, ok := s.of(n)
	switch {
	case !ok:
		return "-"
	case many.Measured > 0:
		return times(one.Measured / many.Measured)
	}
	return times(one.Simulated / many.Simulated)
}
