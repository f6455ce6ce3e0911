package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSolutionsAndChecks runs a notebook whose exercise is not solved and whose last
// cell promises the number that the solution gives.
func TestSolutionsAndChecks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		flags []string
		code  int
		want  string
	}{
		{"as it is", nil, 0, "the answer was 0"},
		{"checked", []string{"--check"}, 1, "cell [2] has answer was 0, want a number from 42 to 42"},
		{"solved and checked", []string{"--check", "--solutions"}, 0, "with 1 solution put in"},
		{"not into the notebook itself", []string{"--solutions", "--in-place"}, 1, "--solutions would write the solutions into the notebooks"},
		{"no jobs", []string{"--jobs", "0"}, 1, "--jobs is 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run := begin(t, nil, append([]string{"run", "testdata/lesson.ipynb", "--html=false", "--plain", "--out", t.TempDir()}, c.flags...)...)
			if code := run.ends(); code != c.code {
				t.Errorf("exit status %d, want %d", code, c.code)
			}
			if text := run.stdout.String() + run.stderr.String(); !strings.Contains(text, c.want) {
				t.Errorf("%q was not printed, only\n%s", c.want, text)
			}
		})
	}
}

// TestAFailedSolution makes sure that a solution which does not pass fails the run.
func TestAFailedSolution(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/lesson.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "wrong.ipynb")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "var answer = 42", "var answer = 41")), 0o644); err != nil {
		t.Fatal(err)
	}
	run := begin(t, nil, "run", path, "--html=false", "--solutions", "--out", t.TempDir())
	if code := run.ends(); code != 1 || !strings.Contains(run.stderr.String(), "cell [1]:") {
		t.Errorf("exit status %d: %s", code, run.stderr)
	}
}

// TestSeveralAtOnce runs two notebooks at the same time; every line says whose it is.
func TestSeveralAtOnce(t *testing.T) {
	t.Parallel()
	run := begin(t, nil, "run", "testdata/lesson.ipynb", "testdata/small.ipynb", "--jobs", "2", "--html=false", "--out", t.TempDir())
	if code := run.ends(); code != 0 {
		t.Fatalf("exit status %d: %s", code, run.stderr)
	}
	text := run.stdout.String()
	for _, want := range []string{"lesson:   [1/2]", "small:   [1/5]", "the answer was 0", "2 cells", "5 cells"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q was not printed, only\n%s", want, text)
		}
	}
	if lesson, small := strings.Index(text, "\nlesson   "), strings.Index(text, "\nsmall   "); lesson < 0 || small < lesson {
		t.Errorf("the summary is not in the order asked for:\n%s", text)
	}
}
