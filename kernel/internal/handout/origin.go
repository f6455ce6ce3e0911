// Package handout makes of a notebook of the course what students get: without outputs
// and solutions, the answer and its check in cells of their own, the check locked; or
// the source of an assignment for nbgrader.
//
//	exercise (tag "exercise")          answer (tag "exercise", the same id)
//	    declarations                       declarations
//	    %%                        ->   check (tag "check", id …-check, locked)
//	    checks                             %%
//	solution (tag "solution")              checks
//
// The notebook's metadata say what it was made from, see Origin.
package handout

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"convbook/kernel/internal/notebook"
)

// Origin says what a handed-out notebook was made from.
type Origin struct {
	Version  string `json:"version"`  // of the course
	Notebook string `json:"notebook"` // its name, without the ending
	Digest   string `json:"digest"`   // of the notebook, see Digest
}

// OriginOf reads the origin that a notebook's metadata tell: what a student may have
// changed, and false where there is none.
func OriginOf(nb *notebook.Notebook) (Origin, bool) {
	var ours struct {
		Handout Origin `json:"handout"`
	}
	found := nb.Metadata(field, &ours) && ours.Handout.Version != "" && ours.Handout.Digest != ""
	return ours.Handout, found
}

// field is the name of what is the course's own in metadata.
const field = "convbook"

func (o Origin) put(nb *notebook.Notebook) {
	ours := map[string]any{}
	nb.Metadata(field, &ours) // its figure and sentence on the index page
	ours["handout"] = map[string]any{"version": o.Version, "notebook": o.Notebook, "digest": o.Digest}
	nb.SetMetadata(field, ours)
}

// Digest tells one state of a notebook from another by its cells' kinds, ids and
// sources. Running it changes nothing.
func Digest(nb *notebook.Notebook) string {
	cells := make([][3]string, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = [3]string{c.Kind, c.ID(), c.Source}
	}
	text, err := json.Marshal(cells)
	if err != nil {
		panic(err) // there is nothing in texts that JSON cannot hold
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
