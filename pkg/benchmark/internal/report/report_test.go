package report

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/machine"
)

var update = flag.Bool("update", false, "write the golden files anew")

// entries are those of a work that needs 20 GFLOP on a machine of 200 a core.
func entries(extra ...Entry) []Entry {
	return append([]Entry{
		{By: Convbook, Cores: 1, Seconds: []float64{0.2, 0.4, 0.3}},
		{By: Peak, Cores: 1, Seconds: []float64{0.1, 0.1, 0.15}},
		{By: Convbook, Cores: 2, Seconds: []float64{0.1, 0.2, 0.15}},
		{By: Peak, Cores: 2, Seconds: []float64{0.05, 0.05, 0.05}},
	}, extra...)
}

// example has one of everything.
func example(withPeers bool) *Report {
	r := &Report{Machine: machine.Info{CPU: "A processor", Cores: 2, Variant: "avx2", System: "linux/amd64", Go: "1.26"}, Rounds: 3,
		Limits: []Limit{{1, 200, []Bandwidth{{256 << 10, 100}, {16 << 20, 40}}}, {2, 400, []Bandwidth{{256 << 10, 200}, {16 << 20, 60}}}},
		Kernels: []Kernel{
			{Name: "slow arithmetic", Operations: 2e9, Bytes: 1e6, Seconds: 0.02, Arithmetic: 0.01, Traffic: 0.001},
			{Name: "  many arrays", Operations: 2e6, Bytes: 1e9, Seconds: 0.01, Arithmetic: 0.00001, Traffic: 0.015},
			{Name: "much memory", Operations: 2e6, Bytes: 1e9, Seconds: 0.02, Arithmetic: 0.00001, Traffic: 0.015}},
		Memory: []Memory{{By: Convbook, Bytes: 40e6, Start: 8e6}},
		Blocks: []Blocks{{Title: "the assignment's step", Blocks: 8, Bytes: 128}},
		Sweeps: []Sweep{{Title: "by batch size", Unit: "images in a batch", Points: []Point{{Size: 10, Cores: 2, Images: 10, Ours: 0.001}}}},
		Scaling: []Scaling{
			{Title: "the assignment's step", Pieces: 57, Alone: 0.0001, Meeting: 0.5e-6, Busy: 1.03, Load: 1.25, Points: []Cores{
				{1, 0.0050, 0.0051}, {2, 0.0027, 0.0025}, {4, 0.0014, 0}, {8, 0.0010, 0}, {16, 0.0007, 0}}},
			{Title: "10,000 images evaluated", Pieces: 3, Alone: 0.002, Meeting: 0.4e-6, Points: []Cores{{1, 0.01, 0.01}, {2, 0.006, 0.006}, {4, 0.004, 0}, {8, 0.003, 0}, {16, 0.002, 0}}}},
	}
	step := Work{Name: "assignment", Title: "the assignment's step", Operations: 20e9, Entries: entries()}
	product := Work{Name: "product", Title: "square: 2x3 by 3x4", Operations: 20e9, Entries: entries(
		Entry{By: Gonum, Cores: 1, Seconds: []float64{2, 4, 3}}, Entry{By: Gonum, Cores: 2, Seconds: []float64{1, 2, 1.5}})}
	if withPeers {
		r.Peers = &peers.Versions{Python: "3.12", Numpy: "2.4", Blas: "OpenBLAS 0.3", Torch: "2.15"}
		step.Note = "NumPy takes half of the images, its time is in proportion."
		step.Entries = append(step.Entries,
			Entry{By: peers.Torch, Cores: 1, Seconds: []float64{1, 1, 1}},
			Entry{By: peers.TorchChannelsLast, Cores: 1, Seconds: []float64{0.8, 0.8, 0.6}},
			Entry{By: peers.Torch, Cores: 2, Seconds: []float64{0.5, 0.5, 0.5}},
			// Slower than on one core.
			Entry{By: peers.TorchChannelsLast, Cores: 2, Seconds: []float64{1.8, 1.8, 1.6}},
			Entry{By: peers.NumpyFloat32, Cores: 1, Seconds: []float64{4, 4, 4}},
			Entry{By: peers.NumpyFloat32, Cores: 2, Seconds: []float64{5, 5, 5}},
			Entry{By: peers.NumpyClass, Cores: 1, Seconds: []float64{40}},
			Entry{By: peers.NumpyClass, Cores: 2, Error: "it computes something else: [1], convbook [2]"})
		product.Entries = append(product.Entries, Entry{By: peers.NumpyFloat32, Cores: 1, Seconds: []float64{0.1, 0.2, 0.15}},
			Entry{By: peers.NumpyFloat32, Cores: 2, Seconds: []float64{0.05, 0.1, 0.075}})
		r.Memory = append(r.Memory, Memory{By: peers.Torch, Bytes: 700e6, Start: 400e6})
		r.Sweeps[0].Points[0].Torch, r.Sweeps[0].Points[0].Ratio = 0.008, 8.5
	} else {
		r.NoPeers = "there is no Python"
	}
	r.Works = []Work{step, product}
	return r
}

