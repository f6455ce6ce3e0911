package js

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// scripts are those of each kind.
var scripts = map[string]func() string{"convolution": Convolution, "im2col": Im2col, "network": Network, "training": Training}

// TestJoined holds the files against what makes one script of them: each is in it, none uses one
// that comes later, and no two have a name in common.
func TestJoined(t *testing.T) {
	found, err := fs.Glob(files, "*.js")
	if err != nil || len(found) != len(order) {
		t.Fatalf("%d files, %d in order: %v", len(found), len(order), err)
	}
	names := map[string]string{}
	for i, file := range order {
		text := read(file + ".js")
		for _, m := range regexp.MustCompile(`(?m)^import [^;]*"\./(\w+)\.js";`).FindAllStringSubmatch(text, -1) {
			if at := slices.Index(order, m[1]); at < 0 || at >= i {
				t.Errorf("%s imports %s, which does not stand before it", file, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`(?m)^(?:export )?(?:async )?(?:const|let|function|class) (\w+)`).FindAllStringSubmatch(text, -1) {
			if other, taken := names[m[1]]; taken {
				t.Errorf("%s and %s have a name in common: %s", other, file, m[1])
			}
			names[m[1]] = file
		}
	}
	for _, kind := range kinds {
		if !slices.Contains(order, kind) {
			t.Errorf("no file draws %s", kind)
		}
		if script := scripts[kind](); !strings.Contains(script, `.set("`+kind+`"`) {
			t.Errorf("the script for %s does not draw it", kind)
		}
		if !strings.Contains(Whole(), `.set("`+kind+`"`) {
			t.Errorf("the whole script does not draw %s", kind)
		}
	}
}

// TestScriptStandsInAPage looks for what would end a script element early, and for what loads something.
func TestScriptStandsInAPage(t *testing.T) {
	all := Whole() + Joined(nil, "")
	text := strings.ReplaceAll(all, `"http://www.w3.org/2000/svg"`, "")
	for _, banned := range []string{"</script", "<!--", "<script", "http:", "https:", "//", "import ", "export ", "fetch(", "XMLHttpRequest", "innerHTML", "eval(", "Function(", "/**"} {
		if strings.Contains(text, banned) {
			at := strings.Index(text, banned)
			t.Errorf("the script holds %q: %s", banned, text[max(0, at-60):min(len(text), at+60)])
		}
	}
	for _, kind := range Kinds() {
		if size := len(scripts[kind]()); size > 35_000 {
			t.Errorf("the script for %s has %d bytes, which each such figure in a notebook repeats", kind, size)
		}
	}
}
