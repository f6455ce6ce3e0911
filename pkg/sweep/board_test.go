package sweep_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/sweep"
	"convbook/pkg/system/companion"
	"convbook/pkg/trainer"
)

// machineVariable makes a process of this test a machine that shares a sweep.
const machineVariable = "CONVBOOK_TEST_MACHINE"

func TestMain(m *testing.M) {
	if folder := os.Getenv(machineVariable); folder != "" {
		os.Exit(machineMain(folder))
	}
	os.Exit(m.Run())
}

// outcome is what a machine ends with.
type outcome struct {
	Results sweep.Results
	Table   sweep.Table
	Error   string
	Last    string // its progress
}

// machineMain runs a sweep and prints the outcome.
func machineMain(folder string) int {
	s := sweep.Sweep{Base: base, Keep: folder, Parallel: 1, Seeds: []uint32{0, 1}}
	if os.Getenv("CONVBOOK_TEST_HALVING") != "" {
		s.Halving = &sweep.Halving{Epochs: 1}
	}
	trial := train
	if os.Getenv("CONVBOOK_TEST_OTHER") != "" {
		trial = trainOtherwise
	}
	var o outcome
	s.Progress = func(p sweep.Progress) { o.Last = p.String() }
	results, err := s.Run(context.Background(), garments(), tried, trial)
	if err != nil {
		o.Error = err.Error()
	}
	o.Results, o.Table = timeless(results), results.Table()
	text, err := json.Marshal(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := os.WriteFile(filepath.Join(folder, "outcome"), text, 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

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
	b.cmd = exec.Command(b.program, append([]string{"serve", b.folder}, arguments...)...)
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
	said   bytes.Buffer
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
	for _, halving := range []string{"", "CONVBOOK_TEST_HALVING=1"} {
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

// trainOtherwise trains with another batch size than the others.
func trainOtherwise(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
	rng := nprandom.New(t.Seed)
	net := convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: t.Int("filters"), HiddenSize: 20})
	return trainer.Train(ctx, net, data, trainer.Config{Epochs: t.Int("epochs"), MiniBatchSize: 60, Rng: rng, Optimizer: "adam",
		OptimizerParam: optimizer.Settings{LR: t.Float("rate")}, Callbacks: []trainer.Callback{t.Callback}})
}
