// Package execute runs notebooks on a GoNB kernel of its own.
package execute

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/process"
	"convbook/kernel/internal/setup"
)

// Kernel is a running kernel process and the connection to it.
type Kernel struct {
	*jupyter.Client
	folder  string // everything that the kernel writes is in here
	process *exec.Cmd
	dead    chan struct{} // closed when the process has ended
	log     *tail
}

// Start starts a kernel that works in the folder dir, and waits for it. The settings,
// NAME=value, are in the environment of its cells. What cells train is kept in the
// kernel's own folder, so that every run of a notebook trains anew. A kernel that
// another program took a port from is started again.
func Start(ctx context.Context, tools *setup.Tools, dir string, settings ...string) (*Kernel, error) {
	for try := 1; ; try++ {
		k, err := startOnce(ctx, tools, dir, settings)
		if err == nil || !errors.Is(err, jupyter.ErrNotConnected) || try == 3 {
			return k, err
		}
	}
}

func startOnce(ctx context.Context, tools *setup.Tools, dir string, settings []string) (*Kernel, error) {
	folder, err := RunFolder()
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
	connection, err := jupyter.NewConnection()
	if err != nil {
		return err
	}
	file, temp := filepath.Join(k.folder, "connection.json"), filepath.Join(k.folder, "tmp")
	if err := connection.Write(file); err != nil {
		return err
	}
	if err := os.Mkdir(temp, 0o700); err != nil {
		return err
	}
	command := tools.Command(file)
	k.process = exec.Command(command[0], command[1:]...)
	k.process.Dir = dir
	k.process.Env = append(slices.Clone(tools.Env), "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp,
		"CONVBOOK_RUNS="+filepath.Join(k.folder, "trained"))
	k.process.Env = append(k.process.Env, settings...)
	k.process.Stdout, k.process.Stderr = k.log, k.log
	k.process.WaitDelay = time.Second
	process.OwnGroup(k.process)
	if err := k.process.Start(); err != nil {
		return err
	}
	go func() {
		k.process.Wait()
		close(k.dead)
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, 30*time.Second, errors.New("no answer within 30 s"))
	defer cancel()
	k.Client, err = jupyter.Dial(ctx, connection, k.dead)
	return err
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
	os.RemoveAll(k.folder)
}

// RunFolder returns a new folder for all that a run writes besides its results.
// It sweeps up what runs left behind whose process is gone.
func RunFolder() (string, error) {
	runs, err := setup.Cache("runs")
	if err != nil {
		return "", err
	}
	if _, err := Sweep(); err != nil {
		return "", err
	}
	return os.MkdirTemp(runs, fmt.Sprintf("%d-%s-", os.Getpid(), host()))
}

// host stands for this machine in the names of folders: a home may be shared by
// several, and only one of them knows which of its processes are alive. It is short
// because the path of a socket, which gopls opens in such a folder, may have no more
// than about 100 letters.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		name = "localhost"
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:3])
}

// owner returns the process and the machine that a run's folder belongs to.
func owner(folder string) (pid int, machine string, ok bool) {
	number, rest, _ := strings.Cut(folder, "-")
	pid, err := strconv.Atoi(number)
	end := strings.LastIndexByte(rest, '-')
	if err != nil || end < 0 {
		return 0, "", false
	}
	return pid, rest[:end], true
}

// Sweep removes what was left behind by runs of this machine whose process is
// gone, and says of how many runs that was.
func Sweep() (swept int, err error) {
	runs, err := setup.Cache("runs")
	if err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(runs)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		if pid, machine, ok := owner(e.Name()); ok && machine == host() && pid != os.Getpid() && !process.Alive(pid) {
			process.EndStrays(filepath.Join(runs, e.Name()))
			os.RemoveAll(filepath.Join(runs, e.Name()))
			swept++
		}
	}
	return swept, nil
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

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return strings.Join(lines[max(0, len(lines)-3):], "; ")
}
