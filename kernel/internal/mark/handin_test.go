package mark

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"convbook/kernel/internal/handout"
)

var smallCourse = &Course{Version: "1", Notebooks: []*Notebook{{Name: "02_im2col"}, {Name: "04_pooling"}}}

// TestStudents names students by folders and files.
func TestStudents(t *testing.T) {
	base := t.TempDir()
	var files []string
	for _, name := range []string{
		"class/김민지/02_im2col.ipynb", "class/김민지/04_pooling.ipynb", "class/lee/week 1/02_im2col.ipynb",
		"class/02_im2col_park.ipynb", "class/choi-02_im2col.ipynb", "class/jung.ipynb", "class/.hidden/x.ipynb", "class/lee/.ipynb_checkpoints/02_im2col-checkpoint.ipynb",
		"class/__MACOSX/y.ipynb", "class/notes.txt", "other/lee/02_im2col.ipynb", "s1/hw.ipynb", "s2/hw.ipynb",
		"class/" + norm.NFD.String("박지민") + "/02_im2col.ipynb",
	} {
		path := filepath.Join(base, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "hw.ipynb") {
			files = append(files, path)
		}
	}
	found, err := Find(append(files, filepath.Join(base, "class"), filepath.Join(base, "other"), files[0]), smallCourse)
	if err != nil {
		t.Fatal(err)
	}
	var students []string
	for _, h := range found {
		students = append(students, h.Student)
	}
	want := []string{"choi", "hw (s1)", "hw (s2)", "jung", "lee (class/lee)", "lee (other/lee)", "park", "김민지", "김민지", "박지민"}
	if !slices.Equal(students, want) {
		t.Errorf("the students are %q, want %q", students, want)
	}
	if _, err := Find([]string{filepath.Join(base, "gone")}, smallCourse); err == nil {
		t.Error("a folder that is not there is nobody's mistake")
	}
}

