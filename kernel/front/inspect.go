package main

import (
	"strings"

	"convbook/kernel/internal/names"
)

// inspections answer what a name means.
type inspections = questions[names.Told, meant]

func newInspections(k *kernel, root string) *inspections {
	return &inspections{k: k, defaults: inspectDefaults, reply: "inspect_reply",
		know: func(before, after string) names.Told {
			return names.Meaning(before, after, before+after, k.cells.sources(), root)
		},
		enough:  func(meaning names.Told) bool { return meaning.Declaration != "" },
		content: func(q *asked[names.Told], gonb *meant) any { return told(gonb, q.known) }}
}

// meant is what a kernel says that a name means.
type meant struct {
	Status   string         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// told is what a student is told: GoNB's words where they are about the name, and not
// about gopls or a program that does not compile.
func told(gonb *meant, meaning names.Told) meant {
	nothing := meant{Status: "ok", Data: map[string]any{}, Metadata: map[string]any{}}
	if gonb != nil && gonb.Status == "ok" && len(gonb.Data) > 0 && !complaint(gonb.Data) {
		if gonb.Metadata == nil {
			gonb.Metadata = map[string]any{}
		}
		return *gonb
	}
	if meaning.Declaration == "" {
		return nothing
	}
	nothing.Found, nothing.Data = true, map[string]any{"text/plain": meaning.Text(), "text/markdown": meaning.Markdown()}
	return nothing
}

// complaint says whether GoNB has an error for an answer: it gives those as plain text
// alone, a meaning as Markdown.
func complaint(data map[string]any) bool {
	if _, ok := data["text/markdown"]; ok {
		return false
	}
	text, _ := data["text/plain"].(string)
	return !strings.Contains(text, "%%") // its help on lines of commands
}
