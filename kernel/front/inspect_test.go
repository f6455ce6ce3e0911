package main

import "testing"

func TestToldOfAName(t *testing.T) {
	const meaning = "func Im2col()"
	markdown := map[string]any{"text/markdown": "from gopls"}
	for name, c := range map[string]struct {
		gonb    *meant
		meaning string
		want    any
	}{
		"gopls knows it":          {&meant{Status: "ok", Data: markdown}, meaning, "from gopls"},
		"gopls still starts":      {&meant{Status: "ok", Data: map[string]any{"text/plain": "gopls client not connected"}}, meaning, "```go\nfunc Im2col()\n```"},
		"gopls knows nothing":     {&meant{Status: "ok"}, meaning, "```go\nfunc Im2col()\n```"},
		"no answer":               {nil, meaning, "```go\nfunc Im2col()\n```"},
		"nobody knows it":         {&meant{Status: "ok", Data: map[string]any{"text/plain": "no identifier found"}}, "", nil},
		"it fails":                {&meant{Status: "error", Data: markdown}, "", nil},
		"no answer, no knowledge": {nil, "", nil},
	} {
		said := told(c.gonb, c.meaning)
		if said.Status != "ok" || said.Found && c.want == nil || said.Data["text/markdown"] != c.want || said.Metadata == nil {
			t.Errorf("%s: told is %+v, want %v", name, said, c.want)
		}
	}
	help := map[string]any{"text/plain": "%% and other commands"}
	if said := told(&meant{Status: "ok", Found: true, Data: help}, ""); said.Data["text/plain"] != help["text/plain"] {
		t.Errorf("GoNB's help on its commands becomes %+v", said)
	}
}
