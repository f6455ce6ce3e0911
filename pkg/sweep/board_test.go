package sweep_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/pkg/sweep"
	"convbook/pkg/system/companion"
)

// boardProgram builds the program of the board, once.
var boardProgram = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "convbook-board-")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-ldflags=-s", "-o", filepath.Join(folder, "board"), ".")
	build.Dir = filepath.Join("..", "..", "kernel", "board")
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return filepath.Join(folder, "board"), nil
})

// testBoard is a board that runs for a test.
type testBoard struct {
	t       *testing.T
	program string
	folder  string
	line    string
	before  []string // what the command begins with
	cmd     *exec.Cmd
}

func startBoard(t *testing.T, arguments ...string) *testBoard {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: it builds and starts a board")
	}
	program, err := boardProgram()
	if err != nil {
		t.Fatal(err)
	}
	b := &testBoard{t: t, program: program, folder: t.TempDir()}
	b.start(arguments...)
	t.Cleanup(func() { b.kill() })
	return b
}

// start starts the board, also again.
func (b *testBoard) start(arguments ...string) {
	b.t.Helper()
	if len(arguments) == 0 {
		arguments = []string{"-address", "127.0.0.1"}
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
	for end := time.Now().Add(time.Minute); m.trained() < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d steps of %d: %s", m.trained(), n, m.said.String())
		}
	}
}

// until waits until a machine says something.
func (m *testMachine) until(t *testing.T, words string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(m.said.String(), words); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %q: %s", words, m.said.String())
		}
	}
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

// wait waits for what a machine ends with.
func (m *testMachine) wait(t *testing.T) (o outcome) {
	t.Helper()
	late := time.AfterFunc(2*time.Minute, func() { m.cmd.Process.Kill() })
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

// alone leaves out which machine has trained a trial.
func alone(results sweep.Results) sweep.Results {
	for i := range results {
		results[i].Machine, results[i].Code = "", ""
	}
	return results
}

// Machines that share a sweep end with the same table and digests as one alone.
func TestMachinesShareASweep(t *testing.T) {
	b := startBoard(t)
	for _, halving := range []string{"", halvingVariable + "=1"} {
		want := startMachine(t, halving).wait(t)
		machines := []*testMachine{b.machine("one", halving), b.machine("two", halving), b.machine("three", halving)}
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
			if !strings.Contains(o.Last, "machines") {
				t.Errorf("the progress ends with %q", o.Last)
			}
		}
		if !reflect.DeepEqual(alone(first.Results), alone(want.Results)) {
			t.Error("together the results are others than alone")
		}
		if len(brought) < 2 {
			t.Errorf("the trials were trained by %v, want several machines", brought)
		}
		t.Logf("trials by machine: %v", brought)
	}
}
