package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mostCompressed is how large the program is for whoever opens the page.
const mostCompressed = 1_950_000

// forBrowsers runs the go command for this package, compiled for browsers as kernel/internal/setup does.
func forBrowsers(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWASM=", "GOFLAGS=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// TestProgramLinksLittle finds packages that nobody needs there and that make the program larger.
func TestProgramLinksLittle(t *testing.T) {
	packages := strings.Fields(forBrowsers(t, "list", "-deps", "."))
	for _, name := range packages {
		top, _, _ := strings.Cut(name, "/")
		if top == "net" || top == "image" || top == "regexp" || top == "html" || top == "text" || strings.HasPrefix(name, "golang.org/x/image") ||
			slices.Contains([]string{"crypto/tls", "math/big", "encoding/gob", "convbook/pkg/figure", "convbook/pkg/trainer", "convbook/pkg/explore"}, name) {
			t.Errorf("the program links %s", name)
		}
	}
	if len(packages) < 30 {
		t.Errorf("it links %v", packages)
	}
}

func TestProgramIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	file := filepath.Join(t.TempDir(), "playground.wasm")
	forBrowsers(t, "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", file, ".")
	program, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if top, err := filepath.Abs("../.."); err != nil || bytes.Contains(program, []byte(top)) {
		t.Errorf("the program holds the name of this machine's folder %s, %v", top, err)
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(program)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	t.Logf("the program has %d bytes, %d compressed", len(program), b.Len())
	if b.Len() > mostCompressed {
		t.Errorf("the program has %d bytes compressed, %d at most", b.Len(), mostCompressed)
	}
}
