// Package explain says what went wrong in a cell in a student's words: English first,
// then Korean, the message before everything else, the line as the student counts it.
// What nobody wrote, such as the names of programs that GoNB makes, other cells, addresses
// and goroutines, is left out; Go's own words stay, in one line.
package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"convbook/kernel/internal/cell"
)

// Failure is a cell that failed, and what GoNB has said to that.
type Failure struct {
	Code        string // of the cell
	Number      int    // of the cell, as In [3] shows it
	Earlier     []Past // cells that ran before, the last first
	Root        string // of the repository, where our packages are
	Main        string // GoNB's program of the cell, main.go
	Value       string // of GoNB's error message
	Traceback   []string
	Stderr      string // a panic and what follows it
	Interrupted bool   // a student has asked for it
	Resumes     bool   // what the cell trained is kept in a folder
}

// Past is a cell that has run.
type Past struct {
	Number int
	Code   string
}

// Said is what Jupyter shows of an error.
type Said struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// fault is one thing that is wrong.
type fault struct {
	line, column int    // in the cell, from 1; 0: not known
	number       int    // of the cell that the line is in; 0: the one that failed
	goes         string // Go's own words
}

// Explain says what went wrong.
func Explain(f *Failure) Said {
	c := cell.Read(f.Code)
	switch {
	case f.Interrupted && IsEnd(f.Value):
		return f.interrupted()
	case hasPanic(f.Stderr):
		return f.panicked(c)
	case IsEnd(f.Value):
		return f.ended()
	case strings.Contains(f.Value, `go get": `) || notFound.MatchString(f.Value), notInStd.MatchString(f.Value):
		return f.missingPackage(c)
	case withC.MatchString(f.Value):
		s := newSaid("import", say("A package of this cell needs C, and cells are built without: choose one that is all Go.",
			"이 셀의 패키지는 C가 필요한데 셀은 C 없이 빌드합니다. Go로만 된 패키지를 쓰세요."))
		s.add("", "Go: "+strings.TrimSpace(f.Value))
		return s
	}
	faults := f.faults(c)
	if len(faults) == 0 {
		return Said{Name: "Error", Value: f.Value, Traceback: []string{f.Value}}
	}
	return f.compiled(c, faults)
}

var (
	cellInfo = regexp.MustCompile(`^Cell(?:\[(\d+)\]:)? Line (\d+)\n`)
	// place stands before a message of the compiler's or the parser's.
	place = regexp.MustCompile(`main(?:_test)?\.go:(\d+)(?::(\d+))?: `)
	// summed is at the end of the parser's first message when it has more.
	summed = regexp.MustCompile(` \(and \d+ more errors\)$`)
	pathed = regexp.MustCompile(` \(declared at [^)]*\)$`)
)

// faults reads GoNB's list: each of its lines has the cell's line, the program around it
// with a mark below the column, and the message.
func (f *Failure) faults(c *cell.Cell) (found []fault) {
	seen := map[string]bool{}
	for _, entry := range f.Traceback {
		info := cellInfo.FindStringSubmatch(entry)
		lines := strings.Split(strings.TrimRight(entry, "\n"), "\n")
		message := lines[len(lines)-1]
		if at := place.FindStringIndex(message); at != nil {
			message = message[at[1]:]
		}
		switch {
		case info == nil && len(lines) == 1 && strings.HasPrefix(message, "\t") && len(found) > 0:
			found[len(found)-1].goes += "; " + strings.TrimSpace(message) // have (…), want (…)
			continue
		case info == nil && len(lines) < 3, message == "too many errors":
			continue
		}
		one := fault{goes: pathed.ReplaceAllString(summed.ReplaceAllString(message, ""), "")}
		if info != nil {
			fmt.Sscan(info[1], &one.number)
			fmt.Sscan(info[2], &one.line)
			one.column = column(lines)
		}
		if one.number == f.Number {
			one.number = 0
		}
		if !seen[one.goes] {
			seen[one.goes] = true
			found = append(found, one)
		}
	}
	// What is not used comes last: it may be so only because of another fault.
	slices.SortStableFunc(found, func(a, b fault) int { return boolean(unused(a)) - boolean(unused(b)) })
	return found
}

func unused(f fault) bool { return strings.HasPrefix(f.goes, "declared and not used") }

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// column is where GoNB's mark stands.
func column(lines []string) int {
	for _, line := range lines {
		if mark := strings.TrimLeft(line, " "); mark == "^" {
			return len(line)
		}
	}
	return 0
}

// compiled says why a cell could not be built: each fault in words, those together that
// nobody knows.
func (f *Failure) compiled(c *cell.Cell, faults []fault) Said {
	var s Said
	for _, group := range f.grouped(c, faults) {
		w, kind := f.explain(c, group[0])
		goes := group[0].goes
		if len(group) > 1 {
			var names []string
			for _, one := range group {
				names = append(names, strings.TrimPrefix(one.goes, undefinedName))
			}
			w, goes = f.unknown(names...), undefinedName+strings.Join(names, ", ")
		}
		one := newSaid(kind, w)
		if s.Name == "" {
			s = one
			s.add("")
		} else {
			s.add("")
			s.add(one.Traceback...)
		}
		s.add(f.where(c, group...)...)
		if w.en != goes {
			s.add("Go: " + goes)
		}
	}
	return s
}

