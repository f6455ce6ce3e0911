// Package tex turns the mathematics of a notebook, written in TeX as Jupyter takes
// it, into MathML, which browsers draw by themselves: no script, nothing to load.
//
// It knows what a course on networks writes: scripts, fractions, roots, Greek,
// sums and limits, accents, words, brackets that grow, matrices and cases. What it
// does not know is an error, never a wrong formula.
//
// It is written here because no Go library does this for the course's formulas. Of those
// looked at in November 2026, treeblood, the most complete, wants braces or blanks around
// all arguments, so that \frac12 is not what it is in TeX, knows no switches such as
// \displaystyle, needs a style sheet of its own for Chromium, and is in no module proxy
// that could be reached; go-latex draws pictures, which readers cannot enlarge or hear;
// KaTeX by WebAssembly brings a runtime that is larger than the rest of this program.
package tex

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// deepest is how far braces and commands may be nested.
const deepest = 50

// MathML returns the formula as a <math> element, on a line of its own if display
// is true. The error says what in the source is not understood.
func MathML(source string, display bool) (string, error) {
	p := &parser{rest: source}
	row, err := p.row()
	if err == nil && p.peek() != "" {
		err = fmt.Errorf("%q has no beginning", p.peek())
	}
	if err != nil {
		return "", fmt.Errorf("tex: %w", err)
	}
	attribute := ""
	if display {
		attribute = ` display="block"`
	}
	return "<math" + attribute + ">" + row + "</math>", nil
}

// parser reads a formula from its beginning. Its methods return MathML.
type parser struct {
	rest     string
	depth    int
	optional bool            // inside [ ] of a root
	letter   func(rune) rune // of the alphabet in force, such as bold; nil: the usual one
}

// peek returns the next token, "" at the end: \name, a number, or one character.
func (p *parser) peek() string {
	p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace)
	s := p.rest
	switch {
	case s == "":
		return ""
	case s[0] == '\\' && len(s) > 1:
		n := 1
		for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z') {
			n++
		}
		if n > 1 {
			return s[:n]
		}
		_, size := utf8.DecodeRuneInString(s[1:])
		return s[:1+size]
	case digit(s[0]):
		n := 1
		for n < len(s) && (digit(s[n]) || s[n] == '.' && n+1 < len(s) && digit(s[n+1])) {
			n++
		}
		return s[:n]
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func (p *parser) next() string {
	token := p.peek()
	p.rest = p.rest[len(token):]
	return token
}

// ends reports whether a token ends a row; who began the row takes it.
func (p *parser) ends(token string) bool {
	switch token {
	case "", "}", "&", `\\`, `\right`, `\end`:
		return true
	case "]":
		return p.optional
	}
	return false
}

