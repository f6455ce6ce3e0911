package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"convbook/pkg/system/atomicfile"
)

// whole has everything that a notebook can have, and things that nbformat does
// not know.
const whole = `{
 "cells": [
  {"cell_type": "markdown", "id": "intro", "metadata": {"tags": ["wide"], "editor": {"folded": false}},
   "attachments": {"picture.png": {"image/png": "aGVsbG8="}}, "source": ["# 합성곱 <b>\n", "text ![](attachment:picture.png)"]},
  {"cell_type": "code", "id": "A-b_9", "metadata": {"tags": ["raises-exception", 7]}, "execution_count": 12, "later": [1, 2.50, 1e400],
   "source": "x := 1\ny := 2\n", "outputs": [
    {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
    {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": ["<svg>\n", "</svg>"], "image/png": "aGVsbG8=\n",
     "application/json": {"list": ["x\n", "y"]}, "text/plain": "one\ntwo"}},
    {"output_type": "execute_result", "execution_count": 12, "metadata": {}, "data": {"text/plain": ["3"]}},
    {"output_type": "error", "ename": "ERROR", "evalue": "exit status 2", "traceback": ["line 1", "line 2"]}]},
  {"cell_type": "raw", "id": "raw", "metadata": {}, "source": []}
 ],
 "metadata": {"kernelspec": {"name": "convbook", "display_name": "Go (convbook)"}, "big": 12345678901234567890},
 "nbformat": 4, "nbformat_minor": 6, "future": {"b": 1, "a": null}
}`

func parse(t *testing.T, text string) *Notebook {
	t.Helper()
	nb, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func written(t *testing.T, nb *Notebook) []byte {
	t.Helper()
	text, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestNothingIsLost(t *testing.T) {
	nb := parse(t, whole)
	before := written(t, nb)
	if again := written(t, parse(t, string(before))); !bytes.Equal(again, before) {
		t.Errorf("read and written again:\n%s\nbefore:\n%s", again, before)
	}
	got, want := decoded(t, before), decoded(t, []byte(whole))
	cells := want["cells"].([]any)
	code := cells[1].(map[string]any)
	code["source"] = []any{"x := 1\n", "y := 2\n"} // as lists of lines
	code["outputs"].([]any)[1].(map[string]any)["data"].(map[string]any)["text/plain"] = []any{"one\n", "two"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("written:\n%s\nread:\n%s", before, whole)
	}
	if !bytes.Contains(before, []byte("# 합성곱 <b>")) || !bytes.HasSuffix(before, []byte("}\n")) {
		t.Errorf("Jupyter writes letters as they are and a line end last; written:\n%s", before)
	}
}

func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var document map[string]any
	if err := decoder.Decode(&document); err != nil {
		t.Fatal(err)
	}
	return document
}

func TestCells(t *testing.T) {
	nb := parse(t, whole)
	if len(nb.Cells) != 3 {
		t.Fatalf("%d cells", len(nb.Cells))
	}
	markdown, code, raw := nb.Cells[0], nb.Cells[1], nb.Cells[2]
	if nb.Title() != "합성곱 <b>" {
		t.Errorf("title %q", nb.Title())
	}
	if code.Kind != "code" || code.Source != "x := 1\ny := 2\n" || code.ExecutionCount != 12 || len(code.Outputs) != 4 {
		t.Errorf("code cell %+v", code)
	}
	if raw.Kind != "raw" || raw.Source != "" {
		t.Errorf("raw cell %+v", raw)
	}
	if text := code.Outputs[0]["text"]; text != "a\nb" {
		t.Errorf("stream %q", text)
	}
	if !code.HasTag("raises-exception") || code.HasTag("wide") || !markdown.HasTag("wide") || raw.HasTag("wide") {
		t.Error("tags")
	}
	if media, content := markdown.Attachment("picture.png"); media != "image/png" || content != "aGVsbG8=" {
		t.Errorf("attachment %q %q", media, content)
	}
	if media, _ := markdown.Attachment("other.png"); media != "" {
		t.Errorf("an attachment that is not there is %q", media)
	}
}

func TestCellsGetIDs(t *testing.T) {
	const old = `{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [
		{"cell_type": "code", "source": "same"}, {"cell_type": "code", "source": "same"},
		{"cell_type": "code", "id": "mine", "source": "same"}, {"cell_type": "code", "id": "mine", "source": "same"}]}`
	first := written(t, parse(t, old))
	if !bytes.Equal(first, written(t, parse(t, old))) {
		t.Error("another run gives other ids")
	}
	seen := map[any]bool{}
	document := decoded(t, first)
	for _, c := range document["cells"].([]any) {
		seen[c.(map[string]any)["id"]] = true
	}
	if len(seen) != 4 || seen[""] || seen[nil] || !seen["mine"] {
		t.Errorf("ids %v", seen)
	}
	if document["nbformat_minor"] != json.Number("5") {
		t.Errorf("nbformat 4.%v knows no ids", document["nbformat_minor"])
	}
}

func TestWhatIsNoNotebook(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "it is empty"},
		{"cut short", whole[:len(whole)/2], "cut short"},
		{"more behind the end", whole + "{}", "something follows the end"},
		{"a list", "[]", "a list where a notebook is an object"},
		{"another version", `{"nbformat": 3, "worksheets": []}`, "of version 3"},
		{"no version", `{"cells": []}`, "no nbformat"},
		{"no cells", `{"nbformat": 4}`, "no list of cells"},
		{"cells no list", `{"nbformat": 4, "cells": {}}`, "no list of cells"},
		{"cell no object", `{"nbformat": 4, "cells": [{"cell_type": "raw", "source": ""}, 1]}`, "cell 2 is a number, not an object"},
		{"unknown cell", `{"nbformat": 4, "cells": [{"cell_type": "heading", "source": ""}]}`, "cell 1 has no type among"},
		{"no source", `{"nbformat": 4, "cells": [{"cell_type": "code"}]}`, "cell 1 has no source"},
		{"source of numbers", `{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}`, "cell 1 has no source"},
		{"output no object", `{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": ["text"]}]}`, "cell 1 has an output"},
		{"nested without end", strings.Repeat("[", 1_000_000), "nested deeper"},
		{"objects without end", strings.Repeat(`{"a":`, 1_000_000), "nested deeper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			path := filepath.Join(t.TempDir(), "lesson.ipynb")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v does not name %s", err, path)
			}
		})
	}
	if _, err := Read(filepath.Join(t.TempDir(), "missing.ipynb")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestTooLargeIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.ipynb")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, maxSize+1); err != nil {
		t.Skip("this file system has no sparse files")
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "a notebook may have") {
		t.Errorf("error %v", err)
	}
}

