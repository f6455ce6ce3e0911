package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"convbook/pkg/benchmark/card"
	"convbook/pkg/gpu"
)

func main() {
	if err := command(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
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
	Bytes    int     `json:"bytes,omitempty"` // read and written by the kernels of a step
}

// measured is all that the program has to say.
type measured struct {
	Device string `json:"device"`
	Torch  string `json:"pytorch,omitempty"`
	card.Limits
	Rows    []row       `json:"rows"`
	Kernels []kernelRow `json:"kernels"`
}

func command(args []string, out, log io.Writer) error {
	set := flag.NewFlagSet("go run ./pkg/benchmark/gpu", flag.ContinueOnError)
	set.SetOutput(log)
	name := set.String("device", "", "words of the device's name; the best one without")
	python := set.String("python", "", "a Python with PyTorch and CUDA to measure beside")
	asJSON := set.Bool("json", false, "write JSON")
	quick := set.Bool("quick", false, "a step on 10 images and an evaluation of 50, in short rounds")
	epochs := set.Int("train", 0, "train the assignment for so many epochs instead, twice on the device and once on the processor")
	if err := set.Parse(args); err != nil {
		return err
	}
	device, err := gpu.OpenNamed(*name)
	if err != nil {
		return err
	}
	defer device.Close()
	if device.Kind() == "GPU" {
		device.SearchFor(20 * time.Second) // nine plans in all: .ci/gpu gives them five minutes
	}
	if *epochs > 0 {
		return trainTwice(device, *epochs, *quick, out)
	}
	m := measured{Device: device.Name() + ", " + device.Kind()}
	round, rounds := 200*time.Millisecond, 7
	if *quick {
		round, rounds = time.Millisecond, 1
	}
	fmt.Fprintln(log, "measuring", m.Device)
	if m.Limits, err = card.LimitsOf(*name, round); err != nil {
		return err
	}
	for _, w := range works(*quick) {
		fmt.Fprintln(log, w.name)
		if err := m.measure(device, w, round, rounds); err != nil {
			return err
		}
	}
	for _, w := range steps(*quick) {
		if err := m.kernels(device, w, round); err != nil {
			return err
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

func (m *measured) text() string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s\nmultiply-adds %.0f GFLOP/s, copying %.0f GB/s; a kernel %.1f µs in a row, %.1f µs with waiting for it\n", m.Device, m.Peak, m.Bandwidth, m.Launch, m.Wait)
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
		bandwidth, kernels := "", ""
		if r.Launches > 0 {
			bandwidth, kernels = fmt.Sprintf("%.1f%%", 100*float64(r.Bytes)/(r.Ours/1e3)/1e9/m.Bandwidth), fmt.Sprint(r.Launches)
		}
		fmt.Fprintf(&t, "%-28s %12s %8.1f%% %13s %8s %12s %12s\n", r.Name, known(r.Ours), 100*r.GFLOP/(r.Ours/1e3)/m.Peak, bandwidth, kernels, known(r.Eager), known(r.Graph))
	}
	for i, k := range m.Kernels {
		if i == 0 || k.Step != m.Kernels[i-1].Step {
			fmt.Fprintf(&t, "\n%-42s %8s %10s\n", k.Step+", each kernel by itself", "groups", "µs")
		}
		fmt.Fprintf(&t, "  %-40s %8d %10.1f\n", k.Kernel, k.Groups, k.Micro)
	}
	return t.String()
}
