package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/handout"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
)

// TestHandoutWritesNothingOver hands out twice, over a student's work, and with --force.
func TestHandoutWritesNothingOver(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "2026 가을", "합성곱")
	handOut := func(want string, args ...string) {
		t.Helper()
		run := begin(t, nil, append([]string{"handout"}, args...)...)
		code := run.ends()
		said := run.stdout.String() + run.stderr.String()
		if (code == 0) != (want == "") || !strings.Contains(said, want) {
			t.Errorf("%q: exit status %d, want %q in\n%s", args, code, want, said)
		}
	}
	path := func(name string) string { return filepath.Join(folder, name+".ipynb") }
	handOut("", folder, "03", "04")
	made, err := os.ReadFile(path("03_convolution"))
	if err != nil {
		t.Fatal(err)
	}
	handOut("", folder, "03", "04") // as they were
	work := bytes.Replace(made, []byte("return nil // your code"), []byte("return x // my code"), 1)
	if err := os.WriteFile(path("03_convolution"), work, 0o600); err != nil {
		t.Fatal(err)
	}
	handOut("nothing is written", folder, "03", "05")
	if now, err := os.ReadFile(path("03_convolution")); err != nil || !bytes.Equal(now, work) {
		t.Errorf("a student's work was written over: %v", err)
	}
	if _, err := os.Stat(path("05_simple_convnet")); err == nil {
		t.Error("the other notebook was written")
	}
	handOut("", folder, "03", "05", "--force")
	if now, err := os.ReadFile(path("03_convolution")); err != nil || !bytes.Equal(now, made) {
		t.Errorf("--force did not hand out anew: %v", err)
	}
	if found, _ := filepath.Glob(filepath.Join(folder, ".*")); len(found) > 0 {
		t.Errorf("left behind: %q", found)
	}
	handOut("holds the originals", "../notebooks", "03", "--force")
	handOut("is a file", path("03_convolution"), "03")
	handOut("has no name", "", "03")
	handOut("cannot be seen", filepath.Join(t.TempDir(), "a\x1b[31m"), "03")
	handOut("no notebook is called", folder, "99")
	for _, name := range []string{"a:b", "two\nlines"} {
		odd := filepath.Join(t.TempDir(), name+".ipynb")
		if err := os.WriteFile(odd, made, 0o600); err != nil {
			t.Fatal(err)
		}
		handOut("has a name with", folder, odd)
	}
	if err := os.Mkdir(path("06_train_convnet"), 0o755); err != nil {
		t.Fatal(err)
	}
	handOut("is no file", folder, "06", "--force")
}

// quick are the notebooks whose cells take no time; CONVBOOK_LONG=1 takes all.
var quick = []string{"04_pooling"}

// TestHandedOutNotebooksRun runs what students get, first as it is, then with answers: the
// solutions, each without its checks.
func TestHandedOutNotebooksRun(t *testing.T) {
	t.Parallel()
	course := quick
	if os.Getenv("CONVBOOK_LONG") != "" {
		list, err := notebooks()
		if err != nil {
			t.Fatal(err)
		}
		course = nil
		for _, s := range list {
			course = append(course, s.name)
		}
	}
	folder, out := t.TempDir(), t.TempDir()
	args := []string{"run", "--html=false", "--plain", "--keep-going"}
	run := begin(t, nil, append([]string{"handout", folder}, course...)...)
	if code := run.ends(); code != 0 {
		t.Fatalf("%s", run.stderr.String())
	}
	var paths []string
	for _, name := range course {
		paths = append(paths, filepath.Join(folder, name+ending))
	}
	env := []string{"CONVBOOK_DATA=stand-in", "CONVBOOK_SEEDS=1", "CONVBOOK_RUNS=" + t.TempDir()}
	run = begin(t, env, append(append(args, "--out", out), paths...)...)
	if code := run.ends(); code != 0 {
		t.Errorf("as handed out:\n%s", run.stderr.String())
	}
	for _, name := range course {
		ran, err := notebook.Read(filepath.Join(out, name+ending))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range ran.Cells {
			if !c.HasTag("check") {
				continue
			}
			said := ""
			for _, o := range c.Outputs {
				text, _ := o["text"].(string)
				said += text
			}
			// A goal is reached or missed by a network that trains as it is handed out.
			if names := lesson.Checks(c.Source); strings.Count(said, "not written yet")+strings.Count(said, "is asked for") != len(names) {
				t.Errorf("%s: the check of %q says\n%s", name, names, said)
			}
		}
		answer(t, name, filepath.Join(folder, name+ending))
	}
	run = begin(t, append(env, lesson.Strict), append(append(args, "--out", out), paths...)...)
	if code := run.ends(); code != 0 {
		t.Errorf("with answers:\n%s\n%s", run.stdout.String(), run.stderr.String())
	}
}

// answer puts the solutions of a notebook of the course into one that was handed out.
func answer(t *testing.T, name, path string) {
	t.Helper()
	solved, err := notebook.Read(filepath.Join("..", "notebooks", name+ending))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lesson.Solve(solved); err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, c := range solved.Cells {
		if c.HasTag("exercise") {
			e, err := handout.Split(c.Source)
			if err != nil {
				t.Fatal(err)
			}
			answers[c.ID()] = e.Answer
		}
	}
	nb, err := notebook.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells {
		if c.HasTag("exercise") {
			c.Source = answers[c.ID()]
		}
	}
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
}
