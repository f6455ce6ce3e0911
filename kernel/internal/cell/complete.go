package cell

import (
	"errors"
	"go/scanner"
	"go/token"
	"strings"
)

// Complete says whether a cell can be run as it stands: "complete", "incomplete" where
// something is open that following lines may close, with the indentation of the next
// line, or "invalid". (Jupyter's is_complete_request)
func Complete(code string) (status, indent string) {
	c := Read(code)
	if c.Magic != "" || strings.TrimSpace(code) == "" {
		return "complete", ""
	}
	if last := c.Lines[len(c.Lines)-1]; c.special[len(c.Lines)] {
		if strings.HasSuffix(last, `\`) {
			return "incomplete", ""
		}
		if isMain(strings.TrimPrefix(last, marker)) && c.Main == len(c.Lines) {
			return "incomplete", "" // the body of main comes next
		}
	}
	switch depth, state := c.open(); state {
	case endsOpen:
		return "incomplete", strings.Repeat("\t", max(depth, 0))
	case isBroken:
		return "invalid", ""
	}
	_, _, err := c.Parse()
	if err == nil || c.Main == 0 && c.Statements() { // a console's line has no %% and may be run all the same
		return "complete", ""
	}
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 && strings.Contains(list[0].Msg, "EOF") {
		return "incomplete", ""
	}
	return "invalid", ""
}

const (
	isClosed = iota
	endsOpen
	isBroken
)

// open says how many brackets are open at the end of the cell, and whether they, a
// string or a comment, or an operator, ask for more.
func (c *Cell) open() (depth, state int) {
	text := c.text(1, len(c.Lines)+1)
	file := token.NewFileSet().AddFile("", -1, len(text))
	unfinished := false
	var s scanner.Scanner
	s.Init(file, []byte(text), func(_ token.Position, message string) {
		unfinished = unfinished || message == "raw string literal not terminated" || message == "comment not terminated"
	}, 0)
	var stack []token.Token
	last := token.SEMICOLON
	for {
		_, t, literal := s.Scan()
		if t == token.EOF {
			break
		}
		if t == token.SEMICOLON && literal == "\n" && last != token.SEMICOLON {
			last = t
			continue
		}
		last = t
		switch t {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			stack = append(stack, t)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			opened := map[token.Token]token.Token{token.RPAREN: token.LPAREN, token.RBRACK: token.LBRACK, token.RBRACE: token.LBRACE}[t]
			if len(stack) == 0 || stack[len(stack)-1] != opened {
				return 0, isBroken
			}
			stack = stack[:len(stack)-1]
		}
	}
	if unfinished || len(stack) > 0 || last.IsOperator() && asksForMore[last] {
		return len(stack), endsOpen
	}
	return 0, isClosed
}

// asksForMore are tokens at the end of a line after which Go goes on in the next.
var asksForMore = map[token.Token]bool{
	token.ADD: true, token.SUB: true, token.MUL: true, token.QUO: true, token.REM: true, token.LAND: true, token.LOR: true,
	token.COMMA: true, token.PERIOD: true, token.ASSIGN: true, token.DEFINE: true, token.EQL: true, token.LSS: true, token.GTR: true,
	token.NEQ: true, token.LEQ: true, token.GEQ: true, token.AND: true, token.OR: true, token.COLON: true,
}
