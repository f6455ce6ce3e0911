// Package mark marks what students hand in.
//
// The answer and its check are two processes. The answer's program holds what the
// student has declared, and runs in a sandbox; the check's is made of the course's own
// notebook alone, runs in a sandbox of its own, and asks the other for the numbers and
// calls the functions that it checks (pkg/internal/remote). So a student's program can
// give wrong numbers, or none, and has no way to a verdict but to be right.
//
//	hand-in ──declarations──▶ answer's program ─┐ two pipes
//	course  ──checks────────▶ check's program ◀─┘──▶ right, wrong, not written
//
// Programs are compiled and linked by the tools of Go themselves, in a sandbox, from
// packages that were built before: no go command reads what a student wrote, and
// nothing that a hand-in leaves is there for the next one.
package mark

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"convbook/kernel/internal/handout"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/pkg/system/remedy"
)

// Course is what hand-ins are marked by.
type Course struct {
	Version   string
	Notebooks []*Notebook
	digest    string // of the packages that checks are built from
}

// Notebook is a notebook of the course.
type Notebook struct {
	Name      string
	Exercises []*Exercise
	original  *notebook.Notebook
	cells     []string // sources of its code
	digest    string
}

// Exercise is one of its exercises.
type Exercise struct {
	id     string // of its cell
	parts  *handout.Exercise
	Checks []string // their names, in the order in which they are called
	Cell   int      // its place among the cells, from 0
}

// ReadCourse reads the notebooks of a folder, with checks from the repository at root.
func ReadCourse(root, folder, version string) (*Course, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.ipynb"))
	if err != nil {
		return nil, err
	}
	c := &Course{Version: version}
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			return nil, err
		}
		n, err := newNotebook(strings.TrimSuffix(filepath.Base(path), ".ipynb"), nb)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		c.Notebooks = append(c.Notebooks, n)
	}
	if len(c.Notebooks) == 0 {
		return nil, fmt.Errorf("there is no notebook in %s", folder)
	}
	c.digest, err = digestOf(root)
	return c, err
}

func newNotebook(name string, nb *notebook.Notebook) (*Notebook, error) {
	n := &Notebook{Name: name, original: nb, digest: handout.Digest(nb)}
	for i, c := range nb.Cells {
		if c.Kind != "code" {
			continue
		}
		n.cells = append(n.cells, c.Source)
		if !c.HasTag("exercise") {
			continue
		}
		parts, err := handout.Split(c.Source)
		if err != nil {
			return nil, fmt.Errorf("the exercise in cell %d of the page: %w", i+1, err)
		}
		if !parts.Alone {
			return nil, remedy.Errorf("call each by a line of its own, in no other statement", "the exercise in cell %d of the page has checks that cannot stand alone", i+1)
		}
		n.Exercises = append(n.Exercises, &Exercise{c.ID(), parts, parts.Check.Names, i})
	}
	return n, nil
}

// digestOf tells one state of the packages from another, and of what marks by them: all
// rooms of the kernel, for those of the marker call others.
func digestOf(root string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version())
	for _, folder := range []string{"pkg", "kernel/internal", "go.mod"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !slices.Contains([]string{".go", ".s", ".mod"}, filepath.Ext(path)) {
				return err
			}
			text, err := os.ReadFile(path)
			fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// errForeign is the error of a notebook that was not made from one of the course.
var errForeign = errors.New("no cell of it is from a notebook of the course")

// original finds the notebook that a hand-in was made from, and says of which version of
// the course it is, "" where that is this one or not told.
func (c *Course) original(nb *notebook.Notebook) (n *Notebook, older string, err error) {
	candidates := make([]*notebook.Notebook, len(c.Notebooks))
	for i, n := range c.Notebooks {
		candidates[i] = n.original
	}
	found := lesson.Original(nb, candidates)
	for i, candidate := range candidates {
		if candidate == found {
			n = c.Notebooks[i]
		}
	}
	if found == nil {
		return nil, "", errForeign
	}
	if origin, told := handout.OriginOf(nb); told && origin.Digest != n.digest {
		older = origin.Version
		if older == c.Version {
			older += ", another state of it"
		}
	}
	return n, older, nil
}
