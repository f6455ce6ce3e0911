package rethrow_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestPanicsOfAProgram panics in a program's own code and in packages that it calls, on any
// number of processors.
func TestPanicsOfAProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program: not with -short")
	}
	program := filepath.Join(t.TempDir(), "panics")
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/panics").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	source, err := os.ReadFile("testdata/panics/main.go")
	if err != nil {
		t.Fatal(err)
	}
	// line is the one that ends with a comment.
	line := func(comment string) string {
		for i, text := range strings.Split(string(source), "\n") {
			if strings.HasSuffix(text, "// "+comment) {
				return fmt.Sprint("main.go line ", i+1)
			}
		}
		t.Fatalf("no line ends with %q", comment)
		return ""
	}
	none := "runtime error: index out of range [2] with length 0"
	for name, want := range map[string]string{
		"forward":          " elements do not fit [" + line("forward") + "]", // how many depends on the processors
		"backward":         "panic: backward says so [" + line("backward") + "]",
		"job":              "panic: " + none + " [" + line("third") + ", " + line("job") + "]",
		"job of a job":     "panic: " + none + " [" + line("third") + ", " + line("inner") + ", " + line("outer") + "]",
		"sweep":            "panic: sweep: all 1 trials failed; the first: n 1, seed 0: " + none + " [" + line("third") + ", " + line("trial"),
		"sweep of a layer": " elements do not fit [" + line("forward") + ", " + line("train") + ", " + line("trial of a layer"),
		"a layer's shape":  "is a ShapeError: true",
		"a package's own":  "*ndarray.ShapeError",
	} {
		for _, processors := range []string{"1", "3"} {
			run := exec.Command(program, name)
			run.Env = append(os.Environ(), "CONVBOOK_DATA=stand-in", "GOMAXPROCS="+processors, "GOTRACEBACK=none")
			said, _ := run.CombinedOutput()
			if !bytes.Contains(said, []byte(want)) {
				t.Errorf("%s on %s processors: %q, want %q", name, processors, said, want)
			}
		}
	}
}
