package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/sandbox"
	"convbook/pkg/system/private"
)

// class is a folder of hand-ins of notebook 00.
func class(t *testing.T, students map[string]string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("programs are built and run")
	}
	if runtime.GOOS != "linux" {
		t.Skip("there is a sandbox on Linux only")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("CONVBOOK_DATA", "stand-in")
	folder := t.TempDir()
	for student, number := range students {
		putHandIn(t, filepath.Join(folder, student, "00_start_here.ipynb"), number)
	}
	return folder
}

func putHandIn(t *testing.T, path, number string) {
	t.Helper()
	text := answered(t, number)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// answered is notebook 00 with a number for its exercise.
func answered(t *testing.T, number string) []byte {
	t.Helper()
	nb, err := notebook.Read("../notebooks/00_start_here.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells {
		if c.HasTag("exercise") && len(lesson.Checks(c.Source)) > 0 {
			c.Source = strings.Replace(c.Source, "exercise.NotYet", number, 1)
		}
	}
	text, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// said is a log that several write to, and that somebody looks at.
type said struct {
	mu   sync.Mutex
	b    bytes.Buffer
	look func(text string)
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Write(p)
	if s.look != nil {
		s.look(string(p))
	}
	return len(p), nil
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// table reads the verdicts of a table by their students.
func table(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	verdicts := map[string]string{}
	for _, row := range rows[1:] {
		verdicts[row[0]] = row[3]
	}
	return verdicts
}

// TestMark marks a class, is stopped, and goes on.
func TestMark(t *testing.T) {
	folder := class(t, map[string]string{"김민지": "100 * 28 * 28", "lee": "784", "park": "exercise.NotYet"})
	out := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log := &said{look: func(text string) {
		if strings.Contains(text, "1 of 3") {
			cancel()
		}
	}}
	command := markCommand{Names: []string{folder}, CSV: filepath.Join(out, "m.csv"), Feedback: filepath.Join(out, "pages"), Timeout: time.Minute, Jobs: 1, log: log}
	if err := command.Run(ctx); !errors.Is(err, context.Canceled) || !strings.Contains(log.String(), "not marked yet: the same command goes on") {
		t.Fatalf("stopped: %v\n%s", err, log)
	}
	if n := len(table(t, command.CSV)); n == 0 || n == 3 {
		t.Errorf("the table of a stopped marking has %d students", n)
	}
	log = &said{}
	command.log = log
	if err := command.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if n := strings.Count(log.String(), "marked before"); n == 0 || n == 3 {
		t.Errorf("%d were marked before:\n%s", n, log)
	}
	verdicts := table(t, command.CSV)
	if verdicts["김민지"] != "right" || verdicts["lee"] != "wrong" || verdicts["park"] != "not written" {
		t.Errorf("the verdicts are %v", verdicts)
	}
	page, err := os.ReadFile(filepath.Join(out, "pages", "lee.html"))
	if err != nil || !strings.Contains(string(page), "those are the pixels of one image") {
		t.Errorf("the page of a wrong answer has no hint: %v", err)
	}
	for _, path := range []string{command.CSV, command.Feedback, filepath.Join(out, "pages", "lee.html")} {
		if info, err := os.Stat(path); err != nil {
			t.Error(err)
		} else if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s: %v", path, info.Mode())
		}
	}
	putHandIn(t, filepath.Join(folder, "lee", "00_start_here.ipynb"), "78400")
	if err := command.Run(t.Context()); err != nil || table(t, command.CSV)["lee"] != "right" {
		t.Errorf("what was handed in again: %v, %v", err, table(t, command.CSV))
	}
	log = &said{}
	command.log, command.Again = log, true
	if err := command.Run(t.Context()); err != nil || strings.Contains(log.String(), "marked before") {
		t.Errorf("--again: %v\n%s", err, log)
	}
	// Notebooks of another version: what was kept is not theirs.
	log = &said{}
	command.log, command.Again, command.Course = log, false, t.TempDir()
	other := bytes.ReplaceAll(answered(t, "exercise.NotYet"), []byte("pixels in 100 images of 28 x 28"), []byte("another question"))
	if err := os.WriteFile(filepath.Join(command.Course, "00_start_here.ipynb"), other, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := command.Run(t.Context()); err != nil || strings.Contains(log.String(), "marked before") {
		t.Errorf("--course: %v\n%s", err, log)
	}
	if text, err := os.ReadFile(command.CSV); err != nil || strings.Count(string(text), "another question") != 3 {
		t.Errorf("--course: the table is\n%s", text)
	}
}

// TestMarkKnowsItsData tells results with one kind of data from those with another.
func TestMarkKnowsItsData(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	named := t.TempDir()
	for _, c := range []struct{ value, name, said string }{
		{"", "stand-in", ""}, {"stand-in", "stand-in", ""}, {named, named, ""}, {filepath.Join(named, "gone"), "", "is no folder"},
	} {
		t.Setenv("CONVBOOK_DATA", c.value)
		if _, name, err := dataFor(t.TempDir()); name != c.name || (err == nil) != (c.said == "") || err != nil && !strings.Contains(err.Error(), c.said) {
			t.Errorf("CONVBOOK_DATA=%s is %q, %v", c.value, name, err)
		}
	}
	own := filepath.Join(named, "mnist.npz")
	if err := os.WriteFile(own, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if found := closed(named); found != own && runtime.GOOS != "windows" {
		t.Errorf("of data that is not for all %q is found", found)
	}
	if err := readable(named); err != nil || closed(named) != "" {
		t.Errorf("data for all: %v, %q", err, closed(named))
	}
	data, err := private.Folder("data")
	if err != nil || !strings.HasPrefix(data, cache) {
		t.Skipf("the cache is %s, %v", data, err)
	}
	for _, set := range []string{"mnist", "fashion"} {
		if err := os.Mkdir(filepath.Join(data, set), 0o700); err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			if err := os.WriteFile(filepath.Join(data, set, strconv.Itoa(i)), []byte(set), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Setenv("CONVBOOK_DATA", "")
	folder := t.TempDir()
	copied, name, err := dataFor(folder)
	if text, _ := os.ReadFile(filepath.Join(copied, "fashion", "3")); err != nil || name != "downloaded" || string(text) != "fashion" || filepath.Dir(copied) != folder {
		t.Errorf("what was downloaded is %s in %s: %q, %v", name, copied, text, err)
	}
}

// TestMarkWatches marks what arrives, once all of it has.
func TestMarkWatches(t *testing.T) {
	folder := class(t, map[string]string{"kim": "78400"})
	ctx, cancel := context.WithCancel(t.Context())
	log := &said{}
	out := filepath.Join(t.TempDir(), "is made later")
	command := markCommand{Watch: folder, CSV: filepath.Join(out, "m.csv"), Timeout: time.Minute, log: log}
	ended := make(chan error, 1)
	go func() { ended <- command.Run(ctx) }()
	until := func(what string, f func() bool) {
		t.Helper()
		for range 1200 {
			if f() {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("%s: after two minutes\n%s", what, log)
	}
	until("a table that cannot be written", func() bool { return strings.Contains(log.String(), "this is tried again") })
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	until("what was there", func() bool { return table(t, command.CSV)["kim"] == "right" })
	whole := answered(t, "1")
	path := filepath.Join(folder, "lee", "00_start_here.ipynb")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * watchPause)
	if v := table(t, command.CSV)["lee"]; v != "" {
		t.Errorf("half of a notebook is %s", v)
	}
	if err := os.WriteFile(path, whole, 0o644); err != nil {
		t.Fatal(err)
	}
	until("what arrived", func() bool { return table(t, command.CSV)["lee"] == "wrong" })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestMarkWithoutSandbox asks for trust where nothing confines the students' programs.
func TestMarkWithoutSandbox(t *testing.T) {
	folder := class(t, map[string]string{"kim": "78400"})
	findSandbox = func(context.Context, string) (*sandbox.Sandbox, error) { return nil, errors.New("no namespaces") }
	defer func() { findSandbox = sandbox.Find }()
	command := markCommand{Names: []string{folder}, Timeout: time.Minute, log: &said{}}
	if err := command.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no namespaces") || !strings.Contains(err.Error(), "--trust") {
		t.Errorf("without a sandbox: %v", err)
	}
	log := &said{}
	command.Trust, command.log = true, log
	if err := command.Run(t.Context()); err != nil || !strings.Contains(log.String(), "no sandbox") || !strings.Contains(log.String(), "1 of  1") {
		t.Errorf("with trust: %v\n%s", err, log)
	}
}
