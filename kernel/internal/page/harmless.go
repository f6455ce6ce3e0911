package page

import (
	"encoding/base64"
	"errors"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"convbook/pkg/explore/js"
)

// The HTML and SVG that a notebook's outputs hold is anybody's: a page takes of it what
// shows something and drops what acts or reaches beyond its place: scripts, style
// sheets, forms, frames, links to load, meta elements, positions over other parts.
// The page's Content-Security-Policy is the second line, and style sheets keep each
// output's drawing in its own box the third.
//
// A figure that answers the pointer (pkg/explore) comes through without the script that it
// brings: what stays is its kind and its content, which is base64. The script that draws it is
// the one that is compiled into this program, which puts it into the page with its digest in the
// policy. So an output that says it is ours gets a drawing of whatever content it has, and no
// more; that script reads content as anybody's.

// harmless returns what of an output's HTML a page shows. The error is that it is
// nested too deep to be read.
func harmless(text string) (template.HTML, error) {
	// The parser closes what is left open, so that no output folds or moves what follows.
	place := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(text), place)
	if err != nil {
		return "", errors.New("its HTML cannot be read")
	}
	var b strings.Builder
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			return "", errors.New("its HTML cannot be read")
		}
	}
	return template.HTML(policy().Sanitize(asPictures(b.String()))), nil
}

// harmlessSVG returns a drawing as HTML.
func harmlessSVG(text string) (template.HTML, error) {
	if at := strings.Index(text, "<svg"); at > 0 { // behind an XML declaration
		text = text[at:]
	}
	return harmless(text)
}

var (
	drawn    = regexp.MustCompile(`(?s)<svg\b[^>]*>.*?</svg>`)
	acting   = regexp.MustCompile(`(?i)<(script|style|foreignobject|image|animate|animatemotion|animatetransform|set|a|iframe|feimage)\b|\son[a-z]+\s*=|url\(\s*[^#\s]|href\s*=\s*["']?[^#"']`)
	opening  = regexp.MustCompile(`^<svg\b`)
	withXMLs = regexp.MustCompile(`^<svg\b[^>]*\sxmlns=`)
)

// asPictures shows drawings that hold more than lines, areas and words as pictures: in a
// picture nothing acts. Others stay drawings, whose titles are told under the pointer.
func asPictures(text string) string {
	return drawn.ReplaceAllStringFunc(text, func(svg string) string {
		if !acting.MatchString(svg) {
			return svg
		}
		if !withXMLs.MatchString(svg) {
			svg = opening.ReplaceAllString(svg, `<svg xmlns="http://www.w3.org/2000/svg"`)
		}
		return `<img alt="" src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString([]byte(svg)) + `">`
	})
}

// settings are what a style may set: numbers, words and colours, no address, no length
// below zero and no function but colours.
const settings = `(?:[a-zA-Z][a-zA-Z-]*|#[0-9a-fA-F]{3,8}|\d{0,4}(?:\.\d+)?(?:px|em|rem|ex|ch|pt|%|)|(?:rgb|rgba|hsl|hsla)\([\d\s,.%/]*\)|'[\w -]*'|"[\w -]*"|,|/|\s|!important)*`