// row reads as far as something that ends it, as one element.
func (p *parser) row() (string, error) {
	var parts []string
	for !p.ends(p.peek()) {
		part, err := p.scripted()
		if err != nil {
			return "", err
		}
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return "<mrow>" + strings.Join(parts, "") + "</mrow>", nil
}

// scripted reads an atom with what stands below and above it.
func (p *parser) scripted() (string, error) {
	token := p.peek()
	base, under := "<mrow></mrow>", stacked[token]
	if token != "^" && token != "_" && token != "'" {
		var err error
		if base, err = p.atom(); err != nil {
			return "", err
		}
	}
	var below, above string
	for {
		sign := p.peek()
		var script *string
		switch sign {
		case "_":
			script = &below
		case "^", "'":
			script = &above
		default:
			return withScripts(base, below, above, under) + p.applied(token), nil
		}
		if *script != "" {
			return "", fmt.Errorf("a second %q on the same sign", sign)
		}
		var err error
		if sign == "'" {
			*script = p.primes()
			continue
		}
		p.next()
		if *script, err = p.argument(); err != nil {
			return "", err
		}
	}
}

func (p *parser) primes() string {
	n := 0
	for p.peek() == "'" {
		p.next()
		n++
	}
	return "<mo>" + strings.Repeat("′", n) + "</mo>"
}

func withScripts(base, below, above string, under bool) string {
	name := "sub sup"
	if under {
		name = "under over"
	}
	low, high, _ := strings.Cut(name, " ")
	switch {
	case below != "" && above != "":
		return "<m" + low + high + ">" + base + below + above + "</m" + low + high + ">"
	case below != "":
		return "<m" + low + ">" + base + below + "</m" + low + ">"
	case above != "":
		return "<m" + high + ">" + base + above + "</m" + high + ">"
	}
	return base
}

// applied is the small gap between the name of a function and what it is of.
func (p *parser) applied(token string) string {
	if !isFunction(token) {
		return ""
	}
	switch next := p.peek(); {
	case p.ends(next), next == "(", next == "[", next == `\left`:
		return "<mo>\u2061</mo>"
	}
	return "<mo>\u2061</mo>" + space("0.167em")
}

func isFunction(token string) bool {
	return strings.HasPrefix(token, `\`) && functions[token[1:]]
}

// argument reads what a command or a script applies to: a group or one atom.
func (p *parser) argument() (string, error) {
	token := p.peek()
	switch {
	case p.ends(token):
		return "", errors.New("something is missing at the end of a part")
	case token == "^" || token == "_":
		return "", fmt.Errorf("%q where a sign is wanted", token)
	case digit(token[0]): // in TeX x^12 is x^1 followed by 2
		p.rest = p.rest[1:]
		return "<mn>" + token[:1] + "</mn>", nil
	}
	return p.atom()
}

// atom reads one thing without its scripts.
func (p *parser) atom() (string, error) {
	if p.depth++; p.depth > deepest {
		return "", errors.New("it is nested too deep")
	}
	defer func() { p.depth-- }()
	token := p.next()
	r, _ := utf8.DecodeRuneInString(token)
	switch {
	case token == "{":
		return p.group()
	case token == `\`:
		return "", errors.New("a lone \\ at the end")
	case token[0] == '\\':
		return p.command(token[1:])
	case digit(token[0]):
		return "<mn>" + p.alphabet(token) + "</mn>", nil
	case unicode.IsLetter(r):
		return "<mi>" + html.EscapeString(p.alphabet(token)) + "</mi>", nil
	}
	return operator(token)
}

// group reads what follows a { as far as its }.
func (p *parser) group() (string, error) {
	before := p.optional
	p.optional = false
	row, err := p.row()
	p.optional = before
	if err == nil && p.next() != "}" {
		err = errors.New("a { without its }")
	}
	return row, err
}

// words reads a group as text, not as a formula.
func (p *parser) words() (string, error) {
	if p.next() != "{" {
		return "", errors.New("words need braces around them")
	}
	depth := 1
	for i := 0; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				text := p.rest[:i]
				p.rest = p.rest[i+1:]
				return html.EscapeString(spaced(literal.Replace(text))), nil
			}
		}
	}
	return "", errors.New("a { without its }")
}

// spaced keeps the space at the ends of words, between them and a formula: a page would
// leave it out.
func spaced(words string) string {
	inner := strings.Trim(words, " ")
	if inner == words || inner == "" {
		return words
	}
	if strings.HasPrefix(words, " ") {
		inner = "\u00a0" + inner
	}
	if strings.HasSuffix(words, " ") {
		inner += "\u00a0"
	}
	return inner
}

// literal undoes what TeX wants before signs of its own.
var literal = strings.NewReplacer(`\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\$`, "$", `\{`, "{", `\}`, "}", `\ `, "\u00a0", "~", "\u00a0", "{", "", "}", "")

func (p *parser) alphabet(text string) string {
	if p.letter == nil {
		return text
	}
	return strings.Map(p.letter, text)
}

func space(width string) string { return `<mspace width="` + width + `"></mspace>` }
