package pitfall

import (
	"regexp"
	"strings"
)

// Where a program prints, behind the time of day, the line that it is at, GoNB looks for a
// column in the time and ends. (gonb v0.11.4: goexec.errorLine.getColLine)
var (
	shortPlace = regexp.MustCompile(`\bL(?:short|long)file\b`)
	timeOfDay  = regexp.MustCompile(`\b(?:LstdFlags|Ltime|Lmicroseconds)\b|\blog\.Flags\(\)`)
	addSource  = regexp.MustCompile(`\bAddSource:\s*true\b`)
)

// placed says whether a line asks for the time and the place of what is logged.
func placed(line string) bool {
	line, _, _ = strings.Cut(line, "//")
	return shortPlace.MatchString(line) && timeOfDay.MatchString(line) || addSource.MatchString(line)
}
