package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// TestSimulation has many machines claim trials from a real board, in a process of its
// own, and bring results of 2 KB at once: what the board does, without the training.
// CONVBOOK_SIMULATION says how many machines and trials: 1000,100000.
func TestSimulation(t *testing.T) {
	var machines, trials int
	if _, err := fmt.Sscanf(os.Getenv("CONVBOOK_SIMULATION"), "%d,%d", &machines, &trials); err != nil {
		t.Skip("skipped: CONVBOOK_SIMULATION=1000,100000 runs it")
	}
	folder := t.TempDir()
	program := filepath.Join(folder, "board")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	server := exec.Command(program, "serve", filepath.Join(folder, "kept"), "-address", "127.0.0.1")
	out, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer server.Process.Kill()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	p, err := readPlace(line)
	if err != nil {
		t.Fatal(err)
	}
	planner := simulated(t, p, 0, trials)
	ctx := context.Background()
	all := make([]*machine, machines)
	began := time.Now()
	few := make(chan bool, 32)
	var joining sync.WaitGroup
	for i := range all {
		joining.Go(func() {
			few <- true
			all[i] = simulated(t, p, i+1, trials)
			<-few
		})
	}
	joining.Wait()
	if t.Failed() {
		return
	}
	t.Logf("%d machines are connected after %v; the board has %d MB", machines, time.Since(began).Round(time.Millisecond), memory(t, server.Process.Pid))

	text, err := json.Marshal(strings.Repeat("x", 2000))
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Int64
	var mu sync.Mutex
	var handOuts []time.Duration
	began = time.Now()
	go func() {
		for done.Load() < int64(trials) {
			if planner.fill(ctx, atOnce) == 0 {
				time.Sleep(10 * time.Millisecond)
			}
		}
	}()
	var working sync.WaitGroup
	for _, m := range all {
		working.Go(func() {
			for done.Load() < int64(trials) {
				asked := time.Now()
				batch, err := m.anyone.Fetch(1, jetstream.FetchMaxWait(time.Second))
				if err != nil {
					continue
				}
				msg, ok := <-batch.Messages()
				if !ok {
					continue
				}
				took := time.Since(asked)
				parts := strings.Split(msg.Subject(), ".")
				n, _ := threeNumbers(parts[len(parts)-3:])
				msg.InProgress()
				if _, err := m.b.js.Publish(ctx, logSubject(m.id, kindResult, n[0], 0, 0), text); err != nil && !exists(err) {
					t.Error(err)
					return
				}
				planner.mu.Lock()
				if t := &planner.fold.trials[n[0]]; t.result == nil {
					t.result = &entry{}
					done.Add(1)
				}
				planner.mu.Unlock()
				msg.DoubleAck(ctx)
				mu.Lock()
				handOuts = append(handOuts, took)
				mu.Unlock()
			}
		})
	}
	working.Wait()
	took := time.Since(began)
	slices.Sort(handOuts)
	counted, err := planner.b.log.Info(ctx, jetstream.WithSubjectFilter(logSubjects+planner.id+"."+kindResult+".>"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d results in %v: %.0f a second, with %.0f messages a second; handing out takes %v, 99 in 100 within %v; the board has %d MB",
		len(counted.State.Subjects), took.Round(time.Millisecond), float64(trials)/took.Seconds(), 7*float64(trials)/took.Seconds(),
		handOuts[len(handOuts)/2].Round(time.Microsecond), handOuts[len(handOuts)*99/100].Round(time.Microsecond), memory(t, server.Process.Pid))
	if len(counted.State.Subjects) != trials {
		t.Errorf("%d of %d trials have a result", len(counted.State.Subjects), trials)
	}
}

// simulated is a machine without a program. Only the first has a fold.
func simulated(t *testing.T, p place, number, trials int) *machine {
	m := &machine{ctx: context.Background(), name: fmt.Sprintf("m%d~1", number), claims: map[int]*claim{}, b: board{place: p}}
	m.sweep = companion.Sweep{Name: "simulation", Keys: make([]string, trials), Variant: "v"}
	m.id = "simulation"
	if number == 0 {
		m.fold = newFold(m.sweep.Keys, false)
	}
	var err error
	if m.b.nc, err = p.connect(m.name); err == nil {
		err = m.b.ready(m.ctx)
	}
	if err == nil {
		err = m.consumers(m.ctx)
	}
	if err != nil {
		t.Error(err)
	}
	return m
}

// memory is the most that a process has had, in MB.
func memory(t *testing.T, pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Log(err)
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
			kilobytes, _ := strconv.Atoi(fields[1])
			return kilobytes / 1024
		}
	}
	return 0
}
