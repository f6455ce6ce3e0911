package opencl

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

func opened(t *testing.T) *Context {
	t.Helper()
	devices, err := Devices()
	if err != nil {
		t.Skipf("no device to test on: %v", err)
	}
	c, err := devices[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

const double = "__kernel void twice(__global float *x, const float by, const int n) { int i = get_global_id(0); if (i < n) x[i] = isnan(x[i]) ? by : x[i] * by; }"

// A kernel changes a buffer, and a reading that goes on arrives.
func TestRun(t *testing.T) {
	c := opened(t)
	c.Guard(64)
	program, err := c.Build(double, "")
	if err != nil {
		t.Fatal(err)
	}
	k, err := program.Kernel("twice")
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Buffer("numbers", 4*5)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 5)
	var pinned runtime.Pinner
	pinned.Pin(&got[0])
	defer pinned.Unpin()
	if err := errors.Join(Write(b, 0, []float32{1, 2, 3, 4, 5}), k.SetBuffer(0, b), k.SetFloat(1, 3), k.SetInt(2, 5), k.Launch([3]int{2, 1, 1}, 4)); err != nil {
		t.Fatal(err)
	}
	event, err := ReadLater(b, 0, got)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Flush(), event.Wait(), event.Wait()); err != nil {
		t.Fatal(err)
	}
	if got[0] != 3 || got[4] != 15 {
		t.Errorf("the numbers are %v, want three times 1 to 5", got)
	}
	if broken, err := c.Guarded(); err != nil || len(broken) > 0 {
		t.Errorf("written beyond %v: %v", broken, err)
	}
	// One number too many.
	if err := errors.Join(k.SetInt(2, 6), k.Launch([3]int{2, 1, 1}, 4), c.Finish()); err != nil {
		t.Fatal(err)
	}
	if broken, err := c.Guarded(); err != nil || len(broken) != 1 || broken[0] != "numbers" {
		t.Errorf("a number too many was written, and the broken guards are %v (%v)", broken, err)
	}
	c.Close()
	c.Close()
}

// The words of the compiler are in the error.
func TestBuildError(t *testing.T) {
	c := opened(t)
	_, err := c.Build("__kernel void f() { surely_unknown(3); }", "")
	if err == nil || !strings.Contains(err.Error(), "surely_unknown") {
		t.Errorf("the error is %v, want the compiler's words", err)
	}
}

func TestTooMuch(t *testing.T) {
	c := opened(t)
	size := int(min(c.Device.Largest, 1<<46)) + 8
	if _, err := c.Buffer("a large one", size); !errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), "a large one") {
		t.Errorf("the error is %v, want too little memory", err)
	}
	c.Limit(100)
	if _, err := c.Buffer("a small one", 200); !errors.Is(err, ErrMemory) {
		t.Errorf("the error is %v, want too little memory", err)
	}
}

// Without a library the error says what to install, within a moment.
func TestMissing(t *testing.T) {
	began := time.Now()
	_, err := load([]string{"/nowhere/libOpenCL.so.1"})
	var missing *Missing
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "install the driver") || strings.Count(err.Error(), "\n") > 1 {
		t.Errorf("the error is %v", err)
	}
	if time.Since(began) > 5*time.Second {
		t.Error("it took long to find nothing")
	}
}

// asking is set in a process of its own: a library stays loaded.
const asking = "CONVBOOK_TEST_ASKING"

