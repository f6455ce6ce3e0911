// Package machine says what this machine is and measures what limits it: how fast
// it multiplies and adds, and how fast it moves bytes.
package machine

import (
	"bufio"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"convbook/pkg/internal/kernels"
)

// Info names a machine.
type Info struct {
	CPU     string `json:"cpu"`
	Cores   int    `json:"cores"`   // that this program may use
	Variant string `json:"variant"` // of the kernels: avx512, avx2, neon or purego
	System  string `json:"system"`  // linux/amd64
	Go      string `json:"go"`
}

// Describe says where this program runs.
func Describe() Info {
	return Info{CPU: processor(), Cores: runtime.GOMAXPROCS(0), Variant: kernels.Active().String(),
		System: runtime.GOOS + "/" + runtime.GOARCH, Go: strings.TrimPrefix(runtime.Version(), "go")}
}

// processor returns the name of the processor, or its architecture.
func processor() string {
	switch runtime.GOOS {
	case "linux":
		if name := field("/proc/cpuinfo", "model name"); name != "" {
			return name
		}
	case "darwin":
		if name, err := exec.Command("sysctl", "-n", "machdep.cpu.brand_string").Output(); err == nil {
			return strings.TrimSpace(string(name))
		}
	}
	return runtime.GOARCH
}

// field returns the first value of a key in a file of lines "key: value".
func field(path, key string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// PeakMemory returns the most memory that this program has held at a time, in
// bytes, and false where the system does not tell (it does on Linux: VmHWM).
func PeakMemory() (bytes int, ok bool) {
	kilobytes, ok := strings.CutSuffix(field("/proc/self/status", "VmHWM"), " kB")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(kilobytes))
	return n * 1024, err == nil
}

// Load returns how many programs have wanted a core at a time over the last minute, this
// one included, and false where the system does not tell (it does on Linux).
func Load() (programs float64, ok bool) {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0, false
	}
	first, _, _ := strings.Cut(string(text), " ")
	programs, err = strconv.ParseFloat(first, 64)
	return programs, err == nil
}
