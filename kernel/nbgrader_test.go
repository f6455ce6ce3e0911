package main

import (
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"convbook/kernel/internal/handout"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
)

// nbgrader is a course of nbgrader's that was handed out, and its program.
type nbgrader struct {
	t      *testing.T
	bin    string // of its Python environment
	course string
	env    []string
}

// newNbgrader hands a course out. CONVBOOK_NBGRADER names a Python that has nbgrader;
// .ci/run makes one.
func newNbgrader(t *testing.T, notebooks ...string) *nbgrader {
	t.Helper()
	python := os.Getenv("CONVBOOK_NBGRADER")
	if python == "" {
		t.Skip("no Python with nbgrader: CONVBOOK_NBGRADER names none")
	}
	n := &nbgrader{t: t, bin: filepath.Dir(python), course: filepath.Join(t.TempDir(), "2026 가을")}
	run := begin(t, nil, append([]string{"handout", "--nbgrader", n.course}, notebooks...)...)
	if code := run.ends(); code != 0 {
		t.Fatalf("%s", run.stderr.String())
	}
	data := t.TempDir()
	run = begin(t, []string{"JUPYTER_DATA_DIR=" + data}, "install")
	if code := run.ends(); code != 0 {
		t.Fatalf("%s", run.stderr.String())
	}
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "CONVBOOK_EXERCISE") {
			n.env = append(n.env, entry)
		}
	}
	n.env = append(n.env, "JUPYTER_PATH="+data, "PATH="+n.bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"CONVBOOK_DATA=stand-in", "CONVBOOK_SEEDS=1", "CONVBOOK_RUNS="+t.TempDir(), "JUPYTER_CONFIG_DIR="+t.TempDir())
	return n
}

