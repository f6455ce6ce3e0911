package explain

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/setup"
)

// told takes what was recorded of a cell as the front does: a panic is held back, and
// so is the line about the program's end.
func told(t *testing.T, m mistake, r recorded) (said Said, failed bool) {
	t.Helper()
	last := m.cells[len(m.cells)-1]
	if said, refused := Refuse(last); refused {
		return said, true
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	f := &Failure{Code: last, Number: len(m.cells), Root: root, Main: r.Main}
	for i := len(m.cells) - 2; i >= 0; i-- {
		f.Earlier = append(f.Earlier, Past{i + 1, m.cells[i]})
	}
	for _, message := range r.Messages {
		var content struct {
			Name, Text, Evalue string
			Traceback          []string
		}
		if err := json.Unmarshal(message.Content, &content); err != nil {
			t.Fatal(err)
		}
		switch {
		case message.Type == "stream" && content.Name == "stderr" && !IsEnd(content.Text):
			f.Stderr += content.Text
		case message.Type == "error":
			f.Value, f.Traceback, failed = content.Evalue, content.Traceback, true
		case message.Type == "died":
			t.Fatal("GoNB ended, and the cell was not refused")
		}
	}
	if !failed {
		return Said{}, false
	}
	return Explain(f), true
}

// nobody wrote these: they are Go's and GoNB's, not the student's.
var nobody = regexp.MustCompile(`gonb_|flag\.Parse|goroutine \d|0x[0-9a-f]{3,}|exit status|main\.go|/tmp/|func main\(\)|\x1b`)

var hangul = regexp.MustCompile(`[가-힣]`)

func TestMistakes(t *testing.T) {
	text, err := os.ReadFile(recordFile)
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	byName := map[string]recorded{}
	for _, r := range all {
		byName[r.Name] = r
	}
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			r, ok := byName[m.name]
			if !ok {
				t.Fatal("not recorded: CONVBOOK_RECORD=1 go test -run TestRecord")
			}
			said, failed := told(t, m, r)
			if failed != (m.words != nil || m.fails) {
				t.Fatalf("fails: %v; it says %q", failed, said)
			}
			if failed {
				checkWords(t, m, said)
			}
		})
	}
}

// checkWords checks what is said to a mistake.
func checkWords(t *testing.T, m mistake, said Said) {
	t.Helper()
	whole := strings.Join(said.Traceback, "\n")
	t.Log("\n" + whole)
	if len(said.Traceback) == 0 || said.Traceback[0] != said.Value && !strings.HasPrefix(said.Value, said.Traceback[0]) {
		t.Errorf("the message is not first: %q", said)
	}
	first := said.Value
	for _, word := range m.words {
		if !strings.Contains(first, word) && !strings.Contains(whole, word) {
			t.Errorf("no word of %q", word)
		}
	}
	if found := nobody.FindString(whole); found != "" {
		t.Errorf("it says %q, which nobody wrote", found)
	}
	if !m.own && !hangul.MatchString(whole) {
		t.Error("nothing in Korean")
	}
	if m.line > 0 && !strings.Contains(whole, fmt.Sprintf("line %d: %s", m.line, strings.ReplaceAll(strings.Split(m.cells[len(m.cells)-1], "\n")[m.line-1], "\t", "    "))) {
		t.Errorf("line %d is not shown", m.line)
	}
}

func TestParticles(t *testing.T) {
	for text, want := range map[string]string{
		"book은/는 없습니다": "book은 없습니다", "x은/는": "x는", "인덱스 3이/가": "인덱스 3이", "2을/를": "2를",
		"배열과/와": "배열과", "count과/와": "count와", "counter이라는/라는": "counter라는", "layer은/는": "layer는", "map을/를": "map을", "float이/가": "float가", "net은/는": "net은", "training이/가": "training이",
		"r은/는": "r은", "LR이/가": "LR이", "word은/는": "word는", "list을/를": "list를", "block은/는": "block은", "T이/가": "T가", "channel은/는": "channel은", "log이/가": "log가", "train이라는/라는": "train이라는", "data이라는/라는": "data라는", "float64이어서/여서": "float64여서", "f(x)은/는 값이/가": "f(x)는 값이", "": "",
	} {
		if got := particles(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Names that nobody knows are told of together, their line shown once.
func TestNamesTogether(t *testing.T) {
	f := &Failure{Code: "%%\nfmt.Println(counter, square(12))\nx := \"a\" * 2\nfmt.Println(x, cube)", Number: 1}
	entry := func(line int, source, mark, goes string) string {
		return fmt.Sprintf("Cell[1]: Line %d\nfunc main() {\n%s\n%s^\n}\n\n%s", line, source, mark, goes)
	}
	f.Traceback = []string{
		entry(2, "fmt.Println(counter, square(12))", strings.Repeat(" ", 12), "undefined: counter"),
		entry(2, "fmt.Println(counter, square(12))", strings.Repeat(" ", 21), "undefined: square"),
		entry(3, "x := \"a\" * 2", "     ", "invalid operation: \"a\" * 2 (mismatched types untyped string and untyped int)"),
		entry(4, "fmt.Println(x, cube)", strings.Repeat(" ", 15), "undefined: cube"),
	}
	said := Explain(f)
	want := []string{
		"counter, square and cube are not known. After a restart the kernel knows nothing: run the cells above that declare them.",
		"counter, square, cube라는 이름은 없습니다. 커널을 다시 시작하면 모두 사라지니, 이 이름을 만드는 위쪽 셀들을 먼저 실행하세요.",
		"",
		"line 2: fmt.Println(counter, square(12))",
		"                    ^        ^",
		"line 4: fmt.Println(x, cube)",
		"                       ^",
		"Go: undefined: counter, square, cube",
	}
	if len(said.Traceback) < len(want) || strings.Join(said.Traceback[:len(want)], "\n") != strings.Join(want, "\n") || said.Value != want[0] {
		t.Errorf("it says\n%s\nwant\n%s", strings.Join(said.Traceback, "\n"), strings.Join(want, "\n"))
	}
}

// Faults of one line share it; one whose column is not known has no mark.
func TestWhere(t *testing.T) {
	f := &Failure{}
	c := cell.Read("a := b\nc := longer + d")
	for want, faults := range map[string][]fault{
		"line 1: a := b\n             ^":                                                                   {{line: 1, column: 6}, {line: 1, column: 6}},
		"line 2: c := longer + d\n             ^        ^":                                                 {{line: 2, column: 6}, {line: 2, column: 15}},
		"line 1: a := b\n             ^\nline 2: c := longer + d\n             ^":                          {{line: 1, column: 6}, {line: 2}, {line: 2, column: 6}},
		"line 1: a := b\nline 2: c := longer + d\n             ^        ^\nline 1: a := b\n             ^": {{line: 1}, {line: 2, column: 6}, {line: 2, column: 15}, {line: 1, column: 6}},
	} {
		if got := strings.Join(f.where(c, faults...), "\n"); got != want {
			t.Errorf("%v are shown as\n%s\nwant\n%s", faults, got, want)
		}
	}
}
