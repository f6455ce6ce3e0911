package page

import (
	"html/template"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A notebook says everything twice, in English and in Korean: in paragraphs one after
// the other, and in headings, list items and cells of tables on both sides of a dot,
// "Pooling · 풀링". A page marks each part with its language (the attribute lang for whoever
// reads it aloud) and with a class of the same name, by which the switch shows one of them.
// Code, formulas and what stands there in one language only belong to both.

const (
	english = "en"
	korean  = "ko"
	neutral = ""
)

// languageOf returns the language of a text. A Korean letter is a syllable and counts for
// several Latin ones: names of notebooks and of functions stand in Korean sentences.
func languageOf(text string) string {
	hangul, latin := 0, 0
	for _, r := range text {
		switch {
		case isHangul(r):
			hangul++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	switch {
	case hangul == 0 && latin == 0:
		return neutral
	case 3*hangul >= latin:
		return korean
	}
	return english
}

func isHangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

// marker marks the languages of a page's parts, and remembers whether both are there.
type marker struct{ bilingual bool }

// said is a paragraph or a list item that is in one language.
type said struct {
	block    *html.Node
	language string
}

// markdown marks the parts of a Markdown cell.
func (m *marker) markdown(nodes []*html.Node) { m.pair(m.blocks(nodes, nil)) }

// blocks marks blocks and returns what has been said since the last heading.
func (m *marker) blocks(nodes []*html.Node, since []said) []said {
	for _, n := range nodes {
		if n.Type != html.ElementNode || opaque[n.DataAtom] {
			continue
		}
		if n.DataAtom == atom.Details { // an answer
			m.pair(m.blocks(children(n), nil))
			continue
		}
		if headings[n.DataAtom] {
			m.pair(since)
			since = nil
		}
		own, rest := phrase(n)
		if language := languageOf(words(own)); language != neutral && !m.split(n) {
			setAttribute(n, "lang", language)
			if n.DataAtom == atom.P || n.DataAtom == atom.Li {
				since = append(since, said{n, language})
			}
		}
		since = m.blocks(rest, since)
	}
	return since
}

// pair gives what was said in both languages their classes. A text without a
// counterpart gets none and is shown always.
func (m *marker) pair(since []said) {
	in := func(language string) func(said) bool { return func(s said) bool { return s.language == language } }
	if !slices.ContainsFunc(since, in(english)) || !slices.ContainsFunc(since, in(korean)) {
		return
	}
	m.bilingual = true
	var lists []*html.Node
	for _, s := range since {
		setAttribute(s.block, "class", s.language)
		if list := s.block.Parent; s.block.DataAtom == atom.Li && list != nil && (len(lists) == 0 || lists[len(lists)-1] != list) {
			lists = append(lists, list)
		}
	}
	for _, list := range lists {
		items := slices.DeleteFunc(children(list), func(n *html.Node) bool { return n.Type != html.ElementNode })
		language := attribute(items[0], "class")
		if !slices.ContainsFunc(items, func(item *html.Node) bool { return attribute(item, "class") != language }) {
			setAttribute(list, "class", language) // with the space around it
		}
	}
}

// output marks what an output says on both sides of a dot.
func (m *marker) output(nodes []*html.Node) {
	for _, n := range nodes {
		if n.Type != html.ElementNode || opaque[n.DataAtom] {
			continue
		}
		// Tables of package display have the languages under each other.
		if translated(n) {
			setAttribute(n, "class", attribute(n, "lang"))
			m.bilingual = true
			continue
		}
		own, rest := phrase(n)
		if languageOf(words(own)) != neutral {
			m.split(n)
		}
		m.output(rest)
	}
}

// translated reports whether an element in one language has one beside it in the other.
func translated(n *html.Node) bool {
	other := map[string]string{english: korean, korean: english}[attribute(n, "lang")]
	for _, beside := range []*html.Node{n.PrevSibling, n.NextSibling} {
		if other != "" && beside != nil && beside.DataAtom == n.DataAtom && attribute(beside, "lang") == other {
			return true
		}
	}
	return false
}

// part is what stands between two dots.
type part struct {
	nodes    []*html.Node
	language string
	joined   bool // to the part before it, without a dot
}

// A line does not begin with a dot.
const (
	dot      = " · "
	shownDot = "\u00a0· "
)

// split marks the parts of an element that says the same on both sides of a dot. It is
// false for any other.
func (m *marker) split(n *html.Node) bool {
	own, _ := phrase(n)
	parts := joined(partsOf(own))
	in := func(language string) func(part) bool { return func(p part) bool { return p.language == language } }
	if !slices.ContainsFunc(parts, in(english)) || !slices.ContainsFunc(parts, in(korean)) {
		// All of it may be bold, or a link.
		return len(own) == 1 && own[0].Type == html.ElementNode && !opaque[own[0].DataAtom] && m.split(own[0])
	}
	m.bilingual = true
	var rest *html.Node
	if len(own) > 0 {
		rest = own[len(own)-1].NextSibling
	}
	for _, node := range own {
		n.RemoveChild(node)
	}
	for i, p := range parts {
		switch {
		case i == 0 || p.joined:
		case p.language != neutral && parts[i-1].language != neutral:
			n.InsertBefore(element("span", []*html.Node{textNode(shownDot)}, "class", "dot"), rest)
		default:
			n.InsertBefore(textNode(dot), rest)
		}
		if p.language != neutral {
			p.nodes = []*html.Node{element("span", p.nodes, "class", p.language, "lang", p.language)}
		}
		for _, node := range p.nodes {
			n.InsertBefore(node, rest)
		}
	}
	return true
}

// partsOf cuts a text at its dots.
func partsOf(nodes []*html.Node) []part {
	parts := []part{{}}
	for _, n := range nodes {
		if n.Type != html.TextNode || !strings.Contains(n.Data, dot) {
			parts[len(parts)-1].nodes = append(parts[len(parts)-1].nodes, n)
			continue
		}
		for i, piece := range strings.Split(n.Data, dot) {
			if i > 0 {
				parts = append(parts, part{})
			}
			if piece != "" {
				parts[len(parts)-1].nodes = append(parts[len(parts)-1].nodes, textNode(piece))
			}
		}
	}
	for i, p := range parts {
		said := words(p.nodes)
		if parts[i].language = languageOf(said); strings.ContainsFunc(said, isHangul) {
			parts[i].language = korean // however many names stand in it
		}
	}
	if head, rest := formulaHead(parts[0].nodes); len(head) > 0 && len(parts) > 1 {
		parts = append([]part{{nodes: head}, {nodes: rest, language: languageOf(words(rest)), joined: true}}, parts[1:]...)
	}
	return parts
}

// formulaHead cuts off a formula with its colon: in "$db = …$: the sum · 합" it belongs
// to both languages.
func formulaHead(nodes []*html.Node) (head, rest []*html.Node) {
	formula := false
	for i, n := range nodes {
		if n.DataAtom == atom.Math {
			formula = true
			continue
		}
		before, after, found := strings.Cut(n.Data, ": ")
		if n.Type != html.TextNode || len(words(nodes[:i])) > len(", and ") {
			return nil, nil
		}
		if found && formula && before == "" {
			return append(slices.Clone(nodes[:i]), textNode(": ")), append([]*html.Node{textNode(after)}, nodes[i+1:]...)
		}
	}
	return nil, nil
}

// joined puts parts of one language that follow each other together.
func joined(parts []part) []part {
	all := parts[:1]
	for _, p := range parts[1:] {
		last := &all[len(all)-1]
		if p.language != last.language {
			all = append(all, p)
			continue
		}
		last.nodes = append(append(last.nodes, textNode(dot)), p.nodes...)
	}
	return all
}

// bothLanguages is a title, its languages marked.
func bothLanguages(title string) template.HTML {
	line := element("span", []*html.Node{textNode(title)})
	new(marker).split(line)
	out, _ := rendered(children(line))
	return out
}
