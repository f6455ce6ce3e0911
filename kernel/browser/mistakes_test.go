package browser

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// mistakes are what beginners write, one cell each below the one before, and the
// beginning of what must be said.
var mistakes = []struct{ name, cell, says, korean, line string }{
	{"no_main", "x := 3\nfmt.Println(x)", "%% is missing: write a line with %% at the top of the cell.", "%%가 빠졌습니다", "line 1: x := 3"},
	{"above_main", "import \"fmt\"\n\nx := 3\n\n%%\nfmt.Println(x)", "Line 3 is a statement above %%.", "3번째 줄은 실행문인데 %% 위에 있습니다", "line 3: x := 3"},
	{"python_import", "import numpy as np\n\n%%\nfmt.Println(1)", "This is Python's import.", "Python의 import입니다", "line 1: import numpy as np"},
	{"infer", "import \"convbook/pkg/ndarray\"\n\n%%\na := ndarray.Zeros(2, 3)\nfmt.Println(a)", "ndarray.Zeros must be told its type of numbers: write ndarray.Zeros[float64](…)", "타입을 쓰세요", "line 4: a := ndarray.Zeros(2, 3)"},
	{"index", "import \"convbook/pkg/ndarray\"\n\n%%\na := ndarray.Zeros[float64](2, 3)\nfmt.Println(a[0])", "An array is not indexed by [ ]: write a.Index(0)", "배열은 [ ]로 접근하지 않습니다", "line 5: fmt.Println(a[0])"},
	{"sum", "import \"convbook/pkg/ndarray\"\n\n%%\na := ndarray.Zeros[float64](2, 3)\nfmt.Println(a + a)", "+ does not work with arrays: write a.Add(a).", "배열은 +로 계산하지 않습니다", "line 5: fmt.Println(a + a)"},
	{"int_times_float", "%%\nn, x := 3, 1.5\nfmt.Println(n * x)", "n is int and x is float64: Go calculates with one type. Write float64(n).", "Go는 같은 타입끼리만 계산하니", "line 3: fmt.Println(n * x)"},
	{"not_used", "%%\nsum := 0.0\nfmt.Println(\"done\")", "sum is given a value, and nothing uses it", "sum에 값을 넣었지만 쓰는 곳이 없습니다", "line 2: sum := 0.0"},
}

// nobody wrote these: they are Go's and GoNB's, not the student's.
var nobody = regexp.MustCompile(`gonb_|flag\.Parse|goroutine|0x[0-9a-f]{3,}|exit status|signal:|main\.go|/tmp/|func main\(\)|package main|\x1b`)

var hangul = regexp.MustCompile(`[가-힣]`)

// mistake checks what JupyterLab shows of a cell that fails: the message first, in both
// languages, where it can be seen, once.
func (p *page) mistake(cell int, name, says, korean, line string) {
	p.t.Helper()
	out := p.ends(cell, time.Minute)
	lines := strings.Split(out, "\n")
	if !strings.HasPrefix(out, says) || len(lines) < 2 || !hangul.MatchString(lines[1]) {
		p.t.Errorf("%s: want first %q and then Korean, got\n%s", name, says, out)
	}
	p.says(out, says, korean, line)
	if found := nobody.FindString(out); found != "" {
		p.t.Errorf("%s: nobody wrote %q in\n%s", name, found, out)
	}
	if n := evaluate[int](p, fmt.Sprintf(`%s.querySelectorAll('.jp-OutputArea-output').length`, codeCell(cell))); n != 1 {
		p.t.Errorf("%s: %d outputs, want the message alone:\n%s", name, n, out)
	}
	for i, l := range lines {
		if l != "" && strings.Contains(strings.Join(lines[i+1:], "\n"), l) {
			p.t.Errorf("%s: doubled is %q in\n%s", name, l, out)
		}
	}
	if share := p.visible(codeCell(cell) + `.querySelector('.jp-OutputArea-output')`); share < 1 {
		p.t.Errorf("%s: %.0f %% of the message are in view", name, 100*share)
	}
	p.shot(name)
}

// mistakesMade makes ten mistakes.
func (p *page) mistakesMade() {
	p.open("mistakes.ipynb")
	for _, m := range mistakes {
		p.mistake(p.write(m.cell), m.name, m.says, m.korean, m.line)
	}
	p.says(p.ends(p.write("func double(x int) int { return 2 * x }\n\n%%\nweights := 5\nfmt.Println(double(weights))"), time.Minute), "10")
	p.mistake(p.write("%%\nfmt.Println(weights)"), "other_cell", "weights is not here: it was made below %% in cell [", "끝나면 사라집니다", "line 2: fmt.Println(weights)")

	// After a restart nothing is known, until the cells above have run again.
	p.button("restart")
	p.accept("the question whether to restart")
	asked := p.write("%%\nfmt.Println(double(4))")
	p.mistake(asked, "after_restart", "double is not known. After a restart the kernel knows nothing: run the cells above that declare it.", "커널을 다시 시작하면 모두 사라지니", "line 2: fmt.Println(double(4))")
	p.says(p.runs(p.cell("func double"), time.Minute), "10")
	p.says(p.runs(asked, time.Minute), "8")
	p.save()
}
