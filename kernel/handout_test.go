package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	course := filepath.Join(t.TempDir(), "course")
	handOut("add --nbgrader", course, "--assignment", "hw1", "04")
	for _, name := range []string{"hw+1", "..", "a/b", "con"} {
		handOut("the assignment ", course, "--nbgrader", "--assignment", name, "04")
	}
	handOut("", course, "--nbgrader", "--assignment", "1주차", "04", "03")
	if err := os.WriteFile(filepath.Join(course, "nbgrader_config.py"), []byte("c = get_config()\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	handOut("without the settings for Go", course, "--nbgrader", "05")
	if _, err := os.Stat(filepath.Join(course, "source", "05_simple_convnet")); err == nil {
		t.Error("sources were written without their settings")
	}
	handOut("", course, "--nbgrader", "05", "--force")
	if text, err := os.ReadFile(filepath.Join(course, "nbgrader_config.py")); err != nil || !bytes.HasSuffix(text, []byte("\nc = get_config()\n")) || !bytes.Contains(text, []byte("code_stub")) {
		t.Errorf("%v\n%s", err, text)
	}
	if err := os.Mkdir(path("06_train_convnet"), 0o755); err != nil {
		t.Fatal(err)
	}
	handOut("is no file", folder, "06", "--force")
}

// TestHandedOutNotebooksRun runs what students get, first as it is, then with answers: the
// solutions, each without its checks. CONVBOOK_LONG=1 takes all notebooks but those whose
// checks train, and of their other cells only the declarations run.
func TestHandedOutNotebooksRun(t *testing.T) {
	t.Parallel()
	course := []string{"04_pooling"}
	long := os.Getenv("CONVBOOK_LONG") != ""
	if long {
		list, err := notebooks()
		if err != nil {
			t.Fatal(err)
		}
		course = nil
		for _, s := range list {
			if s.name != "06_train_convnet" && s.name != "10_data_augmentation" { // whose checks train
				course = append(course, s.name)
			}
		}
	}
	folder, out := t.TempDir(), t.TempDir()
	run := begin(t, nil, append([]string{"handout", folder}, course...)...)
	if code := run.ends(); code != 0 {
		t.Fatalf("%s", run.stderr.String())
	}
	args := []string{"run", "--html=false", "--plain", "--keep-going", "--jobs", "2", "--out", out}
	for _, name := range course {
		path := filepath.Join(folder, name+ending)
		args = append(args, path)
		if long {
			change(t, path, declarationsOnly)
		}
	}
	env := []string{"CONVBOOK_DATA=stand-in", "CONVBOOK_SEEDS=1", "CONVBOOK_RUNS=" + t.TempDir()}
	run = begin(t, env, args...)
	if code := run.endsWithin(10 * time.Minute); code != 0 {
		t.Errorf("as handed out:\n%s", run.stderr.String())
	}
	for _, name := range course {
		ran, err := notebook.Read(filepath.Join(out, name+ending))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range of(ran, "check") {
			said := ""
			for _, o := range c.Outputs {
				text, _ := o["text"].(string)
				said += text
			}
			// A goal is reached or missed by a network that trains as it is handed out.
			if names := lesson.Checks(c.Source); strings.Count(said, "not written yet")+strings.Count(said, "asked for") != len(names) {
				t.Errorf("%s: the check of %q says\n%s", name, names, said)
			}
		}
		solutions := answers(t, name)
		change(t, filepath.Join(folder, name+ending), func(nb *notebook.Notebook) {
			for _, c := range of(nb, "exercise") {
				c.Source = solutions[c.ID()]
			}
		})
	}
	run = begin(t, append(env, lesson.Strict), args...)
	if code := run.endsWithin(10 * time.Minute); code != 0 {
		t.Errorf("with answers:\n%s\n%s", run.stdout.String(), run.stderr.String())
	}
}

// TestHandedOutChecksApart runs the checks of nbgrader's notebooks, each in a cell of its
// own, on the solutions that stand in them.
func TestHandedOutChecksApart(t *testing.T) {
	t.Parallel()
	if os.Getenv("CONVBOOK_LONG") == "" {
		t.Skip("CONVBOOK_LONG=1 runs it")
	}
	folder := t.TempDir()
	course := []string{"05", "08", "09"} // those with several checks of one answer
	run := begin(t, nil, append([]string{"handout", "--nbgrader", "--assignment", "all", folder}, course...)...)
	if code := run.ends(); code != 0 {
		t.Fatalf("%s", run.stderr.String())
	}
	paths, err := filepath.Glob(filepath.Join(folder, "source", "all", "*.ipynb"))
	if err != nil || len(paths) != len(course) {
		t.Fatalf("%q, %v", paths, err)
	}
	for _, path := range paths {
		change(t, path, declarationsOnly)
	}
	run = begin(t, []string{"CONVBOOK_DATA=stand-in", lesson.Strict}, append([]string{"run", "--html=false", "--plain", "--keep-going", "--out", t.TempDir()}, paths...)...)
	if code := run.endsWithin(5 * time.Minute); code != 0 {
		t.Errorf("%s\n%s", run.stdout.String(), run.stderr.String())
	}
}

// change rewrites a notebook.
func change(t *testing.T, path string, how func(nb *notebook.Notebook)) {
	t.Helper()
	nb, err := notebook.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	how(nb)
	if err := nb.Write(path); err != nil {
		t.Fatal(err)
	}
}

// declarationsOnly takes out of a lesson's cells what they run: exercises rely on what is
// declared in them.
func declarationsOnly(nb *notebook.Notebook) {
	for _, c := range nb.Cells {
		if c.Kind == "code" && !c.HasTag("check") {
			c.Source, _, _ = strings.Cut("\n"+c.Source, "\n%%\n")
		}
	}
}
