package main

import (
	"errors"
	"fmt"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/pitfall"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/remedy"
)

// runnable says whether a notebook can be run as it is: it can be read, its code is Go, and
// no line of it would be taken for something else. text is what the file holds.
func runnable(s source) (nb *notebook.Notebook, text []byte, err error) {
	nb, text, err = notebook.ReadBytes(s.path)
	if err != nil {
		return nil, nil, err
	}
	if language := nb.Language(); language != "" && language != "go" {
		return nil, nil, fmt.Errorf("%s: %w", terminal.Name(s.path), remedy.Errorf("open it with the kernel that it was written for",
			"it is a notebook in %s, and these run Go", terminal.Line(language)))
	}
	var faults []string
	for i, c := range nb.Cells {
		if c.Kind != "code" || c.HasTag("skip-execution") {
			continue
		}
		for _, p := range pitfall.Find(c.Source) {
			faults = append(faults, fmt.Sprintf("%s, cell %d of the page, %v", terminal.Name(s.path), i+1, p))
		}
	}
	if len(faults) > 0 {
		return nil, nil, errors.New(strings.Join(faults, "\n"))
	}
	return nb, text, nil
}

// readAll looks at all notebooks before the first cell of any runs: what is wrong with
// one is known at once, and is no reason not to run the others.
func readAll(chosen []source) map[string]error {
	wrong := map[string]error{}
	for _, s := range chosen {
		if _, _, err := runnable(s); err != nil {
			wrong[s.path] = err
		}
	}
	return wrong
}
