package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/mark"
	"convbook/kernel/internal/runs"
	"convbook/kernel/internal/sandbox"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

type markCommand struct {
	Names    []string      `arg:"" optional:"" name:"path" help:"Hand-ins: files, or folders with a file or a folder of each student."`
	CSV      string        `help:"Write a table of all verdicts into this file." type:"path"`
	Feedback string        `help:"Write a page for each student into this folder." type:"path"`
	Watch    string        `help:"Mark what arrives in this folder, until Ctrl-C." type:"path"`
	Trust    bool          `help:"Mark without a sandbox: what students wrote may do what you may."`
	Again    bool          `help:"Mark anew what was marked before."`
	Timeout  time.Duration `default:"5m" help:"Time limit for one check (${default})."`
	Jobs     int           `short:"j" help:"Mark so many hand-ins at the same time; as many as there are processors by default."`
	Course   string        `help:"Folder of the course's notebooks, of another version (notebooks/ of this one)." type:"path"`

	log io.Writer
}

// findSandbox is another in tests.
var findSandbox = sandbox.Find

// Run is called by kong.
func (c *markCommand) Run(ctx context.Context) error {
	if c.Watch != "" {
		c.Names = append(c.Names, c.Watch)
	}
	switch {
	case len(c.Names) == 0:
		return remedy.Errorf("name files or folders", "there is nothing to mark")
	case c.Jobs < 0 || c.Timeout <= 0:
		return errors.New("--jobs and --timeout want numbers above 0")
	case c.Jobs == 0:
		c.Jobs = runtime.GOMAXPROCS(0)
	}
	if c.log == nil {
		c.log = os.Stdout
	}
	if err := setup.Supported(); err != nil {
		return err
	}
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	if c.Course == "" {
		c.Course = filepath.Join(root, "notebooks")
	}
	course, err := mark.ReadCourse(root, c.Course, version)
	if err != nil {
		return err
	}
	if c.Feedback != "" {
		if err := os.MkdirAll(c.Feedback, 0o700); err != nil {
			return remedy.Errorf("choose another with --feedback", "the pages cannot be written: %w", reason(err))
		}
	}
	folder, err := runs.Folder()
	if err != nil {
		return err
	}
	defer runs.Remove(folder)
	data, state, err := dataFor(folder)
	if err != nil {
		return err
	}
	marker, err := c.marker(ctx, root, folder, data, course)
	if err != nil {
		return err
	}
	kept, err := private.Folder("marks")
	if err != nil {
		return err
	}
	m := &marking{markCommand: c, course: course, marker: marker, kept: mark.Kept{Folder: kept}, data: state, done: map[string]mark.Marked{}}
	if c.Watch != "" {
		return m.watch(ctx)
	}
	found, err := mark.Find(c.Names, course)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return remedy.Errorf("look whether they end in .ipynb", "no notebook was found")
	}
	err = m.all(ctx, found)
	m.summary(found)
	return errors.Join(err, m.write(found))
}

// marker makes the tools, and looks for a sandbox.
func (c *markCommand) marker(ctx context.Context, root, folder, data string, course *mark.Course) (*mark.Marker, error) {
	goCommand, env, err := setup.GoCommand(root)
	if err != nil {
		return nil, err
	}
	entrance := filepath.Join(folder, "inside")
	if err := sandbox.Build(ctx, goCommand, env, root, entrance); err != nil {
		return nil, err
	}
	box := sandbox.Trust(entrance)
	if !c.Trust {
		if box, err = findSandbox(ctx, entrance); err != nil {
			return nil, remedy.Errorf("mark on Linux, or with --trust if you would run these programs yourself",
				"there is no sandbox here for what students wrote: %w", err)
		}
	}
	fmt.Fprintf(c.log, "sandbox: %s; data: %s\n", box, terminal.Name(data))
	if path := closed(data); filepath.IsAbs(data) && path != "" && os.Geteuid() == 0 && !c.Trust {
		fmt.Fprintf(c.log, "not all users can read %s: checks that train with it do not run, for what root marks runs as a user of its own\n", terminal.Name(path))
	}
	return mark.NewMarker(ctx, course, mark.Settings{Box: box, Root: root, GoCommand: goCommand, Env: env, Folder: folder, Data: data, Timeout: c.Timeout})
}