// TestLinksAreNotFollowed makes sure that a hand-in is what a student handed in.
func TestLinksAreNotFollowed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links want a right there")
	}
	base := t.TempDir()
	secret := filepath.Join(base, "secret.ipynb")
	if err := os.WriteFile(secret, []byte("the teacher's"), 0o600); err != nil {
		t.Fatal(err)
	}
	class := filepath.Join(base, "class")
	for _, name := range []string{"kim", "lee"} {
		if err := os.MkdirAll(filepath.Join(class, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile(filepath.Join(class, "lee", "work.ipynb"), []byte("lee's"), 0o644)
	for link, to := range map[string]string{"kim/a.ipynb": secret, "kim/b.ipynb": "../lee/work.ipynb", "kim/c.ipynb": "/dev/zero", "out": base, "kim/d.ipynb": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(class, link)); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Find([]string{class}, smallCourse)
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, h := range found {
		text, err := h.Read()
		if err == nil {
			read++
		}
		if string(text) != "" && h.File != "lee/work.ipynb" || h.File == "kim/b.ipynb" && (err == nil || !strings.Contains(err.Error(), "link")) {
			t.Errorf("%s: %q, %v", h.File, text, err)
		}
	}
	if len(found) != 5 || read != 1 {
		t.Errorf("%d hand-ins, of which %d were read: %+v", len(found), read, found)
	}
	named := filepath.Join(base, "this week") // a link of the teacher's own
	if err := os.Symlink(class, named); err != nil {
		t.Fatal(err)
	}
	if through, err := Find([]string{named}, smallCourse); err != nil || len(through) != len(found) {
		t.Errorf("a folder behind a link has %d hand-ins, %v", len(through), err)
	}
}

// hostile are names that students give themselves.
var hostile = []string{"=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1", " =1", "<script>alert(1)</script>", "a\x1b]0;x\a\x1b[2J", "../../evil", "con", "CON", "lpt9", "-rf", "김/민지", strings.Repeat("긴", 300), "", ".", "a\u202eb", "index"}

// TestTable reads the table as a spreadsheet does.
func TestTable(t *testing.T) {
	var all []Marked
	for _, name := range hostile {
		all = append(all, Marked{HandIn{Student: name, File: name}, &Result{Notebook: "02_im2col", Verdicts: []Verdict{{Check: "Im2col", Outcome: DidNotRun, Reason: "=1\n" + name}}}})
	}
	text, err := CSV(all)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(hostile)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if want := []string{"student", "notebook", "exercise", "verdict", "points", "seconds"}; !slices.Equal(rows[0][:6], want) || !strings.HasPrefix(string(text), "\ufeff") {
		t.Errorf("the table begins with %q", rows[0])
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if trimmed := strings.TrimLeft(cell, " \t"); trimmed != "" && strings.ContainsRune("=+-@＝", []rune(trimmed)[0]) || strings.ContainsAny(cell, "\x1b\a\u202e") {
				t.Errorf("a cell is %q", cell)
			}
		}
	}
}

// TestReasonsAreCutBetweenLetters makes sure that no half of a letter is left.
func TestReasonsAreCutBetweenLetters(t *testing.T) {
	for blanks := range 3 {
		text := strings.Repeat("x", blanks) + strings.Repeat("긴", 200) + "\nmore"
		if got := firstLine(text); !utf8.ValidString(got) || len(got) < 297 || !strings.HasPrefix(text, got) {
			t.Errorf("%q is cut to %q", text, got)
		}
	}
}

// TestPages makes sure that a page runs nothing and each student has a file.
func TestPages(t *testing.T) {
	files := Files(hostile)
	seen := map[string]bool{}
	for _, name := range hostile {
		file := files[name]
		if file == "" || seen[strings.ToLower(file)] || strings.ContainsAny(file, "/\\\x00\x1b<>:\"|?*") || len(file) > 200 || handout.FitName(file) != nil {
			t.Errorf("the page of %q is %q", name, file)
		}
		seen[strings.ToLower(file)] = true
	}
	evil := "<script>alert(1)</script><img src=x onerror=alert(1)>\n```\n[x](javascript:alert(1))\x1b[2J"
	m := Marked{HandIn{Student: evil, File: evil}, &Result{Notebook: "02_im2col", Older: evil, Notes: []string{evil}, Answers: []Answer{{evil, 1}},
		Verdicts: []Verdict{{Check: evil, Outcome: Wrong, Reason: evil, Report: evil, Printed: evil}, {Check: "x", Outcome: Right}}}}
	text, err := Feedback(evil, []Marked{m})
	if err != nil {
		t.Fatal(err)
	}
	for _, not := range []string{"<script>alert", "<img src=x", "href=\"javascript", "\x1b"} {
		if strings.Contains(string(text), not) {
			t.Errorf("the page has %q", not)
		}
	}
	for _, want := range []string{"1 of 2 checks are right", "오답", "alert(1)"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestKeptResults go with the letters of a hand-in and the state of the course.
func TestKeptResults(t *testing.T) {
	k := Kept{t.TempDir()}
	r := &Result{Notebook: "02_im2col", Verdicts: []Verdict{{Check: "Im2col", Outcome: Right}}}
	if err := k.Keep(r, []byte("a"), smallCourse, 1); err != nil {
		t.Fatal(err)
	}
	if got := k.Result([]byte("a"), smallCourse, 1); got == nil || got.Verdicts[0].Outcome != Right {
		t.Errorf("kept is %+v", got)
	}
	later := *smallCourse
	later.digest = "another"
	if k.Result([]byte("b"), smallCourse, 1) != nil || k.Result([]byte("a"), &later, 1) != nil || k.Result([]byte("a"), smallCourse, 2) != nil {
		t.Error("something else has the same result")
	}
	files, _ := filepath.Glob(filepath.Join(k.Folder, "*"))
	if info, err := os.Stat(files[0]); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("what is kept has the mode %v, %v", info.Mode(), err)
	}
	os.WriteFile(files[0], []byte("{"), 0o644)
	if k.Result([]byte("a"), smallCourse, 1) != nil {
		t.Error("a damaged file is a result")
	}
}

// TestStudentsWithoutHandIns tells of folders and files in which nothing was found, and of
// none besides.
func TestStudentsWithoutHandIns(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"kim/01.ipynb", "lee/01.ipynb.txt", "park/deep/01.IPYNB", "choi/.hidden.ipynb", "jung.ipynb", "kang.ipynb.txt", "list.csv", ".git/x", "__MACOSX/x"} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Find([]string{root}, &Course{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := WithoutHandIns([]string{root}, found), []string{"choi", "kang.ipynb.txt", "lee"}; !slices.Equal(got, want) {
		t.Errorf("nothing was found in %q, want %q", got, want)
	}
	if got := WithoutHandIns([]string{filepath.Join(root, "jung.ipynb")}, found[:1]); len(got) > 0 {
		t.Errorf("a file that was named has nothing in %q", got)
	}
}
