package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"convbook/kernel/internal/explain"
)

// printed is what a cell prints, on its way to the clients. Jupyter's server drops all
// outputs, figures and errors as well, where a cell prints faster than it wants to pass
// on, and a browser with too much of it stands still. So what is printed at short
// intervals goes in one message, and of a cell that prints without end the first part
// and the last lines are shown.
type printed struct {
	publish func(stream, text string)

	pending []piece // younger than pace, in the order printed
	last    time.Time
	shown   int    // bytes that were published or are pending
	full    bool   // no more are shown, which has been said
	left    int    // bytes that are left out
	tail    string // the last of them
	tailOf  string // the stream that printed it
}

type piece struct {
	stream string
	text   strings.Builder
}

const (
	// pace is what a reader does not notice.
	pace = 20 * time.Millisecond
	// slowPace is that of a cell that has printed more than atPace: JupyterLab draws all
	// lines of an output anew for each message.
	slowPace = 250 * time.Millisecond
	atPace   = 16 << 10
	// mostPrinted is some ten thousand lines.
	mostPrinted = 512 << 10
	// mostTail is a few screens.
	mostTail = 8 << 10
)

// write takes a text. It says whether flush must be called after its pace.
func (p *printed) write(stream, text string) (later bool) {
	if room := mostPrinted - p.shown; p.full || len(text) > room {
		if !p.full {
			p.full = true
			cut := whole(text, room)
			p.append(stream, text[:cut])
			text = text[cut:]
			p.append("stderr", fmt.Sprintf("\n… A cell shows %d KB of what it prints; the rest is left out, but for its end. Interrupt the cell if it does not end by itself.\n"+
				"… 셀 하나의 출력은 %dKB까지 보입니다. 나머지는 끝부분만 보입니다. 스스로 끝나지 않으면 셀을 중단하세요.\n", mostPrinted>>10, mostPrinted>>10))
		}
		p.leaveOut(stream, text)
	} else {
		p.shown += len(text)
		if stream == "stderr" && explain.IsEnd(text) { // how a command has ended is told by a message that says nothing else
			p.flush()
			p.append(stream, text)
			p.flush()
			return false
		}
		p.append(stream, text)
	}
	if len(p.pending) == 0 {
		return false
	}
	if time.Since(p.last) >= p.pace() {
		p.flush()
		return false
	}
	return true
}

func (p *printed) append(stream, text string) {
	if text == "" {
		return
	}
	if n := len(p.pending); n == 0 || p.pending[n-1].stream != stream {
		p.pending = append(p.pending, piece{stream: stream})
	}
	p.pending[len(p.pending)-1].text.WriteString(text)
}

func (p *printed) leaveOut(stream, text string) {
	p.left += len(text)
	if stream != p.tailOf {
		p.tail, p.tailOf = "", stream
	}
	if len(text) > mostTail {
		p.tail, text = "", text[len(text)-mostTail:]
	}
	p.tail += text
	if extra := len(p.tail) - mostTail; extra > 0 {
		p.tail = p.tail[extra:]
	}
}

// flush publishes what is pending: after pace, and before any other output.
func (p *printed) flush() {
	if len(p.pending) == 0 {
		return
	}
	for i := range p.pending {
		p.publish(p.pending[i].stream, p.pending[i].text.String())
	}
	p.pending, p.last = nil, time.Now()
}

// end publishes what is pending, and the end of what was left out.
func (p *printed) end() {
	p.flush()
	if p.left == 0 {
		return
	}
	tail := p.tail
	if p.left > len(tail) {
		if line := strings.IndexByte(tail, '\n'); line >= 0 && line+1 < len(tail) {
			tail = tail[line+1:]
		} else {
			tail = tail[beginning(tail):]
		}
	}
	if hidden := p.left - len(tail); hidden > 0 {
		p.publish("stderr", fmt.Sprintf("… %.1f MB left out · %.1fMB 생략 …\n", float64(hidden)/1e6, float64(hidden)/1e6))
	}
	if tail != "" {
		p.publish(p.tailOf, tail)
	}
	p.left, p.tail = 0, ""
}

// pace is the time between two messages.
func (p *printed) pace() time.Duration {
	if p.shown > atPace {
		return slowPace
	}
	return pace
}

// whole returns how much of the first bytes of a text are whole letters.
func whole(text string, bytes int) int {
	for bytes > 0 && bytes < len(text) && !utf8.RuneStart(text[bytes]) {
		bytes--
	}
	return bytes
}

// beginning returns where the first whole letter of a text begins.
func beginning(text string) int {
	for i := range min(len(text), utf8.UTFMax) {
		if utf8.RuneStart(text[i]) {
			return i
		}
	}
	return 0
}
