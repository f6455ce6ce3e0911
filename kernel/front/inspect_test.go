package main

import (
	"testing"

	"convbook/kernel/internal/names"
)

func TestToldOfAName(t *testing.T) {
	meaning := names.Told{Declaration: "func Im2col()", Comment: "Im2col unrolls."}
	markdown := map[string]any{"text/markdown": "from gopls"}
	for name, c := range map[string]struct {
		gonb    *meant
		meaning names.Told
		want    any
	}{
		"gopls knows it":          {&meant{Status: "ok", Data: markdown}, meaning, "from gopls"},
		"gopls still starts":      {&meant{Status: "ok", Data: map[string]any{"text/plain": "gopls client not connected"}}, meaning, "```go\nfunc Im2col()\n```\n\nIm2col unrolls."},
		"gopls knows nothing":     {&meant{Status: "ok"}, meaning, "```go\nfunc Im2col()\n```\n\nIm2col unrolls."},
		"no answer":               {nil, meaning, "```go\nfunc Im2col()\n```\n\nIm2col unrolls."},
		"nobody knows it":         {&meant{Status: "ok", Data: map[string]any{"text/plain": "no identifier found"}}, names.Told{}, nil},
		"it fails":                {&meant{Status: "error", Data: markdown}, names.Told{}, nil},
		"no answer, no knowledge": {nil, names.Told{}, nil},
	} {
		said := told(c.gonb, c.meaning)
		if said.Status != "ok" || said.Found && c.want == nil || said.Data["text/markdown"] != c.want || said.Metadata == nil {
			t.Errorf("%s: told is %+v, want %v", name, said, c.want)
		}
	}
	help := map[string]any{"text/plain": "%% and other commands"}
	if said := told(&meant{Status: "ok", Found: true, Data: help}, names.Told{}); said.Data["text/plain"] != help["text/plain"] {
		t.Errorf("GoNB's help on its commands becomes %+v", said)
	}
}
