package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheCourseOnADevice runs notebook 12's training as it is where there is a GPU, on the device
// that is here (PoCL) and on few images.
func TestTheCourseOnADevice(t *testing.T) {
	if os.Getenv("CONVBOOK_LONG") == "" {
		t.Skip("set CONVBOOK_LONG=1: PoCL compiles the kernels of DeepConvNet for half a minute")
	}
	ask := exec.Command("go", "run", "./pkg/gpu/devices")
	ask.Dir = ".."
	said, err := ask.Output()
	if err != nil {
		t.Skipf("no device to train on: %s", said)
	}
	device, _, _ := strings.Cut(string(said), " (")

	text, err := os.ReadFile("../notebooks/12_deep_convnet.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	var nb map[string]any
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatal(err)
	}
	var cells []any
	for _, c := range nb["cells"].([]any) {
		c := c.(map[string]any)
		var lines []string
		for _, line := range c["source"].([]any) {
			lines = append(lines, line.(string))
		}
		source := strings.Join(lines, "")
		declared, _, _ := strings.Cut(source, "\n%%\n")
		switch id, _, _ := strings.Cut(c["id"].(string), "-"); id {
		case "a02", "a04c": // what it takes from the cells before
			source = declared + "\n\n%%\n"
		case "a06":
			for old, with := range map[string]string{"= 20, card": "= 1, card", `dataset.Must(dataset.Open("mnist"))`: `dataset.Must(dataset.Open("mnist")).Head(100, 50)`} {
				if strings.Count(source, old) != 1 {
					t.Fatalf("the cell has no %q:\n%s", old, source)
				}
				source = strings.Replace(source, old, with, 1)
			}
		default:
			continue
		}
		c["source"], c["outputs"] = source, []any{}
		cells = append(cells, c)
	}
	nb["cells"] = cells
	if text, err = json.Marshal(nb); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "on_a_device.ipynb")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := begin(t, []string{"CONVBOOK_DEVICE=" + device, "CONVBOOK_DATA=stand-in", "CONVBOOK_RUNS=" + t.TempDir()},
		"run", path, "--html=false", "--plain", "--out", t.TempDir())
	if code := run.ends(); code != 0 {
		t.Fatalf("exit status %d: %s%s", code, run.stdout, run.stderr)
	}
	for _, want := range []string{"20 epochs on " + device, "test digits"} {
		if !strings.Contains(run.stdout.String(), want) {
			t.Errorf("%q was not printed, only\n%s", want, run.stdout)
		}
	}
}
