package mark

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"

	"convbook/kernel/internal/notebook"
)

// What the code of a hand-in may be. The course's own largest notebook has a tenth of it.
// More is made to keep the reader busy, who is no program in a sandbox.
const (
	mostCode         = 256 << 10 // bytes
	mostDeclarations = 2000
	mostDepth        = 200 // brackets in brackets, and a.b.c.…
)

// inBounds returns an error for code that is too much of something.
func inBounds(nb *notebook.Notebook) error {
	code, declared := 0, 0
	for _, c := range nb.Cells {
		if c.Kind != "code" {
			continue
		}
		if code += len(c.Source); code > mostCode {
			return fmt.Errorf("it has more than %d kB of code", mostCode>>10)
		}
		n, err := measured(declarations(c.Source))
		if err != nil {
			return err
		}
		if declared += n; declared > mostDeclarations {
			return fmt.Errorf("it has more than %d declarations", mostDeclarations)
		}
	}
	return nil
}

// measured counts what a source declares at most, and returns an error where it is too
// deep.
func measured(source string) (declared int, err error) {
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile("", files.Base(), len(source)), []byte(source), func(token.Position, string) {}, 0)
	depth, chain := 0, 0
	for {
		_, kind, _ := s.Scan()
		switch kind {
		case token.EOF:
			return declared, nil
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		case token.FUNC, token.VAR, token.TYPE, token.CONST:
			declared++
		}
		// Brackets that are closed do not end a chain: f()()().x.y
		switch kind {
		case token.SEMICOLON, token.COMMA, token.LBRACE, token.RBRACE:
			chain = 0
		case token.IDENT, token.INT, token.FLOAT, token.STRING, token.CHAR:
		default:
			chain++
		}
		if depth > mostDepth || chain > 10*mostDepth {
			return 0, errors.New("its code is nested too deep")
		}
	}
}
