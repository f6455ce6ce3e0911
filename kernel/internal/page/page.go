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
	"regexp"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/terminal"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

var markdown = goldmark.New(
	goldmark.WithExtensions(extension.GFM, formulas{}, safeTags{}),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
)

var formatter = chromahtml.New(chromahtml.WithClasses(true))

// Links are the ways from a page to others of its folder; "" for none.
type Links struct {
	Index           string // file of the index page
	Next, NextTitle string // file of the next notebook's page
}

type view struct {
	Title string
	Style template.CSS
	Index string
	Next  *link
	Cells []cellView
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
// without a heading.
func HTML(nb *notebook.Notebook, name string, links Links) ([]byte, error) {
	style, err := stylesheet()
	if err != nil {
		return nil, err
	}
	v := view{Title: nb.Title(), Style: template.CSS(style), Index: url.PathEscape(links.Index)}
	if links.Next != "" {
		v.Next = &link{Link: url.PathEscape(links.Next), Title: links.NextTitle}
	}
	if v.Title == "" {
		v.Title = name
	}
	for _, c := range nb.Cells {
		cell := cellView{Kind: c.Kind, Count: c.ExecutionCount}
		switch c.Kind {
		case "markdown":
			cell.Body, err = renderMarkdown(c.Source)
			cell.Body = withAttachments(cell.Body, c)
		case "code":
			cell.Body, err = highlight(c.Source)
		default:
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("page: %w", err)
		}
		for _, o := range c.Outputs {
			if shown, ok := renderOutput(o); ok {
				cell.Outputs = append(cell.Outputs, shown)
			}
		}
		v.Cells = append(v.Cells, cell)
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
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

func renderMarkdown(source string) (template.HTML, error) {
	var b bytes.Buffer
	err := markdown.Convert([]byte(source), &b)
	return template.HTML(b.String()), err
}

var attachment = regexp.MustCompile(`src="attachment:([^"]*)"`)

// withAttachments puts the pictures attached to a Markdown cell into its page.
func withAttachments(body template.HTML, c *notebook.Cell) template.HTML {
	return template.HTML(attachment.ReplaceAllStringFunc(string(body), func(link string) string {
		name := html.UnescapeString(attachment.FindStringSubmatch(link)[1])
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		media, content := c.Attachment(name)
		content = strings.Join(strings.Fields(content), "")
		if _, err := base64.StdEncoding.DecodeString(content); err != nil || !pictures[media] {
			return link
		}
		return `src="data:` + media + ";base64," + content + `"`
	}))
}

// pictures are the kinds of pictures that a browser shows.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/svg+xml": true}

func highlight(source string) (template.HTML, error) {
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
		return outputView{kind, pre(text)}, text != ""
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
	switch {
	case text("text/html") != "":
		return template.HTML(text("text/html"))
	case text("image/svg+xml") != "":
		return template.HTML(text("image/svg+xml"))
	case text("image/png") != "":
		return picture("image/png", text("image/png"))
	case text("image/jpeg") != "":
		return picture("image/jpeg", text("image/jpeg"))
	case text("text/markdown") != "":
		if body, err := renderMarkdown(text("text/markdown")); err == nil {
			return body
		}
	}
	if text("text/plain") != "" {
		return pre(text("text/plain"))
	}
	return ""
}

func picture(media, content string) template.HTML {
	content = strings.Join(strings.Fields(content), "")
	if _, err := base64.StdEncoding.DecodeString(content); err != nil {
		return ""
	}
	return template.HTML(`<img alt="" src="data:` + media + `;base64,` + content + `">`)
}

// pre shows what a program wrote for a terminal.
func pre(text string) template.HTML {
	return template.HTML("<pre>" + html.EscapeString(strings.TrimRight(terminal.Plain(text), "\n")) + "</pre>")
}
