//go:build unix

package main

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/explain"
	"convbook/kernel/internal/jupyter"
)

// TestInterrupt stops cells: one message each, which says how to go on, and the next
// cell runs.
func TestInterrupt(t *testing.T) {
	kept := t.TempDir()
	t.Setenv("CONVBOOK_RUNS", kept)
	v := startVictim(t)
	for _, c := range []struct{ name, work, want string }{
		{"nothing is kept", "", "Run the cell again to start over"},
		{"a training is kept", "os.WriteFile(" + quoted(filepath.Join(kept, "params.npz")) + ", []byte(\"weights\"), 0o600)\n", "What was trained is kept: run the cell again to continue from there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var errors []explain.Said
			var rest strings.Builder
			reply, err := v.Execute(t.Context(), "%%\n"+c.work+"fmt.Println(\"begun\")\nfor {\n\ttime.Sleep(time.Second)\n}", v.dead, func(m *jupyter.Message) {
				var content struct {
					explain.Said
					Text string
				}
				json.Unmarshal(m.Content, &content)
				switch {
				case m.Header.Type == "error":
					errors = append(errors, content.Said)
				case content.Text == "begun\n":
					time.Sleep(50 * time.Millisecond)
					v.Interrupt()
				default:
					rest.WriteString(content.Text)
				}
			})
			if err != nil || reply.Status != "error" || len(errors) != 1 || rest.Len() > 0 {
				t.Fatalf("%v, %+v, %q, besides %q", err, reply, errors, rest.String())
			}
			if len(errors[0].Traceback) != 2 || !strings.Contains(errors[0].Value, c.want) || !slices.Equal(errors[0].Traceback, reply.Traceback) {
				t.Errorf("it says %q", errors[0].Traceback)
			}
			v.cell(t, "%%\nfmt.Println(\"next\")")
		})
	}
}

func quoted(text string) string {
	q, _ := json.Marshal(text)
	return string(q)
}
