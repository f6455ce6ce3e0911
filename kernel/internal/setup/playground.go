package setup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convbook/kernel/internal/progress"
	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// Playground is what the page needs in which networks are trained: the program for its Worker, images, the script
// of Go's that starts such programs, and for the index a figure, as SVG.
type Playground struct {
	Program, Images []byte
	WasmExec        string
	Cover           []byte
}

// BuildPlayground builds it from pkg/playground, which Go's own cache makes quick the second time.
func BuildPlayground(ctx context.Context, root string, log io.Writer) (p Playground, err error) {
	t := &Tools{Root: root}
	if t.goCommand, err = findGo(); err != nil {
		return p, err
	}
	if t.goEnv, _, err = goEnvironment(t.goCommand, root); err != nil {
		return p, err
	}
	cache, err := private.Folder("kernel")
	if err != nil {
		return p, err
	}
	folder, err := os.MkdirTemp(cache, building)
	if err != nil {
		return p, err
	}
	defer private.Remove(folder)
	if p.WasmExec, err = t.wasmExec(ctx); err != nil {
		return p, err
	}
	if err := progress.Run(log, "Playground", func(step *progress.Step) error {
		program := filepath.Join(folder, "playground.wasm")
		if err := t.compileForBrowsers(ctx, step, folder, program, "./pkg/playground"); err != nil {
			return t.mend(err, "the program of the playground could not be built")
		}
		p.Program, err = os.ReadFile(program)
		return err
	}); err != nil {
		return p, err
	}
	return p, progress.Run(log, "Images", func(step *progress.Step) error {
		images, cover := filepath.Join(folder, "images.zip"), filepath.Join(folder, "cover.svg")
		var said []string
		if err := t.run(ctx, root, []string{"GOTMPDIR=" + folder}, func(line string) bool {
			name, title, _ := strings.Cut(line, ": ")
			known := slices.Contains(dataSets, name)
			if known {
				said = append(said, title)
			}
			return known
		}, "run", "./pkg/playground/images", "-into", images, "-cover", cover); err != nil {
			return fmt.Errorf("the images of the playground could not be packed: %w", err)
		}
		step.Found(strings.Join(said, ", "))
		if p.Images, err = os.ReadFile(images); err != nil {
			return err
		}
		p.Cover, err = os.ReadFile(cover)
		return err
	})
}

// compileForBrowsers builds a program as WebAssembly, without what debuggers read and without the names of this machine's folders.
func (t *Tools) compileForBrowsers(ctx context.Context, step *progress.Step, tmp, out, name string) error {
	var c compilation
	step.Watch(c.state)
	return t.run(ctx, t.Root, []string{"GOTMPDIR=" + tmp, "GOOS=js", "GOARCH=wasm", "GOWASM="}, c.done,
		"build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-v", "-o", out, name)
}

// wasmExec returns the script that starts a program which this Go has compiled for browsers.
func (t *Tools) wasmExec(ctx context.Context) (string, error) {
	root := ""
	if err := t.run(ctx, t.Root, nil, func(line string) bool {
		root = line
		return true
	}, "env", "GOROOT"); err != nil {
		return "", err
	}
	path := filepath.Join(root, "lib", "wasm", "wasm_exec.js")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", remedy.Errorf(mendGo, "this Go comes without %s, which programs in browsers need", path)
	}
	return string(text), err
}
