package main

import (
	"os"

	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
)

// strictRun is a run in which each check that the original notebook asks for must end
// with "right".
type strictRun struct {
	*lesson.Record
	asked []string
	none  bool // a notebook may ask for nothing
}

// strictly prepares a strict run of nb, or returns nil where none was asked for: by
// --solutions, or by the environment for notebooks that students handed in. What a
// handed-in notebook should have passed is read from the notebook of the course that it
// was made from, so that a check which was deleted counts as not passed.
func (r *runCommand) strictly(nb *notebook.Notebook) (*strictRun, error) {
	marking := os.Getenv("CONVBOOK_EXERCISE") == "strict"
	if !r.Solutions && !marking {
		return nil, nil
	}
	original := nb
	if !r.Solutions {
		course, err := notebooks()
		if err != nil {
			return nil, err
		}
		var candidates []*notebook.Notebook
		for _, s := range course {
			candidate, err := notebook.Read(s.path)
			if err != nil {
				return nil, err
			}
			candidates = append(candidates, candidate)
		}
		if found := lesson.Original(nb, candidates); found != nil {
			original = found
		}
	}
	record, err := lesson.NewRecord()
	if err != nil {
		return nil, err
	}
	return &strictRun{record, lesson.Asked(original), r.Solutions}, nil
}

// passed returns an error that names the checks that were not passed.
func (s *strictRun) passed() error {
	if s.none && len(s.asked) == 0 {
		return nil
	}
	return s.Passed(s.asked)
}
