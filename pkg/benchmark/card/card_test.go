package card

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/dataset"
	"convbook/pkg/gpu"
)

// The record says whose figures it has, and the trial's times give the trial's speeds: 15, 28
// and 17 TFLOP/s.
func TestRecorded(t *testing.T) {
	c := Recorded()
	for _, words := range []string{"no GPU here", "recorded", c.Name, "2026", c.record.By} {
		if words == "" || !strings.Contains(c.Source, words) {
			t.Errorf("%q does not say %q", c.Source, words)
		}
	}
	for _, words := range []string{"recorded on", "의 기록", c.Name, "2026", " · "} {
		if !strings.Contains(c.Note, words) {
			t.Errorf("%q does not say %q", c.Note, words)
		}
	}
	if c.Measured {
		t.Error("what is recorded passes for measured")
	}
	limits, err := c.Limits()
	if err != nil || !limits.Published || !(limits.Launch > 0 && limits.Peak > 0 && limits.Bandwidth > 0) {
		t.Errorf("limits %+v, %v", limits, err)
	}
	works, err := c.Works(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{15_400, 28_400, 90, 17_000}
	if len(works) != len(want) {
		t.Fatalf("%d works, want %d", len(works), len(want))
	}
	for i, w := range works {
		if math.Abs(w.GFLOPS-want[i]) > 0.01*want[i] || w.Name == "" || w.GFLOPS > limits.Peak || w.Intensity <= 0 {
			t.Errorf("%+v, want %v GFLOP/s", w, want[i])
		}
	}
	curves, err := c.Steps(nil, 1, 10)
	if err != nil || len(curves) == 0 {
		t.Fatal(err)
	}
	for _, curve := range curves {
		if len(curve.Images) == 0 || len(curve.Images) != len(curve.Milliseconds) || !strings.Contains(curve.Name, "recorded") {
			t.Errorf("%+v", curve)
		}
	}
	c.Close()
}

// What is measured says so, and is measured on batches of the class.
func TestHere(t *testing.T) {
	device, err := gpu.Open()
	if err != nil {
		t.Skipf("no device: %v", err)
	}
	c := here(device)
	defer c.Close()
	if !c.Measured || c.images != 100 || !strings.Contains(c.Note, "measured on "+device.Name()+" · ") || !strings.Contains(c.Source, "measured now on "+device.Name()) {
		t.Errorf("%+v", c)
	}
}

// TestMeasured measures the device that is here, whatever it is.
func TestMeasured(t *testing.T) {
	names, err := gpu.Names()
	if err != nil {
		t.Skipf("no device to measure: %v", err)
	}
	if os.Getenv("CONVBOOK_LONG") == "" {
		t.Skip("set CONVBOOK_LONG=1: the kernels are compiled for seconds")
	}
	t.Setenv(dataset.FolderVariable, "stand-in")
	name, _, _ := strings.Cut(names[0], " (")
	t.Setenv(gpu.DeviceVariable, name)
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const images = 5 // PoCL is slow
	c.images = images
	if !c.Measured || c.Name != name || !strings.Contains(c.Source, name) {
		t.Errorf("%+v", c)
	}
	garments := dataset.Must(dataset.Open("fashion")).Train
	curves, err := c.Steps(garments, images)
	if err != nil {
		t.Fatal(err)
	}
	if len(curves) != 1 || !slices.Equal(curves[0].Images, []float64{images}) || !(curves[0].Milliseconds[0] > 0) {
		t.Errorf("%+v", curves)
	}
	works, err := c.Works(garments)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range works {
		if !(w.GFLOPS > 0) || math.IsInf(w.GFLOPS, 0) {
			t.Errorf("%+v", w)
		}
	}
	plan, err := c.device.Plan(WorkOf(ours.Net(work.Assignment(64, images)), images, garments))
	if err != nil {
		t.Fatal(err)
	}
	defer plan.Close()
	if plan.Launches() != Launches {
		t.Errorf("a step has %d kernels, and Launches is %d", plan.Launches(), Launches)
	}
}

// A device that is named and not there is no reason to show another one's figures.
func TestNotThere(t *testing.T) {
	t.Setenv(gpu.DeviceVariable, "no such card")
	if c, err := Open(); err == nil {
		t.Errorf("%+v", c)
	}
}
