package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/peers"
	"convbook/pkg/benchmark/internal/report"
	"convbook/pkg/benchmark/internal/work"
)

// The program starts itself to train for its peak memory; here that is the test.
func TestMain(m *testing.M) {
	if os.Getenv(memoryVariable) != "" {
		trainForMemory(os.Stdout)
		return
	}
	os.Exit(m.Run())
}

// fakePeers answers like Python, but always the same.
const fakePeers = `#!/bin/sh
while read request; do
	case "$request" in
	*'"hello"'*) echo '{"python": "3.99", "numpy": "2.99", "blas": "a BLAS", "torch": "9.9", "torch_threads": 3}' ;;
	*'"trial"'*numpy*) echo '{"values": [1, 2]}' ;;
	*'"trial"'*) echo "{\"values\": [$TRIAL]}" ;;
	*'"run"'*) echo '{"seconds": [0.25, 0.75, 0.5]}' ;;
	*'"memory"'*) echo '{"bytes": 123000000}' ;;
	*) echo '{}' ;;
	esac
done
`

func quickly(t *testing.T, rows ...string) options {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("programs are shell scripts")
	}
	python := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(python, []byte(fakePeers), 0o700); err != nil {
		t.Fatal(err)
	}
	return options{rows: rows, peers: true, python: python, rounds: 2, slice: time.Millisecond}
}

// measured runs it to its end.
func measured(t *testing.T, o options) (*report.Report, string) {
	t.Helper()
	var log bytes.Buffer
	s := newBench(t.Context(), o, &log)
	defer s.close()
	if err := s.run(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	return s.report, log.String()
}

func TestNetworks(t *testing.T) {
	want := ours.Trial(work.Book())
	t.Setenv("TRIAL", fmt.Sprintf("%g, %g", want[0], want[1]))
	r, log := measured(t, quickly(t, "book"))
	if log != "1 of 1: book\n" || len(r.Works) != 1 || r.Peers == nil || r.Peers.Torch != "9.9" {
		t.Fatalf("%+v, told %q", r, log)
	}
	w, all := r.Works[0], runtime.GOMAXPROCS(0)
	for _, c := range w.Cores() {
		convbook, ok := w.Of(report.Convbook, c)
		if !ok || len(convbook.Seconds) != 2 {
			t.Errorf("convbook on %d cores: %+v", c, convbook)
		}
		torch, ok := w.Of(peers.TorchChannelsLast, c)
		if !ok || torch.Seconds[0] != 0.5 || torch.Median != 0.5 {
			t.Errorf("PyTorch on %d cores: %+v", c, torch)
		}
	}
	if numpy, ok := w.Of(peers.NumpyClass, all); ok {
		t.Errorf("NumPy computes something else and yet is there: %+v", numpy)
	}
	if text := r.Text(); !strings.Contains(text, "NumPy, class on") || !strings.Contains(text, "it computes something else: [1 2], convbook [") {
		t.Errorf("the report does not say so:\n%s", text)
	}
}

func TestProductsMemorySweeps(t *testing.T) {
	t.Setenv("TRIAL", "1")
	r, log := measured(t, quickly(t, "product", "memory", "sweeps", "kernels"))
	if len(r.Works) != 7 || len(r.Blocks) != 3 || len(r.Sweeps) != 3 || len(r.Limits) == 0 || len(r.Kernels) < 10 {
		t.Errorf("%d works, %d heaps, %d sweeps, %d limits, %d kernels", len(r.Works), len(r.Blocks), len(r.Sweeps), len(r.Limits), len(r.Kernels))
	}
	if strings.Count(log, "\n") != 4 {
		t.Errorf("told\n%s", log)
	}
	if runtime.GOOS == "linux" && (len(r.Memory) != 4 || r.Memory[0].Bytes <= r.Memory[0].Start || r.Memory[1].Bytes != 123e6) {
		t.Errorf("memory %+v", r.Memory)
	}
	for _, s := range r.Sweeps {
		for i, p := range s.Points {
			if !(p.Ours > 0) || p.Torch != 0.5 || i > 0 && p.Size <= s.Points[i-1].Size {
				t.Errorf("%s: %+v", s.Title, p)
			}
		}
	}
	for _, k := range r.Kernels {
		if !(k.Seconds > 0 && k.Arithmetic > 0 && k.Traffic > 0) {
			t.Errorf("%+v", k)
		}
	}
	for name, form := range map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return write(w, r, options{}) },
		"Markdown": func(w io.Writer) error { return write(w, r, options{markdown: true}) },
		"JSON":     func(w io.Writer) error { return write(w, r, options{json: true}) },
	} {
		var b strings.Builder
		if err := form(&b); err != nil || !strings.Contains(b.String(), "gradient of its weights") || strings.Contains(b.String(), "NaN") {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
}

// On the cores that are there times are measured and simulated, on more simulated.
func TestScale(t *testing.T) {
	s, err := newBench(t.Context(), options{rounds: 2, slice: time.Millisecond}, io.Discard).scale(work.Assignment(8, 20))
	if err != nil || len(s.Points) < 6 || s.Pieces < 10 || s.Alone <= 0 || s.Alone >= s.Points[0].Simulated || (s.Busy > 0) != (runtime.GOMAXPROCS(0) > 1) {
		t.Fatalf("%+v, %v", s, err)
	}
	for i, p := range s.Points {
		there := p.Cores <= runtime.GOMAXPROCS(0)
		if p.Simulated <= 0 || (p.Measured > 0) != there || i > 0 && p.Cores <= s.Points[i-1].Cores {
			t.Errorf("%+v", p)
		}
	}
}

// Without peers the rest is measured, and the report says why.
func TestWithoutPeers(t *testing.T) {
	o := quickly(t, "book")
	o.python = filepath.Join(t.TempDir(), "none")
	r, log := measured(t, o)
	if r.Peers != nil || !strings.Contains(r.NoPeers, "does not start") || !strings.Contains(log, "without NumPy and PyTorch: ") {
		t.Errorf("%+v, told %q", r, log)
	}
	if text := r.Text(); !strings.Contains(text, "Without NumPy and PyTorch: ") || strings.Contains(text, "against PyTorch") {
		t.Errorf("the report is\n%s", text)
	}
}

func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := quickly(t, "book", "deep", "evaluation", "product")
	o.rounds, o.slice = 1000, time.Minute
	time.AfterFunc(300*time.Millisecond, cancel)
	s := newBench(ctx, o, io.Discard)
	defer s.close()
	began := time.Now()
	if err := s.run(); err != context.Canceled {
		t.Errorf("it ends with %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v to stop", took)
	}
}

