// Package sandbox runs a program of somebody else's so that it can do nothing but
// compute. On Linux it sees the files that it is given and no others, writes into one
// folder at most, has no network, sees no other process and starts none, and has limits
// on time, memory and files.
//
// Three layers stand behind that: a root of its own in namespaces, made by bubblewrap
// where that is installed and by the kernel's own calls elsewhere; Landlock; and a
// filter of system calls. Where no namespaces can be made, as in many containers,
// Landlock and the filter do it alone, if the kernel's Landlock also keeps signals in.
// Find tries what it finds: a sandbox counts once a program inside has failed to get out.
package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"convbook/pkg/system/process"
)

// Program is what is run, and what it may touch.
type Program struct {
	Command []string // the first is an absolute path, which must be in Read
	Env     []string
	Read    []string // files and folders that it may read and run
	Write   string   // the folder that it works in and may write to; "" for none
	Limits  Limits

	Stdout, Stderr io.Writer
	Files          []*os.File // numbered from 3 in the program; Run closes them here
}

// Limits are what a program may take. None may be 0.
type Limits struct {
	Memory uint64        // bytes of its data
	File   uint64        // bytes of a file that it writes
	CPU    time.Duration // on all processors together
}

// Sandbox is one way to confine programs.
type Sandbox struct {
	mode mode
	self string // the program that goes in first and closes the doors
}

type mode string

const (
	bubblewrap mode = "bubblewrap"
	namespaces mode = "namespaces"
	landlocked mode = "Landlock"
	trusting   mode = "trust"
)

// String says what it is made of.
func (s *Sandbox) String() string {
	switch s.mode {
	case bubblewrap:
		return "bubblewrap and a filter of system calls"
	case namespaces:
		return "namespaces and a filter of system calls"
	case landlocked:
		return "Landlock and a filter of system calls"
	}
	return "no sandbox"
}

// Trust returns what confines nothing: limits on memory, files and time are all there is.
func Trust(entrance string) *Sandbox { return &Sandbox{trusting, entrance} }

// Find returns the first sandbox that holds on this machine. entrance is the program
// that Build has made. The error says of each sandbox why it does not hold.
func Find(ctx context.Context, entrance string) (*Sandbox, error) {
	var problems []error
	for _, m := range modes() {
		s, err := try(ctx, m, entrance)
		if err == nil {
			return s, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		problems = append(problems, fmt.Errorf("%s: %w", m, err))
	}
	if len(problems) == 0 {
		return nil, fmt.Errorf("there is no sandbox on %s", runtime.GOOS)
	}
	return nil, errors.Join(problems...)
}

// All returns all sandboxes that hold on this machine, for tests.
func All(ctx context.Context, entrance string) (list []*Sandbox) {
	for _, m := range modes() {
		if s, err := try(ctx, m, entrance); err == nil {
			list = append(list, s)
		}
	}
	return list
}

func try(ctx context.Context, m mode, entrance string) (*Sandbox, error) {
	s := &Sandbox{m, entrance}
	return s, s.holds(ctx)
}

// Build builds the program that goes in first, with a go command and its environment, in
// the repository at root.
func Build(ctx context.Context, goCommand string, env []string, root, entrance string) error {
	cmd := exec.CommandContext(ctx, goCommand, "build", "-ldflags=-s -buildid=", "-buildvcs=false", "-o", entrance, "./kernel/internal/sandbox/inside")
	cmd.Dir, cmd.Env = root, append(env, "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the program that goes into the sandbox could not be built: %w: %s", err, said)
	}
	return nil
}

// inside is what the process learns that goes in first.
type inside struct {
	Mode    mode
	Command []string
	Env     []string
	Read    []string
	Write   string
	Memory  uint64
	File    uint64
	CPU     uint64 // seconds
	UID     int    // of the program; -1 leaves it
	NewRoot string // an empty folder, for the root of its own
}

// Arguments that make this program go in, or try to get out.
const (
	goIn   = "sandbox-inside"
	getOut = "sandbox-probe"
)

// Enter makes the program what Run started it for.
func Enter() {
	if len(os.Args) != 3 {
		return
	}
	switch os.Args[1] {
	case goIn:
		var in inside
		err := json.Unmarshal([]byte(os.Args[2]), &in)
		if err == nil {
			err = enter(in)
		}
		fmt.Fprintf(os.Stderr, "%s%v\n", notEntered, err)
		os.Exit(notEnteredStatus)
	case getOut:
		probe(os.Args[2])
		os.Exit(0)
	}
}

const (
	notEntered       = "the sandbox could not be entered: "
	notEnteredStatus = 125
)

// Run runs a program in the sandbox until it ends or the context does. The state is nil
// where it was not started.
func (s *Sandbox) Run(ctx context.Context, p Program) (*os.ProcessState, error) {
	defer closeAll(p.Files)
	cmd, clean, err := s.command(ctx, p)
	if err != nil {
		return nil, err
	}
	defer clean()
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = p.Stdout, p.Stderr, p.Files
	cmd.WaitDelay = time.Second
	process.OwnGroup(cmd)
	// What is inside is told to end with the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	closeAll(p.Files)
	err = cmd.Wait()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return cmd.ProcessState, err
}

// closeAll closes files, those of a pipe among them whose other end waits for that.
func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// NotEntered says whether a program was not run because its sandbox could not be made.
func NotEntered(state *os.ProcessState) bool {
	return state == nil || state.ExitCode() == notEnteredStatus
}

// argument is what the process that goes in first is told.
func (s *Sandbox) argument(p Program) inside {
	return inside{Mode: s.mode, Command: p.Command, Env: p.Env, Read: p.Read, Write: p.Write,
		Memory: p.Limits.Memory, File: p.Limits.File, CPU: uint64(p.Limits.CPU.Seconds()) + 1, UID: -1}
}

// start is the command that goes in, with words before it.
func (s *Sandbox) start(ctx context.Context, in inside, before ...string) (*exec.Cmd, error) {
	text, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	words := append(before, s.self, goIn, string(text))
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = []string{}
	return cmd, nil
}
