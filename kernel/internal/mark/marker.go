package mark

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/sandbox"
)

// Marker marks hand-ins of a course, several at a time.
type Marker struct {
	course  *Course
	box     *sandbox.Sandbox
	build   *builder
	folder  string
	data    string        // the value of CONVBOOK_DATA for checks
	timeout time.Duration // for a check

	mu     sync.Mutex
	checks map[oneCheck]func() (string, error)
}

// oneCheck is a check of an exercise, by its number.
type oneCheck struct {
	of     *Exercise
	number int
}

// Settings are what a Marker works with.
type Settings struct {
	Box       *sandbox.Sandbox
	Root      string // of the repository
	GoCommand string
	Env       []string // of the go command
	Folder    string   // an empty folder of its own
	Data      string   // the folder of the data sets, or "stand-in"
	Timeout   time.Duration
}

// NewMarker prepares the tools.
func NewMarker(ctx context.Context, course *Course, s Settings) (*Marker, error) {
	b, err := newBuilder(ctx, s.Box, s.Root, s.GoCommand, s.Env, s.Folder)
	if err != nil {
		return nil, err
	}
	return &Marker{course: course, box: s.Box, build: b, folder: s.Folder, data: s.Data, timeout: s.Timeout, checks: map[oneCheck]func() (string, error){}}, nil
}

// Result is what came of a hand-in.
type Result struct {
	Notebook string    `json:"notebook"`        // of the course
	Older    string    `json:"older,omitempty"` // the version of the course that it was made from, where that is another
	Verdicts []Verdict `json:"verdicts"`
	Answers  []Answer  `json:"answers"`
	Notes    []string  `json:"notes,omitempty"`
}

// Answer is what a student wrote for an exercise.
type Answer struct {
	Source string `json:"source"`
	Checks int    `json:"checks"` // how many verdicts belong to it
}

// Points are how many checks were passed, of how many.
func (r *Result) Points() (points, of int) {
	for _, v := range r.Verdicts {
		points += v.Points()
	}
	return points, len(r.Verdicts)
}

