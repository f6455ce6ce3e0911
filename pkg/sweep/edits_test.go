package sweep_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/sweep"
	"convbook/pkg/trainer"
)

// cell is the program of a notebook with a sweep, as GoNB builds it.
const cell = `package main

import (
	"context"
	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
	"convbook/pkg/sweep"
	"convbook/pkg/trainer"
	"fmt"
	"os"
)

// network makes the network.
func network(rng *nprandom.RandomState) *convnet.Sequential[float32] {
	return convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, convnet.Conv(4, 5, 3, 0), convnet.Relu(), convnet.Affine(10))
}

func halving(net *convnet.Sequential[float32]) trainer.Callback {
	return trainer.OnEpoch(func(e trainer.Event) error {
		net.Params()["b2"].Data()[0] *= 0.5
		return nil
	})
}

func another() int { return 1 }

func try(folder string) {
	epochs, rate := 2, 0.001
	s := sweep.Sweep{Seeds: []uint32{0}, Keep: folder, Progress: func(p sweep.Progress) {
		if p.Done == p.Trials {
			fmt.Println(p)
		}
	}}
	results, err := s.Run(context.Background(), dataset.Must(dataset.Open("fashion")), []sweep.Point{{"a": 1}}, func(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
		rng := nprandom.New(t.Seed)
		net := network(rng)
		return trainer.Train(ctx, net, data.Head(200, 100), trainer.Config{Epochs: epochs, MiniBatchSize: 50, Rng: rng,
			Optimizer: "adam", OptimizerParam: optimizer.Settings{LR: rate},
			Augment: dataset.Augmentation{Shift: 0}, Callbacks: []trainer.Callback{halving(net), t.Callback}})
	})
	fmt.Println(results[0].Digest, err)
}

func main() {
	try(os.Args[1])
}
`

// A sweep never returns the result of another training: an edit that a student makes to
// it trains anew, and says what has changed. Other edits open what is kept. All of them
// with CONVBOOK_LONG, else three.
func TestStudentsEdits(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it builds a program for each edit")
	}
	repository, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	folder, kept := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{"go.mod": "module cells\n\ngo 1.26.0\n",
		"go.work": "go 1.26.0\n\nuse (\n\t.\n\t" + repository + "\n)\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	execute := func(program string) (progress, digest string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, "main.go"), []byte(program), 0o600); err != nil {
			t.Fatal(err)
		}
		build := exec.Command("go", "build", "-ldflags=-s", "-o", "cell", ".")
		build.Dir = folder
		build.Env = append(os.Environ(), "GOWORK="+filepath.Join(folder, "go.work"), "GOFLAGS=")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v:\n%s", err, out)
		}
		out, err := exec.Command(filepath.Join(folder, "cell"), kept).Output()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if err != nil || len(lines) < 2 {
			t.Fatalf("%v: %s", err, out)
		}
		return lines[len(lines)-2], lines[len(lines)-1]
	}
	_, first := execute(cell)
	edits := []struct{ old, new, want string }{
		{"// network makes", "// network builds", "opened, trained before"},
		{"return 1 }", "return 2 }", "opened, trained before"},
		{"[0].Digest, err)", "[0].Digest, err /* shown */)", "opened, trained before"},
		{"\tfmt.Println(p)", "\tfmt.Println(\"here:\", p)", "opened, trained before"},
		{"epochs, rate := 2", "epochs, rate := 3", "(epochs: 2 before, 3 now)"},
		{`"adam"`, `"sgd"`, "(optimizer: adam before, sgd now)"},
		{"2, 0.001", "2, 0.02", "(optimizer's settings: LR:0.001 before, LR:0.02 now)"},
		{"Conv(4, 5", "Conv(6, 5", "(network: "},
		{"Head(200, 100)", "Head(150, 100)", "(training images: 200 before, 150 now)"},
		{"Shift: 0}", "Shift: 2}", "(augmentation: none before, "},
		{"convnet.Relu()", "convnet.Sigmoid()", "(network: "},
		{"*= 0.5", "*= 0.25", "(its code)"},
	}
	if os.Getenv("CONVBOOK_LONG") == "" {
		edits = slices.Delete(edits, 1, len(edits)-2)
	}
	for _, c := range edits {
		if strings.Count(cell, c.old) != 1 {
			t.Fatalf("%q is there %d times", c.old, strings.Count(cell, c.old))
		}
		progress, digest := execute(strings.Replace(cell, c.old, c.new, 1))
		if !strings.Contains(progress, c.want) || (digest == first) != strings.Contains(c.want, "opened") {
			t.Errorf("after %q for %q the sweep says %q and ends with %s, at first %s; want %q", c.new, c.old, progress, digest, first, c.want)
		}
	}
	if progress, digest := execute(cell); !strings.Contains(progress, "opened, trained before") || digest != first {
		t.Errorf("back again the sweep says %q and ends with %s, at first %s", progress, digest, first)
	}
}

