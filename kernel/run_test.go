package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

func TestRun(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	var first []byte
	for round := range 2 {
		c := begin(t, nil, "run", "--out", out, "testdata/small.ipynb")
		if code := c.ends(); code != 0 {
			t.Fatalf("exit status %d: %s", code, c.stderr)
		}
		path, page := filepath.Join(out, "small.ipynb"), filepath.Join(out, "small.html")
		for _, want := range []string{"small: A small notebook", "[2/5]", "twice 21 is 42", "[5/5]", "ok", path, page} {
			if !strings.Contains(c.stdout.String(), want) {
				t.Errorf("%q was not printed, only\n%s", want, c.stdout)
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			first = text
		} else if !bytes.Equal(text, first) {
			t.Errorf("a second run wrote\n%s\nthe first\n%s", text, first)
		}
		if text, err := os.ReadFile(page); err != nil || !bytes.Contains(text, []byte("<b>step 3</b>")) {
			t.Errorf("the page has %d bytes, %v", len(text), err)
		}
	}
	nb, err := notebook.Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`[]`,
		`[]`,
		`[{"name":"stdout","output_type":"stream","text":"twice 21 is 42\n"},{"name":"stderr","output_type":"stream","text":"a word aside\n"}]`,
		`"<b>step 3</b>"`,
		`"evalue":"The program of the cell ended itself, with status 2`,
		`[]`,
		`[{"name":"stdout","output_type":"stream","text":"the last cell\n"}]`,
	} {
		outputs := nb.Cells[i].Outputs
		if outputs == nil {
			outputs = []notebook.Output{}
		}
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(outputs); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) {
			t.Errorf("cell %d has the outputs %s, want %s", i+1, b.String(), want)
		}
	}
	if displays := nb.Cells[3].Outputs; len(displays) != 2 {
		t.Errorf("the display that was updated and the figure are %d outputs", len(displays))
	}
}

func TestFailingCell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want string }{
		{"panic", "failing", "The index 3 is outside the list, which has 3 items, from 0 to 2.\n인덱스 3이 범위를"},
		{"compile error", "broken", "\"28\" is a text, and int is wanted here: remove the quotes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := t.TempDir()
			run := begin(t, nil, "run", "--out", out, "testdata/"+c.file+".ipynb")
			if code := run.ends(); code != 1 {
				t.Errorf("exit status %d", code)
			}
			said := run.stderr.String()
			for _, want := range []string{c.file + ".ipynb, cell [1]:", "   1  %%\n   2  ", c.want} {
				if !strings.Contains(said, want) {
					t.Errorf("%q was not said, only\n%s", want, said)
				}
			}
			if strings.Contains(said, "\x1b") {
				t.Errorf("colours in the error %q", said)
			}
			if strings.Contains(run.stdout.String(), "behind the failure") {
				t.Error("the cell behind the one that failed has run")
			}
			if _, err := os.Stat(filepath.Join(out, c.file+".ipynb")); err != nil {
				t.Errorf("the notebook up to the failure: %v", err)
			}
			run.cleanedUp()
		})
	}
}

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	c := begin(t, nil, "run", "--out", t.TempDir(), "--timeout", "2s", "--keep-going", "testdata/endless.ipynb")
	if code := c.ends(); code != 1 {
		t.Errorf("exit status %d", code)
	}
	if !strings.Contains(c.stderr.String(), "it took longer than the time limit of 2s") {
		t.Errorf("said %q", c.stderr)
	}
	if !strings.Contains(c.stdout.String(), "after it") {
		t.Errorf("the cell behind did not run:\n%s", c.stdout)
	}
	c.cleanedUp()
}

func TestInPlace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "good.ipynb"), filepath.Join(folder, "bad.ipynb")
	writeNotebook(t, good, "import \"fmt\"\n\n%%\nfmt.Println(\"written in place\")")
	writeNotebook(t, bad, "%%\npanic(\"no\")")
	before, err := os.ReadFile(bad)
	if err != nil {
		t.Fatal(err)
	}
	stale := filepath.Join(folder, "out", "good.ipynb") // of an earlier run
	if err := os.Mkdir(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	writeNotebook(t, stale, "%%\n// written before")
	c := begin(t, nil, "run", "--in-place", "--no-html", "--keep-going", "--quiet", "--out", filepath.Join(folder, "out"), good, bad)
	if code := c.ends(); code != 1 || strings.Contains(c.stdout.String(), "written in place") {
		t.Errorf("exit status %d, printed\n%s", code, c.stdout)
	}
	for _, path := range []string{good, stale} {
		if text, err := os.ReadFile(path); err != nil || !bytes.Contains(text, []byte(`"written in place\n"`)) {
			t.Errorf("%v; %s is\n%s", err, path, text)
		}
	}
	if text, err := os.ReadFile(bad); err != nil || !bytes.Equal(text, before) {
		t.Errorf("%v; a notebook that failed was changed to\n%s", err, text)
	}
	if pages, _ := filepath.Glob(filepath.Join(folder, "*", "*.html")); pages != nil {
		t.Errorf("pages %v", pages)
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	runs := []*command{}
	for range 2 {
		runs = append(runs, begin(t, nil, "run", "--out", out, "testdata/small.ipynb"))
	}
	for _, c := range runs {
		if code := c.ends(); code != 0 {
			t.Errorf("exit status %d: %s", code, c.stderr)
		}
		c.cleanedUp()
	}
	if entries, err := os.ReadDir(out); err != nil || len(entries) != 3 {
		t.Errorf("made %v, %v", entries, err)
	}
}

func TestWhatCannotBeRun(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.ipynb")
	if err := os.WriteFile(broken, []byte(`{"nbformat": 4, "cells": [`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no such notebook", []string{"run", "no-such-notebook"}, `no notebook is called no-such-notebook; there are: `},
		{"a file that is none", []string{"run", "--out", folder, broken}, broken + ": it ends in the middle, in line 1, column 27: it was cut short"},
		{"a folder that cannot be made", []string{"run", "--out", filepath.Join(broken, "out"), "testdata/small.ipynb"}, "choose another folder with --out"},
		{"no name", []string{"run"}, "name"},
		{"an unknown flag", []string{"run", "--bogus", "x"}, "unknown flag --bogus"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := begin(t, nil, c.args...)
			code := run.ends()
			if said := run.stderr.String(); code == 0 || !strings.Contains(said, c.want) || strings.Contains(said, "goroutine") {
				t.Errorf("exit status %d, said\n%s", code, said)
			}
		})
	}
}

func TestWelcome(t *testing.T) {
	t.Parallel()
	c := begin(t, nil)
	if code := c.ends(); code != 0 || !strings.Contains(c.stdout.String(), "07_assignment") {
		t.Errorf("exit status %d, printed\n%s", code, c.stdout)
	}
}