// Mark marks the text of a notebook. What is wrong with that is in the result; an error
// is one of this machine's.
func (m *Marker) Mark(ctx context.Context, text []byte) (*Result, error) {
	nb, err := notebook.Parse(text)
	if err != nil {
		return Unread(err), nil
	}
	if err := inBounds(nb); err != nil {
		return Unread(err), nil
	}
	n, older, err := m.course.original(nb)
	if err != nil {
		return Unread(err), nil
	}
	r := &Result{Notebook: n.Name, Older: older}
	if len(n.Exercises) == 0 {
		r.Notes = append(r.Notes, "the notebook has no exercises")
		return r, nil
	}
	declared := newest(nb)
	bad := broken(nb)
	for _, b := range bad {
		r.Notes = append(r.Notes, fmt.Sprintf("code cell %d was left out: %s", b.number, b.why))
	}
	written := map[*Exercise]bool{}
	var names []string
	for _, e := range n.Exercises {
		r.Answers = append(r.Answers, Answer{source(e, declared), len(e.Checks)})
		if touched(e, declared) {
			written[e] = true
			names = append(names, answers(e.parts.Answer)...)
		}
	}
	folder, err := os.MkdirTemp(m.folder, "hand-in-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	var all string
	if len(written) > 0 {
		all, err = m.answer(ctx, n, nb, names, filepath.Join(folder, "all"))
		if isMachines(err) {
			return nil, err
		}
	}
	for i, e := range n.Exercises {
		if !written[e] {
			v := Verdict{Outcome: NotWritten}
			if why := bad.of(e); why != "" {
				v.Outcome, v.Reason = DidNotRun, why
			} else if r.Answers[i].Source == "" {
				v.Reason = "the hand-in has no such exercise"
			}
			for _, v.Check = range e.Checks {
				r.Verdicts = append(r.Verdicts, v)
			}
			continue
		}
		answer, err := all, error(nil)
		if all == "" { // one answer is broken: which?
			answer, err = m.answer(ctx, n, nb, answers(e.parts.Answer), filepath.Join(folder, fmt.Sprint(i)))
		}
		verdicts, err := m.exercise(ctx, n, e, answer, err)
		if err != nil {
			return nil, err
		}
		r.Verdicts = append(r.Verdicts, verdicts...)
	}
	return r, nil
}

// exercise does the checks of one exercise, whose answer is a program or the error that
// it could not be built for.
func (m *Marker) exercise(ctx context.Context, n *Notebook, e *Exercise, answer string, broken error) (verdicts []Verdict, err error) {
	if broken != nil {
		if isMachines(broken) {
			return nil, broken
		}
		for _, name := range e.Checks {
			verdicts = append(verdicts, Verdict{Check: name, Outcome: DidNotRun, Reason: "it does not compile: " + broken.Error()})
		}
		return verdicts, nil
	}
	for i, name := range e.Checks {
		check, err := m.checkOf(ctx, n, oneCheck{e, i})
		if err != nil {
			return nil, fmt.Errorf("the check of %s: %w", name, err)
		}
		v, err := m.check(ctx, answer, check, name)
		if err != nil {
			return nil, err
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, nil
}

// answer builds the program that answers for some names.
func (m *Marker) answer(ctx context.Context, n *Notebook, nb *notebook.Notebook, names []string, folder string) (string, error) {
	text, err := answerProgram(n, nb, names, m.build.importing)
	if err != nil {
		return "", &compileError{err.Error()}
	}
	if err := os.Mkdir(folder, 0o755); err != nil {
		return "", err
	}
	return m.build.build(ctx, text, folder)
}

// checkOf builds the program of a check, once.
func (m *Marker) checkOf(ctx context.Context, n *Notebook, c oneCheck) (string, error) {
	m.mu.Lock()
	once := m.checks[c]
	if once == nil {
		once = sync.OnceValues(func() (string, error) {
			text, err := checkProgram(n, c.of, c.number, m.build.importing)
			if err != nil {
				return "", err
			}
			folder, err := os.MkdirTemp(m.folder, "checks-")
			if err != nil {
				return "", err
			}
			if err := os.Chmod(folder, 0o755); err != nil {
				return "", err
			}
			return m.build.build(ctx, text, folder)
		})
		m.checks[c] = once
	}
	m.mu.Unlock()
	return once()
}

// reads are the files that a check's program may read.
func (m *Marker) reads(check string) []string {
	if filepath.IsAbs(m.data) {
		return []string{check, m.data}
	}
	return []string{check}
}

// isMachines says whether an error has nothing to do with what was handed in.
func isMachines(err error) bool {
	theirs := new(compileError)
	return err != nil && !errors.As(err, &theirs)
}

// Unread is the result of what could not be read, or is of no notebook of the course.
func Unread(err error) *Result {
	return &Result{Verdicts: []Verdict{{Check: Unnamed, Outcome: DidNotRun, Reason: err.Error()}}}
}

// newest returns the text of each declaration of a notebook by the names that it
// declares. The last of one name counts, as in a run.
func newest(nb *notebook.Notebook) map[string]string {
	found := map[string]string{}
	for _, c := range nb.Cells {
		if c.Kind != "code" {
			continue
		}
		eachDeclaration(declarations(c.Source), func(name, text string) { found[name] = text })
	}
	return found
}

// eachDeclaration calls f with each name that a source declares, and the declaration's
// text in gofmt's form.
func eachDeclaration(source string, f func(name, text string)) {
	const before = "package main;"
	files := token.NewFileSet()
	all := before + source
	file, err := parser.ParseFile(files, "", all, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	for _, d := range file.Decls {
		nodes := []ast.Node{d}
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			nodes = nil
			for _, s := range g.Specs {
				nodes = append(nodes, s)
			}
		}
		for _, n := range nodes {
			text := all[files.Position(n.Pos()).Offset:files.Position(n.End()).Offset]
			names := cell.Declared(d)
			if s, ok := n.(*ast.ValueSpec); ok {
				text = "var " + text
				names = cell.Declared(&ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{s}})
			}
			if formatted, err := format.Source([]byte(text)); err == nil {
				text = string(formatted)
			}
			for _, name := range names {
				f(name, text)
			}
		}
	}
}

// touched says whether anything that an exercise asks for is another than in the
// skeleton.
func touched(e *Exercise, declared map[string]string) bool {
	changed := false
	eachDeclaration(e.parts.Answer, func(name, skeleton string) {
		text, there := declared[name]
		changed = changed || there && withoutComments(text) != withoutComments(skeleton)
	})
	return changed
}

// withoutComments is what the compiler sees of a text.
func withoutComments(text string) string {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", "package main;"+text, parser.SkipObjectResolution)
	if err != nil {
		return text
	}
	var b strings.Builder
	if format.Node(&b, token.NewFileSet(), file) != nil {
		return text
	}
	return b.String()
}

// source is what a student wrote for an exercise.
func source(e *Exercise, declared map[string]string) string {
	var parts []string
	seen := map[string]bool{}
	eachDeclaration(e.parts.Answer, func(name, _ string) {
		if text := declared[name]; text != "" && !seen[text] {
			seen[text] = true
			parts = append(parts, text)
		}
	})
	return strings.Join(parts, "\n\n")
}

// brokenCells are cells that are no Go.
type brokenCells []brokenCell

type brokenCell struct {
	number     int // among the code cells, from 1
	id, source string
	why        string
}

func broken(nb *notebook.Notebook) (list brokenCells) {
	number := 0
	for _, c := range nb.Cells {
		if c.Kind != "code" {
			continue
		}
		number++
		if err := parses(declarations(c.Source)); err != nil {
			list = append(list, brokenCell{number, c.ID(), c.Source, "it is not Go: " + strings.TrimPrefix(err.Error(), "cell:")})
		}
	}
	return list
}

// of says why the answer to an exercise was left out, "" where it was not.
func (list brokenCells) of(e *Exercise) string {
	for _, b := range list {
		if b.id == e.id {
			return b.why
		}
		for _, name := range answers(e.parts.Answer) {
			if strings.Contains(b.source, "func "+name+"(") || strings.Contains(b.source, "var "+name) {
				return b.why
			}
		}
	}
	return ""
}