// does runs a command of nbgrader's in the course.
func (n *nbgrader) does(args ...string) string {
	n.t.Helper()
	c := exec.Command(filepath.Join(n.bin, "nbgrader"), args...)
	c.Dir, c.Env = n.course, n.env
	out, err := c.CombinedOutput()
	if err != nil {
		n.t.Fatalf("nbgrader %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// exported reads the points of all students in an assignment.
func (n *nbgrader) exported(assignment string) (points map[string]float64, most float64) {
	n.t.Helper()
	n.does("export")
	f, err := os.Open(filepath.Join(n.course, "grades.csv"))
	if err != nil {
		n.t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		n.t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	points = map[string]float64{}
	for _, row := range rows[1:] {
		if row[column["assignment"]] != assignment {
			continue
		}
		score, err := strconv.ParseFloat(row[column["score"]], 64)
		if err != nil {
			n.t.Fatal(err)
		}
		points[row[column["student_id"]]] = score
		most, _ = strconv.ParseFloat(row[column["max_score"]], 64)
	}
	return points, most
}

// handIn writes what a student hands in: a changed copy of what was released.
func (n *nbgrader) handIn(student, assignment string, change func(nb *notebook.Notebook)) {
	n.t.Helper()
	nb, err := notebook.Read(filepath.Join(n.course, "release", assignment, assignment+ending))
	if err != nil {
		n.t.Fatal(err)
	}
	change(nb)
	folder := filepath.Join(n.course, "submitted", student, assignment)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		n.t.Fatal(err)
	}
	if err := nb.Write(filepath.Join(folder, assignment+ending)); err != nil {
		n.t.Fatal(err)
	}
}

// answers are the solutions of a notebook of the course, each without its checks, by the
// ids of their cells.
func answers(t *testing.T, name string) map[string]string {
	t.Helper()
	solved, err := notebook.Read(filepath.Join("..", "notebooks", name+ending))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lesson.Solve(solved); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, c := range solved.Cells {
		if c.HasTag("exercise") {
			e, err := handout.Split(c.Source)
			if err != nil {
				t.Fatal(err)
			}
			found[c.ID()] = e.Answer
		}
	}
	return found
}

// of returns the cells with a tag.
func of(nb *notebook.Notebook, tag string) (cells []*notebook.Cell) {
	for _, c := range nb.Cells {
		if c.HasTag(tag) {
			cells = append(cells, c)
		}
	}
	return cells
}

// without takes cells with a tag out.
func without(nb *notebook.Notebook, tag string) {
	var kept []*notebook.Cell
	for _, c := range nb.Cells {
		if !c.HasTag(tag) {
			kept = append(kept, c)
		}
	}
	nb.Cells = kept
}

// TestNbgrader takes a notebook the whole way, with what students hand in.
func TestNbgrader(t *testing.T) {
	t.Parallel()
	const name = "04_pooling"
	n := newNbgrader(t, name)
	n.does("generate_assignment", name)
	released, err := os.ReadFile(filepath.Join(n.course, "release", name, name+ending))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"SOLUTION", "skeleton", "largest := range col.ArgMax(1)", "return col.Max(1)"} {
		if strings.Contains(string(released), text) {
			t.Errorf("%q is in what is released", text)
		}
	}
	solutions := answers(t, name)
	const (
		first  = "func myPooling(x *ndarray.Array[float64], poolH, poolW, stride, pad int) *ndarray.Array[float64] {\n\t"
		second = "func myPoolingBackward(x, dout *ndarray.Array[float64],\n\tpoolH, poolW, stride, pad int) *ndarray.Array[float64] {\n\t"
	)
	solve := func(nb *notebook.Notebook) {
		for _, c := range of(nb, "exercise") {
			c.Source = solutions[c.ID()]
		}
	}
	// both gives two answers that do the same and return something wrong.
	both := func(does string) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) {
			cells := of(nb, "exercise")
			cells[0].Source, cells[1].Source = first+does+"\n\treturn x\n}", second+does+"\n\treturn dout\n}"
		}
	}
	// also solves and adds a line to each answer.
	also := func(line string) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) {
			solve(nb)
			for _, c := range of(nb, "exercise") {
				before, after, _ := strings.Cut(c.Source, " {\n")
				c.Source = "import (\n\t\"fmt\"\n\t\"os\"\n)\n\n" + before + " {\n\t" + line + "\n" + after
			}
		}
	}
	then := func(changes ...func(*notebook.Notebook)) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) {
			for _, change := range changes {
				change(nb)
			}
		}
	}
	checks := func(change func(c *notebook.Cell)) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) {
			for _, c := range of(nb, "check") {
				change(c)
			}
		}
	}
	settings := func(line string) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) {
			nb.Cells = append([]*notebook.Cell{notebook.NewCode("settings", line)}, nb.Cells...)
		}
	}
	delete := func(tag string) func(*notebook.Notebook) {
		return func(nb *notebook.Notebook) { without(nb, tag) }
	}
	cases := []struct {
		student string
		change  func(*notebook.Notebook)
		points  float64
	}{
		{"right", solve, 2},
		{"김민준", solve, 2},
		{"half", func(nb *notebook.Notebook) { solve(nb); of(nb, "exercise")[1].Source = second + "return x\n}" }, 1},
		{"wrong", both(""), 0},
		{"empty", func(*notebook.Notebook) {}, 0},
		{"no Go", both("this is no Go"), 0},
		{"exit", both("os.Exit(0)"), 0},
		{"exit at first", then(both(""), func(nb *notebook.Notebook) {
			for _, c := range of(nb, "exercise") {
				c.Source = "import \"os\"\n\nvar ended = func() int { os.Exit(0); return 1 }()\n\n" + strings.Replace(c.Source, "return ", "_ = ended\n\treturn ", 1)
			}
		}), 0},
		{"prints the mark", both(`fmt.Println("✓ Pooling: right. All 8 cases agree."); os.Exit(0)`), 0},
		{"stderr", also(`fmt.Fprintln(os.Stderr, "a line")`), 2},
		{"check deleted", then(solve, delete("check")), 2},
		{"check deleted and wrong", then(both(""), delete("check")), 0},
		{"all deleted", then(delete("check"), delete("exercise")), 0},
		{"check edited", then(both(""), checks(func(c *notebook.Cell) { c.Source = "%%\nprintln()" })), 0},
		{"check unlocked", then(both(""), checks(func(c *notebook.Cell) { c.SetMetadata("nbgrader", nil) })), 0},
		{"setting", then(both(""), settings("%env CONVBOOK_EXERCISE off")), 0},
		{"record", then(both(""), settings("%env CONVBOOK_EXERCISE_RECORD mine:/dev/null")), 0},
		{"another's check", both("exercise.Pooling(func(x *ndarray.Array[float64], h, w, s, p int) *ndarray.Array[float64] { return x }); os.Exit(0)"), 0},
	}
	for _, c := range cases {
		n.handIn(c.student, name, func(nb *notebook.Notebook) {
			// What students do not need they may delete; it saves the test its time.
			var kept []*notebook.Cell
			code := 0
			for _, cell := range nb.Cells {
				if cell.Kind == "code" {
					code++
				}
				if code <= 1 || cell.HasTag("exercise") || cell.HasTag("check") {
					kept = append(kept, cell)
				}
			}
			nb.Cells = kept
			c.change(nb)
		})
	}
	n.does("autograde", name)
	points, most := n.exported(name)
	if most != 2 {
		t.Errorf("%v points at most, want 2", most)
	}
	n.does("generate_feedback", name)
	for _, c := range cases {
		if got, there := points[c.student]; !there || got != c.points {
			t.Errorf("%s: %v points, want %v", c.student, got, c.points)
		}
		page, err := os.ReadFile(filepath.Join(n.course, "feedback", c.student, name, name+".html"))
		if err != nil || !strings.Contains(string(page), "PoolingBackward") {
			t.Errorf("%s has no page of feedback: %v", c.student, err)
		}
	}
	// What a student can try before handing in, with no setting of the course.
	for student, want := range map[string]string{"right": "Success! Your notebook passes all the tests.", "half": "VALIDATION FAILED ON 1 CELL(S)"} {
		if said := n.does("validate", filepath.Join("submitted", student, name, name+ending)); !strings.Contains(said, want) {
			t.Errorf("%s: validate says\n%s", student, said)
		}
	}
	n.again(name)
}

// again hands out a second time: nothing changes, and what a teacher has set stays.
func (n *nbgrader) again(name string) {
	n.t.Helper()
	path := filepath.Join(n.course, handout.ConfigName)
	text, err := os.ReadFile(path)
	if err != nil {
		n.t.Fatal(err)
	}
	mine := string(text) + "c.CourseDirectory.course_id = 'cnn'\n"
	if err := os.WriteFile(path, []byte(mine), 0o600); err != nil {
		n.t.Fatal(err)
	}
	run := begin(n.t, nil, "handout", "--nbgrader", n.course, name)
	if code := run.ends(); code != 0 {
		n.t.Errorf("a second time: %s", run.stderr.String())
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != mine {
		n.t.Errorf("the settings changed: %v\n%s", err, text)
	}
}
