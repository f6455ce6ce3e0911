package page

import (
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// tags are the HTML tags that Markdown may hold. They fold a solution away or mark
// a word; they have no addresses and run nothing. Every other tag is shown as text.
var tags = map[string]bool{"details": true, "summary": true, "br": true, "sub": true, "sup": true, "kbd": true, "b": true, "i": true, "u": true,
	"em": true, "strong": true, "mark": true, "small": true}

// safeTags writes the HTML in Markdown with those tags alone.
type safeTags struct{}

func (safeTags) Extend(m goldmark.Markdown) {
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(safeTags{}, 100)))
}

func (safeTags) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if block := node.(*ast.HTMLBlock); entering {
			text := string(block.Lines().Value(source))
			if block.HasClosure() {
				text += string(block.ClosureLine.Value(source))
			}
			w.WriteString(onlySafe(text))
		}
		return ast.WalkContinue, nil
	})
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			w.WriteString(onlySafe(string(node.(*ast.RawHTML).Segments.Value(source))))
		}
		return ast.WalkSkipChildren, nil
	})
}

var (
	tag     = regexp.MustCompile(`<(/?)([A-Za-z][A-Za-z0-9]*)(\s[^<>]*|/)?>`)
	comment = regexp.MustCompile(`(?s)<!--.*?-->`)
	opened  = regexp.MustCompile(`(?i)\sopen\b`)
)

// onlySafe keeps the known tags, without attributes but for the open of <details>,
// leaves comments out, and shows everything else as text.
func onlySafe(text string) string {
	text = comment.ReplaceAllString(text, "")
	var b strings.Builder
	at := 0
	for _, m := range tag.FindAllStringSubmatchIndex(text, -1) {
		name := strings.ToLower(text[m[4]:m[5]])
		if !tags[name] {
			continue
		}
		b.WriteString(escape(text[at:m[0]]))
		b.WriteString("<" + text[m[2]:m[3]] + name)
		if name == "details" && m[6] >= 0 && opened.MatchString(text[m[6]:m[7]]) {
			b.WriteString(" open")
		}
		b.WriteString(">")
		at = m[1]
	}
	b.WriteString(escape(text[at:]))
	return b.String()
}

// escape makes text of everything, and leaves &amp; and its like as they are.
func escape(text string) string { return html.EscapeString(html.UnescapeString(text)) }
