package lesson

import (
	"fmt"
	"strings"

	"convbook/kernel/internal/notebook"
)

// Strict is the setting with which an exercise that is not solved fails its cell; Record
// says how a run knows that each was.
const Strict = "CONVBOOK_EXERCISE=strict"

// Solve puts the solution of each exercise in its place. It returns how many there
// were; the error names an exercise without a solution.
func Solve(nb *notebook.Notebook) (int, error) {
	solved := 0
	for i, c := range nb.Cells {
		if !c.HasTag("exercise") {
			continue
		}
		if i+1 == len(nb.Cells) || !nb.Cells[i+1].HasTag("solution") {
			return solved, fmt.Errorf("the exercise in cell %d of the page has no solution: the Markdown cell after it needs the tag \"solution\"", i+1)
		}
		source, err := Solution(nb.Cells[i+1])
		if err != nil {
			return solved, fmt.Errorf("the solution in cell %d of the page %w", i+2, err)
		}
		c.Source = source
		solved++
	}
	return solved, nil
}

// Solution returns the source that a cell with the tag "solution" has for the exercise
// before it.
func Solution(c *notebook.Cell) (string, error) {
	blocks := goBlocks(c.Source)
	if len(blocks) != 1 {
		return "", fmt.Errorf("has %d blocks of Go, want one", len(blocks))
	}
	return blocks[0], nil
}

// goBlocks returns the fenced blocks of Go in a Markdown text.
func goBlocks(source string) []string {
	var blocks []string
	var block []string
	inside := false
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		switch {
		case !inside && strings.TrimSpace(line) == "```go":
			inside, block = true, nil
		case inside && strings.TrimSpace(line) == "```":
			inside = false
			blocks = append(blocks, strings.Join(block, "\n"))
		case inside:
			block = append(block, line)
		}
	}
	return blocks
}
