package explain

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/setup"
	"convbook/pkg/system/process"
)

// recorded is what GoNB itself says to a mistake.
type recorded struct {
	Name     string
	Messages []recordedMessage // of the last cell
	Main     string            // GoNB's program of it
}

type recordedMessage struct {
	Type    string
	Content json.RawMessage
}

const recordFile = "testdata/gonb.json"

// TestRecord writes testdata/gonb.json anew, with CONVBOOK_RECORD=1: what GoNB says to
// each mistake.
func TestRecord(t *testing.T) {
	if os.Getenv("CONVBOOK_RECORD") == "" {
		t.Skip("CONVBOOK_RECORD=1 records what GoNB says")
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := setup.Prepare(t.Context(), root, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	for _, m := range mistakes {
		t.Log(m.name)
		messages, program := record(t, tools, m.cells)
		all = append(all, recorded{m.name, messages, program})
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recordFile, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// record runs cells on a GoNB with nothing before it.
func record(t *testing.T, tools *setup.Tools, cells []string) (messages []recordedMessage, program string) {
	folder, err := os.MkdirTemp("", "record-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	connection, remove, err := jupyter.NewConnection(folder, "g")
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	file := filepath.Join(folder, "connection.json")
	if err := connection.Write(file); err != nil {
		t.Fatal(err)
	}
	command := tools.Command(file)[1:]
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(tools.Env, "TMPDIR="+folder)
	process.OwnGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	dead := make(chan struct{})
	go func() {
		cmd.Wait()
		close(dead)
	}()
	defer func() {
		process.EndGroup(cmd)
		<-dead
	}()
	client, err := jupyter.Dial(t.Context(), connection, dead)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for i, code := range cells {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		reply, err := client.Execute(ctx, code, dead, func(m *jupyter.Message) {
			if i == len(cells)-1 {
				messages = append(messages, recordedMessage{m.Header.Type, m.Content})
			}
		})
		cancel()
		if errors.Is(err, jupyter.ErrKernelDied) {
			return append(messages, recordedMessage{"died", json.RawMessage(`{}`)}), ""
		}
		if err != nil {
			t.Fatalf("%q: %v", code, err)
		}
		if i == len(cells)-1 {
			text, _ := json.Marshal(reply)
			messages = append(messages, recordedMessage{"execute_reply", text})
		}
	}
	if found, _ := filepath.Glob(filepath.Join(folder, "gonb_*", "main.go")); len(found) == 1 {
		text, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		program = string(text)
	}
	for i, m := range messages { // the folder has another name each time
		messages[i].Content = json.RawMessage(strings.NewReplacer(folder, "/tmp/record", tools.Root, "/repository").Replace(string(m.Content)))
	}
	return messages, program
}
