package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/runs"
)

// edits is how often each edited cell is run: its time is the median.
const edits = 5

// course is what a student waits for in the notebooks of the course, and in Python.
type course struct {
	rows   []row
	python row
}

// row is one notebook. All times but the sum are those of an edited cell.
type row struct {
	name                string
	first, last         []time.Duration // a trivial cell: behind the first cell, and at the end
	figure, data        []time.Duration // at the end
	sum                 time.Duration   // of all cells that do not train
	cells, train, needs int             // how many cells were run; how many train; how many fail without
}

// Edited cells, at the end of a notebook.
func goData(trial int) string {
	return fmt.Sprintf("import (\n\t\"fmt\"\n\t\"convbook/pkg/dataset\"\n)\n\n%%%%\nfmt.Println(%d, dataset.Must(dataset.Open(\"fashion\")).Train.Len())", trial)
}

func pythonData(file string, trial int) string {
	return fmt.Sprintf("import gzip\nimport numpy as np\nwith gzip.open(%q) as f:\n    x = np.frombuffer(f.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)\nprint(%d, x.shape)", file, trial)
}

// measureCourse goes through the notebooks whose names hold one of some texts. After
// each, Python does the same three edited cells.
func measureCourse(ctx context.Context, list []program, root string, names []string, log io.Writer) (*course, error) {
	paths, err := filepath.Glob(filepath.Join(root, "notebooks", "*.ipynb"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("there are no notebooks in %s: %w", filepath.Join(root, "notebooks"), errors.Join(err))
	}
	c := &course{python: row{name: "Python"}}
	trial := int(time.Now().UnixMilli() % 1_000_000 * 1000)
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
		if len(names) > 0 && !slices.ContainsFunc(names, func(part string) bool { return strings.Contains(name, part) }) {
			continue
		}
		fmt.Fprintf(log, "%s\n", name)
		nb, err := notebook.Read(path)
		if err != nil {
			return nil, err
		}
		trial += 100
		r, err := measureNotebook(ctx, list[0], name, nb, trial)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.rows = append(c.rows, r)
		if len(list) > 1 {
			if err := c.python.measurePython(ctx, list[1], trial); err != nil {
				return nil, err
			}
		}
	}
	if len(c.rows) == 0 {
		return nil, fmt.Errorf("no notebook's name holds one of %q", names)
	}
	return c, nil
}

func measureNotebook(ctx context.Context, p program, name string, nb *notebook.Notebook, trial int) (row, error) {
	r := row{name: name}
	folder, err := os.MkdirTemp("", "convbook-latency-")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(folder)
	k, err := p.start(ctx, "CONVBOOK_SEEDS=1", "CONVBOOK_RUNS="+folder)
	if err != nil {
		return r, err
	}
	defer k.stop()
	var cells []string
	for _, c := range nb.Cells {
		if c.Kind == "code" && strings.TrimSpace(c.Source) != "" && !c.HasTag("skip-execution") {
			cells = append(cells, strings.ReplaceAll(c.Source, "\r\n", "\n"))
		}
	}
	training := trainingCells(cells)
	for i, code := range cells {
		if training[i] {
			r.train++
			if _, err := k.cell(ctx, declarations(code)); err != nil {
				return r, err
			}
			continue
		}
		took, err := k.cell(ctx, code)
		failed := new(cellError)
		switch {
		case errors.As(err, &failed): // it opens what a cell before has trained
			r.needs++
			if _, err := k.cell(ctx, declarations(code)); err != nil {
				return r, err
			}
		case err != nil:
			return r, err
		default:
			r.sum += took
			r.cells++
		}
		if i == 0 {
			if r.first, err = k.edited(ctx, goLesson.trivial, trial); err != nil {
				return r, err
			}
		}
	}
	if r.last, err = k.edited(ctx, goLesson.trivial, trial+10); err != nil {
		return r, err
	}
	if _, err := k.cell(ctx, goLesson.prepare); err != nil {
		return r, err
	}
	if r.figure, err = k.edited(ctx, goLesson.plot, trial+20); err != nil {
		return r, err
	}
	r.data, err = k.edited(ctx, goData, trial+30)
	return r, err
}

// edited runs a cell several times, edited each time.
func (k *kernel) edited(ctx context.Context, code func(trial int) string, trial int) (times []time.Duration, err error) {
	for i := range edits {
		took, err := k.cell(ctx, code(trial+i))
		if err != nil {
			return nil, err
		}
		times = append(times, took)
	}
	return times, nil
}

func (r *row) measurePython(ctx context.Context, p program, trial int) error {
	folder, err := runs.Folder()
	if err != nil {
		return err
	}
	defer runs.Remove(folder)
	file := filepath.Join(folder, "train-images-idx3-ubyte.gz")
	if err := writeImages(file); err != nil {
		return err
	}
	k, err := p.start(ctx)
	if err != nil {
		return err
	}
	defer k.stop()
	if _, err := k.cell(ctx, p.lesson.prepare); err != nil {
		return err
	}
	for _, step := range []struct {
		to   *[]time.Duration
		code func(int) string
	}{{&r.last, p.lesson.trivial}, {&r.figure, p.lesson.plot}, {&r.data, func(trial int) string { return pythonData(file, trial) }}} {
		times, err := k.edited(ctx, step.code, trial)
		if err != nil {
			return err
		}
		*step.to = append(*step.to, times...)
	}
	return nil
}

// writeImages writes a file of the size and form of Fashion-MNIST's training images: it
// is how long Python reads such a file that is measured, not what is on the images.
func writeImages(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	packed, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	image := make([]byte, 28*28)
	packed.Write([]byte{0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28})
	state := uint32(1)
	for range 60000 {
		for i := range image { // about half of the pixels are black, as in Fashion-MNIST
			if state = state*1664525 + 1013904223; i%2 == 0 {
				image[i] = byte(state >> 24)
			}
		}
		if _, err := packed.Write(image); err != nil {
			return err
		}
	}
	return errors.Join(packed.Close(), f.Close())
}

// print writes the table of the course.
func (c *course) print(w io.Writer, markdown bool) {
	rows := [][]string{{"notebook", "first trivial cell", "last trivial cell", "ratio", "with a figure", "opens the data", "all cells that do not train"}}
	for _, r := range c.rows {
		ratio := "–"
		if first := median(r.first); first > 0 {
			ratio = fmt.Sprintf("%.1f", median(r.last).Seconds()/first.Seconds())
		}
		sum := fmt.Sprintf("%.1f s (%d cells", r.sum.Seconds(), r.cells)
		if r.train+r.needs > 0 {
			sum += fmt.Sprintf("; %d train, %d need that", r.train, r.needs)
		}
		rows = append(rows, []string{r.name, seconds(r.first), seconds(r.last), ratio, seconds(r.figure), seconds(r.data), sum + ")"})
	}
	if len(c.python.last) > 0 {
		rows = append(rows, []string{"Python's kernel", "–", seconds(c.python.last), "–", seconds(c.python.figure), seconds(c.python.data), "–"})
	}
	writeRows(w, rows, markdown, 20)
}

func seconds(times []time.Duration) string {
	if len(times) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f s", median(times).Seconds())
}
