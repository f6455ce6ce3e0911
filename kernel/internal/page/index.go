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

	"convbook/kernel/internal/notebook"
)

//go:embed index.html
var indexText string

var indexTemplate = Template(indexText)

// Entry is one notebook of the course on the index page.
type Entry struct {
	File    string // name of its page
	Title   string // the notebook's heading, or its name where it has none
	Summary Summary
	Picture picture
}

// picture is a figure as an address that holds it, with what it shows in words.
type picture struct {
	Address     template.URL
	Description string
	Adapts      bool // to light and dark
}

// Summary says in one sentence what a notebook is about; "" where it does not say it.
type Summary struct {
	English string `json:"en"`
	Korean  string `json:"ko"`
}

// about is what the notebook's metadata says under "convbook" of its entry.
type about struct {
	Summary Summary `json:"summary"`
	Cover   struct {
		Cell   string `json:"cell"`   // the identifier of the cell whose output shows it
		Figure int    `json:"figure"` // its place in that output, from 1
	} `json:"cover"`
}

// NewEntry returns the entry of a notebook whose page is in a file.
func NewEntry(file, name string, nb *notebook.Notebook) Entry {
	var a about
	nb.Metadata("convbook", &a)
	e := Entry{File: file, Title: nb.Title(), Summary: a.Summary, Picture: a.cover(nb)}
	if e.Title == "" {
		e.Title = name
	}
	return e
}

// Show gives an entry a figure of pkg/figure, as SVG, and says in words what it shows.
func (e *Entry) Show(svg []byte, description string) {
	e.Picture = picture{Address: address("image/svg+xml", base64.StdEncoding.EncodeToString(svg)), Description: description, Adapts: true}
}

// link is a way to a page, with what the index page says and shows of it.
type link struct {
	Link    string
	Title   template.HTML
	Summary Summary
	Picture picture
}

// Index returns the page that leads to the pages of notebooks, with a figure and a
// sentence of each.
func Index(entries []Entry) ([]byte, error) {
	style, err := stylesheet()
	if err != nil {
		return nil, err
	}
	v := struct {
		Policy  string
		Style   template.CSS
		Script  template.HTML
		Entries []link
	}{Policy: securityPolicy, Style: template.CSS(style), Script: scriptElement}
	for _, e := range entries {
		v.Entries = append(v.Entries, link{url.PathEscape(e.File), bothLanguages(e.Title), e.Summary, e.Picture})
	}
	var b bytes.Buffer
	if err := indexTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

// cover returns the figure that stands for a notebook: the one that its metadata names, or
// else the first.
func (a *about) cover(nb *notebook.Notebook) picture {
	for _, c := range nb.Cells {
		if c.ID() != a.Cover.Cell || a.Cover.Cell == "" {
			continue
		}
		var figures []picture
		for _, o := range c.Outputs {
			figures = append(figures, pictures(o)...)
		}
		if n := max(a.Cover.Figure, 1); n <= len(figures) {
			return figures[n-1]
		}
	}
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			if figures := pictures(o); len(figures) > 0 {
				return figures[0]
			}
		}
	}
	return picture{}
}

var (
	// A figure is a picture in one width or in several, the narrow one in a source.
	embedded  = regexp.MustCompile(`(?s)<picture\b.*?</picture>|<img\b[^>]*>|<svg\b.*?</svg>`)
	described = regexp.MustCompile(`\balt="([^"]*)"`)
	content   = regexp.MustCompile(`\bsrc(?:set)?="(data:image/(?:svg\+xml|png|jpeg);base64,[A-Za-z0-9+/=]+)"`)
)

// pictures returns the figures of an output, in the form for a narrow page where there is
// one: they are shown small.
func pictures(o notebook.Output) []picture {
	data, _ := o["data"].(map[string]any)
	var found []picture
	for _, media := range []string{"text/html", "image/svg+xml"} {
		text, _ := data[media].(string)
		for _, figure := range embedded.FindAllString(text, -1) {
			if strings.HasPrefix(figure, "<svg") {
				found = append(found, picture{Address: address("image/svg+xml", base64.StdEncoding.EncodeToString([]byte(figure)))})
			} else if src := content.FindStringSubmatch(figure); src != nil {
				p := picture{Address: template.URL(src[1]), Adapts: strings.Contains(figure, `class="convbook-figure"`)}
				if alt := described.FindStringSubmatch(figure); alt != nil {
					p.Description = html.UnescapeString(alt[1])
				}
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	for _, media := range []string{"image/png", "image/jpeg"} {
		text, _ := data[media].(string)
		text = strings.Join(strings.Fields(text), "")
		if _, err := base64.StdEncoding.DecodeString(text); err == nil && text != "" {
			return []picture{{Address: address(media, text)}}
		}
	}
	return nil
}

func address(media, content string) template.URL {
	return template.URL("data:" + media + ";base64," + content)
}
