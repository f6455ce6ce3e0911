package handout

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
)

// course returns the notebooks as they are committed, by their names.
func course(t *testing.T) map[string]*notebook.Notebook {
	t.Helper()
	paths, err := filepath.Glob("../../../notebooks/*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	all := map[string]*notebook.Notebook{}
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".ipynb")] = nb
	}
	return all
}

func text(t *testing.T, nb *notebook.Notebook) []byte {
	t.Helper()
	b, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var origin = Origin{Version: "9.8.7", Notebook: "any", Digest: "d"}

// telling are the lines of a solution that are not in the exercise: what must not be
// found in what is handed out.
func telling(t *testing.T, nb *notebook.Notebook) (lines []string) {
	t.Helper()
	for i, c := range nb.Cells {
		if !c.HasTag(solutionTag) {
			continue
		}
		source, err := lesson.Solution(c)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(source) {
			line = strings.TrimSpace(line)
			// A brace, a return of one name or the signature in one line tells nothing.
			if len(line) < 12 || strings.HasPrefix(line, "func my") || strings.Contains(unwrapped(nb.Cells[i-1].Source), unwrapped(line)) {
				continue
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// unwrapped is a source in which line breaks do not count.
func unwrapped(source string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(source)
}

// TestTheCourseHandedOut holds all notebooks to what is promised of them.
func TestTheCourseHandedOut(t *testing.T) {
	lines, answers := 0, 0
	for name, nb := range course(t) {
		before := text(t, nb)
		out, err := Students(nb, origin)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		written := text(t, out)
		if !bytes.Equal(before, text(t, nb)) {
			t.Fatalf("%s: the original was changed", name)
		}
		again, _ := Students(nb, origin)
		if !bytes.Equal(written, text(t, again)) {
			t.Errorf("%s: a second time gives other bytes", name)
		}
		file := struct {
			Cells []struct {
				Type     string `json:"cell_type"`
				Count    any    `json:"execution_count"`
				Outputs  []any
				Metadata struct {
					Tags                []string
					Editable, Deletable *bool
				}
			}
		}{}
		if err := json.Unmarshal(written, &file); err != nil {
			t.Fatal(err)
		}
		for i, c := range file.Cells {
			source := out.Cells[i].Source
			free := func(b *bool) bool { return b == nil || *b }
			switch tags := c.Metadata.Tags; {
			case c.Count != nil || len(c.Outputs) > 0:
				t.Errorf("%s, cell %d has outputs or a number", name, i+1)
			case slices.Contains(tags, "solution"):
				t.Errorf("%s, cell %d is a solution", name, i+1)
			case slices.Contains(tags, "check"):
				if free(c.Metadata.Editable) || free(c.Metadata.Deletable) || len(lesson.Checks(source)) == 0 {
					t.Errorf("%s, cell %d: a check that is not locked, or none:\n%s", name, i+1, source)
				}
			case slices.Contains(tags, "exercise"):
				answers++
				if !free(c.Metadata.Editable) || free(c.Metadata.Deletable) || len(lesson.Checks(source)) > 0 || strings.Contains(source, "%%") {
					t.Errorf("%s, cell %d: an answer that cannot be edited, or with its check:\n%s", name, i+1, source)
				}
				if next := file.Cells[i+1].Metadata.Tags; !slices.Contains(next, "check") {
					t.Errorf("%s, cell %d: its check does not follow", name, i+1)
				}
			}
		}
		var asked []string
		for _, c := range out.Cells {
			if c.HasTag("check") {
				asked = append(asked, lesson.Checks(c.Source)...)
			}
		}
		if want := lesson.Asked(nb); !slices.Equal(asked, want) {
			t.Errorf("%s: the checks are %q, want %q", name, asked, want)
		}
		if found, ok := OriginOf(out); !ok || found != origin {
			t.Errorf("%s: the origin is %v", name, found)
		}
		var of struct{ Summary map[string]string }
		if !out.Metadata("convbook", &of) || of.Summary["ko"] == "" {
			t.Errorf("%s: what the notebook says of itself is lost", name)
		}
		if lesson.Original(out, []*notebook.Notebook{nb}) != nb {
			t.Errorf("%s: its original is not found by the cells' ids", name)
		}
		whole := ""
		for _, c := range out.Cells {
			whole += c.Source + "\n"
		}
		for _, line := range telling(t, nb) {
			lines++
			if strings.Contains(whole, line) && !elsewhere(nb, line) || bytes.Contains(written, []byte("<summary>Solution")) {
				t.Errorf("%s: a line of a solution is handed out: %s", name, line)
			}
		}
	}
	if lines < 80 || answers < 25 {
		t.Errorf("only %d lines of solutions and %d answers were looked at", lines, answers)
	}
}

// elsewhere says whether a lesson itself shows a line, outside of exercises.
func elsewhere(nb *notebook.Notebook, line string) bool {
	return slices.ContainsFunc(nb.Cells, func(c *notebook.Cell) bool {
		return !c.HasTag(solutionTag) && !c.HasTag(exerciseTag) && strings.Contains(c.Source, line)
	})
}

func TestSplit(t *testing.T) {
	const check = runAfter + "\nimport \"convbook/pkg/exercise\"\n\n%%\n"
	for _, c := range []struct{ name, source, answer, check string }{
		{"with the import alone", "import \"convbook/pkg/exercise\"\n\nfunc f() {}\n\n%%\nexercise.Relu(f)", "func f() {}", "exercise.Relu(f)"},
		{"the import is used", "import \"convbook/pkg/exercise\"\n\nvar n = exercise.NotYet\n\n%%\nexercise.Number(\"n\", n)\n", "import \"convbook/pkg/exercise\"\n\nvar n = exercise.NotYet", "exercise.Number(\"n\", n)"},
		{"a group", "import (\n\t\"convbook/pkg/exercise\"\n\t\"math\"\n)\nvar n = math.Pi\n%%\nexercise.Number(\"n\", n)", "import (\n\t\"math\"\n)\nvar n = math.Pi", "exercise.Number(\"n\", n)"},
		{"commands stay", "!pwd\nvar n = 1\n%%\nexercise.Number(\"n\", n)", "!pwd\nvar n = 1", "exercise.Number(\"n\", n)"},
		{"percent signs in a comment", "// 50 %%\nvar n = 1 // %%\n%%\nexercise.Number(\"n\", n)", "// 50 %%\nvar n = 1 // %%", "exercise.Number(\"n\", n)"},
	} {
		e, err := Split(c.source)
		if err != nil || e.Answer != c.answer || e.Check.Source != check+c.check {
			t.Errorf("%s: %v\n%+v", c.name, err, e)
		}
	}
	for source, want := range map[string]string{
		"func f() {}\nfunc main() { exercise.Relu(f) }":  "no line %%",
		"func f() {}\n%%\nf()":                           "there is no check",
		"var _ = exercise.Relu(f)\n%%\nexercise.Relu(f)": "above",
		"func f( {}\n%%\nexercise.Relu(f)":               "not Go",
		"func f() {}\n%%\nexercise.Relu(f":               "not Go",
	} {
		if _, err := Split(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", source, err, want)
		}
	}
}

func TestChecksApart(t *testing.T) {
	const above = "func f() {}\n%%\n"
	for _, c := range []struct {
		name, body string
		want       []string // the bodies, of one check each
	}{
		{"two", "exercise.Relu(f)\nexercise.Affine(g)", []string{"exercise.Relu(f)", "exercise.Affine(g)"}},
		{"what both need", "x := load()\n// one\nexercise.Relu(x)\nexercise.Affine(x)", []string{"x := load()\n// one\nexercise.Relu(x)", "x := load()\n// one\nexercise.Affine(x)"}},
		{"what one needs", "x, y := load()\nvar z = 1\nexercise.Relu(x)\nexercise.Affine(y, z)", []string{"x, y := load()\nvar z = 1\nexercise.Relu(x)\n_ = y\n_ = z", "x, y := load()\nvar z = 1\nexercise.Affine(y, z)\n_ = x"}},
		{"over several lines", "exercise.Relu(\n\tf,\n)\nexercise.Affine(g)", []string{"exercise.Relu(\n\tf,\n)", "exercise.Affine(g)"}},
		{"in one line", "exercise.Relu(f); exercise.Affine(g)", []string{"exercise.Relu(f); exercise.Affine(g)"}},
		{"in a loop", "for range 2 {\n\texercise.Relu(f)\n}", []string{"for range 2 {\n\texercise.Relu(f)\n}"}},
	} {
		e, err := Split(above + c.body)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		names := 0
		for _, check := range e.Each {
			_, body, _ := strings.Cut(check.Source, "%%\n")
			got = append(got, body)
			names += len(check.Names)
		}
		if !slices.Equal(got, c.want) || names != len(e.Check.Names) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestIDsOfChecks(t *testing.T) {
	long := strings.Repeat("x", 64)
	for _, c := range []struct {
		answer string
		number int
		want   string
	}{{"a1", 1, "a1-check"}, {"a1", 3, "a1-check3"}} {
		if got := checkID(c.answer, c.number); got != c.want {
			t.Errorf("%s, %d: %s", c.answer, c.number, got)
		}
	}
	if id := checkID(long, 12); len(id) > 64 || id != checkID(long, 12) || id == checkID(long[1:]+"y", 12) {
		t.Errorf("a long id becomes %s", id)
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"00_start_here", "2026 가을", "합성곱", "a.b", ".", ".."} {
		if err := FitName(name); err != nil {
			t.Errorf("%q %v", name, err)
		}
	}
	for _, name := range []string{"", "a/b", `a\b`, "a\nb", "a\x1b[31mb", "a\u202eb", "-x", ".x", "x ", " x", "x.", "con", "NUL.ipynb", "a:b", "a*", "\xff", strings.Repeat("한", 70)} {
		if FitName(name) == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

// TestDigest tells edits from runs.
func TestDigest(t *testing.T) {
	nb := course(t)["00_start_here"]
	was := Digest(nb)
	ran := nb.Copy()
	for _, c := range ran.Cells {
		c.Outputs, c.ExecutionCount = nil, 7
		c.SetMetadata("anything", 1)
	}
	if Digest(ran) != was {
		t.Error("running a notebook changes its digest")
	}
	ran.Cells[3].Source += " "
	if Digest(ran) == was {
		t.Error("an edit does not change the digest")
	}
}

// TestForeignOrigins reads what a student may have made of the metadata.
func TestForeignOrigins(t *testing.T) {
	for _, metadata := range []string{`{}`, `{"convbook": 7}`, `{"convbook": {"handout": []}}`, `{"convbook": {"handout": {"version": 3}}}`, `{"convbook": {"handout": {"version": "1"}}}`} {
		nb, err := notebook.Parse([]byte(`{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": ` + metadata + `}`))
		if err != nil {
			t.Fatal(err)
		}
		if o, found := OriginOf(nb); found {
			t.Errorf("%s: %v", metadata, o)
		}
	}
}
