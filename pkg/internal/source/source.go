// Package source tells whether the code behind a kept result is still the same. Each
// cell of a notebook is a program of its own, so the executable changes with every edit
// of any cell; what counts is the text of the function that computed the result and of
// all that it leads to. Comments and layout do not count.
package source

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Digest returns a digest of the text of a function: of its declaration or literal, of
// all that it leads to in its program, and of our own packages. Where the text is not to
// be found it is the digest of the whole executable, which every edit changes.
func Digest(function any) string {
	text, err := textOf(function)
	ours, oursErr := packages()
	if err := cmp.Or(err, oursErr); err != nil {
		return executable()
	}
	return digest([]byte(text + "\n" + ours))
}

// Parts returns the two halves of Digest: that of the function's text and that of our
// own packages, or twice that of the executable.
func Parts(function any) (text, ours string) {
	text, err := textOf(function)
	ours, oursErr := packages()
	if err := cmp.Or(err, oursErr); err != nil {
		return executable(), executable()
	}
	return digest([]byte(text)), digest([]byte(ours))
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}

// textOf returns the declarations that the function leads to, each as its words with a
// space between them, in an order that does not depend on where they stand.
func textOf(function any) (string, error) {
	f := runtime.FuncForPC(reflect.ValueOf(function).Pointer())
	file, line := f.FileLine(f.Entry())
	p, err := readProgram(file)
	if err != nil {
		return "", err
	}
	found, err := p.leadsTo(file, line, isLiteral(f.Name()))
	if err != nil {
		return "", err
	}
	slices.Sort(found)
	return strings.Join(slices.Compact(found), "\n"), nil
}

// isLiteral reports whether a function's name is that of a literal in another function:
// "main.try.func1", "main.main.func2.1".
func isLiteral(name string) bool {
	name = strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "[...]", "")
	parts := strings.Split(name, ".") // package, function, literal …
	number := strings.TrimPrefix(parts[len(parts)-1], "func")
	return len(parts) > 2 && number != "" && strings.Trim(number, "0123456789") == ""
}

// drawing are the folders below pkg on which no result depends.
var drawing = []string{"benchmark", "display", "exercise", "explore", "figure", "live"}

// packages returns a digest of the text of our own packages.
var packages = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	pkg := filepath.Join(filepath.Dir(here), "..", "..")
	sum := sha256.New()
	files := 0
	err := filepath.WalkDir(pkg, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		switch {
		case entry.IsDir() && (name == "testdata" || filepath.Dir(path) == filepath.Clean(pkg) && slices.Contains(drawing, name)):
			return fs.SkipDir
		case entry.IsDir() || strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".s"):
			return nil
		}
		content, err := os.ReadFile(path)
		files++
		sum.Write([]byte(name))
		sum.Write(content)
		return err
	})
	if err == nil && files == 0 {
		err = fs.ErrNotExist
	}
	return hex.EncodeToString(sum.Sum(nil)), err
})

// executable returns a digest of the program that runs.
var executable = sync.OnceValue(func() string {
	path, err := os.Executable()
	var content []byte
	if err == nil {
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return "unknown, " + time.Now().String() // equal to nothing that was kept
	}
	return digest(content)
})
