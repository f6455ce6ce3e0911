// Package values holds the script that tells the value under the pointer in plain figures: points of curves, cells of
// matrices, pixels of images, bars. An SVG of package figure has its values behind the drawing; the script shows them by
// mouse, touch and arrow keys, in notebooks and pages alike. It loads nothing, and reads a figure when somebody points at it.
package values

import (
	_ "embed"
	"strings"
)

//go:embed values.min.js
var script string

// Script returns the script, in one line. It may be in a page several times.
func Script() string { return strings.TrimSpace(script) }
