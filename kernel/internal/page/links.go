package page

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Links are the ways from a page to others of its folder; "" for none.
type Links struct {
	Index                   string            // file of the index page
	Previous, PreviousTitle string            // file of the page before
	Next, NextTitle         string            // file of the page after
	Pages                   map[string]string // files of all pages by the names of their notebooks
}

const notebookEnding = ".ipynb"

// follow leads from a Markdown cell to the pages of other notebooks: links to a notebook,
// and names such as 03_convolution. A link to a notebook without a page is none.
func (l Links) follow(nodes []*html.Node) {
	for _, n := range nodes {
		switch {
		case n.Type == html.TextNode:
			l.name(n)
		case opaque[n.DataAtom]:
		case n.DataAtom == atom.A:
			l.link(n)
		default:
			l.follow(children(n))
		}
	}
}

func (l Links) link(a *html.Node) {
	address, err := url.Parse(attribute(a, "href"))
	if err != nil || address.IsAbs() || address.Host != "" {
		return
	}
	name, ok := strings.CutSuffix(strings.TrimPrefix(address.Path, "./"), notebookEnding)
	if !ok {
		return
	}
	if file := l.Pages[name]; file != "" {
		address.Path = file
		setAttribute(a, "href", address.String())
		return
	}
	a.Attr = slices.DeleteFunc(a.Attr, func(at html.Attribute) bool { return at.Key == "href" })
}

var numbered = regexp.MustCompile(`\b[0-9]{2}_[A-Za-z0-9_]*[A-Za-z0-9]\b`)

// name makes links of the names in a text.
func (l Links) name(n *html.Node) {
	rest, parent := n.Data, n.Parent
	for _, at := range slices.Backward(numbered.FindAllStringIndex(n.Data, -1)) {
		name := n.Data[at[0]:at[1]]
		if l.Pages[name] == "" || parent == nil {
			continue
		}
		after := textNode(rest[at[1]:])
		rest = rest[:at[0]]
		a := element("a", []*html.Node{textNode(name)}, "href", (&url.URL{Path: l.Pages[name]}).String())
		parent.InsertBefore(after, n.NextSibling)
		parent.InsertBefore(a, after)
	}
	n.Data = rest
}
