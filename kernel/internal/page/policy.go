package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
)

//go:embed page.js
var script string

// scriptElement is the one script of a page.
var scriptElement = template.HTML("<script>" + script + "</script>")

// securityPolicy is what a page allows: pictures that it holds, its own style sheet, and its
// own script, named by its digest. No other script runs, whatever an output holds.
var securityPolicy = func() string {
	digest := sha256.Sum256([]byte(script))
	return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'; base-uri 'none'; form-action 'none'"
}()
