package notebook

import "encoding/json"

// Metadata decodes what the cell's metadata holds under a name into v. It is false
// where there is nothing of that name or it is of another form.
func (c *Cell) Metadata(name string, v any) bool {
	metadata, _ := c.fields["metadata"].(map[string]any)
	value, ok := metadata[name]
	if !ok {
		return false
	}
	text, err := json.Marshal(value)
	return err == nil && json.Unmarshal(text, v) == nil
}
