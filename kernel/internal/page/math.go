package page

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"convbook/kernel/internal/tex"
)

// formulas is mathematics in Markdown as Jupyter takes it: $…$ in a line, and $$…$$
// in a line or around several. Code spans keep their dollars, and so does an amount
// of money: a formula begins and ends with no space, and no digit follows it.
type formulas struct{}

func (formulas) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(formulaBlockParser{}, 650)),
		parser.WithInlineParsers(util.Prioritized(formulaParser{}, 150)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(formulaRenderer{}, 100)))
}

var (
	formulaKind      = ast.NewNodeKind("Formula")
	formulaBlockKind = ast.NewNodeKind("FormulaBlock")
)

// formula is one inside a line.
type formula struct {
	ast.BaseInline
	source  []byte
	display bool
}

func (f *formula) Kind() ast.NodeKind { return formulaKind }

func (f *formula) Dump(source []byte, level int) {
	ast.DumpHelper(f, source, level, map[string]string{"source": string(f.source)}, nil)
}

// formulaBlock is one that stands alone.
type formulaBlock struct {
	ast.BaseBlock
	closed bool
}

func (f *formulaBlock) Kind() ast.NodeKind { return formulaBlockKind }

func (f *formulaBlock) IsRaw() bool { return true }

func (f *formulaBlock) Dump(source []byte, level int) { ast.DumpHelper(f, source, level, nil, nil) }

type formulaParser struct{}

func (formulaParser) Trigger() []byte { return []byte{'$'} }

func (formulaParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	fence := line[:1]
	if bytes.HasPrefix(line, []byte("$$")) {
		fence = line[:2]
	}
	rest := line[len(fence):]
	length := closing(rest, fence)
	if length <= 0 {
		return nil
	}
	source, after := rest[:length], rest[length+len(fence):]
	if len(fence) == 1 && (util.IsSpace(source[0]) || util.IsSpace(source[length-1]) || len(after) > 0 && after[0] >= '0' && after[0] <= '9') {
		return nil
	}
	block.Advance(length + 2*len(fence))
	return &formula{source: source, display: len(fence) == 2}
}

// closing returns where the fence stands that ends a formula, -1 for nowhere. A
// formula holds no code span.
func closing(rest, fence []byte) int {
	for i := 0; i < len(rest); i++ {
		switch {
		case rest[i] == '\\':
			i++
		case rest[i] == '`':
			return -1
		case bytes.HasPrefix(rest[i:], fence):
			return i
		}
	}
	return -1
}

type formulaBlockParser struct{}

func (formulaBlockParser) Trigger() []byte { return []byte{'$'} }

// Open takes a line that begins with $$, unless the formula ends within the line
// and more follows it.
func (formulaBlockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || !bytes.HasPrefix(line[at:], []byte("$$")) {
		return nil, parser.NoChildren
	}
	rest := line[at+2:]
	node := &formulaBlock{}
	if end := closing(rest, []byte("$$")); end >= 0 {
		if len(bytes.TrimSpace(rest[end+2:])) > 0 {
			return nil, parser.NoChildren
		}
		node.closed = true
		rest = rest[:end]
	}
	start := segment.Start - segment.Padding + at + 2
	node.Lines().Append(text.NewSegment(start, start+len(rest)))
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

func (formulaBlockParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	block := node.(*formulaBlock)
	if block.closed {
		return parser.Close
	}
	line, segment := reader.PeekLine()
	if end := bytes.Index(line, []byte("$$")); end >= 0 {
		segment.Stop = segment.Start + max(end-segment.Padding, 0)
		block.closed = true
	}
	node.Lines().Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (formulaBlockParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {}

func (formulaBlockParser) CanInterruptParagraph() bool { return true }

func (formulaBlockParser) CanAcceptIndentedLine() bool { return false }

type formulaRenderer struct{}

func (formulaRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(formulaKind, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if f := node.(*formula); entering {
			writeFormula(w, string(f.source), f.display)
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(formulaBlockKind, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			writeFormula(w, string(node.Lines().Value(source)), true)
			w.WriteString("\n")
		}
		return ast.WalkSkipChildren, nil
	})
}

// writeFormula writes a formula, and one that is not understood as its source. One on
// lines of its own stands in boxes, one for each part between wide spaces, which a narrow
// page puts under each other.
func writeFormula(w util.BufWriter, source string, display bool) {
	if !display {
		if drawn, err := tex.MathML(source, false); err == nil {
			w.WriteString(drawn)
			return
		}
		w.WriteString("<code>" + html.EscapeString(source) + "</code>")
		return
	}
	var boxes strings.Builder
	for _, part := range formulaParts(source) {
		drawn, err := tex.MathML(part, true)
		if err != nil {
			w.WriteString("<code>" + html.EscapeString(source) + "</code>")
			return
		}
		boxes.WriteString(`<span class="formula">` + drawn + "</span>")
	}
	w.WriteString(`<span class="formulas">` + boxes.String() + "</span>")
}

var formulaToken = regexp.MustCompile(`\\(?:[A-Za-z]+|.)|[{}]`)

// formulaParts cuts a formula at the wide spaces that stand in no group.
func formulaParts(source string) (parts []string) {
	depth, begin := 0, 0
	for _, at := range formulaToken.FindAllStringIndex(source, -1) {
		switch source[at[0]:at[1]] {
		case "{", `\left`, `\begin`:
			depth++
		case "}", `\right`, `\end`:
			depth--
		case `\quad`, `\qquad`:
			if depth == 0 && strings.TrimSpace(source[begin:at[0]]) != "" {
				parts = append(parts, source[begin:at[0]])
				begin = at[1]
			}
		}
	}
	if rest := source[begin:]; len(parts) == 0 || strings.TrimSpace(rest) != "" {
		parts = append(parts, rest)
	}
	return parts
}
