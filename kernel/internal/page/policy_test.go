package page

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"regexp"
	"strings"
	"testing"
)

// TestExploringPage reads the scripts of pages with and without figures that answer the pointer: only our own, each
// named by its digest in the page's policy, and none that a notebook brought.
func TestExploringPage(t *testing.T) {
	const figure = `<div class="convbook-figure convbook-explore" data-explore="im2col" data-values="q1bK"><p>still</p></div><script>brought()</script>`
	const plain = `<img alt="" class="convbook-figure" src="data:image/svg+xml;base64,q1bK">`
	for name, c := range map[string]struct {
		page    string
		scripts int
	}{
		"no figure":      {pageOf(t, code("x", display(map[string]any{"text/html": "<p>a</p>"}))), 1},
		"one figure":     {pageOf(t, code("x", display(map[string]any{"text/html": figure}))), 2},
		"a plain figure": {pageOf(t, code("x", display(map[string]any{"text/html": plain + plain + "<script>brought()</script>"}))), 2},
		"both":           {pageOf(t, code("x", display(map[string]any{"text/html": plain + figure}))), 3},
		"two figures":    {pageOf(t, code("x", display(map[string]any{"text/html": figure}), display(map[string]any{"text/html": figure}))), 2},
		"a text of it": {pageOf(t, code("x", map[string]any{"output_type": "stream", "name": "stdout", "text": figure}),
			markdownCell("`"+figure+"`")), 1},
	} {
		scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(c.page, -1)
		policy := regexp.MustCompile(`script-src[^;]*`).FindString(html.UnescapeString(c.page))
		if len(scripts) != c.scripts || strings.Count(policy, "sha256-") != c.scripts {
			t.Errorf("%s: %d scripts and the policy %s, want %d", name, len(scripts), policy, c.scripts)
		}
		for _, script := range scripts {
			digest := sha256.Sum256([]byte(script[1]))
			if text := base64.StdEncoding.EncodeToString(digest[:]); !strings.Contains(policy, text) {
				t.Errorf("%s: the policy %s does not name the script %s…", name, policy, script[1][:60])
			}
		}
	}
}
