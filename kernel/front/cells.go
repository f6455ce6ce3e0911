package main

import (
	"encoding/json"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/jupyter"
)

type cells struct{}

func (c *cells) begin(m *jupyter.Message) *jupyter.Message    { return m }
func (c *cells) interrupt()                                   {}
func (c *cells) running() bool                                { return false }
func (c *cells) reply(m *jupyter.Message) *jupyter.Message    { return m }
func (c *cells) output(m *jupyter.Message) []*jupyter.Message { return []*jupyter.Message{m} }

// isComplete answers whether a cell can be run as it stands.
func isComplete(m *jupyter.Message) any {
	var content struct{ Code string }
	json.Unmarshal(m.Content, &content)
	status, indent := cell.Complete(content.Code)
	if status != "incomplete" {
		return map[string]string{"status": status}
	}
	return map[string]string{"status": status, "indent": indent}
}
