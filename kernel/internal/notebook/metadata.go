package notebook

import (
	"encoding/json"
	"maps"
	"strings"
)

// Language returns the language of the notebook's code, in small letters: what its
// kernel says, or what it ran in last. It is "" where neither is told.
func (nb *Notebook) Language() string {
	metadata, _ := nb.fields["metadata"].(map[string]any)
	spec, _ := metadata["kernelspec"].(map[string]any)
	info, _ := metadata["language_info"].(map[string]any)
	for _, value := range []any{spec["language"], info["name"], spec["name"]} {
		language, _ := value.(string)
		switch language = strings.ToLower(strings.TrimSpace(language)); {
		case strings.HasPrefix(language, "python"):
			return "python"
		case language == "convbook" || language == "gonb" || language == "gophernotes" || language == "golang":
			return "go"
		case language != "":
			return language
		}
	}
	return ""
}

// Metadata decodes what the cell's metadata holds under a name into v. It is false
// where there is nothing of that name or it is of another form.
func (c *Cell) Metadata(name string, v any) bool { return metadata(c.fields, name, v) }

// Metadata decodes what the notebook's metadata holds under a name into v, as that of
// a cell does.
func (nb *Notebook) Metadata(name string, v any) bool { return metadata(nb.fields, name, v) }

// SetMetadata puts a value, as JSON has it, under a name into the notebook's metadata.
func (nb *Notebook) SetMetadata(name string, value any) { setMetadata(nb.fields, name, value) }

// SetMetadata puts a value, as JSON has it, under a name into the cell's metadata. A nil
// value removes what is there.
func (c *Cell) SetMetadata(name string, value any) { setMetadata(c.fields, name, value) }

// NewCode returns a cell of code that has not run.
func NewCode(id, source string) *Cell {
	return &Cell{Kind: "code", Source: source, fields: map[string]any{"id": id}}
}

// Copy returns a notebook whose cells and metadata can be changed without changing this
// one's; what lies in outputs is shared.
func (nb *Notebook) Copy() *Notebook {
	copied := *nb
	copied.fields = withOwnMetadata(nb.fields)
	copied.Cells = nil
	for _, c := range nb.Cells {
		cell := *c
		cell.fields = withOwnMetadata(c.fields)
		copied.Cells = append(copied.Cells, &cell)
	}
	return &copied
}

func withOwnMetadata(fields map[string]any) map[string]any {
	copied := maps.Clone(fields)
	if metadata, ok := fields["metadata"].(map[string]any); ok {
		copied["metadata"] = maps.Clone(metadata)
	}
	return copied
}

func metadata(fields map[string]any, name string, v any) bool {
	metadata, _ := fields["metadata"].(map[string]any)
	value, ok := metadata[name]
	if !ok {
		return false
	}
	text, err := json.Marshal(value)
	return err == nil && json.Unmarshal(text, v) == nil
}

func setMetadata(fields map[string]any, name string, value any) {
	metadata, ok := fields["metadata"].(map[string]any)
	if !ok {
		metadata = map[string]any{}
		fields["metadata"] = metadata
	}
	if value == nil {
		delete(metadata, name)
		return
	}
	metadata[name] = value
}
