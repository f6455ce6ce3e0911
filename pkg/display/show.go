package display

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"convbook/pkg/figure"
	"convbook/pkg/internal/pipe"
)

// Markdown is text that Show renders: headings, emphasis, lists, tables, links
// and code, and formulas between dollar signs where the front end knows them.
type Markdown string

// HTML is shown as it is in a notebook, and as its source in a terminal.
type HTML string

// Show displays values in one output, in the order given. It knows *figure.Figure,
// Table, Markdown, HTML and image.Image; an array shows as NumPy prints it, and
// anything else as fmt prints it, by its String method where it has one. An output with
// a value that says by OnStandIn that it was made of a stand-in for the data, as figures
// do, is marked in the notebook's metadata: {"convbook": {"stand_in": true}}.
func Show(values ...any) {
	if len(values) == 0 {
		return
	}
	if !InNotebook() {
		for _, v := range values {
			fmt.Fprint(os.Stdout, endLine(terminalText(v)))
		}
		return
	}
	if text, ok := values[0].(Markdown); ok && len(values) == 1 {
		send(pipe.Output{Data: map[string]string{"text/markdown": string(text), "text/plain": string(text)}})
	} else {
		var html, plain strings.Builder
		script := ""
		for _, v := range values {
			html.WriteString(`<div style="margin:0.3em 0">` + htmlOf(v) + "</div>\n")
			plain.WriteString(endLine(plainText(v)))
			if _, plain := v.(*figure.Figure); plain {
				script = telling
			}
		}
		send(pipe.Output{Data: page(html.String()+script, plain.String()), StandIn: slices.ContainsFunc(values, onStandIn)})
	}
	Settle()
}

// onStandIn reports whether a value was made of a data set's stand-in.
func onStandIn(v any) bool {
	marked, ok := v.(interface{ OnStandIn() bool })
	return ok && marked.OnStandIn()
}

func endLine(text string) string {
	if strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
