package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
)

func TestDescribe(t *testing.T) {
	info := Describe()
	if info.CPU == "" || info.Cores != runtime.GOMAXPROCS(0) || info.Variant == "" || info.System == "" || info.Go == "" {
		t.Errorf("%+v", info)
	}
	t.Logf("%+v", info)
}

func TestField(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("first\t: 1: one\nVmHWM:\t    5720 kB\n\nno colon\nfirst: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"first": "1: one", "VmHWM": "5720 kB", "no colon": "", "other": ""} {
		if got := field(path, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if got := field(path+".none", "first"); got != "" {
		t.Errorf("a file that is not there gives %q", got)
	}
}

// The peak grows when memory is touched and never sinks.
func TestPeakMemory(t *testing.T) {
	before, ok := PeakMemory()
	if !ok {
		t.Skipf("%s does not tell the peak memory of a program", runtime.GOOS)
	}
	const size = 64 << 20
	block := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		block[i] = 1
	}
	after, _ := PeakMemory()
	runtime.KeepAlive(block)
	if before < 1<<20 || after < size || after < before {
		t.Errorf("%d bytes before and %d after touching %d", before, after, size)
	}
}

func TestWork(t *testing.T) {
	for procs := 1; procs <= 3; procs++ {
		work, operations := Peak(procs)
		work()
		if _, one := Peak(1); one < 1e6 || operations != float64(procs)*one {
			t.Errorf("%d procs: %g operations, one does %g", procs, operations, one)
		}
		work, moved := Axpy(procs, 3<<20)
		work()
		// Ten times 3 MiB, half of it read and written, but for what does not
		// divide by the goroutines.
		if want := 10. * 1.5 * (3 << 20); moved > want || moved < want-1000 {
			t.Errorf("%d procs: %g bytes moved, want %g", procs, moved, want)
		}
	}
}

func TestTogether(t *testing.T) {
	for n := 1; n <= 5; n++ {
		var sum atomic.Int64
		together(n, func(i int) { sum.Add(int64(i + 1)) })
		if want := int64(n * (n + 1) / 2); sum.Load() != want {
			t.Errorf("%d: %d, want %d", n, sum.Load(), want)
		}
	}
}

func TestLoad(t *testing.T) {
	load, ok := Load()
	if ok != (runtime.GOOS == "linux") || load < 0 {
		t.Errorf("the load is %g, %v", load, ok)
	}
}
