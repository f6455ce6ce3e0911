package jupyter

import (
	"context"
	"encoding/json"
	"fmt"
)

// Completion is what the kernel offers in place of a part of the code.
type Completion struct {
	Matches []string `json:"matches"`
	Start   int      `json:"cursor_start"` // in UTF-16 units, as Jupyter counts
	End     int      `json:"cursor_end"`
}

// Complete asks what could stand at the cursor, which counts from the start of the
// code. It returns when the kernel has answered; when ctx ends, or dead is closed,
// it returns at once with the reason.
func (k *Client) Complete(ctx context.Context, code string, cursor int, dead <-chan struct{}) (*Completion, error) {
	id, err := k.send(k.shell, "complete_request", map[string]any{"code": code, "cursor_pos": cursor})
	if err != nil {
		return nil, err
	}
	for {
		select {
		case r := <-k.messages:
			if r.err != nil {
				return nil, lost(r.err, dead)
			}
		case r := <-k.replies:
			if r.err != nil {
				return nil, lost(r.err, dead)
			}
			if r.message.Parent.ID != id || r.message.Header.Type != "complete_reply" {
				continue
			}
			c := new(Completion)
			if err := json.Unmarshal(r.message.Content, c); err != nil {
				return nil, fmt.Errorf("jupyter: the kernel's completion: %w", err)
			}
			return c, nil
		case <-dead:
			return nil, ErrKernelDied
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}
