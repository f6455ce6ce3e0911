package program

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Cost is what a student waits for in a cell: what the compiler makes of its own
// package, and the program that is linked.
type Cost struct {
	Functions int   // compiled in package main
	Code      int64 // bytes of their machine code
	Program   int64 // bytes of the program, without what only debuggers read
}

// Measure builds a program as a cell of the repository at root is built.
func Measure(root string, source []byte) (Cost, error) {
	folder, err := os.MkdirTemp("", "program")
	if err != nil {
		return Cost{}, err
	}
	defer os.RemoveAll(folder)
	// The text lies beside the repository, and go is told that it lies in it.
	cell, overlay, binary := filepath.Join(folder, "main.go"), filepath.Join(folder, "overlay.json"), filepath.Join(folder, "cell")
	if err := os.WriteFile(cell, source, 0o644); err != nil {
		return Cost{}, err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "cell", "main.go"): cell}})
	if err != nil {
		return Cost{}, err
	}
	if err := os.WriteFile(overlay, replace, 0o644); err != nil {
		return Cost{}, err
	}
	run := func(args ...string) ([]byte, error) {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
		var failed bytes.Buffer
		cmd.Stderr = &failed
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, failed.Bytes())
		}
		return out, nil
	}
	if _, err := run("build", "-overlay", overlay, "-buildvcs=false", "-ldflags=-s -buildid=", "-o", binary, "./cell"); err != nil {
		return Cost{}, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return Cost{}, err
	}
	cost := Cost{Program: info.Size()}
	archive, err := run("list", "-overlay", overlay, "-buildvcs=false", "-export", "-f", "{{.Export}}", "./cell")
	if err != nil {
		return Cost{}, err
	}
	symbols, err := run("tool", "nm", "-size", strings.TrimSpace(string(archive)))
	if err != nil {
		return Cost{}, err
	}
	for line := range strings.Lines(string(symbols)) {
		// address, size, kind, name; what is not defined here has no address
		if f := strings.Fields(line); len(f) >= 4 && (f[2] == "T" || f[2] == "t") {
			size, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				return Cost{}, fmt.Errorf("go tool nm wrote %q", line)
			}
			cost.Functions++
			cost.Code += size
		}
	}
	return cost, nil
}
