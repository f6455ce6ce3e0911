// Package execute runs notebooks on a GoNB kernel of its own.
package execute

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/process"
)

// Kernel is a running kernel process and the connection to it.
type Kernel struct {
	*jupyter.Client
	folder  string // everything that the kernel writes is in here
	process *exec.Cmd
	dead    chan struct{} // closed when the process has ended
	log     *tail
	remove  func() // takes away where its sockets are
}

// Start starts a kernel that works in the folder dir, and waits for it. The settings,
// NAME=value, are in the environment of its cells. What cells train is kept in the
// kernel's own folder, so that every run of a notebook trains anew.
func Start(ctx context.Context, tools *setup.Tools, dir string, settings ...string) (*Kernel, error) {
	folder, err := runs.Folder()
	if err != nil {
		return nil, err
	}
	k := &Kernel{folder: folder, dead: make(chan struct{}), log: new(tail)}
	if err := k.start(ctx, tools, dir, settings); err != nil {
		k.Stop()
		if words := k.log.String(); words != "" {
			err = fmt.Errorf("%w; its last words: %s", err, words)
		}
		return nil, fmt.Errorf("the GoNB kernel did not start: %w", err)
	}
	return k, nil
}

func (k *Kernel) start(ctx context.Context, tools *setup.Tools, dir string, settings []string) error {
	connection, remove, err := jupyter.NewConnection(k.folder, "k")
	if err != nil {
		return err
	}
	k.remove = remove
	file := filepath.Join(k.folder, "connection.json")
	if err := connection.Write(file); err != nil {
		return err
	}
	shell, err := k.shellSettings()
	if err != nil {
		return err
	}
	command := tools.Command(file)
	k.process = exec.Command(command[0], command[1:]...)
	k.process.Dir = dir
	k.process.Env = slices.Concat(tools.Env, []string{runs.FolderVariable + "=" + k.folder,
		"JPY_PARENT_PID=" + strconv.Itoa(os.Getpid()), "CONVBOOK_RUNS=" + filepath.Join(k.folder, "trained")}, shell, settings)
	k.process.Stdout, k.process.Stderr = k.log, k.log
	k.process.WaitDelay = time.Second
	process.OwnGroup(k.process)
	if err := k.process.Start(); err != nil {
		return err
	}
	runs.Contain(k.folder, k.process.Process.Pid)
	go func() {
		k.process.Wait()
		close(k.dead)
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, 30*time.Second, errors.New("no answer within 30 s"))
	defer cancel()
	if k.Client, err = jupyter.Dial(ctx, connection, k.dead); err != nil {
		return err
	}
	return k.withoutInput()
}

// Stop ends the kernel, with everything that it started, and removes its
// folder.
func (k *Kernel) Stop() {
	if k.Client != nil {
		k.Client.Shutdown()
	}
	if k.process != nil && k.process.Process != nil {
		select {
		case <-k.dead:
		case <-time.After(2 * time.Second):
		}
		process.EndGroup(k.process)
		<-k.dead
	}
	if k.Client != nil {
		k.Client.Close()
	}
	if k.remove != nil {
		k.remove()
	}
	runs.Remove(k.folder)
}

// tail keeps the last lines of what the kernel's process prints, which is its
// log and not for the user unless it fails.
type tail struct {
	mu   sync.Mutex
	text []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if excess := len(t.text) - 4096; excess > 0 {
		t.text = t.text[excess:]
	}
	return len(p), nil
}

// logLine begins a line of GoNB's log, which is for those who write GoNB.
var logLine = regexp.MustCompile(`^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ `)

// String returns the last lines that are for a reader, in one: what our own program says
// if it says why it ended.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for line := range strings.Lines(terminal.Plain(string(t.text))) {
		line = strings.TrimSpace(line)
		if why, ok := strings.CutPrefix(line, "the kernel: "); ok {
			lines = []string{why}
		} else if line != "" && !logLine.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-2):], "; ")
}
