package notebook

import (
	"encoding/json"
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
func (c *Cell) Metadata(name string, v any) bool {
	metadata, _ := c.fields["metadata"].(map[string]any)
	value, ok := metadata[name]
	if !ok {
		return false
	}
	text, err := json.Marshal(value)
	return err == nil && json.Unmarshal(text, v) == nil
}
