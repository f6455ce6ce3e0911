package page

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// together are places within a measure where no line ends: 3 x 3, 91.6 %, ± 0.01, 20 MB/s.
var together = regexp.MustCompile(`(\d) x (\d)|(\d) (%|ms|µs|MB|GB|px)|(±) (\d)`)

// signs are those behind which code may be broken: within it, and not in a number.
var signs = regexp.MustCompile(`([a-zA-Z)\]][\[(.,{/]+|[a-z]_)([\w(])`)

// behind is a bracket that a Korean ending follows: 함수(forward)입니다.
var behind = regexp.MustCompile(`([)\]」])(\p{Hangul})`)

// joiner keeps what is on both sides of it in a line.
const joiner = "\u2060"

// longWord is how many letters code has, without a space, that may be broken behind a sign.
const longWord = 16

// breaks says where lines end: not within a measure, not between a formula or a bracket and
// the comma or the Korean ending behind it, and in a long name in code behind a bracket, a
// point or a comma rather than within a word.
func breaks(nodes []*html.Node) {
	for _, n := range nodes {
		switch {
		case n.Type == html.TextNode:
			for was := ""; was != n.Data; { // in 3 x 3 x 3 the measures share a number
				was = n.Data
				n.Data = together.ReplaceAllStringFunc(n.Data, func(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") })
			}
			n.Data = behind.ReplaceAllString(n.Data, "$1"+joiner+"$2")
		case n.DataAtom == atom.Math:
			unbroken(n)
		case n.DataAtom == atom.Code:
			breakable(n)
		case n.Type == html.ElementNode && !opaque[n.DataAtom]:
			breaks(children(n))
		}
	}
}

// unbroken keeps a formula in a line with what touches it: a bracket before it, and behind
// it a comma or a Korean ending.
func unbroken(formula *html.Node) {
	before, after := formula.PrevSibling, formula.NextSibling
	head, tail := "", ""
	if before != nil && before.Type == html.TextNode {
		head = before.Data[strings.LastIndexAny(before.Data, " \n")+1:]
	}
	if after != nil && after.Type == html.TextNode {
		if tail = after.Data; strings.ContainsAny(tail, " \n") {
			tail = tail[:strings.IndexAny(tail, " \n")]
		}
	}
	if head == "" && tail == "" || attribute(formula, "display") == "block" || formula.Parent == nil {
		return
	}
	line := element("span", nil, "class", "unbroken")
	formula.Parent.InsertBefore(line, formula)
	if head != "" {
		before.Data = strings.TrimSuffix(before.Data, head)
		line.AppendChild(textNode(head))
	}
	formula.Parent.RemoveChild(formula)
	line.AppendChild(formula)
	if tail != "" {
		after.Data = strings.TrimPrefix(after.Data, tail)
		line.AppendChild(textNode(tail))
	}
}

// breakable marks where the long words of code in a line of text may be broken.
func breakable(code *html.Node) {
	for _, n := range children(code) {
		if n.Type != html.TextNode {
			continue
		}
		for _, word := range strings.SplitAfter(n.Data, " ") {
			pieces := []string{word}
			if len(word) > longWord {
				pieces = strings.SplitAfter(signs.ReplaceAllString(word, "$1\x00$2"), "\x00")
			}
			for i, piece := range pieces {
				if i > 0 {
					code.InsertBefore(element("wbr", nil), n)
				}
				code.InsertBefore(textNode(strings.TrimSuffix(piece, "\x00")), n)
			}
		}
		code.RemoveChild(n)
	}
}
