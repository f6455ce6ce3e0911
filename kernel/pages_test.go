package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPages makes the pages of a run beside that of an earlier one: they lead from
// one to the next, and the index leads to all.
func TestPages(t *testing.T) {
	out := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(out, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	titled := func(title string) string {
		return fmt.Sprintf(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": "# %s"}]}`, title)
	}
	write("02 earlier.ipynb", titled("two"))
	write("02 earlier.html", "an old page")
	write("04_run_without_page.ipynb", titled("four"))
	write("notes.html", "not of a notebook")
	results := []result{
		{source: source{name: "03_last"}, files: []string{write("03_last.ipynb", titled("three"))}},
		{source: source{name: "01_first"}, files: []string{write("01_first.ipynb", titled("one"))}},
		{source: source{name: "00_stopped"}},
	}
	index, err := (&runCommand{Out: out, HTML: true}).writePages(results)
	if err != nil || index != filepath.Join(out, "index.html") {
		t.Fatalf("%q, %v", index, err)
	}
	const next = `<span class="en" lang="en">Next</span><span class="dot"> · </span><span class="ko" lang="ko">다음</span>: `
	for name, want := range map[string]string{
		"01_first.html":   `href="02%20earlier.html">` + next + `two`,
		"02 earlier.html": `href="03_last.html">` + next + `three`,
		"03_last.html":    `<a rel="prev" href="02%20earlier.html">`,
		"index.html":      `href="02%20earlier.html"`,
		"notes.html":      "not of a notebook",
	} {
		text, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
		if name == "03_last.html" && strings.Contains(string(text), `rel="next"`) {
			t.Error("the last page leads on")
		}
	}
	if _, err := os.Stat(filepath.Join(out, "04_run_without_page.html")); err == nil {
		t.Error("a page was made that nobody asked for")
	}
	if len(results[0].pages) != 1 || len(results[2].pages) != 0 {
		t.Errorf("the results speak of %v and %v", results[0].pages, results[2].pages)
	}
}
