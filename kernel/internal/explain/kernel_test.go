package explain

import (
	"context"
	"os"
	"testing"
	"time"

	"convbook/kernel/internal/execute"
	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/setup"

	"encoding/json"
)

// TestMistakesOnTheKernel makes mistakes on the real kernel, each on one that is new:
// every sixth, with CONVBOOK_LONG=1 all.
func TestMistakesOnTheKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("runs kernels: not with -short")
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := setup.Prepare(t.Context(), root, os.Stderr)
	if err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	for i, m := range mistakes {
		if i%6 != 0 && os.Getenv("CONVBOOK_LONG") == "" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			k, err := execute.Start(t.Context(), tools, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer k.Stop()
			for i, code := range m.cells {
				var said []Said
				stderr := ""
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				reply, err := k.Execute(ctx, code, nil, func(message *jupyter.Message) {
					var content struct {
						Said
						Name, Text string
					}
					json.Unmarshal(message.Content, &content)
					switch {
					case message.Header.Type == "error":
						said = append(said, content.Said)
					case content.Name == "stderr":
						stderr += content.Text
					}
				})
				cancel()
				if err != nil {
					t.Fatal(err)
				}
				if i < len(m.cells)-1 {
					continue
				}
				if fails := m.words != nil || m.fails; fails != (reply.Status == "error") || fails != (len(said) == 1) {
					t.Fatalf("the answer is %+v, the errors %q", reply, said)
				}
				if len(said) == 0 {
					continue
				}
				if reply.Value != said[0].Value || len(reply.Traceback) != len(said[0].Traceback) {
					t.Errorf("the answer says %+v, the output %+v", reply, said[0])
				}
				if found := nobody.FindString(stderr); found != "" {
					t.Errorf("%q is printed besides: %q", stderr, found)
				}
				checkWords(t, m, said[0])
			}
		})
	}
}
