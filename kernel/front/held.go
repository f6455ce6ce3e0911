package main

import (
	"strings"
	"time"

	"convbook/kernel/internal/explain"
)

// held is what a cell prints as errors: it passes at once, but for what may be a panic
// and what GoNB says of the program's end. Nothing is lost: what turns out to be
// neither passes then.
type held struct {
	inLine bool            // what passed last was no whole line
	text   strings.Builder // a panic, or what looks like one
	ending string          // "exit status 2": GoNB says it again in its error
}

const (
	// patience is how long a text that begins like a panic may take to be one: Go
	// writes its stacks at once, in many pieces.
	patience = 300 * time.Millisecond
	// mostHeld is more than Go writes of a panic.
	mostHeld = 1 << 20
)

// write takes a text and returns what of it passes, and what passes before.
func (h *held) write(text string) (passes []string) {
	if explain.IsEnd(text) && h.ending == "" {
		h.ending = text
		return nil
	}
	if h.ending != "" { // it was not the end
		before := h.ending
		h.ending = ""
		passes = append(passes, h.take(before))
	}
	return append(passes, h.take(text))
}

func (h *held) take(text string) (passes string) {
	if h.text.Len() > 0 {
		h.text.WriteString(text)
		if h.text.Len() > mostHeld {
			return strings.Join(h.all(), "")
		}
		return ""
	}
	begin := -1
	if !h.inLine {
		begin = explain.Begin(text)
	} else if line := strings.IndexByte(text, '\n'); line >= 0 {
		if at := explain.Begin(text[line+1:]); at >= 0 {
			begin = line + 1 + at
		}
	}
	if begin < 0 {
		h.passed(text)
		return text
	}
	h.passed(text[:begin])
	h.text.WriteString(text[begin:])
	return text[:begin]
}

func (h *held) passed(text string) {
	if text != "" {
		h.inLine = !strings.HasSuffix(text, "\n")
	}
}

// holds says whether a text is held back as a panic.
func (h *held) holds() bool { return h.text.Len() > 0 }

// doubt returns a text that was held back and is no panic.
func (h *held) doubt() string {
	if h.text.Len() == 0 || explain.Traced(h.text.String()) {
		return ""
	}
	text := h.text.String()
	h.text.Reset()
	h.passed(text)
	return text
}

// end returns the panic that a cell has ended with, and what else was held back.
func (h *held) end() (panicked, rest string) {
	text := h.text.String()
	h.text.Reset()
	h.ending = ""
	if explain.Traced(text) {
		return text, ""
	}
	return "", text
}

// all returns everything that is held back.
func (h *held) all() (texts []string) {
	for _, text := range []string{h.text.String(), h.ending} {
		if text != "" {
			h.passed(text)
			texts = append(texts, text)
		}
	}
	h.text.Reset()
	h.ending = ""
	return texts
}
