package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// copyCourse copies the clone, with other notebooks, so that JupyterLab can save them.
func copyCourse(t *testing.T, notebooks map[string]string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "course")
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, _ := filepath.Rel(root, path)
		if entry.IsDir() {
			switch relative {
			case ".git", "out", "notebooks", "kernel/browser":
				return filepath.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, relative), 0o755)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, relative), content, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(to, "notebooks"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range notebooks {
		if err := os.WriteFile(filepath.Join(to, "notebooks", name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// lab is a running `go run ./kernel lab`.
type lab struct{ address, token string }

var address = regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/lab\?token=([0-9a-f]+)`)

// startLab starts JupyterLab on a course, making its private environment the first
// time, and ends it with the test. It skips where there is no JupyterLab to be had.
func startLab(t *testing.T, course string) lab {
	t.Helper()
	program := filepath.Join(t.TempDir(), "kernel")
	build := exec.Command("go", "build", "-o", program, "./kernel")
	build.Dir = course
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.Command(program, "lab", "--no-browser")
	cmd.Dir = course
	settings := t.TempDir()
	cmd.Env = append(os.Environ(), "CONVBOOK_DATA=stand-in", "JUPYTER_CONFIG_DIR="+settings, "JUPYTERLAB_SETTINGS_DIR="+filepath.Join(settings, "lab"),
		"JUPYTERLAB_WORKSPACES_DIR="+filepath.Join(settings, "workspaces"), "CONVBOOK_RUNS="+t.TempDir())
	var out output
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			cmd.Process.Kill()
			t.Error("the lab did not end within 20 s of Ctrl-C")
		}
		if t.Failed() {
			t.Logf("the lab said:\n%s", &out)
		}
	})
	deadline := time.After(8 * time.Minute) // for the installation
	for {
		if found := address.FindStringSubmatch(out.String()); found != nil {
			return lab{found[1], found[2]}
		}
		select {
		case err := <-ended:
			ended <- err
			if strings.Contains(out.String(), "private environment") || strings.Contains(out.String(), "install uv") {
				t.Skipf("skipped: no JupyterLab to be had here: %s", &out)
			}
			t.Fatalf("the lab ended: %v: %s", err, &out)
		case <-deadline:
			t.Fatalf("JupyterLab did not start: %s", &out)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// connected reports whether the kernel of a notebook has a front end.
func (l lab) connected(t *testing.T, notebook string) bool {
	t.Helper()
	response, err := http.Get(l.address + "/api/sessions?token=" + l.token)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var sessions []struct {
		Path   string
		Kernel struct{ Connections int }
	}
	if err := json.NewDecoder(response.Body).Decode(&sessions); err != nil {
		t.Fatal(err)
	}
	for _, s := range sessions {
		if s.Path == notebook && s.Kernel.Connections > 0 {
			return true
		}
	}
	return false
}

// output gathers what a process prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// chromium finds a browser, or skips.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("skipped: needs Chromium on PATH")
	return ""
}

// eventually waits until a condition holds.
func eventually(ctx context.Context, t *testing.T, what string, limit time.Duration, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) || ctx.Err() != nil {
			t.Fatalf("it never came: %s", what)
		}
	}
}

// notebook makes the text of a notebook of code cells.
func notebook(cells ...string) string {
	var b strings.Builder
	b.WriteString(`{"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "convbook", "display_name": "Go (convbook)", "language": "go"}, "language_info": {"name": "go"}}, "cells": [`)
	for i, source := range cells {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(`{"cell_type": "code", "id": "cell-` + string(rune('a'+i)) + `", "metadata": {}, "execution_count": null, "outputs": [], "source": ` + quoted(source) + `}`)
	}
	return b.String() + "]}"
}
