package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// gonb is the process behind the front.
type gonb struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has ended
}

// start starts GoNB with settings, NAME=value, besides the front's own environment.
func start(args, settings []string) (*gonb, error) {
	g := &gonb{cmd: exec.Command(args[0], args[1:]...), ended: make(chan struct{})}
	g.cmd.Env = slices.Concat(os.Environ(), settings)
	if self, err := os.Executable(); err == nil { // the go command beside us (kernel/front/go)
		g.cmd.Env = append(g.cmd.Env, "PATH="+filepath.Dir(self)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	}
	g.cmd.Stdout, g.cmd.Stderr = os.Stderr, os.Stderr // its log
	endsWithUs(g.cmd)
	started := make(chan error)
	go func() {
		// On Linux "ends with the parent" means the thread that started it.
		runtime.LockOSThread()
		err := g.cmd.Start()
		started <- err
		if err == nil {
			g.cmd.Wait()
			close(g.ended)
		}
	}()
	return g, <-started
}

// end ends GoNB, which has a moment to put its things away.
func (g *gonb) end() {
	g.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-g.ended:
	case <-time.After(500 * time.Millisecond):
		g.cmd.Process.Kill()
		<-g.ended
	}
}
