package main

import (
	"os"
	"path/filepath"
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

// TestNotes looks at a course whose one notebook is in English alone.
func TestNotes(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":             "module convbook\n",
		"notebooks/01.ipynb": `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": "Seven words of English and none more"}]}`,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	if said := notes(); len(said) != 1 || said[0].what != "01" || !said[0].aside || !strings.Contains(said[0].state, "no Korean") {
		t.Errorf("noted %v", said)
	}
}