// grouped puts names together of which nobody knows anything, behind the first of them.
func (f *Failure) grouped(c *cell.Cell, faults []fault) (groups [][]fault) {
	unknown := -1
	for _, one := range faults {
		name, ok := strings.CutPrefix(one.goes, undefinedName)
		if ok {
			w, _ := f.explain(c, one)
			ok = w == f.unknown(name)
		}
		switch {
		case ok && unknown >= 0:
			groups[unknown] = append(groups[unknown], one)
			continue
		case ok:
			unknown = len(groups)
		}
		groups = append(groups, []fault{one})
	}
	return groups
}

// where shows the lines of faults, with a mark below each of their columns.
func (f *Failure) where(c *cell.Cell, faults ...fault) (shown []string) {
	for i, at := range faults {
		lines := f.line(c, at)
		if i > 0 && at.line == faults[i-1].line && at.number == faults[i-1].number && len(lines) == 2 {
			marks := shown[len(shown)-1]
			if strings.Trim(marks, " ^") != "" { // the one before has none
				shown = append(shown, lines[1])
			} else if at.column > faults[i-1].column {
				shown[len(shown)-1] = marks + lines[1][len(marks):]
			}
			continue
		}
		shown = append(shown, lines...)
	}
	return shown
}

func (f *Failure) line(c *cell.Cell, at fault) []string {
	if at.line == 0 {
		return nil
	}
	head := fmt.Sprintf("line %d: ", at.line)
	text := c.Line(at.line)
	if at.number != 0 {
		head = fmt.Sprintf("cell [%d], line %d: ", at.number, at.line)
		text = ""
		for _, past := range f.Earlier {
			if past.Number == at.number {
				text = cell.Read(past.Code).Line(at.line)
				break
			}
		}
	}
	shown := []string{head + strings.ReplaceAll(text, "\t", "    ")}
	if at.column > 0 && at.column <= len(text)+1 {
		before := strings.ReplaceAll(text[:at.column-1], "\t", "    ")
		shown = append(shown, strings.Repeat(" ", width(head+before))+"^")
	}
	return shown
}

// width is how many columns a text takes: two for each letter of Korean and its kin.
func width(text string) (n int) {
	for _, r := range text {
		n++
		if r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xA4CF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF || r >= 0xFF00 && r <= 0xFF60) {
			n++
		}
	}
	return n
}

// source is the line that a fault is in.
func (f *Failure) source(c *cell.Cell, at fault) string {
	if at.number != 0 || at.line == 0 {
		return ""
	}
	return c.Line(at.line)
}

// explain finds words for one fault; Go's own where there are no better ones.
func (f *Failure) explain(c *cell.Cell, at fault) (words, string) {
	source := f.source(c, at)
	if w, ok := f.habit(c, at, source); ok {
		return w, "syntax"
	}
	if name, ok := strings.CutPrefix(at.goes, undefinedName); ok {
		return f.undefined(c, at, name), "undefined"
	}
	if w, ok := python(source, at); ok {
		return w, "syntax"
	}
	if strings.HasPrefix(at.goes, "expected declaration, found ") || strings.HasPrefix(at.goes, "non-declaration statement outside") {
		return noMain(c, at), "syntax"
	}
	if w, ok := f.notOfType(c, at.goes); ok {
		return w, "compile"
	}
	for _, r := range compileRules {
		if m := r.matches.FindStringSubmatch(at.goes); m != nil {
			return r.say(m, source, at), r.kind
		}
	}
	return words{at.goes, "Go가 이 줄을 이해하지 못했습니다."}, "compile"
}

// noMain says that statements need "%%" above them.
func noMain(c *cell.Cell, at fault) words {
	if c.Main > 0 && at.line > 0 && at.line < c.Main {
		return say("Line %d is a statement above %%%%. Only import, func, type, var and const go above %%%%; move it below.",
			"%d번째 줄은 실행문인데 %%%% 위에 있습니다. %%%% 위에는 import, func, type, var, const만 둘 수 있으니 아래로 옮기세요.").with(at.line)
	}
	if at.line > 1 && strings.TrimSpace(strings.Join(c.Lines[:at.line-1], "")) != "" {
		return say("%%%% is missing: write a line with %%%% before line %d. The statements to run go below it.",
			"%%%%가 빠졌습니다. %d번째 줄 앞에 %%%%만 있는 줄을 넣으세요. 실행할 문장은 그 아래에 씁니다.").with(at.line)
	}
	return say("%%%% is missing: write a line with %%%% at the top of the cell. The statements to run go below it.",
		"%%%%가 빠졌습니다. 셀의 첫 줄에 %%%%를 쓰세요. 실행할 문장은 그 아래에 씁니다.").with()
}
