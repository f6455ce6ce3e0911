package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/process"
)

// deviceFinding names the devices that gpu.Open can train on. A program of the course is
// asked: this one loads no library of a driver, which could end it.
func deviceFinding(ctx context.Context, root string) finding {
	var out, said strings.Builder
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	ask := exec.CommandContext(ctx, "go", "run", "./pkg/gpu/devices")
	ask.Dir, ask.Stdout, ask.Stderr = root, &out, &said
	ask.Env = append(os.Environ(), "CGO_ENABLED=0")
	process.OwnGroup(ask) // a driver may hang: then the program that the go command started ends, too
	ask.WaitDelay = time.Second
	var err error
	progress.While(os.Stdout, "    devices          are looked for", func() { err = ask.Run() })
	return devicesFound(out.String(), said.String(), err)
}

// devicesFound makes a finding of what the program said.
func devicesFound(out, said string, err error) finding {
	const what = "GPU"
	if names := strings.Split(strings.TrimSpace(out), "\n"); err == nil && names[0] != "" {
		return finding{what: what, state: strings.Join(names, "; ")}
	}
	why, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(said), "gpu: "), "\n")
	if why == "" && err != nil {
		why = err.Error()
	}
	return finding{what: what, state: "none to train on: " + why, aside: true}
}
