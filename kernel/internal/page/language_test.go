package page

import (
	"html/template"

	"golang.org/x/net/html"

	"strings"
	"testing"
)

// shownIn is a Markdown cell as a page shows it with one language chosen: what is
// marked as the other is cut out. It has the words and the names of the elements.
func shownIn(t *testing.T, markdown, language string) string {
	t.Helper()
	place, ok := parsed(mustMarkdown(t, markdown))
	if !ok {
		t.Fatal("nested too deep")
	}
	new(marker).markdown(children(place))
	hidden := map[string]bool{english: language == korean, korean: language == english, "dot": language != ""}
	return strings.Join(strings.Fields(visible(place, hidden)), " ")
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct{ name, markdown, english, korean string }{
		{"paragraphs", "One sentence.\n\n한 문장입니다.", "One sentence.", "한 문장입니다."},
		{"heading", "## Pooling · 풀링", "Pooling", "풀링"},
		{"numbered title", "# 01 · Array shapes · 배열의 형상", "01 · Array shapes", "01 · 배열의 형상"},
		{"title in one language", "# 02 · im2col", "02 · im2col", "02 · im2col"},
		{"heading, then text", "## A · 가\n\nEnglish.\n\n한국어.", "A English.", "가 한국어."},
		{"items", "- Press **Tab**. · **Tab**을 누르세요.\n- Go. · 가세요.", "Press Tab. Go.", "Tab을 누르세요. 가세요."},
		{"lists", "- one\n- two\n\n한국어:\n\n1. 하나\n2. 둘", "one two", "한국어: 하나 둘"},
		{"cells", "| layer · 계층 | size · 크기 |\n|---|---|\n| pool · 풀링 | 3 |", "layer size pool 3", "계층 크기 풀링 3"},
		{"code belongs to both", "Run:\n\n```go\nx := 1\n```\n\n실행:", "Run: x := 1", "x := 1 실행:"},
		{"no counterpart", "Only English.", "Only English.", "Only English."},
		{"no counterpart since the heading", "One.\n\n하나.\n\n## B · 나\n\nOnly English.", "One. B Only English.", "하나. 나 Only English."},
		{"answer", "<details><summary>Answer · 답</summary>\n\nForty-two.\n\n42입니다.\n\n</details>", "Answer Forty-two.", "답 42입니다."},
		{"answer in one language", "Why?\n\n왜?\n\n<details><summary>Answer · 답</summary>\n\nBecause.\n\n</details>", "Why? Answer Because.", "왜? 답 Because."},
		{"names in Korean", "Next: 08_deeper_networks.\n\n다음 노트북은 08_deeper_networks입니다.", "Next: 08_deeper_networks.", "다음 노트북은 08_deeper_networks입니다."},
		{"formula and its words", "- $x$: the sum · 합", "x: the sum", "x: 합"},
		{"two formulas and their words", "- $x$, and $y$: a pixel lies · 픽셀은", "x, and y: a pixel lies", "x, and y: 픽셀은"},
		{"code at the head of both", "- `x` is computed · `x`는 계산됩니다", "x is computed", "x는 계산됩니다"},
		{"bold as a whole", "**Exercise · 연습**", "Exercise", "연습"},
		{"links", "| 01 · [shapes](a) · [형상](a) |\n|---|\n| 2 |", "01 · shapes 2", "01 · 형상 2"},
		{"two words of each", "a: left · right · 왼쪽 · 오른쪽", "a: left · right", "왼쪽 · 오른쪽"},
		{"numbers after", "size · 크기 · 42", "size · 42", "크기 · 42"},
		{"names in the Korean part", "## LeNet and AlexNet · LeNet과 AlexNet", "LeNet and AlexNet", "LeNet과 AlexNet"},
		{"product", "3 · 5 windows\n\n3 · 5 윈도", "3 · 5 windows", "3 · 5 윈도"},
		{"quotation", "> Said.\n\n> 말했다.", "Said.", "말했다."},
		{"list in a list", "- one\n  - two · 둘\n- three", "one two three", "one 둘 three"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shownIn(t, c.markdown, english); got != c.english {
				t.Errorf("in English it reads %q, want %q", got, c.english)
			}
			if got := shownIn(t, c.markdown, korean); got != c.korean {
				t.Errorf("in Korean it reads %q, want %q", got, c.korean)
			}
			if both := shownIn(t, c.markdown, ""); len(both) < max(len(c.english), len(c.korean)) {
				t.Errorf("both read %q", both)
			}
		})
	}
}

func TestLanguageIsTold(t *testing.T) {
	page := body(pageOf(t, markdownCell("# A title · 제목\n\nEnglish.\n\n한국어.\n\n| a · 가 | 3 |\n|---|---|\n| only | 4 |"),
		code("x", display(map[string]any{"text/html": "<table><tr><th>accuracy · 정확도</th><td>0.9 · 1</td></tr></table>"}))))
	for _, want := range []string{`<span class="en" lang="en">A title</span><span class="dot"> · </span><span class="ko" lang="ko">제목</span></h1>`,
		`<p lang="en" class="en">English.</p>`, `<p lang="ko" class="ko">한국어.</p>`, `<td lang="en">only</td>`, `<th>3</th>`,
		`<th><span class="en" lang="en">accuracy</span>`, `<td>0.9 · 1</td>`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if !strings.Contains(pageOf(t, markdownCell("English.\n\n한국어.")), `id="show-ko"`) || strings.Contains(pageOf(t, markdownCell("English.")), `id="show-ko"`) {
		t.Error("a page has the switch when it has both languages, and only then")
	}
}

func mustMarkdown(t *testing.T, source string) template.HTML {
	t.Helper()
	out, err := renderMarkdown(source)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// visible is the text of an element without what is of a hidden class.
func visible(n *html.Node, hidden map[string]bool) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	text := ""
	for _, c := range children(n) {
		if !hidden[attribute(c, "class")] {
			text += visible(c, hidden)
		}
	}
	if !inline[n.DataAtom] && n.Namespace == "" {
		text += " "
	}
	return text
}

// The header of a table of package display has both languages under each other.
func TestLanguagesOfTables(t *testing.T) {
	const table = `<table><thead><tr><th><div lang="en">layers</div><div lang="ko">계층</div></th><th>seeds</th></tr></thead><tbody><tr><td>3</td><td><div lang="en">alone</div></td></tr></tbody></table>`
	for language, want := range map[string]string{"": "<layers> <계층> <seeds> <3> <alone>", english: "<layers> <seeds> <3> <alone>", korean: "<계층> <seeds> <3> <alone>"} {
		place, ok := parsed(template.HTML(table))
		if !ok {
			t.Fatal("nested too deep")
		}
		m := new(marker)
		m.output(children(place))
		var seen []string
		for n := range place.Descendants() {
			class := attribute(n.Parent, "class")
			if n.Type == html.TextNode && (language == "" || class == "" || class == language) {
				seen = append(seen, "<"+n.Data+">")
			}
		}
		if got := strings.Join(seen, " "); got != want || !m.bilingual {
			t.Errorf("with %q a page shows %s; want %s", language, got, want)
		}
	}
}
