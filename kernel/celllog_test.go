package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"convbook/kernel/internal/notebook"
)

func TestHeadline(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"code", "x := 1\ny := 2", "x := 1"},
		{"behind imports", "import (\n\t\"fmt\"\n\t\"os\"\n)\n\n%%\nfmt.Println()", "fmt.Println()"},
		{"behind one import", "import \"fmt\"\n\nfunc f() {}", "func f() {}"},
		{"only imports", "import \"fmt\"\n", "imports"},
		{"long, in Korean", strings.Repeat("합", 60), strings.Repeat("합", 51) + "..."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := headline(c.source); got != c.want {
				t.Errorf("headline %q, want %q", got, c.want)
			}
		})
	}
}

func TestCellLog(t *testing.T) {
	var b bytes.Buffer
	n := &cellLog{w: &b}
	n.CellBegins(1, 2, &notebook.Cell{Source: "quiet()"})
	n.CellEnds(120*time.Millisecond, nil)
	n.CellBegins(2, 2, &notebook.Cell{Source: "loud()"})
	n.Text("one\ntw")
	n.Text("o")
	n.CellEnds(2*time.Second, errors.New("failed"))
	want := "  [1/2] " + "quiet()" + strings.Repeat(" ", 49) + "    0.12 s\n" +
		"  [2/2] " + "loud()" + strings.Repeat(" ", 50) + "\n" +
		"      │ one\n      │ two\n      └ 2.00 s  FAILED\n"
	if b.String() != want {
		t.Errorf("told\n%s\nwant\n%s", b.String(), want)
	}
}

// On a terminal the seconds of a cell are counted while it prints nothing.
func TestCellLogThatMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		n := &cellLog{w: &b, moves: true}
		for i, text := range []string{"", "one\n"} {
			n.CellBegins(i+1, 2, &notebook.Cell{Source: "slow()"})
			time.Sleep(2500 * time.Millisecond)
			if text != "" {
				n.Text(text)
			}
			time.Sleep(2 * time.Second)
			n.CellEnds(4500*time.Millisecond, nil)
		}
		first, second := "  [1/2] slow()"+strings.Repeat(" ", 50), "  [2/2] slow()"+strings.Repeat(" ", 50)
		want := first + "\r" + first + "    1 s\r" + first + "    2 s\r" + first + "    3 s\r" + first + "    4 s\r" + first + "    4.50 s\n" +
			second + "\r" + second + "    1 s\r" + second + "    2 s\r" + second + "       \n      │ one\n      └ 4.50 s\n"
		if b.String() != want {
			t.Errorf("told\n%q\nwant\n%q", b.String(), want)
		}
	})
}

func TestPlainCellLog(t *testing.T) {
	var b bytes.Buffer
	n := &cellLog{w: &b, plain: true}
	n.CellBegins(1, 2, &notebook.Cell{Source: "quiet()"})
	n.CellEnds(120*time.Millisecond, nil)
	n.CellBegins(2, 2, &notebook.Cell{Source: "loud()"})
	for _, piece := range []string{"\x1b[1mo", "ne\x1b[", "0m\n10 %\r", "20 %\n", "two"} {
		n.Text(piece)
	}
	n.CellEnds(2*time.Second, fmt.Errorf("the cell: %w", context.Canceled))
	want := "  [1/2] quiet()\n        0.12 s\n  [2/2] loud()\n        one\n        20 %\n        two\n        2.00 s  stopped\n"
	if b.String() != want {
		t.Errorf("told\n%s\nwant\n%s", b.String(), want)
	}
}

// TestPrefixed checks that lines which come in pieces stay whole and named.
func TestPrefixed(t *testing.T) {
	var b bytes.Buffer
	var mu sync.Mutex
	one, two := &prefixed{w: &b, mu: &mu, name: "one"}, &prefixed{w: &b, mu: &mu, name: "two"}
	for _, piece := range []string{"be", "gins\n\n  en", "ds \nlast"} {
		one.Write([]byte(piece))
		two.Write([]byte("x"))
	}
	one.flush()
	two.flush()
	if want := "one: begins\none:   ends\none: last\ntwo: xxx\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