var style = regexp.MustCompile(`(?i)^(?:\s*(?:` + strings.Join(strings.Fields(`
	color background background-color opacity font font-family font-size font-style font-weight font-variant font-variant-numeric line-height
	text-align text-decoration text-anchor text-indent letter-spacing white-space word-break overflow-wrap overflow overflow-x overflow-y vertical-align
	margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
	border border-top border-right border-bottom border-left border-width border-style border-color border-radius border-collapse border-spacing
	width height min-width min-height max-width max-height display flex flex-wrap flex-direction flex-grow gap row-gap column-gap
	align-items justify-content grid-template-columns grid-gap list-style list-style-type caption-side table-layout image-rendering tab-size
	fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset
	stop-color stop-opacity dominant-baseline paint-order vector-effect`), "|") + `)\s*:` + settings + `(?:;|$))*\s*$`)

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(strings.Fields(`div span p br hr h1 h2 h3 h4 h5 h6 pre code strong em b i u s del ins sub sup small mark kbd samp var q cite abbr
		blockquote ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td figure figcaption details summary`)...)
	p.AllowAttrs("style").Matching(style).Globally()
	p.AllowAttrs("title", "lang", "role", "aria-label").Globally()
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("colspan", "rowspan", "span").Matching(regexp.MustCompile(`^\d{1,4}$`)).OnElements("td", "th", "col", "colgroup")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("td", "th", "tr", "table", "div", "p")
	p.AllowAttrs("valign").Matching(regexp.MustCompile(`^(top|middle|bottom|baseline)$`)).OnElements("td", "th", "tr")
	p.AllowAttrs("border", "cellpadding", "cellspacing", "start").Matching(regexp.MustCompile(`^\d{1,4}$`)).OnElements("table", "ol")

	p.AllowAttrs("href").Matching(regexp.MustCompile(`(?i)^(https?://|mailto:|#)`)).OnElements("a")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]+$`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^convbook-figure$`)).OnElements("img") // it is drawn for light and dark
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^convbook-figure convbook-explore$`)).OnElements("div")
	p.AllowAttrs("data-explore").Matching(regexp.MustCompile(`^(` + strings.Join(js.Kinds(), "|") + `)$`)).OnElements("div")
	p.AllowAttrs("data-values").Matching(regexp.MustCompile(`^[A-Za-z0-9+/]+={0,2}$`)).OnElements("div")
	p.AllowElements("picture") // a figure in two widths
	p.AllowNoAttrs().OnElements("picture")
	p.AllowAttrs("srcset").Matching(regexp.MustCompile(`^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$`)).OnElements("source")
	p.AllowAttrs("media").Matching(regexp.MustCompile(`^\((min|max)-width:\s*\d{1,4}(\.\d+)?(px|em|rem)\)$`)).OnElements("source")
	p.AllowAttrs("width", "height").Matching(regexp.MustCompile(`^\d{1,5}(\.\d+)?(px|%|pt|em|)$`)).OnElements("img", "source", "svg", "table", "td", "th", "col")
	p.AllowURLSchemes("http", "https", "mailto", "data")
	p.AllowRelativeURLs(true)
	p.RequireNoReferrerOnLinks(true)

	p.AllowElements(strings.Fields(`svg g path rect circle ellipse line polyline polygon text tspan title desc defs clippath lineargradient radialgradient stop marker use symbol pattern mask`)...)
	const drawing = `svg g path rect circle ellipse line polyline polygon text tspan defs clippath lineargradient radialgradient stop marker use symbol pattern mask`
	p.AllowAttrs(strings.Fields(`xmlns viewbox preserveaspectratio version id x y x1 x2 y1 y2 cx cy r rx ry fx fy dx dy d points pathlength transform width height
		fill-rule clip-rule stroke-width stroke-opacity fill-opacity opacity stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray stroke-dashoffset
		font-family font-size font-style font-weight text-anchor dominant-baseline alignment-baseline letter-spacing rotate textlength lengthadjust shape-rendering text-rendering
		offset stop-color stop-opacity gradientunits gradienttransform spreadmethod clippathunits maskunits patternunits patterntransform
		markerwidth markerheight markerunits refx refy orient vector-effect paint-order visibility`)...).Matching(regexp.MustCompile(`^[^()]*$|^(?:\s*(?:translate|scale|rotate|skewX|skewY|matrix|rgb)\([-\d\s,.e%]*\)\s*,?)+$`)).OnElements(strings.Fields(drawing)...)
	p.AllowAttrs("fill", "stroke", "clip-path", "mask", "marker-start", "marker-mid", "marker-end").
		Matching(regexp.MustCompile(`^(?:[a-zA-Z]+|#[0-9a-fA-F]{3,8}|(?:rgb|rgba|hsl)\([\d\s,.%]*\)|url\(#[\w.-]+\))$`)).OnElements(strings.Fields(drawing)...)
	p.AllowAttrs("href", "xlink:href").Matching(regexp.MustCompile(`^#[\w.-]+$`)).OnElements("use", "lineargradient", "radialgradient")
	p.AllowNoAttrs().OnElements(append(strings.Fields(drawing), "span", "title", "desc")...)
	return p
})