// A loader that finds no driver, and a library that is not there, are told in two lines.
func TestNothingToOpen(t *testing.T) {
	if os.Getenv(asking) != "" {
		_, err := Devices()
		t.Log(err)
		return
	}
	said := func(library string) string {
		ask := exec.Command(os.Args[0], "-test.run=^TestNothingToOpen$", "-test.v")
		ask.Env = append(os.Environ(), asking+"=1", "CONVBOOK_OPENCL="+library, "OCL_ICD_VENDORS="+t.TempDir())
		out, err := ask.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	if text := said("/nowhere/libOpenCL.so.1"); !strings.Contains(text, "no OpenCL here (tried /nowhere/libOpenCL.so.1)") || !strings.Contains(text, "install the driver") {
		t.Error(text)
	}
	if _, err := load([]string{"libOpenCL.so.1"}); err != nil {
		t.Skip("no loader of drivers")
	}
	if text := said("libOpenCL.so.1"); !strings.Contains(text, "OpenCL is here but finds no device") || !strings.Contains(text, "장치가 없습니다") {
		t.Error(text)
	}
}

// A driver can be loaded directly, as NVIDIA's where there is no loader before it.
func TestDirectly(t *testing.T) {
	l, err := load([]string{"libpocl.so.2", "libpocl.so"})
	if err != nil {
		t.Skipf("no PoCL to load directly: %v", err)
	}
	devices, err := l.devices()
	if err != nil || devices[0].Kind != CPU {
		t.Fatalf("PoCL loaded directly: %v, %v", devices, err)
	}
	c, err := devices[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	b, err := c.Buffer("numbers", 8)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, 2)
	if err := errors.Join(Write(b, 0, []float32{4, 5}), Read(b, 0, got)); err != nil || got[1] != 5 {
		t.Errorf("%v came back: %v", got, err)
	}
}

func TestTooOld(t *testing.T) {
	for version, old := range map[string]bool{"OpenCL 1.1 old": true, "OpenCL 1.2 x": false, "OpenCL 3.0 CUDA": false, "nonsense": true} {
		d := &Device{Name: "a card", Version: version, GroupSize: 1024}
		err := d.Check()
		var tooOld *TooOld
		if errors.As(err, &tooOld) != old {
			t.Errorf("%s: the error is %v", version, err)
		}
	}
}

func TestFind(t *testing.T) {
	modern := func(name string) *Device {
		return &Device{Name: name, Kind: GPU, Version: "OpenCL 3.0", GroupSize: 1024}
	}
	old := &Device{Name: "Old H9", Kind: GPU, Version: "OpenCL 1.1", GroupSize: 1024}
	all := []*Device{old, modern("NVIDIA H200"), modern("Second H9")}
	for name, want := range map[string]string{"": "NVIDIA H200", "h200": "NVIDIA H200", "H9": "Second H9"} {
		if d, err := find(all, name); err != nil || d.Name != want {
			t.Errorf("%q finds %v (%v), want %s", name, d, err, want)
		}
	}
	var tooOld *TooOld
	if _, err := find(all, "old"); !errors.As(err, &tooOld) {
		t.Errorf("an old driver: %v", err)
	}
	if _, err := find(all, "A100"); err == nil || !strings.Contains(err.Error(), `"A100"`) || !strings.Contains(err.Error(), "NVIDIA H200") || !strings.Contains(err.Error(), "장치") {
		t.Errorf("a device that is not there: %v", err)
	}
}

// The statuses that mean something to a user are told.
func TestStatuses(t *testing.T) {
	for status, want := range map[int32]error{-4: ErrMemory, -5: ErrMemory, -6: ErrMemory, -61: ErrMemory, -2: ErrLost, -14: ErrLost, -36: ErrLost, -9999: ErrLost} {
		if err := failed("work", status); !errors.Is(err, want) {
			t.Errorf("status %d: %v, want %v", status, err, want)
		}
	}
	if failed("work", 0) != nil || failed("work", -30) == nil {
		t.Error("a status is taken for another")
	}
}

// What a driver says in vain is told in two lines, and all of it is there to be read.
func TestNotCompiled(t *testing.T) {
	all, err := Devices()
	if err != nil {
		t.Skipf("no device: %v", err)
	}
	c, err := all[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Build("__kernel void broken(__global float *x) { x[0] = unknown_name; }", "")
	var refused *NotCompiled
	if !errors.As(err, &refused) || !strings.Contains(refused.Log, "unknown_name") || strings.Count(err.Error(), "\n") != 1 ||
		!strings.Contains(err.Error(), "unknown_name") || !strings.Contains(err.Error(), "without Config.Device") || !strings.Contains(err.Error(), all[0].Name) {
		t.Errorf("the error is %v", err)
	}
	for log, want := range map[string]string{"": "does not say why", "\x00": "does not say why", "a warning\n<k>:3: error: no\nmore": "<k>:3: error: no;", "one\ntwo": "one;",
		strings.Repeat("가", 300): "가"} {
		if text := (&NotCompiled{Log: log}).Error(); !strings.Contains(text, want) || strings.Count(text, "\n") != 1 || len(text) > 600 {
			t.Errorf("%q: %q", log, text)
		}
	}
}

// TestPassing wants what was made for a while to be freed, and its memory to be free again.
func TestPassing(t *testing.T) {
	all, err := Devices()
	if err != nil {
		t.Skipf("no device: %v", err)
	}
	c, err := all[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	before, err := c.Buffer("numbers", 8)
	if err != nil {
		t.Fatal(err)
	}
	left, broken := c.Left(), errors.New("broken")
	if err := c.Passing(func() error {
		if _, err := c.Buffer("more", 800); err != nil {
			return err
		}
		if c.Left() >= left {
			t.Error("a buffer takes no memory")
		}
		return broken
	}); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	got := make([]float32, 2)
	if err := errors.Join(Write(before, 0, []float32{4, 5}), Read(before, 0, got)); err != nil || got[1] != 5 || c.Left() != left {
		t.Errorf("%v came back (%v), %d bytes are left, want %d", got, err, c.Left(), left)
	}
}
