package lesson

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// page makes a notebook of cells given as JSON objects.
func page(t *testing.T, cells ...string) *notebook.Notebook {
	t.Helper()
	nb, err := notebook.Parse([]byte(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [` + strings.Join(cells, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// code is a cell that ran as number 3 and printed a text.
func code(metadata, text, html string) string {
	return `{"cell_type": "code", "execution_count": 3, "source": "x", "metadata": ` + metadata + `, "outputs": [
		{"output_type": "stream", "name": "stdout", "text": ` + quoted(text) + `},
		{"output_type": "display_data", "metadata": ` + marked(text) + `, "data": {"text/html": ` + quoted(html) + `}}]}`
}

// marked is the metadata of an output beside a text.
func marked(text string) string {
	if strings.HasPrefix(text, drawn) {
		return `{"convbook": {"stand_in": true}}`
	}
	return `{}`
}

const (
	two     = `{"convbook": {"figures": 2}}`
	banded  = `{"convbook": {"bands": [{"pattern": "acc:([0-9.]+)", "low": 0.8, "high": 0.9}]}}`
	drawn   = "drawn: "
	forBoth = `{"convbook": {"bands": [{"pattern": "acc:([0-9.]+)", "low": 0.8, "high": 0.9, "stand_in_low": 0.5, "stand_in_high": 0.6}]}}`
)

func TestCheck(t *testing.T) {
	for _, c := range []struct{ name, metadata, text, html, want string }{
		{"nothing is asked", `{}`, "acc:0.1", "", ""},
		{"two figures", two, "", `<img src="a"><div><img src="b"></div>`, ""},
		{"a figure is missing", two, "", `<img src="a">`, "cell [3] shows 1 of 2 figures"},
		{"stand-in, other figures", `{"convbook": {"figures": 2, "stand_in_figures": 0}}`, drawn, "", ""},
		{"stand-in, the same figures", two, drawn, "", "cell [3] shows 0 of 2 figures"},
		{"in the band", banded, "acc:0.1\nacc:0.85\n", "", ""},
		{"the last number counts", banded, "acc:0.85\nacc:0.1\n", "", "cell [3] has acc:0.1, want a number from 0.8 to 0.9"},
		{"nothing printed", banded, "", "", `prints nothing like "acc:([0-9.]+)"`},
		{"stand-in, no band for it", banded, drawn + "acc:0.1", "", ""},
		{"stand-in, in its band", forBoth, drawn + "acc:0.55", "", ""},
		{"stand-in, beside its band", forBoth, drawn + "acc:0.85", "", "from 0.5 to 0.6"},
		{"words about a stand-in", banded, "the program drew a stand-in. acc:0.1", "", "from 0.8 to 0.9"},
		{"no pattern", `{"convbook": {"bands": [{"pattern": "acc"}]}}`, "acc", "", "no pattern with a group"},
	} {
		err := Check(page(t, code(c.metadata, c.text, c.html)))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

const (
	exercise = `{"cell_type": "code", "execution_count": 1, "source": "skeleton", "metadata": {"tags": ["exercise"]}, "outputs": []}`
	solution = `{"cell_type": "markdown", "source": "<details>\n\n` + "```go\\nline one\\n\\tline two\\n```" + `\n\n</details>", "metadata": {"tags": ["solution"]}}`
	words    = `{"cell_type": "markdown", "source": "Here are more than six words of English.", "metadata": {}}`
)

func TestSolve(t *testing.T) {
	nb := page(t, words, exercise, solution)
	if n, err := Solve(nb); n != 1 || err != nil || nb.Cells[1].Source != "line one\n\tline two" {
		t.Errorf("%d solved, %v, the cell is %q", n, err, nb.Cells[1].Source)
	}
	for name, nb := range map[string]*notebook.Notebook{
		"at the end":           page(t, exercise),
		"another cell follows": page(t, exercise, words),
		"no block":             page(t, exercise, `{"cell_type": "markdown", "source": "none", "metadata": {"tags": ["solution"]}}`),
	} {
		if _, err := Solve(nb); err == nil {
			t.Errorf("%s: an exercise without solution passes", name)
		}
	}
}

func TestReview(t *testing.T) {
	for _, c := range []struct {
		name string
		nb   *notebook.Notebook
		want string
	}{
		{"no Korean", page(t, words), "no Korean"},
		{"not run", page(t, `{"cell_type": "code", "execution_count": null, "source": "x", "metadata": {}, "outputs": []}`), "has not been run"},
		{"failed", page(t, `{"cell_type": "code", "execution_count": 2, "source": "x", "metadata": {}, "outputs": [{"output_type": "error", "ename": "", "evalue": "", "traceback": []}]}`), "cell [2] failed"},
		{"a path", page(t, code(`{}`, "open /home/kim/x: no such file", "")), `"/home/"`},
		{"a date", page(t, code(`{}`, "2026/01/31 10:20:30 begins", "")), "2026/01/31 10:20"},
		{"a time", page(t, code(`{}`, "I0131 10:20:30.123456 begins", "")), "10:20:30.123"},
		{"a figure", page(t, code(two, "", "")), "shows 0 of 2 figures"},
		{"no solution", page(t, exercise), "has no solution"},
	} {
		if faults := Review(c.nb); len(faults) != 1 || !strings.Contains(faults[0], c.want) {
			t.Errorf("%s: %q, want one fault with %q", c.name, faults, c.want)
		}
	}
	if faults := Review(page(t, exercise, solution, code(two, "fine", "<img <img "))); len(faults) != 0 {
		t.Errorf("a notebook in order has the faults %q", faults)
	}
}

// TestTheCourse reviews the notebooks as they are committed.
func TestTheCourse(t *testing.T) {
	paths, err := filepath.Glob("../../../notebooks/*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
		nb, err := notebook.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range Review(nb) {
			t.Errorf("%s: %s", filepath.Base(path), fault)
		}
	}
}
