package dataset

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"convbook/pkg/dataset/internal/catalog"
)

// errUnreachable is the error of a download that reached no mirror at all.
var errUnreachable = errors.New("no mirror can be reached")

// fetch downloads the four files of a data set into a folder. It starts the program of
// the folder fetch, so that only that contains what a download needs. The program ends
// with this one, however that ends, and when ctx does.
func fetch(ctx context.Context, e *catalog.Entry, folder string, log io.Writer) error {
	if !hasNetwork() {
		return errUnreachable
	}
	return startFetch(ctx, e, folder, log)
}

func startFetch(ctx context.Context, e *catalog.Entry, folder string, log io.Writer, more ...string) error {
	root, err := sources()
	if err != nil {
		return err
	}
	args := append([]string{"run", "./pkg/dataset/fetch", "-talk", "-exactly", "-into", folder}, more...)
	cmd := exec.Command("go", append(args, e.Name)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0", "PWD="+root)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	alive, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("the program that downloads cannot be started (%w); install Go, or run `go run ./pkg/dataset/fetch %s` elsewhere", err, e.Name)
	}
	slow := time.AfterFunc(3*time.Second, func() { fmt.Fprintln(log, "The program that downloads is compiled first, once.") })
	stop := context.AfterFunc(ctx, func() { alive.Close() })
	defer stop()
	var result string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		slow.Stop()
		if text, ok := strings.CutPrefix(lines.Text(), "say "); ok {
			fmt.Fprintln(log, text)
		} else {
			result = lines.Text()
		}
	}
	slow.Stop()
	alive.Close()
	err = cmd.Wait()
	switch text, failed := strings.CutPrefix(result, "failed "); {
	case ctx.Err() != nil:
		return fmt.Errorf("the download of %s was stopped: %w", e.Title, context.Cause(ctx))
	case result == "done":
		return nil
	case result == "unreachable":
		return errUnreachable
	case failed:
		return errors.New(text)
	}
	return fmt.Errorf("the program that downloads %s ended without a result (%w): %s", e.Title, err, firstLine(complaints.String()))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// sources is the folder of the module that this package was compiled from.
func sources() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..")
	if _, err := os.Stat(filepath.Join(root, "pkg", "dataset", "fetch")); !ok || !filepath.IsAbs(file) || err != nil {
		return "", errUnreachable // a program that was carried off
	}
	return root, nil
}

// hasNetwork reports whether the machine has a network, as far as that can be known at
// once: on Linux, by an interface other than the one to itself that is not down.
func hasNetwork() bool {
	const interfaces = "/sys/class/net"
	entries, err := os.ReadDir(interfaces)
	if err != nil {
		return true
	}
	for _, e := range entries {
		if e.Name() == "lo" {
			continue
		}
		state, err := os.ReadFile(filepath.Join(interfaces, e.Name(), "operstate"))
		if err != nil || strings.TrimSpace(string(state)) != "down" {
			return true
		}
	}
	return false
}
