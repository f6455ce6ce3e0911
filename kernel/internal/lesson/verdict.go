package lesson

import (
	"crypto/rand"
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/pkg/system/private"
)

// Asked lists the checks that the exercises of a notebook call, in their order: the
// function's name, or the name that a number, a shape or a goal has as first argument.
// Comments and texts are no calls.
func Asked(nb *notebook.Notebook) []string {
	var asked []string
	for _, c := range nb.Cells {
		if c.Kind == "code" && c.HasTag("exercise") {
			asked = append(asked, Checks(c.Source)...)
		}
	}
	return asked
}

// Checks lists the checks that a source calls, as Asked does: it finds exercise.Name( in Go, and in what is Go but for a line such as %%.
func Checks(source string) (found []string) {
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile("", files.Base(), len(source)), []byte(source), func(token.Position, string) {}, 0)
	type word struct {
		kind token.Token
		text string
	}
	var words []word
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			break
		}
		words = append(words, word{kind, text})
	}
	for i := 0; i+4 < len(words); i++ {
		w := words[i : i+5]
		if w[0].text != "exercise" || w[1].kind != token.PERIOD || w[2].kind != token.IDENT || w[3].kind != token.LPAREN || i > 0 && words[i-1].kind == token.PERIOD {
			continue
		}
		name := w[2].text
		if what, err := strconv.Unquote(w[4].text); w[4].kind == token.STRING && err == nil {
			name = what
		}
		found = append(found, name)
	}
	return found
}

// Original finds the notebook that another was made from: the one of which it has most
// cells, by their ids, and the first of equals. It is nil where none has a cell in common.
func Original(nb *notebook.Notebook, candidates []*notebook.Notebook) (original *notebook.Notebook) {
	has := make(map[string]bool)
	for _, c := range nb.Cells {
		has[c.ID()] = true
	}
	most := 0
	for _, candidate := range candidates {
		common := 0
		for _, c := range candidate.Cells {
			if has[c.ID()] {
				common++
			}
		}
		if common > most {
			original, most = candidate, common
		}
	}
	return original
}

// Record is where the checks of a strict run say how they ended. Only a check that ended
// writes there, with a word that was drawn for this run.
type Record struct {
	word, path string
	remove     func() error
}

// NewRecord makes an empty record in a folder of its own. Call Remove in the end; what a
// killed process leaves goes with the other leftovers.
func NewRecord() (*Record, error) {
	folder, remove, err := private.New(0)
	if err != nil {
		return nil, err
	}
	r, err := RecordIn(folder, 0o600)
	r.remove = remove
	return r, err
}

// RecordIn makes an empty record in a folder that nobody else can enter, and that is
// removed with it. The mode is that of the file, for checks that another user runs.
func RecordIn(folder string, mode os.FileMode) (*Record, error) {
	r := &Record{word: rand.Text(), path: filepath.Join(folder, "verdicts"), remove: func() error { return nil }}
	return r, errors.Join(os.WriteFile(r.path, nil, mode), os.Chmod(r.path, mode))
}

// Setting is the variable by which checks find the record.
func (r *Record) Setting() string { return "CONVBOOK_EXERCISE_RECORD=" + r.word + ":" + r.path }

// Settings are the variables of a strict run that keeps this record.
func (r *Record) Settings() []string { return []string{Strict, r.Setting()} }

// Remove removes the record.
func (r *Record) Remove() error { return r.remove() }

// Ending is how a check has ended. (pkg/exercise/record.go has the verdicts)
type Ending struct{ Check, Verdict string }

// Endings lists how checks have ended, in that order. A line without the word of this run
// is none of theirs.
func (r *Record) Endings() (list []Ending, err error) {
	text, err := os.ReadFile(r.path)
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		said, found := strings.CutPrefix(strings.TrimSuffix(line, "\n"), r.word+" ")
		verdict, quoted, _ := strings.Cut(said, " ")
		if name, err := strconv.Unquote(quoted); found && err == nil {
			list = append(list, Ending{name, verdict})
		}
	}
	return list, nil
}

// NotPassed lists those of the checks asked for that have not ended with "right", as often
// as they are asked for.
func (r *Record) NotPassed(asked []string) ([]string, error) {
	endings, err := r.Endings()
	if err != nil {
		return nil, err
	}
	right := make(map[string]int)
	for _, e := range endings {
		if e.Verdict == "right" {
			right[e.Check]++
		}
	}
	var missing []string
	for _, name := range asked {
		if right[name]--; right[name] < 0 {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// Passed returns an error that names the checks asked for that were not passed.
func (r *Record) Passed(asked []string) error {
	missing, err := r.NotPassed(asked)
	switch {
	case err != nil:
		return fmt.Errorf("the verdicts of the checks cannot be read: %w", err)
	case len(asked) == 0:
		return errors.New("there is no check to pass: no cell with the tag \"exercise\" calls one")
	case len(missing) > 0:
		return fmt.Errorf("not passed: %s (%d of %d checks passed)", strings.Join(missing, ", "), len(asked)-len(missing), len(asked))
	}
	return nil
}
