package explain

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

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
		"배열과/와": "배열과", "count과/와": "count과", "train이라는/라는": "train이라는", "data이라는/라는": "data라는", "float64이어서/여서": "float64여서", "f(x)은/는 값이/가": "f(x)는 값이", "": "",
	} {
		if got := particles(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
