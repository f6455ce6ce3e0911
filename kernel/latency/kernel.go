package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/runs"
	"convbook/pkg/system/process"
)

// program is a kernel that can be started.
type program struct {
	name    string
	command func(connectionFile string) []string
	env     []string
	lesson  lesson
}

// kernel is one that runs.
type kernel struct {
	*jupyter.Client
	process *exec.Cmd
	dead    chan struct{}
	folder  string
	remove  func() // takes away where its sockets are
}

// start starts a kernel and returns when it has answered. The settings, NAME=value,
// are added to its environment.
func (p program) start(ctx context.Context, settings ...string) (*kernel, error) {
	folder, err := runs.Folder()
	if err != nil {
		return nil, err
	}
	connection, remove, err := jupyter.NewConnection(folder, "k")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(folder, "connection.json")
	if err := connection.Write(file); err != nil {
		return nil, err
	}
	command := p.command(file)
	k := &kernel{process: exec.Command(command[0], command[1:]...), dead: make(chan struct{}), folder: folder, remove: remove}
	k.process.Env = slices.Concat(p.env, []string{"TMPDIR=" + folder, runs.FolderVariable + "=" + folder})
	k.process.Env = append(k.process.Env, settings...)
	k.process.Dir = folder
	process.OwnGroup(k.process)
	if err := k.process.Start(); err != nil {
		runs.Remove(folder)
		return nil, fmt.Errorf("the kernel %s did not start: %w", p.name, err)
	}
	go func() {
		k.process.Wait()
		close(k.dead)
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("no answer within a minute"))
	defer cancel()
	if k.Client, err = jupyter.Dial(ctx, connection, k.dead); err != nil {
		k.stop()
		return nil, fmt.Errorf("the kernel %s: %w", p.name, err)
	}
	return k, nil
}

// cell runs code and returns how long it took. It must print or show something, or
// the kernel has not done what is measured.
func (k *kernel) cell(ctx context.Context, code string) (time.Duration, error) {
	var said strings.Builder
	shown := 0
	began := time.Now()
	reply, err := k.Execute(ctx, code, k.dead, func(m *jupyter.Message) {
		switch m.Header.Type {
		case "stream", "error":
			var content struct{ Text, Evalue string }
			json.Unmarshal(m.Content, &content)
			said.WriteString(content.Text + content.Evalue)
		case "display_data", "execute_result":
			shown++
		}
	})
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	if reply.Status != "ok" {
		return 0, &cellError{reply.Name, said.String(), code}
	}
	if strings.Contains(code, figureTitle) && shown == 0 {
		return 0, fmt.Errorf("a cell showed no figure:\n%s", code)
	}
	return took, nil
}

// cellError is a cell that failed.
type cellError struct{ name, said, code string }

func (e *cellError) Error() string {
	return fmt.Sprintf("a cell failed: %s: %s\n%s", e.name, e.said, e.code)
}

// stop ends the kernel and all that it started.
func (k *kernel) stop() {
	if k.Client != nil {
		k.Shutdown()
	}
	select {
	case <-k.dead:
	case <-time.After(2 * time.Second):
	}
	process.EndGroup(k.process)
	<-k.dead
	if k.Client != nil {
		k.Close()
	}
	k.remove()
	runs.Remove(k.folder)
}
