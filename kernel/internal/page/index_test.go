package page

import (
	"encoding/base64"
	"encoding/json"
	"html/template"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

func TestIndex(t *testing.T) {
	svg := "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<circle/></svg>"
	drawn := "data:image/svg&#43;xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg))
	for _, c := range []struct {
		name  string
		cells []cell
		want  []string
		not   string
	}{
		{"drawing", []cell{markdownCell("# 합성곱 & <pooling>"), code("", display(map[string]any{"image/svg+xml": svg}))},
			[]string{`href="07%20lesson.html"`, "합성곱 &amp; &lt;pooling&gt;", drawn}, ""},
		{"drawing in HTML", []cell{code("", display(map[string]any{"text/html": "<div>" + svg + "</div>"}))}, []string{drawn, ">07 lesson<"}, "<div>"},
		{"picture in HTML", []cell{code("", display(map[string]any{"text/html": `<div><img alt="a" src="data:image/png;base64,aGVsbG8="></div>`}))},
			[]string{`src="data:image/png;base64,aGVsbG8="`}, ""},
		{"picture from elsewhere", []cell{code("", display(map[string]any{"text/html": `<img src="https://example.com/a.png">`}))}, nil, "<img"},
		{"picture", []cell{code("", display(map[string]any{"image/png": "aGVs\nbG8="}), display(map[string]any{"image/svg+xml": svg}))},
			[]string{"data:image/png;base64,aGVsbG8="}, drawn},
		{"picture that is none", []cell{code("", display(map[string]any{"image/png": "<!>"}))}, nil, "<img"},
		{"no picture", []cell{code("x := 1")}, []string{"<li>"}, "<img"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := json.Marshal(map[string]any{"nbformat": 4, "cells": c.cells})
			if err != nil {
				t.Fatal(err)
			}
			nb, err := notebook.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			out, err := Index([]Entry{NewEntry("07 lesson.html", "07 lesson", nb)})
			if err != nil {
				t.Fatal(err)
			}
			got := body(string(out))
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
			if c.not != "" && strings.Contains(got, c.not) {
				t.Errorf("%q stands in\n%s", c.not, got)
			}
		})
	}
}

// TestEntry chooses the figure that the notebook's metadata names.
func TestEntry(t *testing.T) {
	figures := display(map[string]any{"text/html": `<div><img alt="a" src="data:image/png;base64,aaaa"></div><div><picture>` +
		`<source media="(max-width: 30rem)" srcset="data:image/png;base64,bbbb"><img alt="b" src="data:image/png;base64,cccc"></picture></div>`})
	drawn := cell{"cell_type": "code", "id": "drawn", "source": "", "outputs": []any{figures, display(map[string]any{"image/png": "dddd"})}}
	for _, c := range []struct {
		name, about string
		want        string
	}{
		{"the first", `{}`, "aaaa"},
		{"of a cell", `{"cover": {"cell": "drawn"}}`, "aaaa"},
		{"the second, as on a narrow page", `{"cover": {"cell": "drawn", "figure": 2}}`, "bbbb"},
		{"of the second output", `{"cover": {"cell": "drawn", "figure": 3}}`, "dddd"},
		{"more than there are", `{"cover": {"cell": "drawn", "figure": 4}}`, "eeee"},
		{"of no cell", `{"cover": {"cell": "gone", "figure": 2}}`, "eeee"},
		{"of another form", `{"cover": 7}`, "eeee"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells := []cell{drawn}
			if c.want == "eeee" {
				cells = []cell{code("", display(map[string]any{"image/png": "eeee"})), drawn}
			}
			text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "cells": cells, "metadata": map[string]any{"convbook": json.RawMessage(c.about)}})
			if err != nil {
				t.Fatal(err)
			}
			nb, err := notebook.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := NewEntry("a.html", "a", nb).Picture.Address; got != template.URL("data:image/png;base64,"+c.want) {
				t.Errorf("the picture is %q, want %s", got, c.want)
			}
		})
	}
}

// TestCourseEntries reads the notebooks of the course.
func TestCourseEntries(t *testing.T) {
	files, err := filepath.Glob("../../../notebooks/*.ipynb")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d notebooks, %v", len(files), err)
	}
	var entries []Entry
	for _, file := range files {
		nb, err := notebook.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		var a about
		if !nb.Metadata("convbook", &a) {
			t.Errorf("%s: no cover and no summary", file)
			continue
		}
		if languageOf(a.Summary.English) != english || languageOf(a.Summary.Korean) != korean || len(a.Summary.English) > 130 {
			t.Errorf("%s: the summary is %q, %q", file, a.Summary.English, a.Summary.Korean)
		}
		at := slices.IndexFunc(nb.Cells, func(c *notebook.Cell) bool { return c.ID() == a.Cover.Cell })
		var shown struct{ Figures int }
		if at < 0 || !nb.Cells[at].Metadata("convbook", &shown) || shown.Figures < max(a.Cover.Figure, 1) {
			t.Errorf("%s: cell %q has no figure %d", file, a.Cover.Cell, a.Cover.Figure)
		}
		entries = append(entries, NewEntry(filepath.Base(file), file, nb))
	}
	out, err := Index(entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<p lang="en" class="en">`, `<p lang="ko" class="ko">`, `" src="data:image/`} {
		if got := strings.Count(string(out), want); got != len(files) {
			t.Errorf("the index has %d of %q for %d notebooks", got, want, len(files))
		}
	}
}
