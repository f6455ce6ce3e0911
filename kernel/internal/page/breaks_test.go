package page

import (
	"strings"
	"testing"
)

// A measure stays in one line, and a long name is broken behind a sign.
func TestBreaks(t *testing.T) {
	for _, c := range []struct{ name, markdown, want string }{
		{"a size", "filters of 3 x 3 x 16 over 28 x 28", "3\u00a0x\u00a03\u00a0x\u00a016 over 28\u00a0x\u00a028"},
		{"a share", "**91.6 %** of them, 20 MB/s, 3 ms", "<strong>91.6\u00a0%</strong> of them, 20\u00a0MB/s, 3\u00a0ms"},
		{"a size in Korean", "3 x 3 합성곱 93 %로", "3\u00a0x\u00a03 합성곱 93\u00a0%로"},
		{"a spread", "| a | b |\n|---|---|\n| 1 | 0.7881 ± 0.0093 |", "0.7881 ±\u00a00.0093"},
		{"no measure", "x 3 times, 5 xs, 3 xy", "x 3 times, 5 xs, 3 xy"},
		{"a heading", "## Four by four: 4 x 4 · 4 x 4가", "4\u00a0x\u00a04가"},
		{"a formula and its comma", "with $x^2$, and", "with <span class=\"unbroken\"><math>"},
		{"a comma behind a formula", "with $x^2$, and", "</math>,</span> and"},
		{"a formula and an ending", "그러므로($y$)입니다 끝", "<span class=\"unbroken\">그러므로(<math><mi>y</mi></math>)입니다</span> 끝"},
		{"a formula and a word", "with $y$ of (a) b", "with <math><mi>y</mi></math> of (a) b"},
		{"a bracket and an ending", "형상은 (N, C)입니다", "(N, C)\u2060입니다"},
		{"code keeps its spaces", "`a 3 x 3 %`", "a 3 x 3 %"},
		{"a long name", "`ndarray.SetPrintOptions(ndarray.PrintOptions{NumPy: 2})`", "ndarray.<wbr/>SetPrintOptions(<wbr/>ndarray.<wbr/>PrintOptions{<wbr/>NumPy: 2})"},
		{"a short name", "`np.zeros((2, 3))`", "<code>np.zeros((2, 3))</code>"},
		{"a name of words", "`SimpleConvNet(hidden_size=100)`", "SimpleConvNet(<wbr/>hidden_<wbr/>size=100)"},
	} {
		if got := body(pageOf(t, markdownCell(c.markdown))); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is missing in\n%s", c.name, c.want, got)
		}
	}
	table := display(map[string]any{"text/html": "<table><tr><td>18.2 %</td><td>0.5 ± 0.01</td></tr></table>"})
	if got := body(pageOf(t, code("", table))); !strings.Contains(got, "18.2\u00a0%") || !strings.Contains(got, "0.5 ±\u00a00.01") {
		t.Errorf("a table of a program is\n%s", got)
	}
}
