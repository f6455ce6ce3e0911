package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
)

// measureDevice runs the row gpu. That is a program of its own, because it loads a library
// of the system: this one runs where there is none.
func measureDevice(ctx context.Context, o options, out, log io.Writer) error {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("the row %s is a program of its own, which needs Go here: build it elsewhere by CGO_ENABLED=0 go build ./pkg/benchmark/gpu", onDevice)
	}
	args := []string{"run", "convbook/pkg/benchmark/gpu", "-device", o.device, "-python", o.python}
	if o.quick {
		args = append(args, "-quick")
	}
	if o.json {
		args = append(args, "-json")
	}
	run := exec.CommandContext(ctx, goCommand, args...)
	run.Stdout, run.Stderr = out, log
	if err := run.Run(); err != nil {
		return fmt.Errorf("the row %s: %w", onDevice, err)
	}
	return nil
}
