package tex

import (
	"errors"
	"fmt"
	"html"
	"strings"
)

// command reads what follows a command, given by its name.
func (p *parser) command(name string) (string, error) {
	if letter, ok := letters[name]; ok {
		return "<mi>" + p.alphabet(letter) + "</mi>", nil
	}
	if sign, ok := signs[name]; ok {
		return "<mo>" + html.EscapeString(sign) + "</mo>", nil
	}
	if functions[name] {
		text := name
		if of, ok := strings.CutPrefix(name, "arg"); ok && of != "" {
			text = "arg " + of
		}
		if stacked[`\`+name] {
			return `<mo movablelimits="true" lspace="0.167em" rspace="0">` + text + "</mo>", nil
		}
		return "<mi>" + text + "</mi>", nil
	}
	if width, ok := gaps[name]; ok {
		return space(width), nil
	}
	if mark, ok := accents[name]; ok {
		return p.accented(mark)
	}
	if bracket, ok := brackets[`\`+name]; ok {
		return `<mo stretchy="false">` + bracket + "</mo>", nil
	}
	switch name {
	case "frac", "dfrac", "tfrac":
		return p.two("<mfrac>", "</mfrac>")
	case "binom":
		return p.two(`<mrow><mo>(</mo><mfrac linethickness="0">`, "</mfrac><mo>)</mo></mrow>")
	case "sqrt":
		return p.root()
	case "text", "textrm", "textbf", "textit", "mbox":
		text, err := p.words()
		return "<mtext>" + text + "</mtext>", err
	case "mathrm", "operatorname", "mathsf", "mathtt":
		text, err := p.words()
		return `<mi mathvariant="normal">` + text + "</mi>", err
	case "mathbf", "boldsymbol", "bm", "mathbb", "mathcal":
		return p.inAlphabet(name)
	case "underbrace", "overbrace":
		return p.braced(name)
	case "underset", "overset", "stackrel":
		return p.set(name)
	case "left":
		return p.fenced()
	case "begin":
		return p.environment()
	case "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr":
		return "", nil
	}
	return "", fmt.Errorf("\\%s is not known", name)
}

func (p *parser) two(before, after string) (string, error) {
	first, err := p.argument()
	if err != nil {
		return "", err
	}
	second, err := p.argument()
	return before + first + second + after, err
}

func (p *parser) root() (string, error) {
	if p.peek() != "[" {
		body, err := p.argument()
		return "<msqrt>" + body + "</msqrt>", err
	}
	p.next()
	before := p.optional
	p.optional = true
	degree, err := p.row()
	p.optional = before
	if err == nil && p.next() != "]" {
		err = errors.New("a [ without its ]")
	}
	if err != nil {
		return "", err
	}
	body, err := p.argument()
	return "<mroot>" + body + degree + "</mroot>", err
}

// accented puts a mark above or, for underline, below what follows.
func (p *parser) accented(mark accent) (string, error) {
	body, err := p.argument()
	element, attribute := "mover", ` accent="true"`
	if mark.below {
		element, attribute = "munder", ` accentunder="true"`
	}
	stretchy := ` stretchy="false"`
	if mark.wide {
		stretchy = ""
	}
	return "<" + element + attribute + ">" + body + "<mo" + stretchy + ">" + mark.sign + "</mo></" + element + ">", err
}

func (p *parser) inAlphabet(name string) (string, error) {
	before := p.letter
	p.letter = alphabets[name]
	body, err := p.argument()
	p.letter = before
	return body, err
}

func (p *parser) braced(name string) (string, error) {
	body, err := p.argument()
	if name == "overbrace" {
		return "<mover>" + body + "<mo>⏞</mo></mover>", err
	}
	return "<munder>" + body + "<mo>⏟</mo></munder>", err
}

func (p *parser) set(name string) (string, error) {
	small, err := p.argument()
	if err != nil {
		return "", err
	}
	body, err := p.argument()
	if name == "underset" {
		return "<munder>" + body + small + "</munder>", err
	}
	return "<mover>" + body + small + "</mover>", err
}

// fenced reads \left( … \right): brackets as high as what they hold.
func (p *parser) fenced() (string, error) {
	open, err := p.bracket()
	if err != nil {
		return "", err
	}
	before := p.optional
	p.optional = false
	body, err := p.row()
	p.optional = before
	if err == nil && p.next() != `\right` {
		err = errors.New(`a \left without its \right`)
	}
	if err != nil {
		return "", err
	}
	closing, err := p.bracket()
	return "<mrow>" + open + body + closing + "</mrow>", err
}

func (p *parser) bracket() (string, error) {
	token := p.next()
	if token == "." {
		return "", nil
	}
	bracket, ok := brackets[token]
	if !ok {
		return "", fmt.Errorf("%q is no bracket", token)
	}
	return "<mo>" + bracket + "</mo>", nil
}

// environment reads \begin{…} … \end{…}: a table of formulas.
func (p *parser) environment() (string, error) {
	name, err := p.words()
	if err != nil {
		return "", err
	}
	form, ok := tables[name]
	if !ok {
		return "", fmt.Errorf("\\begin{%s} is not known", name)
	}
	before := p.optional
	p.optional = false
	body, err := p.table(form.align)
	p.optional = before
	if err == nil && p.next() != `\end` {
		err = fmt.Errorf("a \\begin{%s} without its \\end", name)
	}
	if err != nil {
		return "", err
	}
	if end, err := p.words(); err != nil || end != name {
		return "", fmt.Errorf("\\begin{%s} ends as \\end{%s}", name, end)
	}
	for side, sign := range []string{form.left, form.right} {
		if sign == "" {
			continue
		}
		if mo := "<mo>" + sign + "</mo>"; side == 0 {
			body = mo + body
		} else {
			body += mo
		}
	}
	return "<mrow>" + body + "</mrow>", nil
}

// table reads rows of cells. align holds the sides of the columns, in turn.
func (p *parser) table(align []string) (string, error) {
	var b strings.Builder
	b.WriteString("<mtable><mtr>")
	for column := 0; ; column++ {
		cell, err := p.row()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, `<mtd style="text-align: %s">%s</mtd>`, align[column%len(align)], cell)
		switch p.peek() {
		case "&":
			p.next()
		case `\\`:
			p.next()
			if p.peek() == `\end` { // a last line that is only ended
				b.WriteString("</mtr></mtable>")
				return b.String(), nil
			}
			b.WriteString("</mtr><mtr>")
			column = -1
		default:
			b.WriteString("</mtr></mtable>")
			return b.String(), nil
		}
	}
}
