package mark

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/text/unicode/norm"

	"convbook/kernel/internal/notebook"
)

// HandIn is a notebook that somebody handed in.
type HandIn struct {
	Path    string
	Student string // the folder's name or the file's, in composed letters
	Root    string // the folder that was named, in which it was found; "" for a file
	File    string // its path in there
}

const (
	ending    = ".ipynb"
	mostBytes = 32 << 20 // of a hand-in
)

// Find lists the hand-ins that files and folders hold, in the order of their students.
// In a folder, or where a link that was named leads, each student has a folder or a file;
// what begins with a point is passed over.
func Find(paths []string, course *Course) (list []HandIn, err error) {
	seen := map[string]bool{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		found := []HandIn{{Path: path, File: filepath.Base(path)}}
		if info.IsDir() {
			if found, err = inFolder(path); err != nil {
				return nil, err
			}
		}
		for _, h := range found {
			absolute, err := filepath.Abs(h.Path)
			if err != nil {
				return nil, err
			}
			if h.Path = absolute; !seen[absolute] {
				seen[absolute] = true
				h.Student = course.student(h)
				list = append(list, h)
			}
		}
	}
	return tellApart(list), nil
}

func inFolder(root string) (list []HandIn, err error) {
	if root, err = filepath.EvalSymlinks(root); err != nil { // which WalkDir would not follow
		return nil, err
	}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path != root:
			return nil // what cannot be read is nobody's hand-in
		case err != nil:
			return err
		case path != root && strings.HasPrefix(d.Name(), "."), d.Name() == "__MACOSX":
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && strings.EqualFold(filepath.Ext(path), ending):
			file, err := filepath.Rel(root, path)
			list = append(list, HandIn{Path: path, Root: root, File: file})
			return err
		}
		return nil
	})
	return list, err
}

// WithoutHandIns returns what lies in folders that were named and holds no hand-in: folders
// of students, and files whose names have more behind .ipynb.
func WithoutHandIns(paths []string, found []HandIn) (names []string) {
	has := map[string]bool{}
	for _, h := range found {
		first, _, _ := strings.Cut(filepath.ToSlash(h.File), "/")
		has[filepath.Join(h.Root, first)] = true
	}
	for _, path := range paths {
		root, err := filepath.EvalSymlinks(path)
		if err != nil {
			continue
		}
		entries, _ := os.ReadDir(root)
		for _, e := range entries {
			name := e.Name()
			wanted := e.IsDir() && name != "__MACOSX" || strings.Contains(strings.ToLower(name), ending)
			if wanted && !strings.HasPrefix(name, ".") && !has[filepath.Join(root, name)] {
				names = append(names, name)
			}
		}
	}
	return names
}

// student names the student of a hand-in: by the first folder below the one that was
// named, else by the file's name without that of the notebook, else by the folder that
// the file is in.
func (c *Course) student(h HandIn) string {
	if folder, _, below := strings.Cut(filepath.ToSlash(h.File), "/"); below && h.Root != "" {
		return norm.NFC.String(folder)
	}
	name := norm.NFC.String(filepath.Base(h.Path))
	name = name[:len(name)-len(filepath.Ext(name))]
	for _, n := range c.Notebooks {
		if at := strings.Index(name, n.Name); at >= 0 {
			before, after := strings.TrimRight(name[:at], " _-."), strings.TrimLeft(name[at+len(n.Name):], " _-.")
			name = strings.Trim(before+"_"+after, "_")
		}
	}
	if name == "" {
		name = norm.NFC.String(filepath.Base(filepath.Dir(h.Path)))
	}
	return name
}

// tellApart gives students of one name in different places as much of their paths as
// tells them apart, and sorts all.
func tellApart(list []HandIn) []HandIn {
	of := map[string][]string{} // the places of a name
	for _, h := range list {
		if place := h.place(); !slices.Contains(of[h.Student], place) {
			of[h.Student] = append(of[h.Student], place)
		}
	}
	for i, h := range list {
		if places := of[h.Student]; len(places) > 1 {
			list[i].Student = fmt.Sprintf("%s (%s)", h.Student, apart(h.place(), places))
		}
	}
	slices.SortStableFunc(list, func(a, b HandIn) int {
		return strings.Compare(a.Student+"\x00"+a.Path, b.Student+"\x00"+b.Path)
	})
	return list
}

// apart returns the end of a path that no other of several has.
func apart(path string, all []string) string {
	parts := strings.Split(strings.Trim(filepath.ToSlash(path), "/"), "/")
	for n := 1; n < len(parts); n++ {
		end := strings.Join(parts[len(parts)-n:], "/")
		if !slices.ContainsFunc(all, func(other string) bool {
			return other != path && strings.HasSuffix("/"+filepath.ToSlash(other), "/"+end)
		}) {
			return end
		}
	}
	return strings.Join(parts, "/")
}

// place is the folder that a student's files lie in: two of them are two students,
// whatever they are called. Names that differ in the way their letters are composed are
// one.
func (h HandIn) place() string {
	if folder, _, below := strings.Cut(filepath.ToSlash(h.File), "/"); below && h.Root != "" {
		return norm.NFC.String(filepath.Join(h.Root, folder))
	}
	return norm.NFC.String(filepath.Dir(h.Path))
}

// Read reads the file of a hand-in, which must be one: what a student's link leads to is
// not the student's.
func (h HandIn) Read() ([]byte, error) {
	folder, file := h.Root, h.File
	if folder == "" {
		folder, file = filepath.Dir(h.Path), filepath.Base(h.Path)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	at := ""
	var info fs.FileInfo
	for part := range strings.SplitSeq(filepath.ToSlash(file), "/") {
		at = filepath.Join(at, part)
		if info, err = root.Lstat(at); err != nil {
			return nil, err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, errors.New("it is a link and no file: hand in the file itself")
		}
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	f, err := root.OpenFile(file, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if opened, err := f.Stat(); err != nil || !os.SameFile(info, opened) {
		return nil, errors.New("it was replaced while it was read")
	}
	return bounded(f)
}

// Complete says whether the file is a notebook, and not a part of one.
func (h HandIn) Complete() bool {
	text, err := h.Read()
	if err != nil {
		return false
	}
	_, err = notebook.Parse(text)
	return err == nil
}

func bounded(f *os.File) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err == nil && len(text) > mostBytes {
		return nil, fmt.Errorf("it has more than %d MB: clear its outputs", mostBytes>>20)
	}
	return text, err
}
