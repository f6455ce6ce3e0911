package page

import (
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// opaque are the elements whose text is of no language.
var opaque = map[atom.Atom]bool{atom.Code: true, atom.Pre: true, atom.Kbd: true, atom.Samp: true, atom.Var: true, atom.Math: true, atom.Svg: true,
	atom.Script: true, atom.Style: true, atom.Picture: true}

var headings = map[atom.Atom]bool{atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true}

// inline are the elements within a line of text.
var inline = map[atom.Atom]bool{atom.A: true, atom.B: true, atom.I: true, atom.U: true, atom.S: true, atom.Em: true, atom.Strong: true, atom.Mark: true,
	atom.Small: true, atom.Sub: true, atom.Sup: true, atom.Span: true, atom.Br: true, atom.Code: true, atom.Kbd: true, atom.Samp: true, atom.Var: true,
	atom.Math: true, atom.Img: true, atom.Del: true, atom.Ins: true, atom.Q: true, atom.Cite: true, atom.Abbr: true, atom.Input: true, atom.Picture: true}

// parsed returns an element that holds a part of a page. It is false where elements are
// nested too deep.
func parsed(body template.HTML) (*html.Node, bool) {
	place := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(string(body)), place)
	if err != nil {
		return nil, false
	}
	for _, n := range nodes {
		place.AppendChild(n)
	}
	return place, true
}

func rendered(nodes []*html.Node) (template.HTML, bool) {
	var b strings.Builder
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			return "", false
		}
	}
	return template.HTML(b.String()), true
}

func children(n *html.Node) []*html.Node { return slices.Collect(n.ChildNodes()) }

// phrase returns the text at the head of an element, which are its children before the
// first block, and the other children.
func phrase(n *html.Node) (own, rest []*html.Node) {
	all := children(n)
	for i, c := range all {
		if c.Type == html.ElementNode && !inline[c.DataAtom] {
			return all[:i], all[i:]
		}
	}
	return all, nil
}

// words is the text of nodes, without code and formulas.
func words(nodes []*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type == html.ElementNode && !opaque[n.DataAtom]:
			b.WriteString(words(children(n)))
		}
	}
	return b.String()
}

func textNode(content string) *html.Node { return &html.Node{Type: html.TextNode, Data: content} }

// element makes an element with attributes, given as names and values in turn. It takes
// the nodes from where they are.
func element(name string, content []*html.Node, attributes ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
	for i := 0; i < len(attributes); i += 2 {
		setAttribute(n, attributes[i], attributes[i+1])
	}
	for _, c := range content {
		if c.Parent != nil {
			c.Parent.RemoveChild(c)
		}
		n.AppendChild(c)
	}
	return n
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func setAttribute(n *html.Node, name, value string) {
	for i, a := range n.Attr {
		if a.Key == name {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}
