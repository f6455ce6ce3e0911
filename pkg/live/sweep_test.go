//go:build unix

package live

import (
	"strings"
	"testing"
	"time"

	"convbook/pkg/internal/celltest"
	"convbook/pkg/sweep"
)

var stages = []sweep.Progress{
	{Trials: 4, Left: -1},
	{Trials: 4, Done: 1, Share: 0.3, Elapsed: 3 * time.Second, Left: 7 * time.Second, Best: &sweep.Result{FinalTestAcc: 0.81}},
	{Trials: 4, Done: 4, Share: 1, Elapsed: 11 * time.Second, Best: &sweep.Result{FinalTestAcc: 0.83}},
}

func TestSweepInANotebook(t *testing.T) {
	displays := celltest.InCell(t, func() {
		show := Sweep()
		for _, p := range stages {
			show(p)
		}
	})
	if len(displays) != 3 {
		t.Fatalf("%d displays, want 3", len(displays))
	}
	for i, want := range []string{"0 of 4 trials", "width:30.0%", "<div lang=\"en\">4 of 4 trials in 11s; best 0.8300</div><div lang=\"ko\">시도 4개 중 4개, 11초 걸림; 최고 0.8300</div>"} {
		if got := celltest.HTML(t, displays[i]); !strings.Contains(got, want) {
			t.Errorf("display %d is %s, want %q in it", i, got, want)
		}
		if displays[i].DisplayID != displays[0].DisplayID {
			t.Errorf("display %d does not replace the one before", i)
		}
	}
	if last := celltest.HTML(t, displays[2]); strings.Contains(last, "width:") {
		t.Errorf("the bar stays: %s", last)
	}
}

func TestSweepInTextOutput(t *testing.T) {
	var terminal, log strings.Builder
	inTerminal, inLog := sweepInTerminal(&terminal), sweepInLog(&log)
	for _, p := range stages {
		inTerminal(p)
		inLog(p)
	}
	if got := terminal.String(); strings.Count(got, "\r") != 2 || !strings.HasSuffix(got, "best 0.8300  \n시도 4개 중 4개, 11초 걸림; 최고 0.8300\n") || !strings.Contains(got, "7s left") {
		t.Errorf("the terminal has %q", got)
	}
	if want := "4 of 4 trials in 11s; best 0.8300\n시도 4개 중 4개, 11초 걸림; 최고 0.8300\n"; log.String() != want {
		t.Errorf("the log has %q, want %q", log.String(), want)
	}
}
