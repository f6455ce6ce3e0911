// Package notebook reads and writes Jupyter notebooks (nbformat 4). What it
// does not know of a notebook, it keeps: metadata, cell ids, attachments and
// fields of later versions come back as they were. The same notebook is always
// written as the same bytes, in the form that Jupyter itself writes.
package notebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"convbook/pkg/system/atomicfile"
)

// Notebook is a whole document.
type Notebook struct {
	fields map[string]any // the document without its cells
	Cells  []*Cell
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

// maxSize bounds a notebook file.
const maxSize = 256 << 20

// maxDepth bounds how deep the document's lists and objects are nested.
const maxDepth = 100

// Read reads a notebook file. The error says what is wrong with it.
func Read(path string) (*Notebook, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxSize {
		return nil, fmt.Errorf("%s has %d bytes, too many for a notebook", path, info.Size())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	nb, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a notebook that can be run: %w", path, err)
	}
	return nb, nil
}

// Parse reads the text of a notebook.
func Parse(text []byte) (*Notebook, error) {
	if err := checkDepth(text); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var fields map[string]any
	if err := decoder.Decode(&fields); err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("it is not JSON: something stands behind its end")
	}
	if major, _ := fields["nbformat"].(json.Number); major.String() != "4" {
		return nil, fmt.Errorf("its nbformat is %v, want 4; open it in Jupyter and save it again", fields["nbformat"])
	}
	list, ok := fields["cells"].([]any)
	if !ok {
		return nil, errors.New("it has no list of cells")
	}
	delete(fields, "cells")
	nb := &Notebook{fields: fields}
	seen := map[string]bool{}
	for i, item := range list {
		c, err := parseCell(item)
		if err != nil {
			return nil, fmt.Errorf("cell %d %w", i+1, err)
		}
		c.identify(i, seen)
		nb.Cells = append(nb.Cells, c)
	}
	return nb, nil
}

func checkDepth(text []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch ch := text[i]; {
		case quoted && ch == '\\':
			i++
		case ch == '"':
			quoted = !quoted
		case quoted:
		case ch == '[' || ch == '{':
			if depth++; depth > maxDepth {
				return fmt.Errorf("it is nested deeper than %d levels", maxDepth)
			}
		case ch == ']' || ch == '}':
			depth--
		}
	}
	return nil
}

func parseCell(item any) (*Cell, error) {
	fields, ok := item.(map[string]any)
	if !ok {
		return nil, errors.New("is not an object")
	}
	c := &Cell{fields: fields}
	c.Kind, _ = fields["cell_type"].(string)
	if c.Kind != "markdown" && c.Kind != "code" && c.Kind != "raw" {
		return nil, fmt.Errorf("is of the type %v, want markdown, code or raw", fields["cell_type"])
	}
	if c.Source, ok = joinLines(fields["source"]).(string); !ok {
		return nil, errors.New("has no source")
	}
	if c.Kind == "code" {
		if n, ok := fields["execution_count"].(json.Number); ok {
			count, _ := n.Int64()
			c.ExecutionCount = int(count)
		}
		outputs, _ := fields["outputs"].([]any)
		for _, o := range outputs {
			output, ok := o.(map[string]any)
			if !ok {
				return nil, errors.New("has an output that is not an object")
			}
			c.Outputs = append(c.Outputs, joinOutput(output))
		}
	}
	for _, name := range []string{"cell_type", "source", "execution_count", "outputs"} {
		delete(fields, name)
	}
	return c, nil
}

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

// Bytes returns the text of the notebook as Jupyter writes it: keys in order,
// one space of indentation, long texts as lists of lines.
func (nb *Notebook) Bytes() ([]byte, error) {
	document := map[string]any{}
	for name, value := range nb.fields {
		document[name] = value
	}
	document["nbformat"] = 4
	number, _ := document["nbformat_minor"].(json.Number)
	if minor, err := number.Int64(); err != nil || minor < 5 {
		document["nbformat_minor"] = 5
	}
	if document["metadata"] == nil {
		document["metadata"] = map[string]any{}
	}
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.document()
	}
	document["cells"] = cells
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("notebook: %w", err)
	}
	return b.Bytes(), nil
}

func (c *Cell) document() map[string]any {
	d := map[string]any{}
	for name, value := range c.fields {
		d[name] = value
	}
	d["cell_type"], d["source"] = c.Kind, splitLines(c.Source)
	if d["metadata"] == nil {
		d["metadata"] = map[string]any{}
	}
	if c.Kind == "code" {
		d["execution_count"] = nil
		if c.ExecutionCount > 0 {
			d["execution_count"] = c.ExecutionCount
		}
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = splitOutput(o)
		}
		d["outputs"] = outputs
	}
	return d
}

// Write puts the notebook into a file, which appears whole or not at all.
func (nb *Notebook) Write(path string) error {
	text, err := nb.Bytes()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, text)
}
