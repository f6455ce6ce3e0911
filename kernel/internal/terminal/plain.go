// Package terminal is about text that goes to a terminal and was not written by us:
// what of it is shown, and how.
package terminal

import (
	"regexp"
	"strings"
)

// sequence matches what steers a terminal: CSI, which colours text and moves the
// cursor; the strings OSC, DCS, SOS, PM and APC; and the short ones, as ESC c and ESC (0.
// (ECMA-48, 5.3 to 5.6)
var sequence = regexp.MustCompile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b[]PX^_][^\x07\x1b\u009c\r\n]*(?:\x07|\x1b\\\\|\u009c)|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\\\`-~]")

// Plain returns the text that stays on a terminal: without colours, and of a line that
// was written over only what stands last. What could still steer a terminal is shown
// as Shown does.
func Plain(text string) string {
	if strings.IndexByte(text, '\x1b') >= 0 {
		text = sequence.ReplaceAllString(text, "")
	}
	if strings.IndexByte(text, '\r') < 0 {
		return Shown(text)
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return Shown(strings.Join(lines, "\n"))
}
