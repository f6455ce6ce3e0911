package house

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestImportsFollowTheMap holds the imports of the public rooms of pkg to the map in
// CONTRIBUTING.md, both ways: an import that the map lacks fails, and so does
// a line of the map that no import bears out.
func TestImportsFollowTheMap(t *testing.T) {
	drawn := importMap(t)
	found := map[string][]string{}
	for _, f := range sources(t) {
		from, ok := strings.CutPrefix(f.dir(), "pkg/")
		if f.test() || !ok || !public(f.dir()) || strings.HasPrefix(from, "benchmark") {
			continue
		}
		if _, ok := found[from]; !ok {
			found[from] = nil
		}
		for _, to := range f.imports() {
			to, ours := strings.CutPrefix(to, "pkg/")
			if ours && public("pkg/"+to) && !slices.Contains(found[from], to) {
				found[from] = append(found[from], to)
			}
		}
	}
	for from, to := range found {
		slices.Sort(to)
		if got, want := fmt.Sprint(to), fmt.Sprint(drawn[from]); got != want {
			t.Errorf("pkg/%s imports %s, the map in CONTRIBUTING.md says %s", from, got, want)
		}
	}
	for from := range maps.Keys(drawn) {
		if _, ok := found[from]; !ok {
			t.Errorf("the map in CONTRIBUTING.md has pkg/%s, which does not exist", from)
		}
	}
}

// importMap reads the lines "room: import import" that stand between the
// fences of CONTRIBUTING.md's map.
func importMap(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```imports\n")
	lines, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("CONTRIBUTING.md has no ```imports block")
	}
	drawn := map[string][]string{}
	for line := range strings.Lines(lines) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			t.Fatalf("CONTRIBUTING.md: %q is no line of a map", line)
		}
		drawn[from] = strings.Fields(to)
		slices.Sort(drawn[from])
	}
	return drawn
}

// TestImportsRunDownwards follows the imports of all rooms: none may come back
// to a room above it, pkg never imports kernel, and kernel takes nothing of pkg
// but what both share.
func TestImportsRunDownwards(t *testing.T) {
	for _, f := range sources(t) {
		for _, to := range f.imports() {
			switch {
			case strings.HasPrefix(f.name, "pkg/") && strings.HasPrefix(to, "kernel"):
				t.Errorf("%s imports %s: pkg never imports kernel", f.name, to)
			case strings.HasPrefix(f.name, "kernel/") && strings.HasPrefix(to, "pkg/") && !shared(to) && !f.test():
				t.Errorf("%s imports %s: kernel shares only pkg/system and pkg/explore/js with pkg", f.name, to)
			}
		}
	}
}
