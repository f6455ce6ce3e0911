package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"convbook/kernel/internal/handout"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/remedy"
)

type handoutCommand struct {
	Dir       string   `arg:"" help:"Folder to write them into; it is made where there is none."`
	Notebooks []string `arg:"" optional:"" name:"notebook" help:"Notebooks: paths, parts of file names, or all (the default)."`
	Force     bool     `help:"Write over notebooks that are there and differ: a student's work may be in them."`
}

// outFile is a file that is to be handed out.
type outFile struct {
	path string
	text []byte
	note string // about it
}

// Run is called by kong.
func (c *handoutCommand) Run() error {
	if len(c.Notebooks) == 0 {
		c.Notebooks = []string{"all"}
	}
	chosen, err := choose(c.Notebooks)
	if err != nil {
		return err
	}
	if err := c.fits(chosen); err != nil {
		return err
	}
	var pages []outFile
	for _, s := range chosen {
		made, err := c.student(s)
		if err != nil {
			return err
		}
		pages = append(pages, made)
	}
	return c.write(pages)
}

// fits refuses a folder or a name that would make trouble on one of the students'
// machines.
func (c *handoutCommand) fits(chosen []source) error {
	if c.Dir == "" {
		return remedy.Errorf("name one", "the folder to write into has no name")
	}
	if err := handout.FitName(filepath.Base(c.Dir)); err != nil {
		return fmt.Errorf("the folder %s %w", terminal.Name(c.Dir), err)
	}
	for _, s := range chosen {
		if err := handout.FitName(s.name); err != nil {
			return fmt.Errorf("the notebook %s %w", terminal.Name(s.name), err)
		}
	}
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	folder, err := os.Stat(c.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("the folder %s: %w", terminal.Name(c.Dir), reason(err))
	case !folder.IsDir():
		return remedy.Errorf("name a folder", "%s is a file", terminal.Name(c.Dir))
	}
	for _, s := range chosen {
		if from, err := os.Stat(filepath.Dir(s.path)); err == nil && os.SameFile(from, folder) {
			return remedy.Errorf("name another folder", "%s holds the originals, which would lose their solutions", terminal.Name(c.Dir))
		}
	}
	if course, err := os.Stat(filepath.Join(root, "notebooks")); err == nil && os.SameFile(course, folder) {
		return remedy.Errorf("name another folder", "%s is the course itself", terminal.Name(c.Dir))
	}
	return nil
}

func (c *handoutCommand) student(s source) (outFile, error) {
	nb, err := notebook.Read(s.path)
	if err != nil {
		return outFile{}, err
	}
	if language := nb.Language(); language != "go" && language != "" {
		return outFile{}, fmt.Errorf("%s: its language is %s", terminal.Name(s.path), terminal.Name(language))
	}
	out, err := handout.Students(nb, handout.Origin{Version: version, Notebook: s.name, Digest: handout.Digest(nb)})
	if err != nil {
		return outFile{}, fmt.Errorf("%s: %w", terminal.Name(s.path), err)
	}
	text, err := out.Bytes()
	return outFile{path: filepath.Join(c.Dir, s.name+ending), text: text, note: counted(handout.Exercises(out), "exercise")}, err
}

// write writes all pages, or none where one would take the place of something else.
func (c *handoutCommand) write(pages []outFile) error {
	var there, same []string
	for _, p := range pages {
		is, err := os.Lstat(p.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return reason(err)
		}
		if !is.Mode().IsRegular() {
			return remedy.Errorf("move it away", "%s is there and is no file", terminal.Name(p.path))
		}
		text, err := os.ReadFile(p.path)
		if err != nil {
			return fmt.Errorf("%s: %w", terminal.Name(p.path), reason(err))
		}
		if bytes.Equal(text, p.text) {
			same = append(same, p.path)
		} else {
			there = append(there, terminal.Name(p.path))
		}
	}
	if len(there) > 0 && !c.Force {
		return remedy.Errorf("choose another folder, or write over them with --force", "nothing is written, for these files are there and differ, perhaps by a student's work: %s", strings.Join(there, ", "))
	}
	for _, p := range pages {
		if err := os.MkdirAll(filepath.Dir(p.path), 0o755); err != nil {
			return fmt.Errorf("the folder %s: %w", terminal.Name(filepath.Dir(p.path)), reason(err))
		}
		state := p.note
		for _, path := range same {
			if path == p.path {
				state += ", as it was"
			}
		}
		if err := atomicfile.Write(p.path, p.text); err != nil {
			return fmt.Errorf("%s could not be written: %w", terminal.Name(p.path), reason(err))
		}
		fmt.Printf("%s  %s\n", terminal.Name(p.path), state)
	}
	return nil
}
