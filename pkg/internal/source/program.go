package source

import (
	"errors"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// word is a token with its text.
type word struct {
	token token.Token
	text  string
	line  int
}

// declaration is one at the top of a file: a function, a method, or a variable,
// constants or a type with its name.
type declaration struct {
	file  string
	words []word
}

// program is a package as far as names lead to declarations.
type program struct {
	all   []declaration
	named map[string][]int // of a type its methods, too
}

var errNotFound = errors.New("the text of the function is not to be found")

// readProgram reads the files of the package that file belongs to.
func readProgram(file string) (*program, error) {
	if !filepath.IsAbs(file) {
		return nil, errNotFound
	}
	pattern := filepath.Join(filepath.Dir(file), "*.go")
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, err
	}
	p := &program{named: map[string][]int{}}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		p.add(path, wordsOf(content))
	}
	return p, nil
}

func wordsOf(content []byte) []word {
	var s scanner.Scanner
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(content))
	s.Init(file, content, nil, 0) // without comments
	var words []word
	for {
		at, kind, text := s.Scan()
		if kind == token.EOF {
			return words
		}
		if text == "" || kind == token.SEMICOLON {
			text = kind.String()
		}
		words = append(words, word{kind, text, file.Line(at)})
	}
}

// depthAfter counts open brackets.
func depthAfter(depth int, w word) int {
	switch w.token {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		return depth + 1
	case token.RPAREN, token.RBRACK, token.RBRACE:
		return depth - 1
	}
	return depth
}

// split divides words at the semicolons that stand outside of brackets.
func split(words []word) [][]word {
	var parts [][]word
	depth, first := 0, 0
	for i, w := range words {
		depth = depthAfter(depth, w)
		if w.token == token.SEMICOLON && depth == 0 {
			parts = append(parts, words[first:i])
			first = i + 1
		}
	}
	return append(parts, words[first:])
}

// add adds the declarations of a file.
func (p *program) add(file string, words []word) {
	for _, d := range split(words) {
		if len(d) < 2 {
			continue
		}
		keyword, rest := d[0], d[1:]
		switch {
		case keyword.token == token.FUNC:
			p.declare(file, d, functionName(rest))
		case rest[0].token != token.LPAREN:
			p.declare(file, d, declaredNames(rest)...)
		case keyword.token == token.CONST: // later ones repeat what stands above
			var names []string
			for _, spec := range split(rest[1 : len(rest)-1]) {
				names = append(names, declaredNames(spec)...)
			}
			p.declare(file, d, names...)
		default:
			for _, spec := range split(rest[1 : len(rest)-1]) {
				if len(spec) > 0 {
					p.declare(file, append([]word{keyword}, spec...), declaredNames(spec)...)
				}
			}
		}
	}
}

func (p *program) declare(file string, words []word, names ...string) {
	for _, name := range names {
		p.named[name] = append(p.named[name], len(p.all))
	}
	p.all = append(p.all, declaration{file, words})
}

// functionName returns the name of a function, or the receiver's type of a method.
func functionName(words []word) string {
	if words[0].token == token.IDENT {
		return words[0].text
	}
	depth, last := 0, ""
	for _, w := range words {
		switch depth = depthAfter(depth, w); {
		case depth == 0:
			return last
		case depth == 1 && w.token == token.IDENT:
			last = w.text
		}
	}
	return last
}

// declaredNames returns the names at the beginning: "a, b", or of an import the last
// part of its path.
func declaredNames(words []word) []string {
	var names []string
	for i, w := range words {
		switch {
		case w.token == token.IDENT && (i == 0 || words[i-1].token == token.COMMA):
			names = append(names, w.text)
		case w.token == token.STRING && i == 0:
			path := strings.Trim(w.text, "\"`")
			return []string{path[strings.LastIndexByte(path, '/')+1:]}
		case w.token != token.COMMA:
			return names
		}
	}
	return names
}

// text joins words by spaces.
func text(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.text)
		b.WriteByte(' ')
	}
	return b.String()
}
