package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestAfter(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("cells are not run here")
	}
	at := t.TempDir()
	folder := func(name string) string { return filepath.Join(at, name) }
	program := func(name string) string { return filepath.Join(at, name, "go") }
	for _, name := range []string{"a", "b", "real", "empty"} {
		if err := os.Mkdir(folder(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if name != "empty" {
			if err := os.WriteFile(program(name), []byte("#!/bin/sh\n"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct {
		self string
		path []string
		want string
	}{
		{"a", []string{"a", "real"}, "real"},
		{"a", []string{"a", "a", "empty", "real", "b"}, "real"},
		{"a", []string{"real"}, "real"}, // called by its path
		{"b", []string{"b", "a", "real"}, "a"},
		{"a", []string{"b", "a", "real"}, "real"},
		{"b", []string{"b", "a", "b", "real"}, "real"},
		{"a", []string{"b", "a", "empty"}, ""},
		{"a", []string{"a"}, ""},
	} {
		var path []string
		for _, name := range c.path {
			path = append(path, folder(name))
		}
		want := ""
		if c.want != "" {
			want = program(c.want)
		}
		if found, err := after(program(c.self), path); found != want || (err == nil) != (want != "") {
			t.Errorf("after %s in %q comes %q (%v), want %q", c.self, c.path, found, err, want)
		}
	}
	t.Chdir(at)
	if found, err := after(program("a"), []string{folder("a"), "real"}); err == nil {
		t.Errorf("%q of the folder that it works in is taken", found)
	}
}

func TestShortened(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("cells are not run here")
	}
	above := t.TempDir()
	folder := filepath.Join(above, "gonb_1")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{
		filepath.Join(above, "declared.json"): "[]",
		filepath.Join(folder, "main.go"):      "package main\n\nfunc unused() {}\n\nfunc main() {}\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	t.Setenv("GOFLAGS", "'-ldflags=-s -buildid='")
	cell := []string{"build", "-o", filepath.Join(folder, "gonb_1"), "-race"}
	overlay := "-overlay=" + filepath.Join(above, "overlay.json")
	if less := shortened(cell); len(less) != 5 || less[1] != overlay || less[4] != "-race" {
		t.Errorf("a cell is built by %q", less)
	}
	for name, args := range map[string][]string{
		"a cell of tests":      {"test", "-c", "-o", cell[2]},
		"a program of wasm":    {"build", "-o", filepath.Join(above, "files", "compiled.wasm")},
		"another overlay":      {"build", "-o", cell[2], "--overlay", "mine.json"},
		"another command":      {"get"},
		"the program's folder": {"build", "./..."},
	} {
		if less := shortened(args); less != nil {
			t.Errorf("%s is built by %q", name, less)
		}
	}
	for _, flags := range []string{"-overlay=mine.json", "-v '-overlay=m y.json'"} {
		t.Setenv("GOFLAGS", flags)
		if less := shortened(cell); less != nil {
			t.Errorf("with GOFLAGS=%s a cell is built by %q", flags, less)
		}
	}
}
