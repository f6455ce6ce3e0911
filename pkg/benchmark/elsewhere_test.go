package main

import (
	"bytes"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/work"
)

// A binary built without cgo works on a machine that has neither Go nor this repository,
// beside the Python that -python names.
func TestElsewhere(t *testing.T) {
	o := quickly(t, "book")
	program := filepath.Join(t.TempDir(), "benchmark")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if runtime.GOOS == "linux" {
		standsAlone(t, program)
	}

	want := ours.Trial(work.Book())
	empty := t.TempDir()
	run := exec.Command(program, "-quick", "-rows", "book,memory", "-python", o.python)
	run.Dir = empty
	run.Env = []string{"HOME=" + empty, "TMPDIR=" + empty, fmt.Sprintf("TRIAL=%g, %g", want[0], want[1])}
	var out, log bytes.Buffer
	run.Stdout, run.Stderr = &out, &log
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	for _, text := range []string{"PyTorch 9.9, Python 3.99", "the book's step", "Peak memory of a program that trains"} {
		if !strings.Contains(out.String(), text) && (runtime.GOOS == "linux" || text != "Peak memory of a program that trains") {
			t.Errorf("the report lacks %q:\n%s\ntold\n%s", text, out.String(), log.String())
		}
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

// standsAlone fails if a program of Linux needs libraries of the system.
func standsAlone(t *testing.T, program string) {
	t.Helper()
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("it is linked dynamically: it has a segment %v", p.Type)
		}
	}
}
