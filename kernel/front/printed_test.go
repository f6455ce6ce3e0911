//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"convbook/kernel/internal/jupyter"
)

// shows gathers what a flow of prints publishes.
func shows(p *printed) *[]string {
	var all []string
	p.publish = func(stream, text string) { all = append(all, stream+": "+text) }
	return &all
}

// What is printed in a moment goes in one message, in its order, the first at once.
func TestPrintedTogether(t *testing.T) {
	var p printed
	all := shows(&p)
	if p.write("stdout", "a\n") || len(*all) != 1 {
		t.Fatalf("the first text waits: %q", *all)
	}
	for _, text := range []string{"b", "c\n"} {
		p.last = time.Now()
		if !p.write("stdout", text) {
			t.Errorf("%q does not wait", text)
		}
	}
	p.last = time.Now()
	p.write("stderr", "ls: no such file\n")
	p.write("stderr", "exit status 2\n") // stands alone
	p.last = time.Now()
	p.write("stderr", "d\n")
	p.write("stdout", "e\n")
	p.end()
	if got, want := strings.Join(*all, "|"), "stdout: a\n|stdout: bc\n|stderr: ls: no such file\n|stderr: exit status 2\n|stderr: d\n|stdout: e\n"; got != want {
		t.Errorf("published %q, want %q", got, want)
	}
}

// Of too much the first part and the last lines are shown, in whole letters.
func TestPrintedTooMuch(t *testing.T) {
	for _, text := range []string{"한국어로 쓴 줄\n", "줄바꿈 없이 ", strings.Repeat("long ", 500_000) + "\n", strings.Repeat("가", mostPrinted) + "\n"} {
		var p printed
		all := shows(&p)
		size := 0
		for i := 0; size < 3*mostPrinted; i++ {
			line := fmt.Sprint(i, " ", text)
			size += len(line)
			p.write("stdout", line)
		}
		p.write("stdout", "the last line\n")
		p.end()
		shown := strings.Join(*all, "")
		if !utf8.ValidString(shown) || len(shown) > mostPrinted+2*mostTail || len(shown) < mostPrinted {
			t.Errorf("%.20q: %d bytes are shown, valid %v", text, len(shown), utf8.ValidString(shown))
		}
		if !strings.HasSuffix(shown, "the last line\n") || strings.Count(shown, "the rest is left out") != 1 || strings.Count(shown, "MB left out · ") != 1 {
			t.Errorf("%.20q ends with %q", text, shown[len(shown)-200:])
		}
	}
}

// What comes behind the error that ended a cell with too much is shown without the notice
// again.
func TestPrintedTooMuchOnce(t *testing.T) {
	var p printed
	all := shows(&p)
	p.write("stdout", strings.Repeat("line\n", mostPrinted/5))
	p.write("stdout", "한 줄\n")
	p.end()
	p.write("stderr", "behind the error\n")
	p.end()
	shown := strings.Join(*all, "")
	if strings.Count(shown, "the rest is left out") != 1 || !strings.HasSuffix(shown, "stderr: behind the error\n") {
		t.Errorf("the end is %q", shown[len(shown)-600:])
	}
	for _, text := range *all {
		if text == "stdout: " {
			t.Error("an empty text is published")
		}
	}
}

// A cell that prints without end can be interrupted, one that prints much shows its
// figure, and the messages are so few that Jupyter's server drops none.
func TestMuchPrinted(t *testing.T) {
	v := startVictim(t)
	run := func(code string) (text string, messages int, kinds []string, status string) {
		var interrupted bool
		var b strings.Builder
		began := time.Now()
		reply, err := v.Execute(t.Context(), code, v.dead, func(m *jupyter.Message) {
			messages++
			var content struct{ Text string }
			json.Unmarshal(m.Content, &content)
			b.WriteString(content.Text)
			if m.Header.Type != "stream" {
				kinds = append(kinds, m.Header.Type)
			} else if strings.Contains(code, "for {") && !interrupted && b.Len() > mostPrinted {
				interrupted = true
				v.Interrupt()
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if most := 100 + int(time.Since(began)/pace); messages > most {
			t.Errorf("%d messages, want at most %d", messages, most)
		}
		return b.String(), messages, kinds, reply.Status
	}
	text, _, kinds, status := run("%%\nfor {\n\tfmt.Println(\"without end\")\n}")
	if status != "error" || !strings.Contains(strings.Join(kinds, " "), "error") || len(text) > mostPrinted+2*mostTail || !strings.Contains(text, "left out") {
		t.Errorf("without end: %s, %v, %d bytes", status, kinds, len(text))
	}
	text, _, kinds, status = run("import \"convbook/pkg/display\"\n%%\nfor i := range 300_000 {\n\tfmt.Println(\"line\", i)\n}\ndisplay.Show(display.HTML(\"<b>figure</b>\"))\nfmt.Println(\"behind it\")")
	if status != "ok" || !strings.Contains(strings.Join(kinds, " "), "display_data") || !strings.HasSuffix(text, "behind it\n") {
		t.Errorf("much: %s, %v, %q", status, kinds, text[max(0, len(text)-100):])
	}
}
