package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"
)

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
	text := nb.words.show(b.Bytes())
	if nb.crlf {
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	}
	return text, nil
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
