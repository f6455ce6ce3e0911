package display

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/png"

	"convbook/pkg/figure"
	"convbook/pkg/figure/values"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// htmlOf renders a value for a notebook. Colours are inherited, so that text is
// legible in light and dark themes.
func htmlOf(v any) string {
	switch v := v.(type) {
	case *figure.Figure:
		if v != nil {
			return figureHTML(v)
		}
	case alive:
		return v.Around(figureHTML(v.Still()))
	case Markdown:
		return markdownHTML(v)
	case HTML:
		return string(v)
	case *Table:
		if v != nil {
			return v.html()
		}
	case Tabular:
		return tableOf(v).html()
	case image.Image:
		return imageHTML(v)
	case string:
		return `<div style="white-space:pre-wrap">` + html.EscapeString(v) + `</div>`
	}
	return preformatted(plainText(v))
}

// alive is a figure that answers the pointer, as those of pkg/explore.
type alive interface {
	Still() *figure.Figure
	Around(still string) string
}

func preformatted(text string) string {
	return `<pre style="margin:0;overflow-x:auto">` + html.EscapeString(text) + `</pre>`
}

func figureHTML(f *figure.Figure) string {
	svg, err := f.SVG()
	if err != nil {
		return preformatted(err.Error())
	}
	w, h := f.Size()
	picture := img("image/svg+xml", svg, f.Description(), fmt.Sprintf(`class="convbook-figure" width="%.0f" height="%.0f" style="max-width:100%%;height:auto"`, w, h))
	narrow := f.Narrow()
	if narrow == f {
		return themed + picture
	}
	svg, err = narrow.SVG()
	if err != nil {
		return preformatted(err.Error())
	}
	w, h = narrow.Size()
	return themed + fmt.Sprintf(`<picture><source media="(max-width:%dpx)" srcset="%s" width="%.0f" height="%.0f">%s</picture>`, narrowScreen, address("image/svg+xml", svg), w, h, picture)
}

// telling is the script by which the figures of an output tell the value under the pointer.
var telling = "<script>" + values.Script() + "</script>"

// narrowScreen is the width of a screen, in CSS pixels, up to which the narrow form of a figure
// is shown. The wide one would shrink there, and its letters with it. The browser chooses, without a script;
// where picture elements are not known, or are removed, the wide one stays.
const narrowScreen = 640

// themed tells figures whether the notebook is light or dark where it has a theme of its own,
// as JupyterLab and VS Code have: a figure follows the colour scheme of its element, which
// is that of the page, or else of the system.
const themed = `<style>body[data-jp-theme-light=true] .convbook-figure,body.vscode-light .convbook-figure{color-scheme:light}` +
	`body[data-jp-theme-light=false] .convbook-figure,body.vscode-dark .convbook-figure{color-scheme:dark}</style>`

// imageHTML shows an image at about 280 pixels when it is smaller, with hard pixel
// edges.
func imageHTML(m image.Image) string {
	size := m.Bounds().Size()
	if size.X == 0 || size.Y == 0 {
		return "an image without pixels"
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return preformatted(fmt.Sprintf("display: an image of %dx%d: %v", size.X, size.Y, err))
	}
	scale := max(1, 280/max(size.X, size.Y))
	return img("image/png", b.Bytes(), fmt.Sprintf("image of %dx%d pixels · %[1]dx%[2]d픽셀 이미지", size.X, size.Y),
		fmt.Sprintf(`width="%d" height="%d" style="max-width:100%%;height:auto;image-rendering:pixelated"`, scale*size.X, scale*size.Y))
}

func img(mime string, data []byte, alt, attributes string) string {
	return fmt.Sprintf(`<img alt="%s" %s src="%s">`, html.EscapeString(alt), attributes, address(mime, data))
}

// address is one that holds the data itself.
func address(mime string, data []byte) string {
	return "data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// markdownHTML renders Markdown that shares its output with other values. HTML in
// it is left out.
func markdownHTML(text Markdown) string {
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(text), &b); err != nil {
		return preformatted(string(text))
	}
	return b.String()
}
