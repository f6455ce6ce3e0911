package sweep_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/pkg/dataset"
	"convbook/pkg/sweep"
	"convbook/pkg/system/companion"
	"convbook/pkg/trainer"
)

const (
	kindVariable    = "CONVBOOK_TEST_SWEEP_MACHINE" // "plain" or "halving", in a process that is a machine
	trainedVariable = "CONVBOOK_TEST_SWEEP_TRAINED" // where it notes the trials that it has trained
	calmVariable    = "CONVBOOK_TEST_SWEEP_CALM"    // nothing fails: it keeps the patience of 30 s, however slow it is
)

// sharedPatience is that of the machines, instead of 30 s.
const sharedPatience = 900 * time.Millisecond

// sharedSweep has 24 trials, and 72 with CONVBOOK_LONG.
func sharedSweep(kind, keep string) sweep.Sweep {
	s := sweep.Sweep{Base: base, Seeds: []uint32{0, 1, 2, 3}, Parallel: 2, Keep: keep}
	if os.Getenv("CONVBOOK_LONG") != "" {
		for seed := range uint32(8) {
			s.Seeds = append(s.Seeds, 4+seed)
		}
	}
	if kind == "halving" {
		s.Halving = &sweep.Halving{Epochs: 1}
	}
	return s
}

// firstMet lets a machine meet others in its first trial.
var firstMet sync.Once

// slow is train, for long enough to be interrupted.
func slow(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
	firstMet.Do(func() { meet(os.Getenv(meetVariable)) }) // before it ranks: who waits for a ranking takes all that is left
	history, err := train(ctx, data, t)
	if path := os.Getenv(trainedVariable); path != "" && err == nil {
		if os.Getenv(calmVariable) == "" {
			time.Sleep(300 * time.Millisecond)
		}
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(file, os.Getpid(), t.Point, t.Seed)
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
	return history, err
}

// TestSharedMachine is a machine of the tests below.
func TestSharedMachine(t *testing.T) {
	kind := os.Getenv(kindVariable)
	if kind == "" {
		t.Skip("it is a process of other tests")
	}
	if os.Getenv(calmVariable) == "" {
		sweep.SetPatience(sharedPatience)
	}
	results, err := sharedSweep(kind, "shared").Run(context.Background(), garments(), tried, slow)
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(timeless(results))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("\nresults %s\n", out)
}

// neighbour is a process that runs the sweep.
type neighbour struct {
	*exec.Cmd
	out strings.Builder
}

func startNeighbour(t *testing.T, kind, folder, trained string, settings ...string) *neighbour {
	t.Helper()
	m := &neighbour{Cmd: exec.Command(os.Args[0], "-test.run=^TestSharedMachine$", "-test.v")}
	m.Env = append(append(os.Environ(), kindVariable+"="+kind, companion.BoardVariable+"="+folder, trainedVariable+"="+trained, "GOMAXPROCS=2"), settings...)
	m.Stdout, m.Stderr = &m.out, &m.out
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Process.Kill() })
	return m
}

// results waits for the end of a machine and returns what it has found.
func (m *neighbour) results(t *testing.T) (results sweep.Results) {
	t.Helper()
	late := endLate(m.Cmd)
	defer late.Stop()
	err := m.Wait()
	_, found, _ := strings.Cut(m.out.String(), "\nresults ")
	found, _, _ = strings.Cut(found, "\n")
	if jsonErr := json.Unmarshal([]byte(found), &results); err != nil || jsonErr != nil {
		t.Fatalf("a machine ends with %v, %v, and says\n%s", err, jsonErr, m.out.String())
	}
	return results
}

// wanted is what one machine finds.
func wanted(t *testing.T, kind string) sweep.Results {
	t.Helper()
	results, err := sharedSweep(kind, "").Run(context.Background(), garments(), tried, slow)
	if err != nil {
		t.Fatal(err)
	}
	return timelessAs(t, results)
}

// timelessAs are results as a file brings them back, without what differs from run to run.
func timelessAs(t *testing.T, results sweep.Results) (read sweep.Results) {
	t.Helper()
	text, _ := json.Marshal(timeless(results))
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func count(t *testing.T, pattern string) int {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// trainings reads how many trials were trained, and by how many machines.
func trainings(t *testing.T, path string) (trials, machines int) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]bool{}
	for line := range strings.Lines(string(content)) {
		machine, _, _ := strings.Cut(line, " ")
		by[machine] = true
		trials++
	}
	return trials, len(by)
}

// Machines that share a folder end with the results of one, and train each trial once.
func TestMachinesShareAFolder(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"plain", "halving"} {
		want, folder, trained := wanted(t, kind), t.TempDir(), filepath.Join(t.TempDir(), "trained")
		var machines []*neighbour
		meet := meeting(t, 3)
		for range 3 {
			machines = append(machines, startNeighbour(t, kind, folder, trained, meet, calmVariable+"=1"))
		}
		for i, m := range machines {
			if got := m.results(t); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: machine %d has found\n%v\none alone\n%v", kind, i, got, want)
			}
		}
		if n, by := trainings(t, trained); n != len(want) || by != len(machines) {
			t.Errorf("%s: %d machines have trained %d trials, want %d and each of %d once", kind, by, n, len(machines), len(want))
		}
		if files := count(t, filepath.Join(folder, "shared", "*.result")); files != len(want) {
			t.Errorf("%s: %d results are in the folder, want %d", kind, files, len(want))
		}
		for _, ending := range []string{"claim", "new", "gone", "clock"} {
			if files := count(t, filepath.Join(folder, "shared", "*."+ending)); files > 0 {
				t.Errorf("%s: %d files .%s are left", kind, files, ending)
			}
		}
	}
}

