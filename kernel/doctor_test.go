package main

import (
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

func TestWhatGoNBTripsOn(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"nothing", "import \"fmt\"\n\n%%\nfmt.Println()\n!*ls", ""},
		{"two mains", "%%\nx := 1\n%%\ny := 2", "second %% in line 3"},
		{"a command in a raw string", "s := `a\n!ls`", `begins with "!"`},
		{"a percent sign in a raw string", "s := `a\n% b\n`", `in line 2`},
		{"raw strings that end", "s := `a` + `b`\n!ls", ""},
		{"a quoted back quote", "s := \"`\"\nr := '`'\n!ls", ""},
		{"an escaped quote", "s := \"\\\"`\"\n!ls", ""},
		{"a back quote in a comment", "x := 1 // the ` key\n!ls", ""},
		{"main in a raw string", "%%\ns := `\n%%\n`", `begins with "%"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(problems(&notebook.Cell{Kind: "code", Source: c.source}), "; ")
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
	if found := problems(&notebook.Cell{Kind: "markdown", Source: "%%\n%%"}); found != nil {
		t.Errorf("found %v in Markdown", found)
	}
}
