package page

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// cell is a cell of a notebook that a test makes.
type cell map[string]any

func code(source string, outputs ...any) cell {
	if outputs == nil {
		outputs = []any{}
	}
	return cell{"cell_type": "code", "source": source, "execution_count": 3, "outputs": outputs}
}

func markdownCell(source string) cell { return cell{"cell_type": "markdown", "source": source} }

func display(data map[string]any) any {
	return map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": data}
}

func pageOf(t *testing.T, cells ...cell) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"nbformat": 4, "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	nb, err := notebook.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := HTML(nb, "03_pooling", Links{Index: "index.html", Previous: "02.html", PreviousTitle: "two", Pages: map[string]string{"04_a": "04 a.html"}, Next: "04 a&b.html", NextTitle: "04 · <b>"})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestPageHolds(t *testing.T) {
	for _, c := range []struct {
		name string
		cell cell
		want []string
		not  []string
	}{
		{"title", markdownCell("# 합성곱 & pooling"), []string{"<title>합성곱 &amp; pooling</title>", "<h1"}, nil},
		{"no title", markdownCell("text"), []string{"<title>03_pooling</title>"}, nil},
		{"table", markdownCell("| layer | shape |\n|---|---|\n| conv | (10, 30) |"), []string{"<table>", "<td>(10, 30)</td>"}, nil},
		{"code", code("func relu(x float32) float32 { return max(x, 0) }"),
			[]string{`<span class="kd">func</span>`, `<span class="nf">relu</span>`, "[3]"}, nil},
		{"code with HTML in it", code(`s := "<script>alert(1)</script>"`), []string{"&lt;script&gt;"}, []string{"<script>"}},
		{"magic lines", code("!*ls\n%%\nfmt.Println()"), []string{"%%"}, nil},
		{"text of a program", code("", map[string]any{"output_type": "stream", "name": "stdout", "text": "1 < 2\n10 %\r100 %\n\x1b[1mbold\x1b[0m\n"}),
			[]string{`<div class="output stream lines"><pre>1 &lt; 2` + "\n100 %\nbold</pre>"}, []string{"\x1b", "10 %\r"}},
		{"words aside", code("", map[string]any{"output_type": "stream", "name": "stderr", "text": "warning"}), []string{`class="output stderr lines"`}, nil},
		{"error", code("", map[string]any{"output_type": "error", "ename": "ERROR", "evalue": "exit <2>", "traceback": []any{"line \x1b[7m4\x1b[0m"}}),
			[]string{`class="output error"`, "ERROR: exit &lt;2&gt;\nline 4"}, nil},
		{"figure", code("", display(map[string]any{"image/svg+xml": "<?xml version=\"1.0\"?><svg><circle/></svg>", "text/plain": "a figure"})),
			[]string{"<svg><circle></circle></svg>"}, []string{"a figure"}},
		{"picture", code("", display(map[string]any{"image/png": "aGVs\nbG8=\n", "text/plain": "a picture"})),
			[]string{`src="data:image/png;base64,aGVsbG8="`}, []string{"a picture"}},
		{"picture that is none", code("", display(map[string]any{"image/png": `"><script>`})), nil, []string{"<script>"}},
		{"Markdown shown", code("", display(map[string]any{"text/markdown": "**bold**"})), []string{"<strong>bold</strong>"}, nil},
		{"plain shown", code("", display(map[string]any{"text/plain": "[[1. 2.]]\n"})), []string{"<pre>[[1. 2.]]</pre>"}, nil},
		{"unknown shown", code("", display(map[string]any{"application/x-unknown": "?"})), nil, []string{`class="output`}},
		{"raw", cell{"cell_type": "raw", "source": "for nbconvert"}, nil, []string{"for nbconvert"}},
		{"attachment", cell{"cell_type": "markdown", "source": "![window](attachment:w.png) ![](attachment:missing.png)",
			"attachments": map[string]any{"w.png": map[string]any{"image/png": "aGVsbG8="}}},
			[]string{`img.attached-1 { content: url("data:image/png;base64,aGVsbG8="); }`, `<img class="attached-1" alt="window"/>`, "attachment:missing.png"}, nil},
		{"attached drawing", cell{"cell_type": "markdown", "source": "![](attachment:%EA%B7%B8%EB%A6%BC.svg)",
			"attachments": map[string]any{"그림.svg": map[string]any{"image/svg+xml": "aGVsbG8="}}},
			[]string{`content: url("data:image/svg+xml;base64,aGVsbG8=")`}, nil},
		{"attached page", cell{"cell_type": "markdown", "source": "![](attachment:w.html)",
			"attachments": map[string]any{"w.html": map[string]any{"text/html": "aGVsbG8="}}},
			nil, []string{"data:text/html"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := pageOf(t, c.cell)
			got = strings.Replace(got, string(scriptElement), "", 1)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, body(got))
				}
			}
			for _, not := range c.not {
				if strings.Contains(got, not) {
					t.Errorf("%q stands in\n%s", not, body(got))
				}
			}
		})
	}
}

