package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"convbook/pkg/system/private"
)

func TestSuperseded(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	trained, err := private.Folder("trained")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"book/01ab", "book/02ab", "book/own folder", "sweep/locks", "half/03ab"} {
		if err := os.MkdirAll(filepath.Join(trained, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(trained, "book", "last"), []byte("02ab"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := superseded(), []string{filepath.Join(trained, "book", "01ab")}; !slices.Equal(got, want) {
		t.Errorf("the runs that others took the place of are %q, want %q", got, want)
	}
}
