package mark

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/sandbox"
	"convbook/kernel/internal/setup"
)

// workshop is what all tests mark with, made once.
type workshop struct {
	course   *Course
	marker   *Marker
	folder   string
	settings Settings
}

var theWorkshop = sync.OnceValues(func() (*workshop, error) {
	ctx := context.Background()
	root, err := setup.Root(".")
	if err != nil {
		return nil, err
	}
	goCommand, env, err := setup.GoCommand(root)
	if err != nil {
		return nil, err
	}
	course, err := ReadCourse(root, filepath.Join(root, "notebooks"), "9.9.9")
	if err != nil {
		return nil, err
	}
	folder, err := runs.Folder()
	if err != nil {
		return nil, err
	}
	entrance := filepath.Join(folder, "inside")
	if err := sandbox.Build(ctx, goCommand, env, root, entrance); err != nil {
		return nil, err
	}
	box, err := sandbox.Find(ctx, entrance)
	if err != nil {
		return nil, err
	}
	settings := Settings{Box: box, Root: root, GoCommand: goCommand, Env: env, Folder: folder, Data: "stand-in", Timeout: 30 * time.Second}
	m, err := NewMarker(ctx, course, settings)
	return &workshop{course, m, folder, settings}, err
})

func TestMain(m *testing.M) {
	status := m.Run()
	if w, err := theWorkshop(); err == nil {
		runs.Remove(w.folder)
	}
	os.Exit(status)
}

func shop(t *testing.T) *workshop {
	t.Helper()
	if testing.Short() {
		t.Skip("programs are built and run")
	}
	w, err := theWorkshop()
	if err != nil && strings.Contains(err.Error(), "sandbox") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// original returns a copy of a notebook of the course.
func (w *workshop) original(t *testing.T, name string) *notebook.Notebook {
	t.Helper()
	for _, n := range w.course.Notebooks {
		if n.Name == name {
			return n.original.Copy()
		}
	}
	t.Fatalf("there is no notebook %s", name)
	return nil
}

// solved returns a notebook with its solutions.
func (w *workshop) solved(t *testing.T, name string) *notebook.Notebook {
	t.Helper()
	nb := w.original(t, name)
	if _, err := lesson.Solve(nb); err != nil {
		t.Fatal(err)
	}
	return nb
}

// mark marks a notebook.
func (w *workshop) mark(t *testing.T, nb *notebook.Notebook) *Result {
	t.Helper()
	text, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return w.markText(t, text)
}

func (w *workshop) markText(t *testing.T, text []byte) *Result {
	t.Helper()
	r, err := w.marker.Mark(context.Background(), text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outcomes are those of a result, in one text.
func outcomes(r *Result) string {
	var list []string
	for _, v := range r.Verdicts {
		list = append(list, string(v.Outcome))
	}
	return strings.Join(list, ", ")
}

// exercise returns the cell of a notebook's exercise, by its number.
func exercise(t *testing.T, nb *notebook.Notebook, number int) *notebook.Cell {
	t.Helper()
	for _, c := range nb.Cells {
		if c.HasTag("exercise") {
			if number == 0 {
				return c
			}
			number--
		}
	}
	t.Fatal("there is no such exercise")
	return nil
}

// TestSolutionsAndSkeletons marks what is all right and what nobody has touched.
func TestSolutionsAndSkeletons(t *testing.T) {
	w := shop(t)
	for _, n := range w.course.Notebooks {
		if n.Name == "06_train_convnet" || n.Name == "10_data_augmentation" {
			continue // their checks train
		}
		if len(n.Exercises) < 2 && os.Getenv("CONVBOOK_LONG") == "" {
			continue
		}
		r := w.mark(t, w.solved(t, n.Name))
		if points, of := r.Points(); points != of || of != len(lesson.Asked(n.original)) || r.Notebook != n.Name {
			t.Errorf("%s, solved, has %d of %d points as %s: %+v", n.Name, points, of, r.Notebook, r.Verdicts)
		}
		for _, v := range w.mark(t, n.original.Copy()).Verdicts {
			if v.Outcome != NotWritten {
				t.Errorf("%s, untouched: %s is %s", n.Name, v.Check, v.Outcome)
			}
		}
	}
}

// TestAnswers marks notebook 02 with its first answer changed.
func TestAnswers(t *testing.T) {
	w := shop(t)
	for _, c := range []struct{ name, old, new, want, said string }{
		{"as it is", "", "", "right", "cases agree"},
		{"a wrong number", "return col", "return col.Scale(2)", "wrong", "each number is 2 times"},
		{"swapped", "col.Set(x.At(image, channel, y, x0), row, column)", "col.Set(x.At(image, channel, x0, y), row, column)", "wrong", "Hint"},
		{"with a helper of its own", "func myIm2col(", "func twice(a *ndarray.Array[float64]) *ndarray.Array[float64] { return a.Scale(2).Scale(0.5) }\n\nfunc myIm2col(", "right", ""},
		{"an import that the notebook lacks", "return col", "if strings.Contains(\"a\", \"b\") {\n\t\treturn nil\n\t}\n\treturn col", "right", ""},
		{"nil", "return col", "_ = col\n\treturn nil", "not written", ""},
		{"a panic", "return col", "panic(\"here\")", "wrong", "stopped with the panic: here"},
		{"a wrong reshape", "return col", "return col.Reshape(7)", "wrong", "Reshape"},
		{"a loop", "return col", "for {\n\t}", "did not run", "no answer after 5s"},
		{"a changed input", "return col", "x.Fill(0)\n\treturn col", "wrong", "the input x was changed"},
		{"a shape overwritten", "return col", "col.Shape()[0] = 1 << 50\n\treturn col", "wrong", "has a shape that its numbers do not fit"},
		{"what does not compile", "return col", "return cool", "did not run", "undefined: cool"},
		{"what does not parse", "return col", "return (", "did not run", "it is not Go"},
		{"another signature", "stride, pad int)", "stride int)", "did not run", ""},
		{"what prints", "return col", "fmt.Println(\"hello there\")\n\treturn col", "right", "hello there"},
		{"a goroutine's panic", "return col", "go panic(\"below\")\n\tselect {}", "did not run", "panic: below"},
		{"endless recursion", "return col", "return myIm2col(x, filterH, filterW, stride, pad)", "did not run", ""},
	} {
		nb := w.solved(t, "02_im2col")
		cell := exercise(t, nb, 0)
		if c.old != "" && !strings.Contains(cell.Source, c.old) {
			t.Fatalf("%s: there is no %q in the solution", c.name, c.old)
		}
		if c.old != "" {
			cell.Source = strings.Replace(cell.Source, c.old, c.new, 1)
		}
		r := w.mark(t, nb)
		v := r.Verdicts[0]
		if said := v.Reason + v.Report + v.Printed + strings.Join(r.Notes, " "); string(v.Outcome) != c.want || !strings.Contains(said, c.said) {
			t.Errorf("%s: %s, want %s with %q in\n%s", c.name, v.Outcome, c.want, c.said, said)
		}
		if rest := strings.TrimPrefix(outcomes(r), string(v.Outcome)); rest != ", right, right, right" {
			t.Errorf("%s: the other checks are%s", c.name, rest)
		}
	}
}
