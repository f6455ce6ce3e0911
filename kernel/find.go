package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/setup"
)

// source is a notebook that can be run.
type source struct {
	path string
	name string // of the file, without .ipynb
}

func (s source) title() string {
	nb, err := notebook.Read(s.path)
	if err != nil {
		return err.Error()
	}
	return nb.Title()
}

func newSource(path string) source {
	return source{path: path, name: strings.TrimSuffix(filepath.Base(path), ".ipynb")}
}

// notebooks lists the notebooks of the course.
func notebooks() ([]source, error) {
	root, err := setup.Root(".")
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(root, "notebooks", "*.ipynb"))
	if err != nil {
		return nil, err
	}
	var list []source
	for _, path := range paths {
		list = append(list, newSource(path))
	}
	return list, nil
}

// choose returns the notebooks that are meant: paths of files, parts of the
// names of the course's notebooks, or "all".
func choose(names []string) ([]source, error) {
	course, err := notebooks()
	if err != nil {
		return nil, err
	}
	var chosen []source
	seen := map[string]bool{}
	add := func(s source) error {
		path, err := filepath.Abs(s.path)
		if err == nil && !seen[path] {
			seen[path] = true
			chosen = append(chosen, source{path: path, name: s.name})
		}
		return err
	}
	for _, name := range names {
		found := matches(course, name)
		if len(found) == 0 {
			return nil, unknown(course, name)
		}
		for _, s := range found {
			if err := add(s); err != nil {
				return nil, err
			}
		}
	}
	return chosen, nil
}

func matches(course []source, name string) []source {
	if name == "all" {
		return course
	}
	if strings.HasSuffix(name, ".ipynb") {
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return []source{newSource(name)}
		}
	}
	var found []source
	for _, s := range course {
		if strings.Contains(strings.ToLower(s.name), strings.ToLower(strings.TrimSuffix(filepath.Base(name), ".ipynb"))) {
			found = append(found, s)
		}
	}
	return found
}

func unknown(course []source, name string) error {
	if len(course) == 0 {
		return errors.New("there are no notebooks in notebooks/; the clone is not whole")
	}
	var names []string
	for _, s := range course {
		names = append(names, s.name)
	}
	return fmt.Errorf("no notebook is called %q; there are: %s", name, strings.Join(names, ", "))
}
