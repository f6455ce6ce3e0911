package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestDevicesFound(t *testing.T) {
	if f := devicesFound("NVIDIA H200 (GPU, OpenCL 3.0 CUDA)\nother (processor, OpenCL 3.0)\n", "", nil); f.aside || f.mend != "" || !strings.HasPrefix(f.state, "NVIDIA H200 (GPU") || !strings.Contains(f.state, "; other") {
		t.Errorf("two devices: %+v", f)
	}
	f := devicesFound("", "gpu: no OpenCL here (tried x): install the driver of your graphics card\n드라이버\nexit status 1\n", errors.New("exit status 1"))
	if !f.aside || !strings.Contains(f.state, "install the driver") || strings.Contains(f.state, "\n") || strings.Contains(f.state, "exit status") {
		t.Errorf("no driver: %+v", f)
	}
	if f := devicesFound("", "", errors.New("signal: killed")); !f.aside || !strings.Contains(f.state, "signal: killed") {
		t.Errorf("a driver that ends the program: %+v", f)
	}
}

// A driver that hangs does not hold doctor up: the program that asks it ends with the go
// command that started it.
func TestADriverHangs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the go command that hangs is a script for sh")
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "go"), []byte("#!/bin/sh\nsleep 60\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	ctx, stop := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer stop()
	began := time.Now()
	if f := deviceFinding(ctx, folder); !f.aside || time.Since(began) > 50*time.Second {
		t.Errorf("after %v: %+v", time.Since(began), f)
	}
}
