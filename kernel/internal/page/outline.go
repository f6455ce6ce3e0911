package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// outline gathers the sections of a page, for its table of contents.
type outline struct {
	sections []section
	taken    map[string]bool // identifiers
}

type section struct {
	ID    string
	Title template.HTML
}

// add gives the headings of a cell identifiers of their own in the page, and notes the
// sections that begin with one of the second level.
func (o *outline) add(nodes []*html.Node) {
	for _, n := range nodes {
		if n.Type != html.ElementNode {
			continue
		}
		if !headings[n.DataAtom] {
			o.add(children(n))
			continue
		}
		id := o.identifier(words([]*html.Node{n}))
		setAttribute(n, "id", id)
		if title, ok := rendered(unlinked(children(n))); ok && n.DataAtom == atom.H2 {
			o.sections = append(o.sections, section{id, title})
		}
	}
}

// identifier is a heading's text in small letters, its English part where it has one, and
// a number where another heading has the same.
func (o *outline) identifier(text string) string {
	joined := func(keep func(rune) bool) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !keep(r) }), "-")
	}
	id := joined(func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' })
	if id == "" {
		id = joined(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	}
	if id == "" {
		id = "section"
	}
	if o.taken == nil {
		o.taken = map[string]bool{}
	}
	unique := id
	for n := 2; o.taken[unique]; n++ {
		unique = id + "-" + strconv.Itoa(n)
	}
	o.taken[unique] = true
	return unique
}

// unlinked copies nodes without the links in them: no link stands in another.
func unlinked(nodes []*html.Node) []*html.Node {
	var copies []*html.Node
	for _, n := range nodes {
		inner := unlinked(children(n))
		if n.DataAtom == atom.A {
			copies = append(copies, inner...)
			continue
		}
		twin := &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace, Attr: slices.Clone(n.Attr)}
		for _, c := range inner {
			twin.AppendChild(c)
		}
		copies = append(copies, twin)
	}
	return copies
}
