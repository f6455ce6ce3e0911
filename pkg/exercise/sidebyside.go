package exercise

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// widest is how long the lines beside each other may be; longer texts stand under
// each other.
const widest = 100

// sideBySide puts what the student got and what was wanted into two columns.
func sideBySide(got, want string) string {
	left, right := strings.Split(got, "\n"), strings.Split(want, "\n")
	width := utf8.RuneCountInString("got · 결과") + 2 // Hangul is twice as wide
	total := 0
	for _, line := range left {
		width = max(width, utf8.RuneCountInString(line))
	}
	for _, line := range right {
		total = max(total, width+3+utf8.RuneCountInString(line))
	}
	if total > widest {
		return "got · 결과\n" + indented(got) + "\nwant · 정답\n" + indented(want)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %-*s   %s\n", width-2, "got · 결과", "want · 정답")
	for i := range max(len(left), len(right)) {
		a, c := "", ""
		if i < len(left) {
			a = left[i]
		}
		if i < len(right) {
			c = right[i]
		}
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("  %-*s   %s", width, a, c), " "))
	}
	return b.String()
}
