// Package terminal reads text that was written for a terminal.
package terminal

import (
	"regexp"
	"strings"
)

// control matches the sequences that colour text, move the cursor (CSI) or name
// the window (OSC).
var control = regexp.MustCompile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])")

// Plain returns the text that stays on a terminal: without colours, and of a
// line that was written over only what stands last.
func Plain(text string) string {
	lines := strings.Split(strings.ReplaceAll(control.ReplaceAllString(text, ""), "\r\n", "\n"), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.Join(lines, "\n")
}
