package main

import (
	"os"
	"testing"
	"time"

	"convbook/kernel/internal/setup"
)

// TestSteps runs every step of our kernel once: each is a cell that works.
func TestSteps(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a kernel: not with -short")
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := setup.Prepare(t.Context(), root, os.Stderr)
	if err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	list := []program{{"convbook", tools.Command, tools.Env, goLesson}}
	table := newTable(list)
	if err := table.warm(t.Context(), list[0], int(time.Now().UnixMilli()%1_000_000)); err != nil {
		t.Fatal(err)
	}
	for step, want := range map[string]int{firstAnswer: 1, wholeNotebook: 1, trivialCell: 3, plotCell: 3} {
		if times := table.times[step]["convbook"]; len(times) != want || median(times) <= 0 {
			t.Errorf("%s: %v, want %d times", step, times, want)
		}
	}
	if table.times[wholeNotebook]["convbook"][0] <= table.times[firstAnswer]["convbook"][0] {
		t.Errorf("the whole notebook took %v, less than the first answer", table.times[wholeNotebook])
	}
}