// dataFor returns the data that checks train with: what CONVBOOK_DATA names, or a copy
// of what was downloaded, or the stand-in; and a name by which kept results tell one from
// another.
func dataFor(folder string) (data, name string, err error) {
	const standIn = "stand-in"
	switch named := os.Getenv("CONVBOOK_DATA"); named {
	case standIn:
		return standIn, standIn, nil
	case "":
	default:
		if info, err := os.Stat(named); err != nil || !info.IsDir() {
			return "", "", remedy.Errorf("unset it, or name the folder with the data", "CONVBOOK_DATA is %s, which is no folder", terminal.Name(named))
		}
		data, err = filepath.Abs(named)
		return data, data, err
	}
	for _, from := range private.Existing("data") {
		copied := filepath.Join(folder, "data")
		complete := true
		for _, name := range []string{"mnist", "fashion"} {
			files, err := os.ReadDir(filepath.Join(from, name))
			complete = complete && err == nil && len(files) >= 4
		}
		if !complete {
			continue
		}
		for _, name := range []string{"mnist", "fashion"} {
			if err := os.CopyFS(filepath.Join(copied, name), os.DirFS(filepath.Join(from, name))); err != nil {
				return "", "", err
			}
		}
		return copied, "downloaded", readable(copied)
	}
	return standIn, standIn, nil
}

// closed returns what in a folder not all users can read, "" where they can.
func closed(folder string) (found string) {
	filepath.WalkDir(folder+string(filepath.Separator), func(path string, d os.DirEntry, err error) error {
		wanted := os.FileMode(0o004)
		if err == nil && d.IsDir() {
			wanted = 0o005
		}
		if info, err := os.Stat(path); err == nil && info.Mode()&wanted == wanted {
			return nil
		}
		found = path
		return filepath.SkipAll
	})
	return found
}

// readable lets all users read what is in a folder, which lies in one that they cannot
// enter.
func readable(folder string) error {
	return filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return os.Chmod(path, 0o644)
	})
}

// marking is a marking of many hand-ins.
type marking struct {
	*markCommand
	course *mark.Course
	marker *mark.Marker
	kept   mark.Kept
	data   string // its name, see dataFor

	mu   sync.Mutex
	done map[string]mark.Marked // by path
}

// all marks hand-ins, several at a time. Of what goes wrong on this machine the first
// is the error, and no more are begun.
func (m *marking) all(ctx context.Context, found []mark.HandIn) error {
	inner, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	slots := make(chan struct{}, m.Jobs)
	p := progressOf(len(found))
	for _, h := range found {
		slots <- struct{}{}
		if inner.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-slots }()
			marked, fresh, err := m.one(inner, h)
			if err != nil {
				stop(fmt.Errorf("%s could not be marked: %w", terminal.Name(h.Path), err))
				return
			}
			m.mu.Lock()
			defer m.mu.Unlock()
			m.done[h.Path] = marked
			p.tell(m.log, marked, fresh)
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return context.Cause(inner)
}

// one marks a hand-in, unless that was done before.
func (m *marking) one(ctx context.Context, h mark.HandIn) (marked mark.Marked, fresh bool, err error) {
	text, err := h.Read()
	if err != nil {
		return mark.Marked{HandIn: h, Result: mark.Unread(reason(err))}, false, nil
	}
	settings := []any{m.Timeout, m.Trust, m.data}
	if r := m.kept.Result(text, m.course, settings...); r != nil && !m.Again {
		return mark.Marked{HandIn: h, Result: r}, false, nil
	}
	r, err := m.marker.Mark(ctx, text)
	if err != nil {
		return marked, false, err
	}
	return mark.Marked{HandIn: h, Result: r}, true, m.kept.Keep(r, text, m.course, settings...)
}

// results are those of some hand-ins, in their order.
func (m *marking) results(found []mark.HandIn) (list []mark.Marked) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range found {
		if marked, ok := m.done[h.Path]; ok {
			marked.HandIn = h
			list = append(list, marked)
		}
	}
	return list
}

