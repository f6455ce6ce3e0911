package page

import (
	"encoding/base64"
	"encoding/json"
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