func TestGolden(t *testing.T) {
	for name, got := range map[string]string{
		"peers.txt": example(true).Text(), "peers.md": example(true).Markdown(), "alone.txt": example(false).Text(),
	} {
		path := "testdata/" + name
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s\n(go test ./pkg/benchmark/internal/report -update writes it anew)", name, got, want)
		}
	}
}

func TestBest(t *testing.T) {
	w := example(true).Works[0]
	for _, c := range []struct {
		cores int
		by    []string
		want  string
		on    int
	}{
		{1, []string{peers.Torch, peers.TorchChannelsLast}, peers.TorchChannelsLast, 1},
		{2, []string{peers.Torch, peers.TorchChannelsLast}, peers.Torch, 2},
		{2, []string{peers.TorchChannelsLast}, peers.TorchChannelsLast, 1},
		{2, []string{peers.NumpyFloat32}, peers.NumpyFloat32, 1},
		{2, []string{peers.NumpyClass}, peers.NumpyClass, 1},
	} {
		if got, ok := w.Best(c.cores, c.by...); !ok || got.By != c.want || got.Cores != c.on {
			t.Errorf("the best of %v on %d cores is %+v, %v", c.by, c.cores, got, ok)
		}
	}
	if got, ok := w.Best(2, Gonum); ok {
		t.Errorf("gonum has %+v", got)
	}
	if got, ok := w.Of(peers.NumpyClass, 2); ok {
		t.Errorf("an entry with an error counts: %+v", got)
	}
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := example(true).JSON(&b); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil {
		t.Fatal(err)
	}
	if back.Text() != example(true).Text() {
		t.Errorf("after JSON the report reads\n%s", back.Text())
	}
}

// Cores that are there are compared with one that is, others with one that is simulated.
func TestMeasuredIsNotSimulated(t *testing.T) {
	s := Scaling{Title: "step", Points: []Cores{{1, 1.1, 1}, {8, 0.3, 0.25}, {16, 0.2, 0}}}
	if got := s.faster(16) + " " + s.faster(8) + " " + s.faster(4); got != "5.50x 4.00x -" {
		t.Errorf("16, 8 and 4 cores against one: %s", got)
	}
	if got := s.Points[1].Difference(); math.Abs(got-0.2) > 1e-12 {
		t.Errorf("0.3 simulated and 0.25 measured differ by %g", got)
	}
}

// On a busy machine the table says that its differences say little.
func TestBusyMachine(t *testing.T) {
	for load, want := range map[float64]bool{0: false, 2.5: false, 2.6: true, 17: true} {
		r := &Report{Machine: machine.Info{Cores: 2}, Scaling: []Scaling{{Title: "step", Load: load, Points: []Cores{{1, 1, 1}}}}}
		if got := strings.Contains(r.Text(), "Others kept the machine busy"); got != want {
			t.Errorf("a load of %g on two cores: told %v, want %v", load, got, want)
		}
	}
}

// The README's table of speeds has a row for each work, 8 and 16 cores that are named as
// simulated or stand there as measured, and no cell without a number.
func TestTheReadmesTable(t *testing.T) {
	readme, err := os.ReadFile("../../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, speed, _ := strings.Cut(string(readme), "\n## Speed\n")
	_, table, _ := strings.Cut(speed, "\n|")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")
	for _, n := range []int{1, 2, 8, 16} {
		if !strings.Contains(lines[0], "| "+cores(n)+" |") && !strings.Contains(lines[0], fmt.Sprintf("| %d, simulated |", n)) {
			t.Errorf("%d cores are not in %q", n, lines[0])
		}
	}
	for _, title := range []string{"the assignment's step", "the book's step", "DeepConvNet's step", "10,000 images evaluated"} {
		i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "| "+title+" |") })
		if i < 0 {
			t.Errorf("README.md has no row %q", title)
			continue
		}
		cells := strings.Split(strings.Trim(lines[i], "|"), "|")
		if want := strings.Count(lines[0], "|"); len(cells) != want {
			t.Errorf("%q has %d cells, want %d", lines[i], len(cells), want)
		}
		for _, cell := range cells[1:] {
			if !strings.ContainsAny(cell, "0123456789") {
				t.Errorf("%q has a cell without a number", lines[i])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{milliseconds(0.0000123), "0.012"}, {milliseconds(0.00123), "1.23"}, {milliseconds(0.0123), "12.3"}, {milliseconds(1.23), "1230"},
		{milliseconds(0), "-"}, {times(1.234), "1.23x"}, {times(12.34), "12.3x"}, {times(123.4), "123x"}, {times(0), "-"},
		{percent(0.123), "12 %"}, {megabytes(123_456_789), "123"}, {size(256 << 10), "256 KiB"}, {size(16 << 20), "16 MiB"},
		{cores(1), "1 core"}, {cores(3), "3 cores"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
