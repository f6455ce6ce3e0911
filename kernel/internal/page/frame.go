package page

import "html/template"

// Frame is what a page of another room has in common with those of notebooks: the style sheet and the script that
// remembers the language.
type Frame struct {
	Policy string // of a page that runs that script and the scripts that are named, and loads nothing
	Style  template.CSS
	Script template.HTML
}

// FrameFor returns the frame of a page with scripts of its own.
func FrameFor(scripts ...string) (Frame, error) {
	style, err := stylesheet()
	if err != nil {
		return Frame{}, err
	}
	return Frame{Policy: policyFor(append([]string{script}, scripts...)...), Style: template.CSS(style), Script: scriptElement}, nil
}

// Template reads the text of such a page. It may use the templates "switch", of the language, and "words-course", the
// words of a link to the index.
func Template(text string) *template.Template {
	return template.Must(template.Must(template.New("page").Parse(sharedText)).Parse(text))
}
