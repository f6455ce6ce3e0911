package page

import (
	"fmt"
	"html/template"
)

// Limits on a page, in bytes: a browser shows it, and a reader reads it. What is left out
// is in the notebook.
const (
	pageLimit     = 64 << 20
	outputLimit   = 8 << 20   // of one output
	textLimit     = 1 << 20   // of one text
	codeLimit     = 256 << 10 // of a cell that is shown in colours
	markdownLimit = 32 << 10  // of a text that is shown as a page
)

// fitted is a part of a page if there is room for it.
func fitted(part template.HTML, left *int) template.HTML {
	if len(part) > *left {
		return leftOut(len(part))
	}
	*left -= len(part)
	return part
}

func leftOut(size int) template.HTML {
	return template.HTML(fmt.Sprintf(`<p class="left-out">%.1f MB more stand in the notebook · 나머지 %.1f MB는 노트북에 있습니다</p>`, float64(size)/1e6, float64(size)/1e6))
}
