package main

import (
	"errors"
	"strings"
	"testing"
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
