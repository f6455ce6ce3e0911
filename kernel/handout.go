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
	Dir        string   `arg:"" help:"Folder to write them into; it is made where there is none."`
	Notebooks  []string `arg:"" optional:"" name:"notebook" help:"Notebooks: paths, parts of file names, or all (the default)."`
	Nbgrader   bool     `help:"Write the sources of assignments for nbgrader, and its settings."`
	Assignment string   `help:"With --nbgrader: one assignment of this name for all notebooks, instead of one for each." placeholder:"NAME"`
	Force      bool     `help:"Write over notebooks that are there and differ: a student's work may be in them."`
}

// outFile is a file that is to be handed out.
type outFile struct {
	path string
	text []byte
	note string // about it
	ours bool   // what is there may be written over
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
	var files []outFile
	for _, s := range chosen {
		file, err := c.file(s)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	if c.Nbgrader {
		file, err := c.settings()
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	return c.write(files)
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
	if c.Assignment != "" && !c.Nbgrader {
		return remedy.Errorf("add --nbgrader", "--assignment is for nbgrader")
	}
	if c.Nbgrader {
		for _, s := range chosen {
			name := c.assignment(s)
			if err := handout.FitName(name); err != nil {
				return fmt.Errorf("the assignment %s %w", terminal.Name(name), err)
			}
			if strings.Contains(name, "+") || strings.HasPrefix(name, ".") {
				return fmt.Errorf("the assignment %s has a name with a + or of dots, which nbgrader does not take", terminal.Name(name))
			}
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

// file makes what is handed out of a notebook.
func (c *handoutCommand) file(s source) (outFile, error) {
	nb, err := notebook.Read(s.path)
	if err != nil {
		return outFile{}, err
	}
	if language := nb.Language(); language != "go" && language != "" {
		return outFile{}, fmt.Errorf("%s: its language is %s", terminal.Name(s.path), terminal.Name(language))
	}
	origin := handout.Origin{Version: version, Notebook: s.name, Digest: handout.Digest(nb)}
	file := outFile{path: filepath.Join(c.Dir, s.name+ending)}
	make := handout.Students
	if c.Nbgrader {
		file.path = filepath.Join(c.Dir, "source", c.assignment(s), s.name+ending)
		make = handout.Nbgrader
	}
	out, err := make(nb, origin)
	if err != nil {
		return outFile{}, fmt.Errorf("%s: %w", terminal.Name(s.path), err)
	}
	file.note = counted(handout.Exercises(out), "exercise")
	if c.Nbgrader {
		file.note += ", " + counted(handout.Points(out), "point")
	}
	file.text, err = out.Bytes()
	return file, err
}

// assignment is the name of a notebook's assignment.
func (c *handoutCommand) assignment(s source) string {
	if c.Assignment != "" {
		return c.Assignment
	}
	return s.name
}

// settings are nbgrader's, with what a teacher has set.
func (c *handoutCommand) settings() (outFile, error) {
	file := outFile{path: filepath.Join(c.Dir, handout.ConfigName), note: "settings", ours: true}
	is, err := os.ReadFile(file.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return file, fmt.Errorf("%s: %w", terminal.Name(file.path), reason(err))
	}
	file.text, err = handout.Config(is, c.Force)
	return file, err
}

// write writes all files, or none where one would take the place of something else.
func (c *handoutCommand) write(files []outFile) error {
	var there []string
	same := map[string]bool{}
	for _, p := range files {
		is, err := os.Lstat(p.path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", terminal.Name(p.path), reason(err))
		}
		if !is.Mode().IsRegular() {
			return remedy.Errorf("move it away", "%s is there and is no file", terminal.Name(p.path))
		}
		text, err := os.ReadFile(p.path)
		if err != nil {
			return fmt.Errorf("%s: %w", terminal.Name(p.path), reason(err))
		}
		switch {
		case bytes.Equal(text, p.text):
			same[p.path] = true
		case !p.ours:
			there = append(there, terminal.Name(p.path))
		}
	}
	if len(there) > 0 && !c.Force {
		return remedy.Errorf("choose another folder, or write over them with --force", "nothing is written, for these files are there and differ, perhaps by a student's work: %s", strings.Join(there, ", "))
	}
	for _, p := range files {
		if same[p.path] {
			fmt.Printf("%s  %s, as it was\n", terminal.Name(p.path), p.note)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(p.path), 0o755); err != nil {
			return fmt.Errorf("the folder %s: %w", terminal.Name(filepath.Dir(p.path)), reason(err))
		}
		if err := atomicfile.Write(p.path, p.text); err != nil {
			return fmt.Errorf("%s could not be written: %w", terminal.Name(p.path), reason(err))
		}
		fmt.Printf("%s  %s\n", terminal.Name(p.path), p.note)
	}
	return nil
}
