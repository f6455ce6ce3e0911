package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/remedy"
)

// source is a notebook that can be run.
type source struct {
	path string
	name string // its results are called so; of several, each has another
}

const ending = ".ipynb"

// withoutEnding returns the name of a file without .ipynb, in any letters.
func withoutEnding(path string) string {
	base := filepath.Base(path)
	if strings.EqualFold(filepath.Ext(base), ending) && len(base) > len(ending) {
		return base[:len(base)-len(ending)]
	}
	return base
}

func newSource(path string) source { return source{path: path, name: withoutEnding(path)} }

// title is what the notebook says it is about, for a list.
func (s source) title() string {
	nb, err := notebook.Read(s.path)
	if err != nil {
		return terminal.Line(err.Error())
	}
	return terminal.Line(nb.Title())
}

// notebooks lists the notebooks of the course.
func notebooks() ([]source, error) {
	root, err := setup.Root(".")
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(root, "notebooks", "*"+ending))
	if err != nil {
		return nil, err
	}
	var list []source
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			list = append(list, newSource(path))
		}
	}
	return list, nil
}

// choose returns the notebooks that are meant: paths of files, parts of the names of
// the course's notebooks, or "all". Each is there once, under a name of its own.
func choose(names []string) ([]source, error) {
	course, err := notebooks()
	if err != nil {
		return nil, err
	}
	var chosen []source
	seen := map[string]bool{}
	for _, name := range names {
		found, err := meant(course, name)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			path, err := filepath.Abs(s.path)
			if err != nil {
				return nil, err
			}
			if !seen[path] {
				seen[path] = true
				chosen = append(chosen, source{path: path, name: s.name})
			}
		}
	}
	return tellApart(chosen), nil
}

// meant returns what one name means. What has a separator or an ending is a path, and
// so is the name of a file that is here.
func meant(course []source, name string) ([]source, error) {
	if name == "all" {
		if len(course) == 0 {
			return nil, remedy.Errorf("clone it again", "there are no notebooks in notebooks/: the clone is incomplete")
		}
		return course, nil
	}
	info, err := os.Stat(name)
	here := err == nil && !info.IsDir()
	fitting := parts(course, name)
	switch {
	case name == "":
		return nil, errors.New("an empty name means no notebook")
	case isPath(name):
		if err != nil {
			return nil, fmt.Errorf("there is no notebook %s: %w%s", terminal.Name(name), reason(err), instead(course, name))
		}
		return []source{newSource(name)}, nil
	case here && len(fitting) > 0:
		return nil, fmt.Errorf("%s is a file here and a part of %s; write .%c%s or the whole of the other name", terminal.Name(name), listed(fitting), filepath.Separator, terminal.Name(name))
	case here:
		return []source{newSource(name)}, nil
	case len(fitting) == 1:
		return fitting, nil
	case len(fitting) > 1:
		return nil, fmt.Errorf("%s fits %s; write more of the one that you mean", terminal.Name(name), listed(fitting))
	case err == nil:
		return nil, fmt.Errorf("%s is a folder; name the notebooks in it: %s", terminal.Name(name), terminal.Name(filepath.Join(name, "*"+ending)))
	}
	return nil, fmt.Errorf("no notebook is called %s; there are: %s", terminal.Name(name), listed(course))
}

func isPath(name string) bool {
	return strings.ContainsRune(name, filepath.Separator) || strings.ContainsRune(name, '/') || strings.EqualFold(filepath.Ext(name), ending)
}

// parts returns the notebooks whose names have a part, or the one that is called so.
func parts(course []source, part string) (fitting []source) {
	if part == "" {
		return nil
	}
	for _, s := range course {
		if strings.EqualFold(s.name, part) {
			return []source{s}
		}
		if strings.Contains(strings.ToLower(s.name), strings.ToLower(part)) {
			fitting = append(fitting, s)
		}
	}
	return fitting
}

// instead names a notebook of the course that a wrong path may have meant.
func instead(course []source, path string) string {
	if found := parts(course, withoutEnding(path)); len(found) == 1 {
		return fmt.Sprintf("; for the course's own write %s", found[0].name)
	}
	return ""
}

// reason is an error of the file system without the path.
func reason(err error) error {
	if failed := new(os.PathError); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func listed(sources []source) string {
	var names []string
	for _, s := range sources {
		names = append(names, terminal.Name(s.name))
	}
	return strings.Join(names, ", ")
}