// Captured values, which no text shows, tell trainings apart too.
func TestCapturedValues(t *testing.T) {
	folder := t.TempDir()
	with := func(epochs int) sweep.Train {
		return func(ctx context.Context, d *dataset.Data, trial sweep.Trial) (*trainer.History, error) {
			trial.Point["epochs"] = epochs
			return train(ctx, d, trial)
		}
	}
	two := run(t, sweep.Sweep{Keep: folder}, with(2))
	three := run(t, sweep.Sweep{Keep: folder}, with(3))
	if len(two[0].Test) != 2 || len(three[0].Test) != 3 {
		t.Errorf("%d and %d epochs", len(two[0].Test), len(three[0].Test))
	}
	if again := run(t, sweep.Sweep{Keep: folder}, with(2)); !reflect.DeepEqual(again, two) {
		t.Error("the results with two epochs are no longer there")
	}
}

// Two sweeps of one name at once train each trial once between them.
func TestTwoSweepsShareTheWork(t *testing.T) {
	folder := t.TempDir()
	var mu sync.Mutex
	times := map[string]int{}
	counted := func(ctx context.Context, d *dataset.Data, trial sweep.Trial) (*trainer.History, error) {
		h, err := train(ctx, d, trial)
		if err == nil {
			mu.Lock()
			times[trial.Point.String()]++
			mu.Unlock()
		}
		return h, err
	}
	for _, halving := range []*sweep.Halving{nil, {Epochs: 1}} {
		clear(times)
		var both [2]sweep.Results
		var programs sync.WaitGroup
		for i := range both {
			programs.Go(func() { both[i] = run(t, sweep.Sweep{Keep: folder, Parallel: 2, Halving: halving}, counted) })
		}
		programs.Wait()
		if !reflect.DeepEqual(both[0], both[1]) || len(both[0]) != len(tried) {
			t.Errorf("the two sweeps end as\n%+v\n%+v", both[0], both[1])
		}
		for point, n := range times {
			if n != 1 {
				t.Errorf("%s was trained %d times", point, n)
			}
		}
	}
}

// A bit that flips in the file of the results changes none: they are as they were, or
// trained again and told.
func TestFlippedBits(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "sweep.jsonl")
	run(t, sweep.Sweep{Keep: folder}, train)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := sweep.ReadResults(content)
	bits := nprandom.New(1)
	missing := 0
	for range 2000 {
		at := bits.RandInt(0, 8*len(content))
		flipped := append([]byte(nil), content...)
		flipped[at/8] ^= 1 << (at % 8)
		for _, r := range sweep.ReadResults(flipped) {
			want := whole[slices.IndexFunc(whole, func(w sweep.Result) bool { return w.Key == r.Key })]
			if !reflect.DeepEqual(r, want) {
				t.Fatalf("with bit %d flipped a result is\n%+v, want\n%+v", at, r, want)
			}
		}
		if len(sweep.ReadResults(flipped)) < len(whole) {
			missing++
		}
	}
	if missing < 1900 {
		t.Errorf("only %d of 2000 flips were noticed", missing)
	}
	t.Logf("%d of 2000 flips were noticed, the others changed nothing", missing)
}
