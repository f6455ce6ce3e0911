package handout

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/pkg/system/remedy"
)

// Nbgrader returns the source of a notebook for nbgrader: each exercise holds its
// solution between nbgrader's marks and its skeleton in the metadata, from where
// nbgrader_config.py puts it in the place of the solution; each check is a cell of
// autograded tests of its own, with one point for each check in it. (metadata:
// nbgrader's schema 3)
func Nbgrader(nb *notebook.Notebook, origin Origin) (*notebook.Notebook, error) {
	ids := map[string]bool{}
	out, err := handOut(nb, origin, func(answer, solution *notebook.Cell, e *Exercise) ([]*notebook.Cell, error) {
		solved, err := solvedBy(solution)
		if err != nil {
			return nil, err
		}
		if !slices.Equal(solved.Check.Names, e.Check.Names) {
			return nil, fmt.Errorf("its checks are %q, and those of its solution %q", e.Check.Names, solved.Check.Names)
		}
		answer.Source = "// BEGIN SOLUTION\n" + solved.Answer + "\n// END SOLUTION"
		answer.SetMetadata(field, map[string]any{"skeleton": e.Answer})
		graded(answer, gradeID(e.Check.Names[0]+" answer", ids), 0)
		cells := []*notebook.Cell{answer}
		for i, check := range e.Each {
			c := locked(checkID(answer.ID(), i+1), check)
			graded(c, gradeID(strings.Join(check.Names, " "), ids), len(check.Names))
			cells = append(cells, c)
		}
		return cells, nil
	})
	if err != nil {
		return nil, err
	}
	// nbgrader takes the stub by the kernel's language.
	out.SetMetadata("kernelspec", map[string]any{"name": kernelspec.Name, "display_name": kernelspec.DisplayName, "language": "go"})
	return out, nil
}

func solvedBy(solution *notebook.Cell) (*Exercise, error) {
	if solution == nil {
		return nil, remedy.Errorf(`put a Markdown cell with the tag "solution" behind it`, "it has no solution, which nbgrader needs")
	}
	source, err := lesson.Solution(solution)
	if err != nil {
		return nil, fmt.Errorf("its solution %w", err)
	}
	e, err := Split(source)
	if err != nil {
		return nil, fmt.Errorf("its solution: %w", err)
	}
	return e, nil
}

// graded marks a cell for nbgrader: as autograded tests where it has points, else as
// an answer.
func graded(c *notebook.Cell, id string, points int) {
	marks := map[string]any{"schema_version": 3, "grade_id": id, "cell_type": "code", "task": false,
		"grade": points > 0, "locked": points > 0, "solution": points == 0}
	if points > 0 {
		marks["points"] = points
	}
	c.SetMetadata("nbgrader", marks)
}

var notInGradeIDs = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// gradeID makes a name of nbgrader's letters, which no other cell has: it is what
// teachers and students read in reports, and stays while the exercises do.
func gradeID(name string, seen map[string]bool) string {
	name = strings.Trim(notInGradeIDs.ReplaceAllString(name, "-"), "-")
	name = strings.TrimRight(name[:min(len(name), 60)], "-")
	if name == "" {
		name = "check"
	}
	id := name
	for n := 2; seen[strings.ToLower(id)]; n++ {
		id = name + "-" + strconv.Itoa(n)
	}
	seen[strings.ToLower(id)] = true
	return id
}

// Points adds up what a notebook for nbgrader gives.
func Points(nb *notebook.Notebook) (points int) {
	for _, c := range nb.Cells {
		var marks struct{ Points int }
		if c.Metadata("nbgrader", &marks) {
			points += marks.Points
		}
	}
	return points
}

//go:embed nbgrader_config.py
var config []byte

// ConfigName is the file that Config is for.
const ConfigName = "nbgrader_config.py"

var (
	configBegins = []byte("# convbook begins:")
	configEnds   = []byte("# convbook ends.")
)

// Config returns the course's settings for nbgrader, in the place of an earlier version
// in the file as it is, nil where there is none; what a teacher has written around it
// stays. Of another file nothing is changed but with force: then it follows.
func Config(is []byte, force bool) ([]byte, error) {
	if is == nil {
		return config, nil
	}
	begin, end := bytes.Index(is, configBegins), bytes.Index(is, configEnds)
	switch {
	case begin >= 0 && end > begin:
		_, below, _ := bytes.Cut(is[end:], []byte("\n"))
		return slices.Concat(is[:begin], config, below), nil
	case force:
		return slices.Concat(config, []byte("\n"), is), nil
	}
	return nil, remedy.Errorf("put them in with --force, above what is there", "%s is there without the settings for Go notebooks", ConfigName)
}
