package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"convbook/pkg/gpu"
)

// The whole report on the device that is there, with rounds of a moment.
func TestReport(t *testing.T) {
	if _, err := gpu.Names(); err != nil {
		t.Skipf("no device to measure: %v", err)
	}
	if os.Getenv("CONVBOOK_LONG") == "" {
		t.Skip("set CONVBOOK_LONG=1: the kernels are compiled for seconds")
	}
	var out, log bytes.Buffer
	if err := command([]string{"-quick"}, &out, &log); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	for _, text := range []string{"GFLOP/s", "GB/s", "the assignment's, 10 images", "50 images evaluated"} {
		if !strings.Contains(out.String(), text) {
			t.Errorf("the report lacks %q:\n%s", text, out.String())
		}
	}
	t.Log("\n" + out.String())
}

func TestUnknownDevice(t *testing.T) {
	var out, log bytes.Buffer
	if err := command([]string{"-device", "no such card"}, &out, &log); err == nil {
		t.Error("a device that is not there is measured")
	}
}