// write writes the table and the pages that were asked for. Marks are for nobody else on a
// machine, where students may have accounts, too.
func (m *marking) write(found []mark.HandIn) error {
	results := m.results(found)
	if m.CSV != "" {
		text, err := mark.CSV(results)
		if err == nil {
			err = reason(atomicfile.WritePrivate(m.CSV, text))
		}
		if err != nil {
			return fmt.Errorf("the table could not be written: %w", err)
		}
		fmt.Fprintf(m.log, "table: %s\n", terminal.Name(m.CSV))
	}
	if m.Feedback == "" {
		return nil
	}
	of := map[string][]mark.Marked{}
	var students []string
	for _, r := range results {
		if of[r.Student] == nil {
			students = append(students, r.Student)
		}
		of[r.Student] = append(of[r.Student], r)
	}
	files := mark.Files(students)
	for _, student := range students {
		text, err := mark.Feedback(student, of[student])
		if err == nil {
			err = reason(atomicfile.WritePrivate(filepath.Join(m.Feedback, files[student]), text))
		}
		if err != nil {
			return fmt.Errorf("the page of %s could not be written: %w", terminal.Name(student), err)
		}
	}
	fmt.Fprintf(m.log, "pages: %d in %s\n", len(students), terminal.Name(m.Feedback))
	return nil
}

// summary prints a line for each hand-in.
func (m *marking) summary(found []mark.HandIn) {
	fmt.Fprintln(m.log)
	for _, r := range m.results(found) {
		points, of := r.Points()
		fmt.Fprintf(m.log, "%s %-24s %2d of %2d  %s\n", terminal.Padded(terminal.Name(r.Student), 20), r.Notebook, points, of, strings.Join(counts(r), ", "))
		if r.Older != "" {
			fmt.Fprintf(m.log, "  made from version %s of the course\n", terminal.Line(r.Older))
		}
	}
	if none := mark.WithoutHandIns(m.Names, found); len(none) > 0 {
		for i, name := range none {
			none[i] = terminal.Name(name)
		}
		fmt.Fprintf(m.log, "no notebook to mark in %s: the names of notebooks end in .ipynb\n", strings.Join(none, ", "))
	}
	if n := len(found) - len(m.results(found)); n > 0 {
		fmt.Fprintf(m.log, "%s not marked yet: the same command goes on\n", counted(n, "hand-in"))
	}
}

// counts are the outcomes of a hand-in that are not right.
func counts(r mark.Marked) (list []string) {
	names := map[mark.Outcome][]string{}
	for _, v := range r.Verdicts {
		if v.Check == mark.Unnamed { // of what could not be read: why is all there is to say
			list = append(list, terminal.Line(v.Reason))
			continue
		}
		names[v.Outcome] = append(names[v.Outcome], v.Check)
	}
	for _, o := range []mark.Outcome{mark.Wrong, mark.NotWritten, mark.DidNotRun} {
		if len(names[o]) > 0 {
			list = append(list, fmt.Sprintf("%s: %s", o, strings.Join(slices.Compact(names[o]), ", ")))
		}
	}
	return list
}

// pace tells how a marking goes.
type pace struct {
	of, done, fresh int
	began           time.Time
}

func progressOf(n int) *pace { return &pace{of: n, began: time.Now()} }

// tell prints a line of a hand-in, with the time that the others will take.
func (p *pace) tell(w io.Writer, r mark.Marked, fresh bool) {
	p.done++
	note := "marked before"
	if fresh {
		p.fresh++
		note = ""
		if left := p.of - p.done; left > 0 {
			each := time.Since(p.began) / time.Duration(p.fresh)
			note = fmt.Sprintf("about %v left", (each * time.Duration(left)).Round(time.Second))
		}
	}
	points, of := r.Points()
	fmt.Fprintf(w, "%3d of %d  %s %-24s %2d of %2d  %s\n", p.done, p.of, terminal.Padded(terminal.Name(r.Student), 20), r.Notebook, points, of, note)
}
