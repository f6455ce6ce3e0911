// Package page makes an HTML page of a notebook: one file that loads nothing
// from elsewhere, for light and dark screens and for paper.
package page

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	htmlnode "golang.org/x/net/html"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/terminal"
)

//go:embed shared.html
var sharedText string

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = Template(pageText)

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.GFM, formulas{}, safeTags{}),
)

var formatter = chromahtml.New(chromahtml.WithClasses(true))

type view struct {
	Title          string
	Policy         string
	Style          template.CSS
	Script         template.HTML
	Bilingual      bool
	Index          string
	Previous, Next *link
	Sections       []section
	Cells          []cellView
	Drawing        template.HTML // scripts of figures
}

type cellView struct {
	Kind    string
	Count   int
	Body    template.HTML
	Outputs []outputView
}

type outputView struct {
	Kind string // "stream", "stderr", "display", "error"
	Body template.HTML
}

// HTML returns the page of a notebook. name stands for the title of a notebook
// without a heading. What is too much for a page is left out, and the page says so.
func HTML(nb *notebook.Notebook, name string, links Links) ([]byte, error) {
	style, err := stylesheet()
	if err != nil {
		return nil, err
	}
	v := view{Title: nb.Title(), Script: scriptElement, Index: url.PathEscape(links.Index),
		Previous: to(links.Previous, links.PreviousTitle), Next: to(links.Next, links.NextTitle)}
	if v.Title == "" {
		v.Title = name
	}
	p := reading{links: links, attached: attachments{}}
	left, figures := pageLimit, drawing{}
	for _, c := range nb.Cells {
		if c.Kind == "raw" {
			continue
		}
		cell := cellView{Kind: c.Kind, Count: c.ExecutionCount}
		cell.Body = fitted(p.source(c), &left)
		for _, o := range c.Outputs {
			if shown, ok := renderOutput(o); ok {
				if shown.Kind == "display" {
					shown.Body = p.marked(shown.Body, func(nodes []*htmlnode.Node) {
						p.languages.output(nodes)
						breaks(nodes)
					})
				}
				shown.Body = fitted(shown.Body, &left)
				figures.add(shown.Body)
				cell.Outputs = append(cell.Outputs, shown)
			}
		}
		v.Cells = append(v.Cells, cell)
	}
	v.Style = template.CSS(style + p.attached.style())
	v.Policy, v.Drawing = figures.scripts()
	v.Sections, v.Bilingual = p.outline.sections, p.languages.bilingual
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// reading is what is known of a page while its cells are read.
type reading struct {
	links     Links
	attached  attachments
	outline   outline
	languages marker
}

// source shows what a cell says: text as a page, code in colours.
func (p *reading) source(c *notebook.Cell) template.HTML {
	if c.Kind != "markdown" {
		return codeCell(c)
	}
	body, err := renderMarkdown(c.Source)
	if err != nil {
		return pre(c.Source)
	}
	body = p.marked(body, func(nodes []*htmlnode.Node) {
		p.links.follow(nodes)
		p.languages.markdown(nodes)
		stack(nodes)
		p.outline.add(nodes)
		breaks(nodes)
	})
	return p.attached.in(body, c)
}

// marked is a part of a page with marks on its elements, and as it was where its elements
// are nested too deep.
func (p *reading) marked(body template.HTML, mark func([]*htmlnode.Node)) template.HTML {
	place, ok := parsed(body)
	if !ok {
		return body
	}
	mark(children(place))
	if out, ok := rendered(children(place)); ok {
		return out
	}
	return body
}

// to is a link to a page, nil for none.
func to(file, title string) *link {
	if file == "" {
		return nil
	}
	return &link{Link: url.PathEscape(file), Title: bothLanguages(title)}
}

// stylesheet is the same for all pages.
var stylesheet = sync.OnceValues(func() (string, error) {
	var b strings.Builder
	b.WriteString(pageStyle)
	// Each theme stands alone: a colour that only one of them sets must not show
	// in the other.
	for _, theme := range []struct{ media, style string }{
		{"print, (prefers-color-scheme: light)", "github"},
		{"screen and (prefers-color-scheme: dark)", "github-dark"},
	} {
		b.WriteString("@media " + theme.media + " {\n")
		if err := formatter.WriteCSS(&b, styles.Get(theme.style)); err != nil {
			return "", err
		}
		b.WriteString("}\n")
	}
	return b.String(), nil
})

// renderMarkdown shows Markdown as a page. A text that is too long for its reader, which
// looks for the end of each sign in all that follows, is shown letter by letter.
func renderMarkdown(source string) (template.HTML, error) {
	if len(source) > markdownLimit {
		return pre(source), nil
	}
	var b bytes.Buffer
	err := markdown.Convert([]byte(source), &b)
	return template.HTML(b.String()), err
}

// highlight shows code in colours, if it is not too long for that.
func highlight(source string) (template.HTML, error) {
	if len(source) > codeLimit {
		return pre(source), nil
	}
	tokens, err := chroma.Coalesce(lexers.Get("go")).Tokenise(nil, source)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = formatter.Format(&b, styles.Get("github"), tokens)
	return template.HTML(b.String()), err
}

func renderOutput(o notebook.Output) (outputView, bool) {
	switch o["output_type"] {
	case "stream":
		kind := "stream"
		if o["name"] == "stderr" {
			kind = "stderr"
		}
		text, _ := o["text"].(string)
		return outputView{kind + " " + textClass(text), pre(text)}, text != ""
	case "error":
		lines, _ := o["traceback"].([]any)
		text := fmt.Sprint(o["ename"], ": ", o["evalue"])
		for _, line := range lines {
			if line != o["evalue"] {
				text += fmt.Sprint("\n", line)
			}
		}
		return outputView{"error", pre(text)}, true
	case "display_data", "execute_result":
		data, _ := o["data"].(map[string]any)
		body := renderData(data)
		return outputView{"display", body}, body != ""
	}
	return outputView{}, false
}

// renderData shows the richest form of some data.
func renderData(data map[string]any) template.HTML {
	text := func(media string) string {
		s, _ := data[media].(string)
		return s
	}
	for _, form := range []struct {
		media string
		shown func(string) (template.HTML, error)
	}{
		{"text/html", harmless},
		{"image/svg+xml", harmlessSVG},
		{"image/png", func(s string) (template.HTML, error) { return inPage("image/png", s), nil }},
		{"image/jpeg", func(s string) (template.HTML, error) { return inPage("image/jpeg", s), nil }},
		{"text/markdown", renderMarkdown},
	} {
		content := text(form.media)
		if content == "" {
			continue
		}
		if len(content) > outputLimit {
			return leftOut(len(content))
		}
		if body, err := form.shown(content); err == nil && body != "" {
			return body
		}
	}
	if text("text/plain") != "" {
		return pre(text("text/plain"))
	}
	return ""
}

func inPage(media, content string) template.HTML {
	content = strings.Join(strings.Fields(content), "")
	if _, err := base64.StdEncoding.DecodeString(content); err != nil {
		return ""
	}
	return template.HTML(`<img alt="" src="data:` + media + `;base64,` + content + `">`)
}

// pre shows what a program wrote for a terminal.
func pre(text string) template.HTML {
	note := template.HTML("")
	if len(text) > textLimit {
		note = leftOut(len(text) - textLimit)
		text = strings.ToValidUTF8(text[:textLimit], "")
	}
	return template.HTML("<pre>"+html.EscapeString(strings.TrimRight(terminal.Plain(text), "\n"))+"</pre>") + note
}
