package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
	"sync"

	"convbook/pkg/explore/js"
)

//go:embed page.js
var script string

// scriptElement is the one script of a page.
var scriptElement = template.HTML("<script>" + script + "</script>")

// explorer is what draws the figures that answer the pointer, at the end of a page that has any, and the
// policy of such a page. They are made when a page needs them, not when the program starts.
var explorer = sync.OnceValues(func() (policy string, element template.HTML) {
	return policyFor(script, js.Whole()), template.HTML("<script>" + js.Whole() + "</script>")
})

// explores reports whether an output holds a figure that answers the pointer.
func explores(output template.HTML) bool {
	return strings.Contains(string(output), `<div class="convbook-figure convbook-explore"`)
}

// securityPolicy is what a page allows: pictures that it holds, its own style sheet, and its
// own script, named by its digest. No other script runs, whatever an output holds.
var securityPolicy = policyFor(script)

func policyFor(scripts ...string) string {
	digests := ""
	for _, script := range scripts {
		digest := sha256.Sum256([]byte(script))
		digests += " 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src" + digests + "; base-uri 'none'; form-action 'none'"
}