// body is the page without its style sheet.
func body(page string) string {
	_, rest, _ := strings.Cut(page, "<main>")
	return rest
}

var addresses = regexp.MustCompile(`(?i)url\(|@import|\bsrc=|<link|<script|<iframe`)

func TestPageLoadsNothing(t *testing.T) {
	page := pageOf(t, markdownCell("# Title\n\n[a link](https://go.dev) is only followed"), code("x := 1"))
	if found := addresses.FindString(strings.Replace(page, string(scriptElement), "", 1)); found != "" {
		t.Errorf("the page has %q", found)
	}
	for _, want := range []string{`content="default-src &#39;none&#39;; img-src data:;`, `charset="utf-8"`, "prefers-color-scheme: dark", "@media print"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
}

func TestPageIsWellFormed(t *testing.T) {
	page := pageOf(t, markdownCell("# Title\n\n- [ ] a\n- b"), code("x := 1", display(map[string]any{"text/plain": "1"})))
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Strict = false // attributes without a value
	decoder.AutoClose = []string{"meta", "input"}
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, body(page))
		}
	}
}

// plain is a page without its style sheet, its script and the marks of languages.
func plain(page string) string {
	_, page, _ = strings.Cut(strings.Replace(page, string(scriptElement), "", 1), "<body>")
	return strings.ReplaceAll(marks.ReplaceAllString(page, ""), shownDot, dot)
}

var marks = regexp.MustCompile(`</?span[^>]*>| lang="[a-z]*"`)

func TestLinks(t *testing.T) {
	page := plain(pageOf(t, markdownCell("text")))
	for _, want := range []string{`<nav class="home"><a href="index.html">convbook`, `href="04%20a&amp;b.html">Next · 다음: 04 · &lt;b&gt;&nbsp;→</a>`,
		`href="02.html">←&nbsp;Previous · 이전: two</a>`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, body(page))
		}
	}
	nb, err := notebook.Parse([]byte(`{"nbformat": 4, "cells": []}`))
	if err != nil {
		t.Fatal(err)
	}
	alone, err := HTML(nb, "alone", Links{})
	if err != nil || strings.Contains(body(string(alone)), "<a ") {
		t.Errorf("a page alone: %v\n%s", err, body(string(alone)))
	}
}

func TestSamePageForSameNotebook(t *testing.T) {
	cells := []cell{markdownCell("# Title"), code("x := map[string]int{}", display(map[string]any{"text/plain": "1"}))}
	first, second := pageOf(t, cells...), pageOf(t, cells...)
	if first != second {
		t.Error("two pages differ")
	}
}

// FuzzHTML renders a notebook whose texts are anything: programs' text must not
// become part of the page's structure.
func FuzzHTML(f *testing.F) {
	f.Add("# A\n\n| a |\n|---|\n| $x_1$ |", "func main() { `", "</pre></div></main>")
	f.Add("![](attachment:x)", "%%\n\"", "\x1b[0m\r\r\n<")
	f.Fuzz(func(t *testing.T, markdown, source, text string) {
		if len(markdown)+len(source)+len(text) > 500 {
			return // longer texts try nothing new, and many more short ones in the same time
		}
		page := pageOf(t, markdownCell(markdown), code(source, map[string]any{"output_type": "stream", "name": "stdout", "text": text}))
		if _, shown, there := strings.Cut(page[strings.LastIndex(page, `<section class="code">`):], `<div class="output stream `+textClass(text)+`"><pre>`); there {
			shown, _, _ = strings.Cut(shown, "</pre>")
			if strings.Contains(shown, "<") {
				t.Errorf("the text %q is shown as %q", text, shown)
			}
		} else if strings.Trim(text, "\n") != "" {
			t.Errorf("the text %q is not shown", text)
		}
	})
}
