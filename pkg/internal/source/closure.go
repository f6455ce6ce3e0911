package source

import (
	"go/token"
	"slices"
	"strings"
)

// leadsTo returns the text of the function that begins on a line of a file, and of all
// declarations that its names lead to. Of a literal that is what stands between its
// braces and, for the variables around it, the statements before it that name them.
func (p *program) leadsTo(file string, line int, literal bool) ([]string, error) {
	root := -1
	for i, d := range p.all {
		if d.file == file && d.words[0].line <= line && line <= d.words[len(d.words)-1].line {
			root = i
		}
	}
	if root < 0 {
		return nil, errNotFound
	}
	w := walk{p: p, taken: map[int]bool{}, seen: map[string]bool{}}
	if !literal {
		w.take(root)
		return w.found, nil
	}
	words := p.all[root].words
	first, last := literalsOn(words, line)
	if first < 0 {
		return nil, errNotFound
	}
	w.around = statements(words[:first])
	w.follow(words[first:last])
	return w.found, nil
}

// literalsOn returns from where to where the function literals go that begin on a line.
func literalsOn(words []word, line int) (first, last int) {
	first = -1
	for i, w := range words {
		if w.line != line || w.token != token.FUNC {
			continue
		}
		if first < 0 {
			first = i
		}
		last = max(last, endOfLiteral(words, i))
	}
	return first, last
}

// endOfLiteral returns the place behind the closing brace of a literal's body.
func endOfLiteral(words []word, at int) int {
	depth, inBody := 0, false
	for i := at; i < len(words); i++ {
		if words[i].token == token.LBRACE && depth == 0 {
			before := words[i-1].token
			inBody = before != token.STRUCT && before != token.INTERFACE
		}
		if depth = depthAfter(depth, words[i]); depth == 0 && inBody && words[i].token == token.RBRACE {
			return i + 1
		}
	}
	return len(words)
}

// control are the words after which a brace begins statements, not a value.
var control = []token.Token{token.IF, token.ELSE, token.FOR, token.SWITCH, token.SELECT, token.CASE, token.DEFAULT, token.FUNC}

// statements divides the words of a function, up to some place in it, into statements and
// the heads of blocks. Composite values and function literals belong to the statement
// that they stand in. The statement that is not complete at the end is left out.
func statements(words []word) [][]word {
	for len(words) > 0 && words[0].token != token.LPAREN {
		words = words[1:] // the function's own name leads to itself
	}
	var parts [][]word
	first, depth := 0, 0
	head := true // of a block, so that a brace ends it: at first that of the function
	for i, w := range words {
		ends := depth == 0 && (w.token == token.SEMICOLON || w.token == token.COLON && isCase(words[first]) ||
			w.token == token.LBRACE && (i == first || head && (len(parts) == 0 || !ofLiteral(words[first:i]))) || w.token == token.RBRACE)
		if !ends {
			depth = depthAfter(depth, w)
			continue
		}
		parts = append(parts, words[first:i])
		if first = i + 1; first < len(words) {
			head = slices.Contains(control, words[first].token)
		}
	}
	return parts
}

// ofLiteral reports whether a brace behind the words begins the values of a slice, an
// array or a map, as one can in the head of a block: "range []int{1, 2}".
func ofLiteral(words []word) bool {
	at := len(words) - 1
	for at >= 0 && (words[at].token == token.IDENT || words[at].token == token.PERIOD || words[at].token == token.MUL) {
		at--
	}
	return at >= 0 && at < len(words)-1 && words[at].token == token.RBRACK
}

func isCase(w word) bool { return w.token == token.CASE || w.token == token.DEFAULT }

// predeclared are names that lead nowhere.
var predeclared = strings.Fields("_ any append bool byte cap clear close complex64 complex128 copy delete error false float32 float64 " +
	"int int8 int16 int32 int64 iota len make max min new nil panic print println real imag recover rune string true " +
	"uint uint8 uint16 uint32 uint64 uintptr")

// walk follows names to declarations.
type walk struct {
	p      *program
	around [][]word // statements before a literal
	taken  map[int]bool
	seen   map[string]bool
	found  []string
}

func (w *walk) take(declaration int) {
	if !w.taken[declaration] {
		w.taken[declaration] = true
		w.follow(w.p.all[declaration].words)
	}
}

func (w *walk) follow(words []word) {
	w.found = append(w.found, text(words))
	for i, name := range words {
		if name.token != token.IDENT || i > 0 && words[i-1].token == token.PERIOD || w.seen[name.text] || slices.Contains(predeclared, name.text) {
			continue
		}
		w.seen[name.text] = true
		for _, d := range w.p.named[name.text] {
			w.take(d)
		}
		for _, s := range w.around {
			if changes(s, name.text) {
				w.follow(s)
			}
		}
	}
}

// changes reports whether a statement can change a variable of that name: it stands
// before an assignment, or first, or among the parameters of a function.
func changes(statement []word, name string) bool {
	assigned := slices.IndexFunc(statement, func(w word) bool {
		return w.token == token.ASSIGN || w.token == token.DEFINE || w.token.IsOperator() && strings.HasSuffix(w.text, "=") && len(w.text) > 1 && !comparison[w.token]
	})
	for i, w := range statement {
		if w.token != token.IDENT || w.text != name || i > 0 && statement[i-1].token == token.PERIOD {
			continue
		}
		if i == 0 || i < assigned || statement[0].token == token.LPAREN || statement[0].token == token.VAR {
			return true
		}
	}
	return false
}

var comparison = map[token.Token]bool{token.EQL: true, token.NEQ: true, token.LEQ: true, token.GEQ: true}
