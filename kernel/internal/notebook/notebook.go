// Package notebook reads and writes Jupyter notebooks (nbformat 4). What it
// does not know of a notebook, it keeps: metadata, cell ids, attachments and
// fields of later versions come back as they were. The same notebook is always
// written as the same bytes, in the form that Jupyter itself writes.
package notebook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Notebook is a whole document.
type Notebook struct {
	Cells []*Cell

	fields map[string]any // the document without its cells
	crlf   bool           // the lines of the file end as on Windows
	words  notNumbers     // NaN and its like, which JSON does not know
}

// Cell is one cell of a notebook.
type Cell struct {
	Kind   string // "markdown", "code" or "raw"
	Source string

	// Of code cells:
	ExecutionCount int // 0 when the cell has not run
	Outputs        []Output

	fields map[string]any // the cell without the above
}

// Output is one output of a code cell, an object in the form of nbformat:
// text in it is a string, not a list of lines.
type Output map[string]any

// identify gives a cell an id where it has none or one that was seen before:
// nbformat 4.5 asks for one. It depends only on the cell's place and source.
func (c *Cell) identify(place int, seen map[string]bool) {
	id, _ := c.fields["id"].(string)
	for n := 0; id == "" || seen[id]; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %s", place, n, c.Source))
		id = hex.EncodeToString(sum[:4])
	}
	seen[id] = true
	c.fields["id"] = id
}

// ID is the cell's id, which stays when the cell is edited.
func (c *Cell) ID() string {
	id, _ := c.fields["id"].(string)
	return id
}

// HasTag says whether the cell's metadata has a tag.
func (c *Cell) HasTag(tag string) bool {
	metadata, _ := c.fields["metadata"].(map[string]any)
	tags, _ := metadata["tags"].([]any)
	for _, t := range tags {
		if t == tag {
			return true
		}
	}
	return false
}

// Attachment returns an attached file of a Markdown cell by its name: its media
// type and its content in base64.
func (c *Cell) Attachment(name string) (media, base64 string) {
	attachments, _ := c.fields["attachments"].(map[string]any)
	bundle, _ := attachments[name].(map[string]any)
	for _, media := range slices.Sorted(maps.Keys(bundle)) {
		if text, ok := joinLines(bundle[media]).(string); ok {
			return media, text
		}
	}
	return "", ""
}

// Title returns the text of the first heading, "" where there is none.
func (nb *Notebook) Title() string {
	for _, c := range nb.Cells {
		if c.Kind != "markdown" {
			continue
		}
		for line := range strings.Lines(c.Source) {
			if heading, ok := strings.CutPrefix(line, "# "); ok {
				return strings.TrimSpace(heading)
			}
		}
	}
	return ""
}
