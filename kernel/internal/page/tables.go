package page

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// stack marks the tables whose rows a narrow page shows as blocks, each cell under the one
// before it: three columns and more, and sentences or code among them. Columns of numbers
// stay beside each other, to be compared, however long the names over them are.
func stack(nodes []*html.Node) {
	for _, n := range nodes {
		if n.DataAtom != atom.Table {
			stack(children(n))
			continue
		}
		for _, row := range rowsOf(n) {
			cells := slices.DeleteFunc(elements(row), func(cell *html.Node) bool { return cell.DataAtom == atom.Th })
			if len(cells) >= 3 && slices.ContainsFunc(cells, func(cell *html.Node) bool { return breadth(cell) > 24 }) {
				setAttribute(n, "class", strings.TrimSpace(attribute(n, "class")+" stacked"))
				break
			}
		}
	}
}

func rowsOf(table *html.Node) (rows []*html.Node) {
	for n := range table.Descendants() {
		if n.DataAtom == atom.Tr {
			rows = append(rows, n)
		}
	}
	return rows
}

func elements(n *html.Node) []*html.Node {
	return slices.DeleteFunc(children(n), func(c *html.Node) bool { return c.Type != html.ElementNode })
}

// breadth is how many letters a cell is wide, the Korean ones twice: the wider of its
// languages, which stand under each other.
func breadth(cell *html.Node) int {
	widest, rest := 0, 0
	for n := range cell.ChildNodes() {
		width := 0
		for c := range n.Descendants() {
			width += letters(c)
		}
		if width += letters(n); attribute(n, "class") == english || attribute(n, "class") == korean {
			widest = max(widest, width)
		} else if attribute(n, "class") != "dot" {
			rest += width
		}
	}
	return widest + rest
}

func letters(n *html.Node) (width int) {
	if n.Type != html.TextNode {
		return 0
	}
	for _, r := range n.Data {
		width++
		if isHangul(r) {
			width++
		}
	}
	return width
}

// aligned is a text of a program whose columns would part if its lines were broken: spaces
// that are more than one between words, or numbers in the brackets of an array.
var aligned = regexp.MustCompile(`(?m)\S {2,}\S|^\s*\[[\[\s\d-]|\t`)

// textClass says whether the lines of a text may be broken.
func textClass(text string) string {
	if aligned.MatchString(text) {
		return "columns"
	}
	return "lines"
}
