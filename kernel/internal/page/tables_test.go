package page

import (
	"strings"
	"testing"
)

func TestStackedTables(t *testing.T) {
	for _, c := range []struct {
		name, markdown string
		want           bool
	}{
		{"numbers", "| depth | rate | accuracy | time |\n|---|---|---|---|\n| 6 | 0.01 | 0.915 | 3.2 s |", false},
		{"numbers with long names", "| layers of the network | accuracy on test images, 10,000 images · 시험 정확도, 10,000장 | c |\n|---|---|---|\n| 1 | 2 | 3 |", false},
		{"sentences", "| a | b | c |\n|---|---|---|\n| 1 | 2 | a sentence that is long enough |", true},
		{"sentences in two columns", "| a | b |\n|---|---|\n| 1 | a sentence that is long enough |", false},
		{"both languages under each other", "| a | b | c |\n|---|---|---|\n| 1 | 2 | twenty letters here · 스무 글자 |", false},
		{"Korean letters are wide", "| a | b | c |\n|---|---|---|\n| 1 | 2 | short · 열세 글자보다 더 긴 문장입니다 |", true},
		{"code", "| a | b | c |\n|---|---|---|\n| 1 | `func f(x float64) float64` | |", true},
	} {
		if got := strings.Contains(pageOf(t, markdownCell(c.markdown)), `<table class="stacked">`); got != c.want {
			t.Errorf("%s: stacked is %t", c.name, got)
		}
	}
}

func TestLinesThatMayBeBroken(t *testing.T) {
	for text, want := range map[string]string{
		"one sentence after the other":               "lines",
		"=== epoch:1, train acc:0.1 ===\n    indent": "lines",
		"Conv1            64 filters 5x5":            "columns",
		"[[ 0.  1.]\n [ 2.  3.]]":                    "columns",
		"[0.1 0.2]":                                  "columns",
		"[data] nothing to load":                     "lines",
		"a\tb":                                       "columns",
	} {
		if got := textClass(text); got != want {
			t.Errorf("%q is of %s, want %s", text, got, want)
		}
	}
}
