package execute

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/pitfall"
)

// beside is a file of Go that lies beside the program of each cell. Nobody types while a
// notebook is run, so that who reads os.Stdin is at its end at once; GoNB would let it
// wait for ever. That main has come to its end is noted in a file, for a program that
// calls os.Exit(0) in its middle looks the same from outside. It is compiled first, for
// what is declared in it must come before what cells declare.
const beside = `package main

import "os"

var _ = func() (err error) {
	os.Stdin.Close()
	os.Stdin, err = os.Open(os.DevNull)
	return err
}()

func ` + ends + `() { os.WriteFile(%q, nil, 0o600) }
`

const (
	ends    = "convbookMainEnds"
	atEnd   = "defer " + ends + "(); "
	endFile = "ended"
)

// atShellStart is what bash runs before a command of a cell: one given by -c has no
// input either, while that of %%bash is its script.
const atShellStart = `if [ -n "${BASH_EXECUTION_STRING+x}" ]; then exec </dev/null; fi
`

// withoutInput puts what cells and their commands run with into the kernel's folder.
func (k *Kernel) withoutInput() error {
	folders, err := filepath.Glob(filepath.Join(k.folder, "tmp", "gonb_*"))
	if err != nil || len(folders) == 0 {
		return errors.Join(err, errors.New("the folder of its programs is not there"))
	}
	for _, folder := range folders {
		text := fmt.Sprintf(beside, filepath.Join(k.folder, endFile))
		if err := os.WriteFile(filepath.Join(folder, "convbook.go"), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// shellSettings makes bash start with atShellStart, and with what the user set for that.
func (k *Kernel) shellSettings() ([]string, error) {
	text := "unset BASH_ENV\n" + atShellStart
	if users := os.Getenv("BASH_ENV"); users != "" {
		quoted := "'" + strings.ReplaceAll(users, "'", `'\''`) + "'"
		text = "export BASH_ENV=" + quoted + "\n. " + quoted + "\n" + atShellStart
	}
	file := filepath.Join(k.folder, "bash_env")
	return []string{"BASH_ENV=" + file}, os.WriteFile(file, []byte(text), 0o600)
}

// mayExit says whether a notebook's code speaks of os.Exit anywhere.
func mayExit(nb *notebook.Notebook) bool {
	return slices.ContainsFunc(nb.Cells, func(c *notebook.Cell) bool { return c.Kind == "code" && strings.Contains(c.Source, "Exit") })
}

// noted returns the code of a cell whose main notes its end, and whether it has a main.
func noted(code string) (string, bool) {
	lines := strings.Split(code, "\n")
	for i, line := range lines {
		text := strings.TrimPrefix(line, "//gonb:")
		if strings.HasPrefix(text, "%test") || strings.HasPrefix(text, "%wasm") || i == 0 && strings.HasPrefix(text, "%%") && !pitfall.IsMain(text) {
			return code, false
		}
	}
	for i, line := range lines {
		if !pitfall.IsMain(line) {
			continue
		}
		for first := i + 1; first < len(lines); first++ {
			text := strings.TrimPrefix(lines[first], "//gonb:")
			if strings.HasPrefix(text, "!") || strings.HasPrefix(text, "%") || strings.HasSuffix(lines[first-1], `\`) {
				continue
			}
			lines[first] = atEnd + lines[first]
			return strings.Join(lines, "\n"), true
		}
		return code, false
	}
	if at := bodyOfMain(lines); at >= 0 {
		return code[:at] + atEnd + code[at:], true
	}
	return code, false
}

// bodyOfMain returns where the body of a main function begins, -1 where there is none.
func bodyOfMain(lines []string) int {
	const before = "package main;"
	blanked := slices.Clone(lines)
	for i, line := range blanked {
		if text := strings.TrimPrefix(line, "//gonb:"); strings.HasPrefix(text, "!") || strings.HasPrefix(text, "%") || strings.HasPrefix(line, "package") {
			blanked[i] = strings.Repeat(" ", len(line))
		}
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", before+strings.Join(blanked, "\n"), parser.SkipObjectResolution)
	if err != nil {
		return -1
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "main" && f.Body != nil {
			return files.Position(f.Body.Lbrace).Offset + 1 - len(before)
		}
	}
	return -1
}