// A peer that evaluates a tenth of the images gets ten times its time.
func TestPartOfTheImages(t *testing.T) {
	want := ours.Trial(work.Assignment(64, 100))
	t.Setenv("TRIAL", fmt.Sprintf("%g, %g", want[0], want[1]))
	o := quickly(t, "evaluation")
	o.quick, o.rounds = true, 1
	r, _ := measured(t, o)
	torch, ok := r.Works[0].Of(peers.Torch, 1)
	if !ok || torch.Seconds[0] != 0.5*10_000/2000 || !strings.Contains(r.Text(), "PyTorch 2000, their times are in proportion") {
		t.Errorf("PyTorch: %+v\n%s", torch, r.Text())
	}
}

// PyTorch may choose between one thread, all, and what it takes by itself.
func TestTorchCores(t *testing.T) {
	for _, c := range []struct {
		all, own int
		want     []int
	}{{8, 4, []int{1, 4, 8}}, {8, 8, []int{1, 8}}, {8, 1, []int{1, 8}}, {2, 4, []int{1, 2}}} {
		s := &bench{cores: []int{1, c.all}, report: &report.Report{Peers: &peers.Versions{TorchThreads: c.own}}}
		if got := s.torchCores(); !slices.Equal(got, c.want) || len(s.cores) != 2 {
			t.Errorf("%d of %d: %v, want %v", c.own, c.all, got, c.want)
		}
	}
}

func TestCoresUpTo(t *testing.T) {
	for n, want := range map[int][]int{1: {1}, 2: {1, 2}, 3: {1, 2, 3}, 4: {1, 2, 4}, 12: {1, 2, 4, 8, 12}} {
		if got := coresUpTo(n); !slices.Equal(got, want) {
			t.Errorf("up to %d: %v, want %v", n, got, want)
		}
	}
}
