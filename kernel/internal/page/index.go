package page

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"convbook/kernel/internal/notebook"
)

//go:embed index.html
var indexText string

var indexTemplate = template.Must(template.New("index").Parse(indexText))

// Entry is one notebook of the course on the index page.
type Entry struct {
	File    string // name of its page
	Title   string // the notebook's heading, or its name where it has none
	Picture template.URL
}

// NewEntry returns the entry of a notebook whose page is in a file.
func NewEntry(file, name string, nb *notebook.Notebook) Entry {
	e := Entry{File: file, Title: nb.Title(), Picture: firstPicture(nb)}
	if e.Title == "" {
		e.Title = name
	}
	return e
}

// link is a way to a page, with a picture of it on the index page.
type link struct {
	Link    string
	Title   template.HTML
	Picture template.URL
}

// Index returns the page that leads to the pages of notebooks, with the first
// figure of each.
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
		v.Entries = append(v.Entries, link{url.PathEscape(e.File), bothLanguages(e.Title), e.Picture})
	}
	var b bytes.Buffer
	if err := indexTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}

var (
	drawing  = regexp.MustCompile(`(?s)<svg\b.*?</svg>`)
	embedded = regexp.MustCompile(`<img\b[^>]*\bsrc="(data:image/(?:svg\+xml|png|jpeg);base64,[A-Za-z0-9+/=]+)"`)
)

// firstPicture returns the first figure that the notebook shows, as an address
// that holds it; one inside HTML counts. It is "" where there is none.
func firstPicture(nb *notebook.Notebook) template.URL {
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			data, _ := o["data"].(map[string]any)
			html, _ := data["text/html"].(string)
			if found := embedded.FindStringSubmatch(html); found != nil {
				return template.URL(found[1])
			}
			for _, media := range []string{"image/svg+xml", "text/html"} {
				text, _ := data[media].(string)
				if svg := drawing.FindString(text); svg != "" {
					return address("image/svg+xml", base64.StdEncoding.EncodeToString([]byte(svg)))
				}
			}
			for _, media := range []string{"image/png", "image/jpeg"} {
				text, _ := data[media].(string)
				content := strings.Join(strings.Fields(text), "")
				if _, err := base64.StdEncoding.DecodeString(content); err == nil && content != "" {
					return address(media, content)
				}
			}
		}
	}
	return ""
}

func address(media, content string) template.URL {
	return template.URL("data:" + media + ";base64," + content)
}
