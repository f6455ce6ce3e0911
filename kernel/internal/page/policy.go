package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"

	"convbook/pkg/explore/js"
	"convbook/pkg/figure/values"
)

//go:embed page.js
var script string

// scriptElement is the one script of a page.
var scriptElement = template.HTML("<script>" + script + "</script>")

// drawing is what the figures of a page need.
type drawing struct{ plain, explored bool }

// add looks for figures in an output.
func (d *drawing) add(output template.HTML) {
	d.plain = d.plain || strings.Contains(string(output), ` class="convbook-figure"`)
	d.explored = d.explored || strings.Contains(string(output), `<div class="convbook-figure convbook-explore"`)
}

// scripts are those at the end of the page, by which its figures answer the pointer, and the policy of such a page.
func (d drawing) scripts() (policy string, elements template.HTML) {
	all := []string{script}
	if d.plain {
		all = append(all, values.Script())
	}
	if d.explored {
		all = append(all, js.Whole())
	}
	for _, script := range all[1:] {
		elements += template.HTML("<script>" + script + "</script>\n")
	}
	return policyFor(all...), elements
}

// securityPolicy is what a page allows: pictures that it holds, its own style sheet, and its
// own scripts, named by their digests. No other script runs, whatever an output holds.
var securityPolicy = policyFor(script)

func policyFor(scripts ...string) string {
	digests := ""
	for _, script := range scripts {
		digest := sha256.Sum256([]byte(script))
		digests += " 'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'"
	}
	return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src" + digests + "; base-uri 'none'; form-action 'none'"
}
