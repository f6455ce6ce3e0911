package main

import (
	"bytes"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"convbook/pkg/dataset"
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

// What is counted on paper is what the class's networks have, and a prediction is no shorter than
// its launches, its operations or its bytes take.
func TestOnPaper(t *testing.T) {
	t.Setenv(dataset.FolderVariable, "stand-in")
	var out bytes.Buffer
	if err := command([]string{"-count"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, w := range works(false) {
		if !strings.Contains(out.String(), w.name) {
			t.Errorf("no %q in\n%s", w.name, out.String())
		}
	}
	p := prediction{launch: 8, gflops: 17_000, bandwidth: 4800}
	r := row{Bytes: 48, paper: gpu.Counts{Kernels: []float64{0, 17e6, 170e6}}}
	if got := p.ms(r); math.Abs(got-(8+8+8+10)/1e3) > 1e-9 { // the record, two launches, and 10 µs of work
		t.Errorf("the prediction is %v ms", got)
	}
	if r.Bytes = 4.8e9; math.Abs(p.ms(r)-1) > 1e-9 {
		t.Errorf("4.8 GB take %v ms, want 1", p.ms(r))
	}
}

// What PyTorch has said counts, also where it broke off, and a Python that is not there costs a
// line alone.
func TestBeside(t *testing.T) {
	m := measured{Rows: []row{{Name: "one"}, {Name: "two"}}}
	m.beside(strings.NewReader(`{"torch": "PyTorch 2"}
{"name": "two", "eager": 1.5, "graph": 0.5}
{"name": "one", "eag`))
	if m.Torch != "PyTorch 2" || m.Rows[0].Eager != 0 || m.Rows[1].Eager != 1.5 || m.Rows[1].Graph != 0.5 {
		t.Errorf("%+v", m)
	}
	if err := m.torch("/nowhere/python3", true, io.Discard); err == nil {
		t.Error("a Python that is not there has measured")
	}
}

func TestUnknownDevice(t *testing.T) {
	var out, log bytes.Buffer
	if err := command([]string{"-device", "no such card"}, &out, &log); err == nil {
		t.Error("a device that is not there is measured")
	}
}
