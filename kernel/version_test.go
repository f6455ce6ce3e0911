package main

import (
	"os"
	"regexp"
	"testing"
)

// The version that the command prints is the newest of the changelog.
func TestVersion(t *testing.T) {
	text, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## ([0-9]+\.[0-9]+\.[0-9]+) · \d{4}-\d\d-\d\d$`).FindSubmatch(text)
	if newest == nil {
		t.Fatal("CHANGELOG.md names no version")
	}
	if got := string(newest[1]); got != version {
		t.Errorf("CHANGELOG.md has %s, the command %s", got, version)
	}
}
