package peers

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"convbook/pkg/benchmark/internal/ours"
	"convbook/pkg/benchmark/internal/work"
)

// fake starts a shell script in place of Python.
func fake(t *testing.T, ctx context.Context, script string) *Process {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("programs are shell scripts")
	}
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := Start(ctx, path, 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"times", `read r; echo '{"seconds": [0.5, 0.25]}'`, ""},
		{"an error", `read r; echo '{"error": "ValueError: no"}'`, "in Python: ValueError: no"},
		{"no times", `read r; echo '{}'`, "the peer answered with the times []"},
		{"no time", `read r; echo '{"seconds": [0.5, 0]}'`, "the peer answered with the times [0.5 0]"},
		{"no JSON", `read r; echo 'Traceback'`, `the peer answered "Traceback\n"`},
		{"an end", `read r; echo 'first' >&2; echo 'ModuleNotFoundError: numpy' >&2; exit 1`, "the peer ended: ModuleNotFoundError: numpy"},
		{"a silent end", `read r`, "the peer ended: EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			times, err := fake(t, t.Context(), c.script).Run("key", time.Second)
			if c.want == "" {
				if err != nil || !slices.Equal(times, []float64{0.5, 0.25}) {
					t.Errorf("%v, %v", times, err)
				}
			} else if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("the error is %v, want %s", err, c.want)
			}
		})
	}
}

func TestEnvironmentOfProcess(t *testing.T) {
	t.Setenv("OMP_NUM_THREADS", "77")
	p := fake(t, t.Context(), `read r; echo "{\"values\": [$OMP_NUM_THREADS, $OPENBLAS_NUM_THREADS, $MALLOC_MMAP_MAX_]}"`)
	if got, err := p.Trial("key"); err != nil || !slices.Equal(got, []float64{3, 3, 0}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, entry := range environmentOf([]string{"OMP_NUM_THREADS=77", "HOME=/"}, 0) {
		if strings.Contains(entry, "THREADS") {
			t.Errorf("as many threads as it likes, but %s", entry)
		}
	}
}

// Neither a process that does not listen nor what it started outlives ctx.
func TestCancelEndsTheGroup(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	marker := fmt.Sprintf("86400.%d", os.Getpid())
	p := fake(t, ctx, "sleep "+marker+" & read r; sleep "+marker)
	time.AfterFunc(100*time.Millisecond, cancel)
	began := time.Now()
	if _, err := p.Run("key", time.Second); err == nil {
		t.Error("no error")
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to end", took)
	}
	if out, err := exec.Command("ps", "-eo", "args").Output(); err == nil && strings.Contains(string(out), "sleep "+marker) {
		t.Error("a process is left")
	}
}

// With the real interpreter, where it has NumPy: the class's algorithm gives the
// losses and sums that convbook gives.
func TestNumpyAgrees(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-I", "-c", "import numpy").Run() != nil {
		t.Skip("skipped: python3 with NumPy is not installed")
	}
	p, err := Start(t.Context(), python, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if v, err := p.Hello(false); err != nil || v.Numpy == "" || v.Python == "" || v.Torch != "" {
		t.Errorf("%+v, %v", v, err)
	}
	deep := work.Deep()
	deep.Batch = 10
	for name, w := range map[string]work.Work{"simple": work.Assignment(8, 20), "deep": deep, "sigmoid": work.Sigmoid(), "norm": work.Norm()} {
		want := ours.Trial(w)
		for _, peer := range []string{NumpyClass, NumpyFloat32} {
			if err := p.Prepare(name, peer, w, 1); err != nil {
				t.Fatal(err)
			}
			got, err := p.Trial(name)
			if err != nil || len(got) != 2 || math.Abs(got[0]/want[0]-1) > 1e-5 || math.Abs(got[1]/want[1]-1) > 1e-5 {
				t.Errorf("%s: %s has the losses %v, %v; convbook %v", name, peer, got, err, want)
			}
			if times, err := p.Run(name, time.Millisecond); err != nil || len(times) != 1 {
				t.Errorf("%s: %s took %v, %v", name, peer, times, err)
			}
		}
	}
	for _, w := range []work.Work{work.Multiply(3, 5, 7, true, false), work.Multiply(8, 3, 2, false, true)} {
		want := ours.NewProduct(w).Sum()
		if err := p.Prepare("product", NumpyFloat32, w, 1); err != nil {
			t.Fatal(err)
		}
		if got, err := p.Trial("product"); err != nil || len(got) != 1 || math.Abs(got[0]/want-1) > 1e-5 {
			t.Errorf("%+v: %v, %v, want %g", w, got, err, want)
		}
	}
	if err := p.Forget(); err != nil {
		t.Error(err)
	}
	if _, err := p.Run("product", 0); err == nil || !strings.Contains(err.Error(), "KeyError") {
		t.Errorf("forgotten work gives %v", err)
	}
	if bytes, err := p.Memory(); err != nil || runtime.GOOS == "linux" && bytes < 10<<20 {
		t.Errorf("%d bytes, %v", bytes, err)
	}
}
