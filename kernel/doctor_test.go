package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNotes looks at a course whose one notebook is in English alone.
func TestNotes(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":             "module convbook\n",
		"notebooks/01.ipynb": `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": "Seven words of English and none more"}]}`,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(root)
	if said := notes(); len(said) != 1 || said[0].what != "01" || !said[0].aside || !strings.Contains(said[0].state, "no Korean") {
		t.Errorf("noted %v", said)
	}
}

func TestProcessors(t *testing.T) {
	for _, c := range []struct {
		used, there int
		want        string
	}{{1, 1, "1 processor"}, {8, 8, "8 processors"}, {16, 2, "2 processors"}, {2, 64, "2 of 64 processors, by GOMAXPROCS or the limit of a container"}} {
		if got := processors(c.used, c.there); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.used, c.there, got, c.want)
		}
	}
}
