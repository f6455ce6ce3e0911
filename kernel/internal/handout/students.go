package handout

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"convbook/kernel/internal/notebook"
	"convbook/pkg/system/remedy"
)

// Tags of cells in what is handed out.
const (
	exerciseTag = "exercise" // the student's answer
	checkTag    = "check"
	solutionTag = "solution"
)

// Students returns the notebook that students get: it runs with the kernel of the
// course, and says of each exercise that it is not written yet.
func Students(nb *notebook.Notebook, origin Origin) (*notebook.Notebook, error) {
	return handOut(nb, origin, func(answer, _ *notebook.Cell, e *Exercise) ([]*notebook.Cell, error) {
		answer.Source = e.Answer
		return []*notebook.Cell{answer, locked(checkID(answer.ID(), 1), e.Check)}, nil
	})
}

// handOut copies a notebook without outputs and solutions. What becomes of an exercise
// is left to a function, which is given a copy of its cell and the cell of its solution,
// nil where there is none.
func handOut(nb *notebook.Notebook, origin Origin, exercise func(answer, solution *notebook.Cell, e *Exercise) ([]*notebook.Cell, error)) (*notebook.Notebook, error) {
	out := nb.Copy()
	out.Cells = nil
	origin.put(out)
	for i, c := range nb.Copy().Cells {
		forget(c)
		switch {
		case c.HasTag(solutionTag):
			continue
		case c.Kind != "code" || !c.HasTag(exerciseTag):
			out.Cells = append(out.Cells, c)
			continue
		}
		e, err := Split(c.Source)
		if err != nil {
			return nil, fmt.Errorf("the exercise in cell %d of the page: %w", i+1, err)
		}
		var solution *notebook.Cell
		if i+1 < len(nb.Cells) && nb.Cells[i+1].HasTag(solutionTag) {
			solution = nb.Cells[i+1]
		}
		c.SetMetadata("deletable", false)
		cells, err := exercise(c, solution, e)
		if err != nil {
			return nil, fmt.Errorf("the exercise in cell %d of the page: %w", i+1, err)
		}
		out.Cells = append(out.Cells, cells...)
	}
	return out, distinct(out)
}

// forget takes out what running a cell has left.
func forget(c *notebook.Cell) {
	c.Outputs, c.ExecutionCount = nil, 0
	for _, name := range []string{"collapsed", "scrolled", "trusted", "execution", "ExecuteTime"} {
		c.SetMetadata(name, nil)
	}
}

// locked is the cell of a check, which students can run but neither edit nor delete.
func locked(id string, check Check) *notebook.Cell {
	c := notebook.NewCode(id, check.Source)
	c.SetMetadata("tags", []any{checkTag})
	c.SetMetadata("editable", false)
	c.SetMetadata("deletable", false)
	return c
}

// checkID is the id of the number-th check of an answer, as nbformat allows it.
func checkID(answer string, number int) string {
	ending := "-check"
	if number > 1 {
		ending += strconv.Itoa(number)
	}
	if len(answer)+len(ending) > mostID {
		sum := sha256.Sum256([]byte(answer))
		answer = hex.EncodeToString(sum[:8])
	}
	return answer + ending
}

const mostID = 64 // letters of a cell's id, says nbformat

// distinct makes sure that no two cells have one id.
func distinct(nb *notebook.Notebook) error {
	seen := map[string]bool{}
	for _, c := range nb.Cells {
		if seen[c.ID()] {
			return remedy.Errorf("give the other one another id", "a cell has the id %q, which that of a check would have", c.ID())
		}
		seen[c.ID()] = true
	}
	return nil
}

// Exercises counts the answers that a handed-out notebook asks for.
func Exercises(nb *notebook.Notebook) (n int) {
	for _, c := range nb.Cells {
		if c.Kind == "code" && c.HasTag(exerciseTag) {
			n++
		}
	}
	return n
}
