package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/page"
	"convbook/pkg/system/atomicfile"
)

const indexFile = "index.html"

// writePages makes the pages of the notebooks that were run, leads them and those
// that were there before from one to the next, and writes the index page of all. It
// returns the index page, "" when there are no pages.
func (r *runCommand) writePages(results []result) (index string, err error) {
	entries, err := r.pages(results)
	if err != nil || len(entries) == 0 {
		return "", err
	}
	for i, e := range entries {
		links := page.Links{Index: indexFile}
		if i+1 < len(entries) {
			links.Next, links.NextTitle = entries[i+1].File, entries[i+1].Title()
		}
		text, err := page.HTML(e.Notebook, e.Name, links)
		if err != nil {
			return "", err
		}
		if err := atomicfile.Write(filepath.Join(r.Out, e.File), text); err != nil {
			return "", fmt.Errorf("the page could not be written: %w", err)
		}
	}
	text, err := page.Index(entries)
	if err != nil {
		return "", err
	}
	index = filepath.Join(r.Out, indexFile)
	if err := atomicfile.Write(index, text); err != nil {
		return "", fmt.Errorf("the index page could not be written: %w", err)
	}
	return index, nil
}

// pages lists the notebooks that have a page in the folder or are to have one, in
// the order of their names. results learn of the pages that are made of theirs.
func (r *runCommand) pages(results []result) ([]page.Entry, error) {
	course, err := notebooks()
	if err != nil {
		return nil, err
	}
	sources := map[string]string{} // by name: the notebook that the page shows
	for _, s := range course {
		sources[s.name] = s.path // run in place
	}
	files, err := os.ReadDir(r.Out)
	if err != nil {
		return nil, fmt.Errorf("the folder for the results cannot be read: %w", err)
	}
	wanted := map[string]bool{}
	var names []string
	for _, file := range files {
		if name, ok := strings.CutSuffix(file.Name(), ".ipynb"); ok {
			sources[name] = filepath.Join(r.Out, file.Name())
		}
		if name, ok := strings.CutSuffix(file.Name(), ".html"); ok {
			wanted[name] = true
		}
	}
	for i, res := range results {
		if len(res.files) > 0 {
			name := res.source.name
			wanted[name], sources[name] = true, res.files[0]
			results[i].files = append(res.files, filepath.Join(r.Out, name+".html"))
		}
	}
	for name := range wanted {
		if sources[name] != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var entries []page.Entry
	for _, name := range names {
		nb, err := notebook.Read(sources[name])
		if err != nil {
			continue // a page whose notebook is gone or broken stays as it is
		}
		entries = append(entries, page.Entry{File: name + ".html", Name: name, Notebook: nb})
	}
	return entries, nil
}
