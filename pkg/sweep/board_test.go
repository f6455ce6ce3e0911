package sweep_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"convbook/pkg/sweep"
	"convbook/pkg/system/companion"
)

// boardProgram builds the program of the board, once.
var boardProgram = sync.OnceValues(func() (string, error) { return built("board", ".") })

// built builds a program of the board's module.
func built(name, program string) (string, error) {
	folder, err := os.MkdirTemp("", "convbook-board-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, name)
	build := exec.Command("go", "build", "-ldflags=-s", "-o", path, program)
	build.Dir = filepath.Join("..", "..", "kernel", "board")
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
}

// testBoard is a board that runs for a test.
type testBoard struct {
	t       *testing.T
	program string
	folder  string
	port    int
	line    string
	before  []string // what the command begins with
	cmd     *exec.Cmd
}

func programOfTheBoard(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: it builds and starts a board")
	}
	program, err := boardProgram()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func startBoard(t *testing.T, arguments ...string) *testBoard {
	t.Helper()
	b := &testBoard{t: t, program: programOfTheBoard(t), folder: t.TempDir(), port: freePort(t)}
	b.start(arguments...)
	t.Cleanup(func() { b.kill() })
	return b
}

// ports were given to boards of this process.
var ports atomic.Int64

// freePort returns a port below those that the system gives to connections, so that it is still free when a board
// is started again.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20_000 + (os.Getpid()*37+int(ports.Add(1)))%12_000
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// start starts the board, also again.
func (b *testBoard) start(arguments ...string) {
	b.t.Helper()
	if len(arguments) == 0 {
		arguments = []string{"-address", "127.0.0.1", "-port", strconv.Itoa(b.port)}
	}
	words := slices.Concat(b.before, []string{b.program, "serve", b.folder}, arguments)
	b.cmd = exec.Command(words[0], words[1:]...)
	b.cmd.Stderr = os.Stderr
	out, err := b.cmd.StdoutPipe()
	if err == nil {
		err = b.cmd.Start()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	line := make([]byte, 1000)
	n, err := out.Read(line)
	if err != nil {
		b.t.Fatalf("the board does not start: %v", err)
	}
	b.line = strings.TrimSpace(string(line[:n]))
	go io.Copy(io.Discard, out)
}

func (b *testBoard) kill() {
	b.cmd.Process.Kill()
	b.cmd.Wait()
}

// testMachine is a machine that shares a sweep.
type testMachine struct {
	cmd    *exec.Cmd
	folder string
	said   words
}

func startMachine(t *testing.T, settings ...string) *testMachine {
	t.Helper()
	m := &testMachine{cmd: exec.Command(os.Args[0]), folder: t.TempDir()}
	m.cmd.Env = append(append(os.Environ(), "CONVBOOK_DATA=stand-in", machineVariable+"="+m.folder), settings...)
	m.cmd.Stdout, m.cmd.Stderr = &m.said, &m.said
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.cmd.Process.Kill() })
	return m
}

func (b *testBoard) machine(name string, settings ...string) *testMachine {
	b.t.Helper()
	return startMachine(b.t, append(settings, companion.BoardVariable+"="+b.line, companion.ProgramVariable+"="+b.program, companion.MachineVariable+"="+name)...)
}

// trained returns how many steps a machine has trained.
func (m *testMachine) trained() int {
	info, err := os.Stat(filepath.Join(m.folder, "steps"))
	if err != nil {
		return 0
	}
	return int(info.Size())
}

// steps waits until a machine has trained so many steps.
func (m *testMachine) steps(t *testing.T, n int) {
	t.Helper()
	waitFor(t, func() bool { return m.trained() >= n }, func() string { return fmt.Sprintf("%d steps of %d: %s", m.trained(), n, m.said.String()) })
}

// waitFor waits until something is so, however slow this machine is.
func waitFor(t *testing.T, so func() bool, otherwise func() string) {
	t.Helper()
	for end := time.Now().Add(longest); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(otherwise())
		}
	}
}

// longest is for how long anything is waited for.
const longest = 4 * time.Minute

// endLate ends a process that takes for ever: by SIGQUIT, so that it says where it waits.
func endLate(cmd *exec.Cmd) *time.Timer {
	return time.AfterFunc(longest, func() {
		cmd.Process.Signal(syscall.SIGQUIT)
		time.Sleep(5 * time.Second)
		cmd.Process.Kill()
	})
}

// until waits until a machine says something.
func (m *testMachine) until(t *testing.T, words string) {
	t.Helper()
	waitFor(t, func() bool { return strings.Contains(m.said.String(), words) }, func() string { return fmt.Sprintf("no %q: %s", words, m.said.String()) })
}

// words is what a process has said, also while it does.
type words struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// left is what a machine has left when it ended.
func (m *testMachine) left() string {
	text, _ := os.ReadFile(filepath.Join(m.folder, "outcome"))
	return string(text)
}

// wait waits for what a machine ends with.
func (m *testMachine) wait(t *testing.T) (o outcome) {
	t.Helper()
	late := endLate(m.cmd)
	defer late.Stop()
	if err := m.cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, m.said.String())
	}
	text, err := os.ReadFile(filepath.Join(m.folder, "outcome"))
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// meeting is a setting by which so many machines begin their first trials together, so that each has one.
func meeting(t *testing.T, n int) string {
	return fmt.Sprintf("%s=%d %s", meetVariable, n, t.TempDir())
}

// alone leaves out which machine has trained a trial.
func alone(results sweep.Results) sweep.Results {
	for i := range results {
		results[i].Machine, results[i].Code = "", ""
	}
	return results
}

// Machines that share a sweep end with the same table and digests as one alone.
func TestMachinesShareASweep(t *testing.T) {
	t.Parallel()
	b := startBoard(t)
	for _, halving := range []string{"", halvingVariable + "=1"} {
		want := startMachine(t, halving).wait(t)
		meet := meeting(t, 3)
		machines := []*testMachine{b.machine("one", halving, meet), b.machine("two", halving, meet), b.machine("three", halving, meet)}
		brought := map[string]int{}
		var first outcome
		for i, m := range machines {
			o := m.wait(t)
			if o.Error != "" || len(o.Results) != len(want.Results) {
				t.Fatalf("machine %d ends with %d results and %q: %s", i, len(o.Results), o.Error, m.said.String())
			}
			if i == 0 {
				first = o
				for _, r := range o.Results {
					brought[r.Machine]++
				}
			} else if !reflect.DeepEqual(o.Results, first.Results) {
				t.Errorf("machine %d ends with other results than the first", i)
			}
			if !reflect.DeepEqual(o.Table, want.Table) {
				t.Errorf("machine %d has the table\n%v\nalone it is\n%v", i, o.Table, want.Table)
			}
			if !strings.Contains(o.Last, "shared by 3 machines") {
				t.Errorf("the progress ends with %q", o.Last)
			}
		}
		if !reflect.DeepEqual(alone(first.Results), alone(want.Results)) {
			t.Error("together the results are others than alone")
		}
		if len(brought) != 3 {
			t.Errorf("the trials were trained by %v, want three machines", brought)
		}
		t.Logf("trials by machine: %v", brought)
	}
}
