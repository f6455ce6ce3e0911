package main

import (
	"fmt"
	"strings"

	"convbook/kernel/internal/notebook"
)

// problems says what GoNB would take amiss in a code cell: a second %% ends the
// kernel, and a line of a raw string that begins with % or ! is run as a command.
func problems(c *notebook.Cell) []string {
	if c.Kind != "code" {
		return nil
	}
	var found []string
	mains, raw := 0, false
	for i, line := range strings.Split(c.Source, "\n") {
		if raw && (strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!")) {
			found = append(found, fmt.Sprintf("has in line %d a raw string with a line that begins with %q: GoNB runs it as a command", i+1, line[:1]))
		}
		if !raw && (line == "%%" || strings.HasPrefix(line, "%% ") || strings.HasPrefix(line, "%main")) {
			if mains++; mains == 2 {
				found = append(found, fmt.Sprintf("has a second %%%% in line %d: GoNB ends at it", i+1))
			}
		}
		raw = endsInRawString(line, raw)
	}
	return found
}

// endsInRawString says whether a raw string is open at the end of a line of Go.
func endsInRawString(line string, raw bool) bool {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch ch := line[i]; {
		case raw:
			raw = ch != '`'
		case quote != 0:
			if ch == '\\' {
				i++
			} else if ch == quote {
				quote = 0
			}
		case ch == '`':
			raw = true
		case ch == '"' || ch == '\'':
			quote = ch
		case strings.HasPrefix(line[i:], "//"):
			return false
		}
	}
	return raw
}
