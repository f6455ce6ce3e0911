package site

import (
	"html"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convbook/kernel/internal/page"
)

// notJoined are files of js that are no part of the page's script: the Worker's, and the types of messages.
var notJoined = []string{"worker", "messages"}

// TestPageHoldsItsScript holds the modules against what makes one script of them: each is in it, none uses one that comes later, no
// two have a name in common, and nothing in them would end the element or load something.
func TestPageHoldsItsScript(t *testing.T) {
	found, err := fs.Glob(files, "js/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		if name := strings.TrimSuffix(strings.TrimPrefix(file, "js/"), ".js"); !slices.Contains(order, name) && !slices.Contains(notJoined, name) {
			t.Errorf("%s is not in the page's script", file)
		}
	}
	for i, file := range order {
		for _, m := range regexp.MustCompile(`(?m)^import [^;]*"\./(\w+)\.js";`).FindAllStringSubmatch(read(file+".js"), -1) {
			if _, err := fs.Stat(files, "js/"+m[1]+".js"); err == nil && !slices.Contains(order[:i], m[1]) {
				t.Errorf("%s imports %s, which does not stand before it", file, m[1])
			}
		}
	}
	own, imported := map[string]string{}, map[string]string{}
	for _, file := range order {
		text := read(file + ".js")
		for _, m := range regexp.MustCompile(`(?m)^(?:export )?(?:async )?(?:const|let|function|class) (\w+)`).FindAllStringSubmatch(text, -1) {
			if other, taken := own[m[1]]; taken {
				t.Errorf("%s and %s have a name in common: %s", other, file, m[1])
			}
			own[m[1]] = file
		}
		for _, m := range regexp.MustCompile(`(?m)^import \{([^}]*)\} from "\./(\w+)\.js";`).FindAllStringSubmatch(text, -1) {
			for name := range strings.SplitSeq(m[1], ",") {
				if name = strings.TrimSpace(name); !slices.Contains(order, m[2]) {
					imported[name] = file
				}
			}
		}
	}
	for name, file := range imported {
		if own[name] != "" {
			t.Errorf("%s imports %s from pkg/explore, and %s has its own", file, name, own[name])
		}
	}
	text := strings.ReplaceAll(script(), `"http://www.w3.org/2000/svg"`, "")
	for _, banned := range []string{"</script", "<!--", "<script", "http:", "https:", "//", "\nimport ", "\nexport ", "fetch(", "XMLHttpRequest", "innerHTML", "eval(", "Function(", "/**"} {
		if at := strings.Index(text, banned); at >= 0 {
			t.Errorf("the script holds %q: %s", banned, text[max(0, at-60):min(len(text), at+60)])
		}
	}
}

// TestEntry holds the playground's card of the index to a figure with words.
func TestEntry(t *testing.T) {
	index, err := page.Index([]page.Entry{Entry([]byte("<svg></svg>"))})
	if err != nil {
		t.Fatal(err)
	}
	if card := string(index); !strings.Contains(card, `src="data:image/svg&#43;xml;base64,PHN2Zz48L3N2Zz4="`) || !regexp.MustCompile(`<img class="convbook-figure" alt="What the filters[^"]*숫자\."`).MatchString(card) {
		t.Errorf("the index has no figure of the playground: %s", card[strings.Index(card, "<main>"):])
	}
}

// TestPage looks at the page: what stands in it without scripts, its policy, and that the Worker's script cannot end its element.
func TestPage(t *testing.T) {
	text, err := Page("postMessage(1)")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<noscript>", `href="index.html"`, "postMessage(1)</script>", `src="playground.wasm.js"`, "'wasm-unsafe-eval'", "worker-src blob:", "default-src 'none'", ".sheet", "한국어"} {
		if !strings.Contains(html.UnescapeString(string(text)), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if _, err := Page("x = '</Script>'"); err == nil {
		t.Error("a Worker's script that ends its element is taken")
	}
}
