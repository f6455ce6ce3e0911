package setup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// AddCompletion gives the kernel what completes names: gopls, and before it the
// program of kernel/completion, which keeps cells from waiting for it. Only people at
// a keyboard need it; running notebooks does without. The error is that there will
// be no completion; everything else works.
func (t *Tools) AddCompletion(ctx context.Context, log io.Writer) error {
	bin, there, err := Completion(t.Root)
	if err != nil {
		return err
	}
	if err := step(log, "Completion", func() error {
		if there {
			return nil
		}
		return t.buildCompletion(ctx, bin)
	}); err != nil {
		return err
	}
	for i, entry := range t.Env {
		if path, ok := strings.CutPrefix(entry, "PATH="); ok {
			t.Env[i] = "PATH=" + bin + string(filepath.ListSeparator) + path
		}
	}
	return nil
}

// Completion returns the folder of the programs that complete names, and whether
// they are there already. Its name depends on everything that they are built from.
func Completion(root string) (bin string, built bool, err error) {
	sources, err := filepath.Glob(filepath.Join(root, "kernel", "completion", "*.go"))
	if err != nil {
		return "", false, err
	}
	tools := filepath.Join(root, "kernel", "tools", "gopls")
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, path := range append(sources, filepath.Join(tools, "go.mod"), filepath.Join(tools, "go.sum")) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", false, fmt.Errorf("the clone is not whole: %w; clone it again", err)
		}
		sum.Write(text)
	}
	cache, err := Cache("kernel")
	if err != nil {
		return "", false, err
	}
	bin = filepath.Join(cache, "completion-"+hex.EncodeToString(sum.Sum(nil)[:8]))
	return bin, completes(bin), nil
}

func completes(bin string) bool {
	for _, path := range []string{"gopls", filepath.Join("real", "gopls")} {
		if _, err := os.Stat(filepath.Join(bin, path+executable)); err != nil {
			return false
		}
	}
	return true
}

func (t *Tools) buildCompletion(ctx context.Context, bin string) error {
	temp, err := os.MkdirTemp(filepath.Dir(bin), "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	err = t.run(ctx, filepath.Join(t.Root, "kernel", "tools", "gopls"), "build", "-mod=readonly", "-ldflags=-s",
		"-o", filepath.Join(temp, "real")+string(filepath.Separator), "golang.org/x/tools/gopls")
	if err != nil {
		return fmt.Errorf("gopls could not be built: %w; connect to the network and run again", err)
	}
	err = t.run(ctx, t.Root, "build", "-mod=readonly", "-ldflags=-s", "-o", filepath.Join(temp, "gopls"+executable), "./kernel/completion")
	if err != nil {
		return fmt.Errorf("the program before gopls could not be built: %w", err)
	}
	if err := os.Rename(temp, bin); err != nil && !completes(bin) {
		return err
	}
	return nil
}