func TestDepthCountsOnlyBrackets(t *testing.T) {
	text := `{"nbformat": 4, "cells": [{"cell_type": "raw", "source": "` + strings.Repeat(`[{\"\\`, 1000) + `"}]}`
	if nb := parse(t, text); len(nb.Cells) != 1 {
		t.Errorf("%d cells", len(nb.Cells))
	}
}

func TestFilesAppearWhole(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.ipynb")
	nb := parse(t, whole)
	for range 2 { // the second time over the first
		if err := nb.Write(path); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(text, written(t, nb)) {
		t.Errorf("the file holds %d bytes, %v", len(text), err)
	}
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Log("folders that cannot be written are not tested here")
	} else {
		os.Chmod(folder, 0o500)
		defer os.Chmod(folder, 0o700)
		if err := atomicfile.Write(path, []byte("new")); err == nil {
			t.Error("written into a folder that cannot be written")
		}
	}
	if err := atomicfile.Write(filepath.Join(folder, "missing", "out.ipynb"), nil); err == nil {
		t.Error("written into a folder that is not there")
	}
	if err := atomicfile.Write(folder, []byte("new")); err == nil {
		t.Error("written over a folder")
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("files left behind: %v, %v", entries, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"nbformat": 4, "nbformat_minor": 4, "cells": [{"cell_type": "code", "source": ["a\n", "b"], "outputs": []}]}`))
	f.Add([]byte(`{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [{"data": {"text/plain": [1]}, "text": null}]}]}`))
	f.Add([]byte(strings.Repeat(`{"a":[`, 60)))
	f.Fuzz(func(t *testing.T, text []byte) {
		nb, err := Parse(text)
		if err != nil {
			return
		}
		for _, c := range nb.Cells {
			c.HasTag("skip-execution")
			c.Attachment("a")
		}
		nb.Title()
		first, err := nb.Bytes()
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("written but not read again: %v\n%s", err, first)
		}
		second, err := again.Bytes()
		if err != nil || !bytes.Equal(first, second) {
			t.Errorf("%v; once\n%s\ntwice\n%s", err, first, second)
		}
	})
}
