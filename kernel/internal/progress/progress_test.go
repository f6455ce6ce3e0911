package progress

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// told runs a step, on a clock of its own, and returns what is said of it.
func told(t *testing.T, f func(*Step) error) (text string, err error) {
	t.Helper()
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) { err = Run(&b, "Go modules", f) })
	return b.String(), err
}

func TestShortStep(t *testing.T) {
	text, err := told(t, func(*Step) error {
		time.Sleep(400 * time.Millisecond)
		return nil
	})
	if want := "Go modules     ready    0.4 s\n"; text != want || err != nil {
		t.Errorf("%q, %v, want %q", text, err, want)
	}
}

func TestLongStepInALog(t *testing.T) {
	failed := errors.New("failed")
	text, err := told(t, func(s *Step) error {
		begun := time.Now()
		s.Watch(func() string { return Of(int64(time.Since(begun).Seconds()), 20, "modules") })
		time.Sleep(15500 * time.Millisecond)
		s.Say("almost there")
		time.Sleep(10 * time.Second)
		return failed
	})
	want := "Go modules     1 of 20 modules, 1 s\nGo modules     11 of 20 modules, 11 s\n" +
		"Go modules     almost there, 21 s\nGo modules     failed  25.5 s\n"
	if text != want || err != failed {
		t.Errorf("%v, told\n%swant\n%s", err, text, want)
	}
}

func TestStepThatFindsSomething(t *testing.T) {
	text, _ := told(t, func(s *Step) error {
		s.Found("4.5.1")
		return nil
	})
	if want := "Go modules     4.5.1\n"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// On a terminal the line is written over, and nothing of a longer one stays.
func TestLineThatMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		s := new(Step)
		l := line{w: &b, what: "Go modules", moves: true, began: time.Now()}
		l.show(s)
		s.Say("unasked in the first second")
		time.Sleep(time.Second)
		s.Say("a long way to go")
		l.show(s)
		s.Say("")
		l.show(s)
		l.end(s, nil)
		pieces := strings.Split(b.String(), "\r")
		for i, want := range []string{"", "Go modules    ", "Go modules     a long way to go, 1 s", "Go modules     1 s", "Go modules     ready    1.0 s"} {
			if got := strings.TrimRight(pieces[i], " \n"); got != strings.TrimRight(want, " ") {
				t.Errorf("piece %d is %q, want %q", i, got, want)
			}
		}
		if len(pieces[3]) != len(pieces[2]) || !strings.HasSuffix(b.String(), "\n") {
			t.Errorf("%q", b.String())
		}
	})
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		done, all int64
		want      string
	}{{3, 10, "3 of 10 modules"}, {3, 0, "3 modules"}, {11, 10, "11 modules"}, {0, 10, "0 of 10 modules"}} {
		if got := Of(c.done, c.all, "modules"); got != c.want {
			t.Errorf("Of(%d, %d) = %q, want %q", c.done, c.all, got, c.want)
		}
	}
}