// Machines that are killed and paused lose nothing, and nothing is counted twice.
func TestLostMachines(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"plain", "halving"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			want, folder, trained := wanted(t, kind), t.TempDir(), filepath.Join(t.TempDir(), "trained")
			machines, faults := 3, 4
			if os.Getenv("CONVBOOK_LONG") != "" {
				faults = 10
			}
			rng := rand.New(rand.NewPCG(1, uint64(len(kind))))
			var all sync.WaitGroup
			found := make([]sweep.Results, machines)
			for i := range machines {
				moments := make([]time.Duration, faults)
				for k := range moments {
					moments[k] = time.Duration(100+rng.IntN(600)) * time.Millisecond
				}
				all.Go(func() {
					m := startNeighbour(t, kind, folder, trained)
					for k, moment := range moments {
						time.Sleep(moment)
						if k%2 == 0 {
							m.Process.Kill()
							m.Wait()
							m = startNeighbour(t, kind, folder, trained)
						} else {
							pause(m.Process, 3*sharedPatience)
						}
					}
					found[i] = m.results(t)
				})
			}
			all.Wait()
			for i, got := range found {
				if !reflect.DeepEqual(got, want) {
					t.Errorf("machine %d has found\n%v\none alone\n%v", i, got, want)
				}
			}
			if n := count(t, filepath.Join(folder, "shared", "*.result")); n != len(want) {
				t.Errorf("%d results are counted, want %d", n, len(want))
			}
			n, _ := trainings(t, trained)
			t.Logf("%d trials were trained to their end for %d results, with %d faults", n, len(want), machines*faults)
			if n < len(want) || n > len(want)+2*machines*faults { // two trials at a time
				t.Errorf("%d trials were trained for %d results, with %d faults", n, len(want), machines*faults)
			}
		})
	}
}

// What lies in the folder and is no result is left out, whatever it is.
func TestOddFilesInASharedFolder(t *testing.T) {
	shared := t.TempDir()
	t.Setenv(companion.BoardVariable, shared)
	s := sharedSweep("plain", "odd")
	want, err := s.Run(context.Background(), garments(), tried, train)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(shared, "odd")
	results, err := filepath.Glob(filepath.Join(folder, "*.result"))
	if err != nil || len(results) != len(want) {
		t.Fatalf("%d results, %v", len(results), err)
	}
	replace := func(i int, with func(path string) error) {
		os.Remove(results[i])
		if err := with(results[i]); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := os.ReadFile(results[0])
	if err != nil {
		t.Fatal(err)
	}
	replace(1, func(path string) error { return os.WriteFile(path, whole[:len(whole)/2], 0o600) })
	replace(2, func(path string) error { return os.WriteFile(path, whole, 0o600) }) // another's
	replace(3, func(path string) error { return os.Mkdir(path, 0o700) })
	replace(4, func(path string) error { return os.Symlink("/dev/zero", path) })
	replace(5, func(path string) error {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			return err
		}
		return os.Truncate(path, 1<<40)
	})
	replace(6, fifo)
	for _, name := range []string{"a.result", ".result", "x.claim", strings.Repeat("9", 200) + ".new"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("what is this"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var last sweep.Progress
	s.Progress = func(p sweep.Progress) { last = p }
	for range 2 {
		got, err := s.Run(context.Background(), garments(), tried, train)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(timeless(got), timeless(want)) {
			t.Errorf("other results: %v", got)
		}
		if last.Damaged == 0 {
			t.Error("nothing is called damaged")
		}
	}
}

// A disk that is full loses nothing: once there is room, the same Run goes on.
func TestNoRoomInASharedFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped: mounting a small file system needs root")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("skipped: no small file system: %v, %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", disk).Run() })
	t.Setenv(companion.BoardVariable, disk)
	s, ballast := sweep.Sweep{Base: base}, filepath.Join(disk, "ballast")
	alone, err := s.Run(context.Background(), garments(), tried, slow)
	if err != nil {
		t.Fatal(err)
	}
	want, full := timelessAs(t, alone), 0
	s.Keep = "full"
	for _, room := range []int{4, 20, 64} {
		os.Remove(ballast)
		os.WriteFile(ballast, make([]byte, (64-room)<<10), 0o600) // as much of it as there is room for
		got, err := s.Run(context.Background(), garments(), tried, slow)
		if err != nil {
			if full++; !strings.Contains(err.Error(), "no space left") {
				t.Errorf("with room for %d KiB: %v", room, err)
			}
		}
		if err == nil && !reflect.DeepEqual(timelessAs(t, got), want) {
			t.Errorf("with room for %d KiB: other results", room)
		}
	}
	os.Remove(ballast)
	if got, err := s.Run(context.Background(), garments(), tried, slow); err != nil || !reflect.DeepEqual(timelessAs(t, got), want) {
		t.Errorf("with room for all: other results, or %v", err)
	}
	if full == 0 {
		t.Error("the disk was never full")
	}
	t.Logf("the disk was full %d times", full)
}

func TestWrongSharedFolders(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ folder, want string }{{"some/folder", "whole path of a folder"}, {file, "can write to"}, {t.TempDir(), "Restart would take the results"}} {
		t.Setenv(companion.BoardVariable, c.folder)
		_, err := sweep.Sweep{Base: base, Keep: "x", Restart: true}.Run(context.Background(), garments(), tried, train)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.folder, err, c.want)
		}
	}
}
