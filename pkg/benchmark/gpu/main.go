package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"convbook/pkg/benchmark/card"
	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
	"convbook/pkg/internal/device"
	"convbook/pkg/internal/opencl"
)

func main() {
	if err := command(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		if refused := (*opencl.NotCompiled)(nil); errors.As(err, &refused) {
			fmt.Fprintln(os.Stderr, refused.Log)
		}
		os.Exit(1)
	}
}

// row is a line of the table: milliseconds, 0 where nothing was measured.
type row struct {
	Name     string  `json:"name"`
	Ours     float64 `json:"ours_ms"`
	Eager    float64 `json:"pytorch_ms,omitempty"`
	Graph    float64 `json:"pytorch_graph_ms,omitempty"`
	Launches int     `json:"launches,omitempty"`
	GFLOP    float64 `json:"gflop"`
	Bytes    int     `json:"bytes,omitempty"` // read and written by the kernels

	paper gpu.Counts
}

// measured is all that the program has to say.
type measured struct {
	Device string `json:"device"`
	Torch  string `json:"pytorch,omitempty"`
	card.Limits
	Rows    []row       `json:"rows"`
	Kernels []kernelRow `json:"kernels"`

	left time.Duration // that may still be spent looking for tiles
}

// Looking for tiles takes two minutes at most for all plans together and a minute for one of them:
// .ci/gpu gives the table six minutes.
const (
	longestSearches = 2 * time.Minute
	longestSearch   = time.Minute
)

// allow lets the next plan look for tiles, on a GPU.
func (m *measured) allow(d *gpu.Device) {
	if d.Kind() == "GPU" {
		d.SearchFor(max(0, min(longestSearch, m.left)))
	}
}

// plan makes a plan and counts the time that it takes.
func (m *measured) plan(d *gpu.Device, net *convnet.Sequential[float32], batch int, set *dataset.Set) (device.Plan, error) {
	m.allow(d)
	began := time.Now()
	defer func() { m.left -= time.Since(began) }()
	return d.Plan(card.WorkOf(net, batch, set))
}

func command(args []string, out, log io.Writer) error {
	set := flag.NewFlagSet("go run ./pkg/benchmark/gpu", flag.ContinueOnError)
	set.SetOutput(log)
	name := set.String("device", "", "words of the device's name; the best one without")
	python := set.String("python", "", "a Python with PyTorch and CUDA to measure beside")
	asJSON := set.Bool("json", false, "write JSON")
	quick := set.Bool("quick", false, "a step on 10 images and an evaluation of 50, in short rounds")
	epochs := set.Int("train", 0, "train the assignment for so many epochs instead, twice on the device and once on the processor")
	count := set.Bool("count", false, "count kernels, operations and bytes instead, and what they should take on the card of the record; needs no device")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *count {
		return onPaper(out)
	}
	chosen, err := gpu.OpenNamed(*name)
	if err != nil {
		return err
	}
	defer chosen.Close()
	if *epochs > 0 {
		return trainTwice(chosen, *epochs, *quick, out)
	}
	m := measured{Device: chosen.Name() + ", " + chosen.Kind(), left: longestSearches}
	round, rounds := 200*time.Millisecond, 7
	if *quick {
		round, rounds = time.Millisecond, 1
	}
	fmt.Fprintln(log, "measuring", m.Device)
	if m.Limits, err = card.LimitsOf(*name, round); err != nil {
		return err
	}
	fmt.Fprintln(log, m.limits())
	for _, w := range works(*quick) {
		if err := m.measure(chosen, w, round, rounds, log); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	for _, w := range append(steps(*quick), large(*quick)...) {
		if err := m.kernels(chosen, w, round, log); err != nil {
			fmt.Fprintf(log, "%s: %v\n", w.name, err) // the rows are there
		}
	}
	if *python != "" {
		if err := m.torch(*python, *quick, log); err != nil {
			fmt.Fprintln(log, "without PyTorch:", err)
		}
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(m)
	}
	_, err = io.WriteString(out, m.text())
	return err
}

func (m *measured) limits() string {
	return fmt.Sprintf("multiply-adds %.0f GFLOP/s, copying %.0f GB/s; a kernel %.1f µs in a row, %.1f µs with waiting for it", m.Peak, m.Bandwidth, m.Launch, m.Wait)
}

func (m *measured) text() string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s\n%s\n", m.Device, m.limits())
	if m.Torch != "" {
		fmt.Fprintln(&t, m.Torch)
	}
	fmt.Fprintf(&t, "\n%-28s %12s %9s %13s %8s %12s %12s\n", "", "convbook", "of peak", "of bandwidth", "kernels", "PyTorch", "CUDA graph")
	known := func(v float64) string {
		if v == 0 {
			return ""
		}
		return fmt.Sprintf("%.3f ms", v)
	}
	for _, r := range m.Rows {
		share := 100 * float64(r.Bytes) / (r.Ours / 1e3) / 1e9 / m.Bandwidth
		fmt.Fprintf(&t, "%-28s %12s %8.1f%% %12.1f%% %8d %12s %12s\n", r.Name, known(r.Ours), 100*r.GFLOP/(r.Ours/1e3)/m.Peak, share, r.Launches, known(r.Eager), known(r.Graph))
	}
	for i, k := range m.Kernels {
		if i == 0 || k.Step != m.Kernels[i-1].Step {
			fmt.Fprintf(&t, "\n%-48s %8s %10s %10s\n", k.Step+", each kernel by itself", "groups", "µs", "GFLOP/s")
		}
		speed := ""
		if k.GFLOPS > 0 {
			speed = fmt.Sprintf("%.0f", k.GFLOPS)
		}
		fmt.Fprintf(&t, "  %-46s %8d %10.1f %10s\n", k.Kernel, k.Groups, k.Micro, speed)
	}
	return t.String()
}
