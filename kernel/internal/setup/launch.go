package setup

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"convbook/kernel/internal/progress"
)

var launch = []string{"launch"}

// AddLaunch builds the program by which Jupyter and VS Code start the kernel, so that
// what a killed kernel leaves behind can be found. (kernel/launch)
func (t *Tools) AddLaunch(ctx context.Context, log io.Writer) error {
	bin, err := builtFrom(t.Root, "launch-", "go.mod", "kernel/launch/*.go", "kernel/internal/*/*.go")
	if err != nil {
		return err
	}
	t.launch = filepath.Join(bin, launch[0]+executable)
	return t.make(ctx, log, "Launcher", bin, launch, func(step *progress.Step, at place) error {
		err := t.compile(ctx, step, t.Root, at.tmp, at.bin+string(filepath.Separator), "./kernel/launch")
		if err != nil {
			return fmt.Errorf("the program that starts the kernel could not be built: %w; %s", err, Mend(err))
		}
		return nil
	})
}

// Launch returns the command line by which others start the kernel.
func (t *Tools) Launch(connectionFile string) []string {
	return append([]string{t.launch}, t.Command(connectionFile)...)
}
