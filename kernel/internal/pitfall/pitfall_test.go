package pitfall

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "import \"fmt\"\n\n%%\nfmt.Println()\n!*ls", ""},
		{"empty", "", ""},
		{"two mains", "%%\nx := 1\n%%\ny := 2", "line 3: a second %%: GoNB ends"},
		{"two mains, the other name", "%main\nx := 1\n%% -v\n", "line 3: a second %%"},
		{"two mains, one in a comment for editors", "//gonb:%%\nx := 1\n%%\t-v", "line 3: a second %%"},
		{"two mains on Windows", "%%\r\nx := 1\r\n%%\r\n", "line 3: a second %%"},
		{"main and exec", "%exec f\nfunc f() {}\n%%", "line 3: a second %%"},
		{"exec without name in a command that goes on", "type T struct{}\n!echo \\\n%exec", `line 3: "%exec" names no function`},
		{"exec without name", "%exec\tf", `line 1: "%exec\tf" names no function`},
		{"a command in a raw string", "s := `a\n!ls`", `line 2: a raw string has a line that begins with "!"`},
		{"a percent sign in a raw string", "s := `a\n% b\n`", "line 2: a raw string"},
		{"main in a raw string", "%%\ns := `\n%%\n`", `line 3: a raw string has a line that begins with "%"`},
		{"a command in a comment", "/* remove it with\n!rm -r out\n*/", `line 2: a comment has a line that begins with "!"`},
		{"a command for editors in a raw string", "s := `\n//gonb:!ls\n`", "line 2: a raw string"},
		{"a package in a raw string", "s := `\npackage main\n`", `begins with "package"`},
		{"an exclamation mark alone", "s := `\n!\n%\n`", ""},
		{"a blank before it", "s := `\n !ls\n\t%d\n`", ""},
		{"raw strings that end", "s := `a` + `b`\n!ls", ""},
		{"a quoted back quote", "s := \"`\"\nr := '`'\n!ls", ""},
		{"an escaped quote", "s := \"\\\"`\"\n!ls", ""},
		{"a back quote in a comment", "x := 1 // the ` key\n/* ` */\n!ls", ""},
		{"a comment in a string", "s := \"/*\"\n!ls", ""},
		{"a comment that ends", "/* a\nb */ x := 1\n!ls", ""},
		{"an expression that goes on", "%%\nok := a &&\n!b", "line 3: the expression"},
		{"an argument", "f(a, // first\n!b)", "line 2: the expression"},
		{"a statement that ends", "%%\ni++\n!ls\nx := 10\n%env A b", ""},
		{"a lone percent sign", "x := 1\n%  ", "line 2: a lone"},
		{"a command that goes on", "!echo a \\\n%%\n!echo b", ""},
		{"time and line of a log", "%%\nlog.SetFlags(log.LstdFlags | log.Lshortfile)", "line 2: the time and the line"},
		{"time and line of a logger", "%%\nl := log.New(os.Stderr, \"\", log.Ltime|log.Llongfile)", "line 2: the time and the line"},
		{"time and line of slog", "%%\no := &slog.HandlerOptions{AddSource: true}", "line 2: the time and the line"},
		{"the line of a log alone", "%%\nlog.SetFlags(log.Lshortfile | log.Ldate)", ""},
		{"both in a comment", "%%\nfmt.Println(1) // not log.LstdFlags | log.Lshortfile", ""},
		{"embed", "//go:embed a.txt\nvar a string", "line 1: //go:embed has no effect"},
		{"embed in a string", "s := `\n//go:embed a.txt\n`", ""},
		{"cgo", "// #include <math.h>\nimport \"C\"", `line 2: import "C"`},
		{"cgo among imports", "import (\n\t\"fmt\"\n\t\"C\"\n)", `line 3: import "C"`},
		{"code behind main", "import \"fmt\"\n%% fmt.Println(1)", "line 2: what is behind %% in the same line is not run"},
		{"a variable behind main", "%% x := 3\nfmt.Println(x)", "line 1: what is behind %%"},
		{"a loop behind main", "%% for i := range 3 {\n}", "line 1: what is behind %%"},
		{"arguments behind main", "%% -v --epochs=3 data.csv \"a b\" 3", ""},
		{"a script", "%%bash\n%%\n%%\n!x `", ""},
		{"a script without program", "%%script", "line 1: %%script names no program"},
		{"a file", "%%writefile a.go\n//go:embed x\n`\n!ls", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := fmt.Sprint(Find(c.source))
			if c.want == "" && got != "[]" || !strings.Contains(got, c.want) {
				t.Errorf("found %s, want %q", got, c.want)
			}
		})
	}
}

func TestCommands(t *testing.T) {
	for _, c := range []struct {
		source string
		want   []string
	}{
		{"x := 1", nil}, {"", nil}, {"!false\n%env A b\n//gonb:!*ls\n%%\nx := 1", []string{"!false", "!*ls"}}, {"%%bash\nfalse\n!x", []string{"%%bash"}},
		{"%%script python3 -u\nraise", []string{"%%script python3 -u"}}, {"%%writefile a\n!x", nil}, {"!", nil},
	} {
		if got := Commands(c.source); !slices.Equal(got, c.want) {
			t.Errorf("%q has the commands %q, want %q", c.source, got, c.want)
		}
	}
}

// FuzzFind makes sure that any cell is looked at, and that a pitfall names a line of it.
func FuzzFind(f *testing.F) {
	f.Add("%%\ns := `\n!ls\n`\n%%\r\n")
	f.Add("/* ' \" ` */ //gonb:%exec\n!a \\\n%\t")
	f.Fuzz(func(t *testing.T, source string) {
		for _, p := range Find(source) {
			if p.Line < 1 || p.Line > strings.Count(source, "\n")+1 || p.Remedy == "" {
				t.Errorf("%q: %v", source, p)
			}
		}
		Commands(source)
	})
}
