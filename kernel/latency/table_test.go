package main

import (
	"strings"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		times []time.Duration
		want  time.Duration
	}{{nil, 0}, {[]time.Duration{7}, 7}, {[]time.Duration{9, 1, 5}, 5}, {[]time.Duration{8, 2, 4, 6}, 5}} {
		if got := median(c.times); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.times, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	ours, theirs := program{name: "convbook"}, program{name: "Python"}
	table := newTable([]program{ours, theirs})
	for _, ms := range []time.Duration{30, 10, 20} {
		table.add(firstAnswer, ours, ms*time.Millisecond)
	}
	table.add(coldCells, theirs, 1500*time.Millisecond)
	var text strings.Builder
	table.print(&text, true)
	want := `| step | convbook | Python |
|---|---|---|
| start to the first answer | 0.02 s (0.01 to 0.03) | – |
| the first two cells from empty caches | – | 1.50 s |
`
	if text.String() != want {
		t.Errorf("printed\n%swant\n%s", text.String(), want)
	}
	text.Reset()
	table.print(&text, false)
	if lines := strings.Split(strings.TrimSpace(text.String()), "\n"); len(lines) != 3 || strings.Contains(text.String(), "|") {
		t.Errorf("printed\n%s", text.String())
	}
}
