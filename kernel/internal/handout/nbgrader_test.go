package handout

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
)

// marks are nbgrader's, of a cell.
type marks struct {
	Schema  int    `json:"schema_version"`
	ID      string `json:"grade_id"`
	Type    string `json:"cell_type"`
	Points  int
	Grade   bool
	Locked  bool
	Answer  bool `json:"solution"`
	Written bool `json:"task"`
}

func TestTheCourseForNbgrader(t *testing.T) {
	valid := regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	for name, nb := range course(t) {
		out, err := Nbgrader(nb, origin)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, _ := Nbgrader(nb, origin)
		if !bytes.Equal(text(t, out), text(t, again)) {
			t.Errorf("%s: a second time gives other bytes", name)
		}
		students, err := Students(nb, origin)
		if err != nil {
			t.Fatal(err)
		}
		var skeletons, want, asked []string
		for _, c := range students.Cells {
			if c.HasTag("exercise") {
				want = append(want, c.Source)
			}
		}
		seen := map[string]bool{}
		for i, c := range out.Cells {
			var m marks
			if !c.Metadata("nbgrader", &m) {
				if c.HasTag("exercise") || c.HasTag("check") || c.HasTag("solution") {
					t.Errorf("%s, cell %d is not marked", name, i+1)
				}
				continue
			}
			if m.Schema != 3 || m.Type != "code" || m.Written || m.Grade == m.Answer || m.Grade != m.Locked || !valid.MatchString(m.ID) || seen[m.ID] {
				t.Errorf("%s, cell %d: %+v", name, i+1, m)
			}
			seen[m.ID] = true
			switch {
			case m.Answer:
				var ours struct{ Skeleton string }
				if !c.Metadata("convbook", &ours) || !strings.HasPrefix(c.Source, "// BEGIN SOLUTION\n") || !strings.HasSuffix(c.Source, "\n// END SOLUTION") {
					t.Errorf("%s, cell %d has no skeleton or no marks", name, i+1)
				}
				skeletons = append(skeletons, ours.Skeleton)
			case m.Points != 1 || !slices.Contains(lesson.Checks(c.Source), lesson.Checks(c.Source)[0]) || len(lesson.Checks(c.Source)) != 1:
				t.Errorf("%s, cell %d: %d points for %q", name, i+1, m.Points, lesson.Checks(c.Source))
			default:
				asked = append(asked, lesson.Checks(c.Source)...)
			}
		}
		if !slices.Equal(skeletons, want) {
			t.Errorf("%s: the skeletons are not what students get:\n%q", name, skeletons)
		}
		if all := lesson.Asked(nb); !slices.Equal(asked, all) || Points(out) != len(all) {
			t.Errorf("%s: %d points for %q, want %q", name, Points(out), asked, all)
		}
	}
}

// TestGradeIDs holds names that gradebooks have: they stay.
func TestGradeIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range [][2]string{
		{"Im2col", "Im2col"}, {"Im2col answer", "Im2col-answer"}, {"im2col", "im2col-2"},
		{"pixels in 100 images of 28 x 28", "pixels-in-100-images-of-28-x-28"},
		{"x.Transpose(0, 2, 3, 1).Reshape(100, -1)", "x-Transpose-0-2-3-1-Reshape-100-1"},
		{"한글", "check"}, {"", "check-2"}, {strings.Repeat("long ", 30), strings.TrimSuffix(strings.Repeat("long-", 12), "-")},
	} {
		if got := gradeID(c[0], seen); got != c[1] {
			t.Errorf("%q becomes %s, want %s", c[0], got, c[1])
		}
	}
}

// TestForNbgraderRefused looks at exercises of one's own that nbgrader could not take.
func TestForNbgraderRefused(t *testing.T) {
	const exercise = `{"cell_type": "code", "id": "e", "metadata": {"tags": ["exercise"]}, "execution_count": null, "outputs": [], "source": "var n = 1\n%%\nexercise.Number(\"n\", n)"}`
	solution := func(source string) string {
		return `,{"cell_type": "markdown", "id": "s", "metadata": {"tags": ["solution"]}, "source": "` + source + `"}`
	}
	for cells, want := range map[string]string{
		exercise:                               "it has no solution",
		exercise + solution("none"):            "its solution has 0 blocks",
		exercise + solution("```go\\nx\\n```"): "its solution: there is no line %%",
		exercise + solution("```go\\nvar n = 2\\n%%\\nexercise.Number(\\\"m\\\", n)\\n```"): `its checks are ["n"], and those of its solution ["m"]`,
	} {
		nb, err := notebook.Parse([]byte(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [` + cells + `]}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Nbgrader(nb, origin); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "cell 1") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestConfig keeps what a teacher has set, above and below.
func TestConfig(t *testing.T) {
	fresh, err := Config(nil, false)
	if err != nil || !bytes.Contains(fresh, []byte("code_stub")) {
		t.Fatalf("%v\n%s", err, fresh)
	}
	mine := []byte("# mine\nc.A.b = 1\n" + string(fresh) + "c.C.d = 2\n")
	if got, err := Config(mine, false); err != nil || !bytes.Equal(got, mine) {
		t.Errorf("%v\n%s", err, got)
	}
	older := bytes.Replace(mine, []byte("import json\n"), []byte("import an_older_one\n"), 1)
	if got, err := Config(older, false); err != nil || !bytes.Equal(got, mine) {
		t.Errorf("an older version: %v\n%s", err, got)
	}
	windows := bytes.ReplaceAll(mine, []byte("\n"), []byte("\r\n"))
	if got, err := Config(windows, false); err != nil || !bytes.HasSuffix(got, []byte("# convbook ends.\nc.C.d = 2\r\n")) {
		t.Errorf("lines of Windows: %v\n%s", err, got)
	}
	if got, err := Config([]byte("c.C.d = 2\n"), false); err == nil {
		t.Errorf("another's settings become\n%s", got)
	}
	if got, err := Config([]byte("c.C.d = 2\n"), true); err != nil || !bytes.HasPrefix(got, fresh) || !bytes.HasSuffix(got, []byte("c.C.d = 2\n")) {
		t.Errorf("with force: %v\n%s", err, got)
	}
}
