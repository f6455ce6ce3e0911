package page

import (
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"convbook/kernel/internal/notebook"
)

// attachments are the pictures attached to Markdown cells that a page shows, by their
// address. Each is in the page once, as the content of a class, however often it is
// shown.
type attachments map[string]int

var attachment = regexp.MustCompile(`src="attachment:([^"]*)"`)

// in puts the pictures attached to a Markdown cell into its page.
func (a attachments) in(body template.HTML, c *notebook.Cell) template.HTML {
	known := map[string]string{} // by the link, what stands in its place
	return template.HTML(attachment.ReplaceAllStringFunc(string(body), func(link string) string {
		place, ok := known[link]
		if !ok {
			place = a.place(link, c)
			known[link] = place
		}
		return place
	}))
}

func (a attachments) place(link string, c *notebook.Cell) string {
	name := html.UnescapeString(attachment.FindStringSubmatch(link)[1])
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	media, content := c.Attachment(name)
	content = strings.Join(strings.Fields(content), "")
	if _, err := base64.StdEncoding.DecodeString(content); err != nil || !shownPictures[media] {
		return link
	}
	address := "data:" + media + ";base64," + content
	number, ok := a[address]
	if !ok {
		number = len(a) + 1
		a[address] = number
	}
	return fmt.Sprintf(`class="attached-%d"`, number)
}

// style returns the rules that show the pictures.
func (a attachments) style() string {
	var rules []string
	left := pageLimit
	for address, number := range a {
		if left -= len(address); left >= 0 {
			rules = append(rules, fmt.Sprintf("img.attached-%d { content: url(\"%s\"); }\n", number, address))
		}
	}
	slices.Sort(rules)
	return strings.Join(rules, "")
}

// shownPictures are the kinds of pictures that a browser shows.
var shownPictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/svg+xml": true}
