package main

import (
	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/names"
)

// completions answer what could stand at the cursor.
type completions = questions[names.Found, jupyter.Completion]

func newCompletions(k *kernel, root string) *completions {
	return &completions{k: k, defaults: completeDefaults, reply: "complete_reply", content: completed,
		know:   func(before, after string) names.Found { return names.At(before, before+after, k.cells.sources(), root) },
		enough: func(found names.Found) bool { return len(found.Names) > 0 }}
}

// completed are GoNB's names, tidied, or those that are known without it.
func completed(q *asked[names.Found], gonb *jupyter.Completion) any {
	matches, start, end := q.known.Names, q.cursor-len([]rune(q.known.Prefix)), q.cursor
	if gonb != nil && len(gonb.Matches) > 0 {
		if tidied := q.known.Tidy(gonb.Matches); len(tidied) > 0 {
			matches, start, end = tidied, gonb.Start, gonb.End
		}
	}
	if matches == nil {
		matches = []string{}
	}
	return map[string]any{"status": "ok", "matches": matches, "cursor_start": start, "cursor_end": end, "metadata": map[string]any{}}
}

// sources returns the cells that have run, the last first.
func (c *cells) sources() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]string, 0, len(c.past)+1)
	if c.current != nil {
		list = append(list, c.current.code)
	}
	for _, past := range c.past {
		list = append(list, past.Code)
	}
	return list
}
