package needed

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const program = `package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	_ "image/png"
	mine "convbook/pkg/figure"
	"gopkg.in/yaml.v3"
)

type (
	shape struct{ w, h int }
	other struct{}
)

func (s shape) area() int { return s.w * s.h * unit }

func (*other) nothing() { rand.Int() }

const (
	unit = iota + 1
	two
)

var one, pair = 1, helper()

var (
	drawn  = mine.Title("x")
	parsed = yaml.Unmarshal
)

var _ = announce()

func announce() int { return 0 }

func helper() int { return 2 }

func init() { started = true }

var started bool

func loop[T any](x T) { loop(x) }

func main() {
	flag.Parse()
	fmt.Println(shape{1, 2}.area())
}
`

// left returns what is left of the program for a cell that declares some names.
func left(t *testing.T, declared ...string) (text string, has func(string) bool) {
	t.Helper()
	less, err := Program([]byte(program), declared)
	if err != nil {
		t.Fatal(err)
	}
	if less == nil {
		less = []byte(program)
	}
	if strings.Count(string(less), "\n") != strings.Count(program, "\n") || len(less) != len(program) {
		t.Error("lines or columns have moved")
	}
	return string(less), func(part string) bool { return strings.Contains(string(less), part) }
}

func TestProgram(t *testing.T) {
	_, has := left(t)
	for _, part := range []string{"shape struct", "area()", "unit = iota", `"flag"`, `"fmt"`, `_ "image/png"`, "announce() int", "var _ =", "func init()", "started bool"} {
		if !has(part) {
			t.Errorf("%s is needed and was left out", part)
		}
	}
	for _, part := range []string{"other struct", "nothing()", "helper()", "one, pair", "drawn", "yaml", "rand", "figure", "loop["} {
		if has(part) {
			t.Errorf("%s is not needed and was kept", part)
		}
	}
	if _, has := left(t, "drawn"); !has("mine.Title") || !has("pkg/figure") || has("yaml") {
		t.Error("what the cell declares itself and what it leads to stays, and no more")
	}
	if _, has := left(t, "other"); !has("nothing()") || !has("rand/v2") {
		t.Error("a type stays with its methods and their imports")
	}
	if _, has := left(t, "parsed"); !has("yaml.v3") {
		t.Error("an import is known by its path though a version stands in it")
	}
	if _, has := left(t, "pair"); !has("one, pair") || !has("func helper() int") {
		t.Error("variables of one line stay together")
	}
}

func TestProgramsThatStayWhole(t *testing.T) {
	for name, text := range map[string]string{
		"everything is used": "package main\n\nfunc main() { f() }\n\nfunc f() {}\n",
		"a dot import":       "package main\n\nimport . \"fmt\"\n\nfunc f() {}\n\nfunc main() { Println(1) }\n",
		"cgo":                "package main\n\nimport \"C\"\n\nfunc f() {}\n\nfunc main() {}\n",
	} {
		if less, err := Program([]byte(text), nil); err != nil || less != nil {
			t.Errorf("%s: %q, %v", name, less, err)
		}
	}
	if _, err := Program([]byte("package main\n\nfunc main() {"), nil); err == nil {
		t.Error("what is no Go is shortened")
	}
}

// A variable stays with what it is computed from, and with what changes it meanwhile.
func TestVariablesThatChangeOthers(t *testing.T) {
	const program = `package main

import (
	"flag"
	"os"
)

type net struct{ weights []float64 }

func (n *net) train() []float64 { n.weights[0]++; return n.weights }

var (
	count   = flag.Int("count", 1, "")
	drawn   = next()
	draws   int
	first   = next()
	history = behind.train()
	behind  = &trained
	trained net
	list    = []int{1}
	total   = len(list)
	later   = func() int { return next() }
	sent    = make(chan int, 1)
	got     = <-sent
	loaded  = load()
	err     = os.Setenv("CONVBOOK_LANG", "ko")
	asked   = os.Getenv("CONVBOOK_LANG")
)

func next() int { draws++; return draws }

func load() int { return 0 }

func main() {
	flag.Parse()
}
`
	for _, c := range []struct{ used, kept, gone string }{
		{"load", "count err", "asked drawn draws first history behind trained list total later sent got loaded"},
		{"first", "count drawn draws", "history behind trained list total later sent got loaded"},
		{"trained", "history behind", "drawn draws first list total later loaded"},
		{"list", "total", "drawn history later"},
		{"sent", "got", "drawn history"},
		{"loaded", "", "drawn history list"},
		{"later", "draws drawn first", "history list"},
	} {
		less, err := Program([]byte(program), []string{c.used})
		if err != nil {
			t.Fatal(err)
		}
		has := func(name string) bool { return strings.Contains(string(less), "\t"+name+" ") }
		for _, name := range strings.Fields(c.kept) {
			if !has(name) {
				t.Errorf("%s is used and %s is left out, which may change it", c.used, name)
			}
		}
		for _, name := range strings.Fields(c.gone) {
			if has(name) {
				t.Errorf("%s is used and %s is kept", c.used, name)
			}
		}
	}
}

// What stands above a function goes with it, and a method stays though its receiver has
// another name of its type.
func TestDirectivesAndAliases(t *testing.T) {
	const program = `package main

import "fmt"

type (
	pair  = couple
	couple struct{}
	alone = other
	other struct{}
)

func (*pair) String() string { return "a pair" }

func (*alone) String() string { return "alone" }

// above is said of it.
//
//go:noinline
func above() {}

func below() {}

func main() {
	fmt.Println(&couple{})
	below()
}
`
	less, err := Program([]byte(program), nil)
	if err != nil {
		t.Fatal(err)
	}
	for part, want := range map[string]bool{"pair) String": true, "alone) String": false, "go:noinline": false, "said of it": false, "func below": true} {
		if strings.Contains(string(less), part) != want {
			t.Errorf("%q is in the program: %v, want %v", part, !want, want)
		}
	}
}

func TestOverlay(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "gonb_1")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	if path, err := Overlay(folder); err == nil {
		t.Errorf("%q without knowing what the cell declares", path)
	}
	if err := Write(above, "func (o *other) nothing() {\n\trand.Int()\n}\n\n%%\nfmt.Println(1)"); err != nil {
		t.Fatal(err)
	}
	path, err := Overlay(folder)
	if err != nil || path == "" {
		t.Fatal(path, err)
	}
	var overlay struct{ Replace map[string]string }
	text, _ := os.ReadFile(path)
	if err := json.Unmarshal(text, &overlay); err != nil {
		t.Fatal(err)
	}
	less, err := os.ReadFile(overlay.Replace[filepath.Join(folder, "main.go")])
	if err != nil || !strings.Contains(string(less), "rand.Int()") || strings.Contains(string(less), "helper") {
		t.Errorf("a method that the cell declares is compiled with its type, what it does not use is not: %v\n%s", err, less)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(above, 0o777); err != nil {
			t.Fatal(err)
		}
		if path, err := Overlay(folder); err == nil {
			t.Errorf("%q, which others may have written", path)
		}
		if err := os.Chmod(above, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := Write(above, "x := 1"); err != nil { // no Go: a forgotten %%
		t.Fatal(err)
	}
	if path, err := Overlay(folder); err == nil {
		t.Errorf("%q after a cell that is no Go", path)
	}
}
