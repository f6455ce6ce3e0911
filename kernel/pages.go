package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/page"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/atomicfile"
)

const indexFile = "index.html"

// pageOf returns the file of a notebook's page. That of a notebook called index would
// be the index page.
func pageOf(name string) string {
	if strings.EqualFold(name+".html", indexFile) {
		return name + ending + ".html"
	}
	return name + ".html"
}

// tellPages makes the pages of the notebooks that were run, and says where they are.
func (r *runCommand) tellPages(results []result) error {
	index, err := r.writePages(results)
	if err != nil || index == "" {
		return err
	}
	fmt.Println("pages:")
	for _, res := range results {
		for _, file := range res.pages {
			fmt.Printf("  %s\n", terminal.Name(file))
		}
	}
	fmt.Printf("all pages: %s\n", terminal.Name(index))
	return nil
}

// writePages makes the pages of the notebooks that were run, leads them and those
// that were there before from one to the next, and writes the index page of all. It
// returns the index page, "" when there are no pages. Notebooks are in memory one at a
// time. What is wrong with one page is no reason not to make the others.
func (r *runCommand) writePages(results []result, further ...page.Entry) (index string, err error) {
	sources, err := r.pages(results)
	if err != nil || len(sources) == 0 {
		return "", err
	}
	var entries []page.Entry
	var shown []source
	for _, s := range sources {
		nb, err := notebook.Read(s.path)
		if err != nil {
			continue // a page whose notebook is gone or broken stays as it is
		}
		shown = append(shown, s)
		entries = append(entries, page.NewEntry(pageOf(s.name), s.name, nb))
	}
	files := map[string]string{}
	for i, s := range shown {
		files[s.name] = entries[i].File
	}
	var problems []error
	for i, e := range entries {
		links := page.Links{Index: indexFile, Pages: files}
		if i > 0 {
			links.Previous, links.PreviousTitle = entries[i-1].File, entries[i-1].Title
		}
		if i+1 < len(entries) {
			links.Next, links.NextTitle = entries[i+1].File, entries[i+1].Title
		}
		problems = append(problems, r.writePage(shown[i], e, links))
	}
	text, err := page.Index(append(further, entries...))
	if err != nil {
		return "", err
	}
	index = filepath.Join(r.Out, indexFile)
	if err := atomicfile.Write(index, text); err != nil {
		problems = append(problems, fmt.Errorf("the index page could not be written: %w", reason(err)))
	}
	return index, errors.Join(problems...)
}

func (r *runCommand) writePage(s source, e page.Entry, links page.Links) error {
	nb, err := notebook.Read(s.path)
	if err != nil {
		return err
	}
	text, err := page.HTML(nb, s.name, links)
	if err == nil {
		err = reason(atomicfile.Write(filepath.Join(r.Out, e.File), text))
	}
	if err != nil {
		return fmt.Errorf("the page %s could not be written: %w", terminal.Name(e.File), err)
	}
	return nil
}

// pages lists the notebooks that have a page in the folder or are to have one, in
// the order of their names. results learn of the pages that are made of theirs.
func (r *runCommand) pages(results []result) ([]source, error) {
	course, err := notebooks()
	if err != nil {
		return nil, err
	}
	paths := map[string]string{} // by name: the notebook that the page shows
	for _, s := range course {
		paths[s.name] = s.path // run in place
	}
	files, err := os.ReadDir(r.Out)
	if err != nil {
		return nil, fmt.Errorf("the folder for the results cannot be read: %w", reason(err))
	}
	wanted := map[string]bool{} // files of pages
	for _, file := range files {
		if name, ok := strings.CutSuffix(file.Name(), ending); ok {
			paths[name] = filepath.Join(r.Out, file.Name())
		}
		wanted[file.Name()] = true
	}
	for i, res := range results {
		if len(res.files) > 0 {
			name := res.source.name
			wanted[pageOf(name)], paths[name] = true, res.files[0]
			results[i].pages = append(res.pages, filepath.Join(r.Out, pageOf(name)))
		}
	}
	var list []source
	for name, path := range paths {
		if wanted[pageOf(name)] {
			list = append(list, source{path: path, name: name})
		}
	}
	slices.SortFunc(list, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return list, nil
}
