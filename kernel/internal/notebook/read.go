package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/remedy"
)

// maxSize bounds a notebook file.
const maxSize = 256 << 20

// maxDepth bounds how deep the document's lists and objects are nested.
const maxDepth = 100

// Read reads a notebook file. The error says what is wrong with it.
func Read(path string) (*Notebook, error) {
	nb, _, err := ReadBytes(path)
	return nb, err
}

// ReadBytes is Read and returns what the file holds, too.
func ReadBytes(path string) (*Notebook, []byte, error) {
	nb, text, err := readFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", terminal.Name(path), err)
	}
	return nb, text, nil
}

func readFile(path string) (*Notebook, []byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, reason(err)
	case info.IsDir():
		return nil, nil, remedy.Errorf("name the notebooks in it", "it is a folder, not a notebook")
	case !info.Mode().IsRegular():
		return nil, nil, remedy.Errorf("name a file", "it is a %s, not a file", kindOf(info.Mode()))
	case info.Size() > maxSize:
		return nil, nil, remedy.Errorf("clear its outputs in Jupyter and save it", "it has %d bytes, and a notebook may have %d", info.Size(), maxSize)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, reason(err)
	}
	nb, err := Parse(text)
	return nb, text, err
}

// reason is an error of the file system without the name of the file, which may hold
// anything and is shown in quotes.
func reason(err error) error {
	if failed := new(os.PathError); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func kindOf(mode os.FileMode) string {
	switch {
	case mode&os.ModeNamedPipe != 0:
		return "pipe"
	case mode&os.ModeSocket != 0:
		return "socket"
	}
	return "device"
}

// Parse reads the text of a notebook.
func Parse(text []byte) (*Notebook, error) {
	if err := checkEncoding(text); err != nil {
		return nil, err
	}
	if err := otherFile(text); err != nil {
		return nil, err
	}
	if err := checkDepth(text); err != nil {
		return nil, err
	}
	plain, words := hideNotNumbers(text)
	if !json.Valid(plain) {
		return nil, syntaxError(text, plain)
	}
	if err := checkSurrogates(text); err != nil {
		return nil, err
	}
	fields, err := document(plain)
	if err != nil {
		return nil, err
	}
	list, ok := fields["cells"].([]any)
	if !ok {
		return nil, remedy.Errorf("get it back, or save it again in Jupyter", "it has no list of cells")
	}
	delete(fields, "cells")
	nb := &Notebook{fields: fields, words: words, crlf: windowsLines(text)}
	seen := map[string]bool{}
	for i, item := range list {
		c, err := parseCell(item)
		if err != nil {
			return nil, fmt.Errorf("cell %d %w", i+1, err)
		}
		c.identify(i, seen)
		nb.Cells = append(nb.Cells, c)
	}
	return nb, nil
}

// document decodes valid JSON that must be a notebook's object of version 4.
func document(text []byte) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("it cannot be decoded: %w", err)
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return nil, remedy.Errorf("take the .ipynb file itself", "it is JSON, but %s where a notebook is an object", formOf(value))
	}
	version, _ := fields["nbformat"].(json.Number)
	major, err := version.Float64()
	switch {
	case err == nil && major == 4:
		return fields, nil
	case err == nil:
		return nil, remedy.Errorf("open it in Jupyter and save it again", "it is a notebook of version %s, and version 4 is needed", version)
	}
	return nil, remedy.Errorf("take the .ipynb file itself", "it is JSON, but not a notebook: it has no nbformat")
}

// formOf names what stands in JSON.
func formOf(value any) string {
	switch value.(type) {
	case []any:
		return "a list"
	case string:
		return "a text"
	case nil:
		return "null"
	case bool:
		return "true or false"
	}
	return "a number"
}

// windowsLines says whether the file's own lines end in CR LF; lines of a cell are
// written as \n in JSON and have their own ends.
func windowsLines(text []byte) bool {
	end := bytes.IndexByte(text, '\n')
	return end > 0 && text[end-1] == '\r'
}

func checkDepth(text []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch ch := text[i]; {
		case quoted && ch == '\\':
			i++
		case ch == '"':
			quoted = !quoted
		case quoted:
		case ch == '[' || ch == '{':
			if depth++; depth > maxDepth {
				return fmt.Errorf("its lists and objects are nested deeper than %d levels", maxDepth)
			}
		case ch == ']' || ch == '}':
			depth--
		}
	}
	return nil
}

func parseCell(item any) (*Cell, error) {
	fields, ok := item.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("is %s, not an object", formOf(item))
	}
	c := &Cell{fields: fields}
	c.Kind, _ = fields["cell_type"].(string)
	if c.Kind != "markdown" && c.Kind != "code" && c.Kind != "raw" {
		return nil, errors.New("has no type among markdown, code and raw")
	}
	source, there := fields["source"]
	switch text, ok := joinLines(source).(string); {
	case ok && !strings.Contains(text, notNumber):
		c.Source = text
	case !there || source != nil: // null is read by nbformat as well
		return nil, errors.New("has no source")
	}
	if c.Kind == "code" {
		if n, ok := fields["execution_count"].(json.Number); ok {
			count, _ := n.Int64()
			c.ExecutionCount = int(count)
		}
		outputs, _ := fields["outputs"].([]any)
		for _, o := range outputs {
			output, ok := o.(map[string]any)
			if !ok {
				return nil, errors.New("has an output that is not an object")
			}
			c.Outputs = append(c.Outputs, joinOutput(output))
		}
	}
	for _, name := range []string{"cell_type", "source", "execution_count", "outputs"} {
		delete(fields, name)
	}
	return c, nil
}
