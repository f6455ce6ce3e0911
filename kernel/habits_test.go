package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convbook/kernel/internal/notebook"
)

// TestHabits runs notebooks with what people write in cells, one after the other.
func TestHabits(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	cases := []struct {
		name  string
		cells []string
		want  string // of the error, "" for none
		text  string // that is printed
	}{
		{"reads", []string{"import (\n\t\"bufio\"\n\t\"fmt\"\n\t\"os\"\n)\n\nvar in = bufio.NewReader(os.Stdin)\n\n%%\n_, err := in.ReadString('\\n')\nfmt.Println(\"read:\", err)\nvar n int\n_, err = fmt.Scan(&n)\nfmt.Println(\"scanned:\", err)"}, "", "read: EOF\nscanned: EOF"},
		{"asks", []string{"%with_inputs\n!cat; echo \"cat ends\"", "!read x; echo \"read gives $?\"", "%with_password\n!read p; true", "%%bash\ncat\necho hidden from bash"}, "", "cat ends\nread gives 1"},
		{"fails", []string{"!true", "!ls /nonexistent"}, "!ls /nonexistent failed: exit status 2", ""},
		{"fails_first", []string{"!false\n!true\n%%\nprintln(1)"}, "one of the commands !false, !true failed: exit status 1", ""},
		{"fails_script", []string{"%%bash\nexit 3"}, "%%bash failed: exit status 3", ""},
		{"fails_sh", []string{"%%sh\nkill -9 $$"}, "%%sh failed: signal: killed", ""},
		{"handles", []string{"!false || true\n!echo 'exit status 1'\n%%\nprintln(\"handled\")"}, "", "handled"},
		{"exits", []string{"import \"os\"\n\n%%\nprintln(1)\nos.Exit(0)\nprintln(2)"}, "ended with os.Exit(0) before the cell's end", ""},
		{"exits_in_main", []string{"import \"os\"\n\nfunc stop() { os.Exit(0) }\n\nfunc main() {\n\tstop()\n}"}, "ended with os.Exit(0)", ""},
		{"returns", []string{"import \"os\"\n\nfunc stop() { os.Exit(0) }\n\n%%\nif len(os.Args) < 9 {\n\tprintln(\"returned\")\n\treturn\n}\nstop()"}, "", "returned"},
		{"two_mains", []string{"println(\"never run\")", "%%\nx := 1\n%%\ny := 2"}, "cell 2 of the page, line 3: a second %%", ""},
		{"raw", []string{"s := `\n!touch ran\n`"}, `line 2: a raw string has a line that begins with "!"`, ""},
		{"embeds", []string{"import _ \"embed\"\n\n//go:embed a.txt\nvar a string"}, "line 3: //go:embed has no effect", ""},
		{"windows", []string{"import \"fmt\"\r\n\r\n%%\r\nfmt.Println(\"from Windows\")\r\n", "%%bash\r\necho bash, too\r\n"}, "", "from Windows\nbash, too"},
		{"outside", []string{"import \"github.com/google/uuid\"\n\n%%\nprintln(uuid.Nil.String())"}, "!*GOPROXY=$CONVBOOK_GOPROXY go get github.com/google/uuid", ""},
		{"index", []string{"%%\nprintln(\"a notebook called index\")"}, "", "a notebook called index"},
	}
	args := []string{"run", "--keep-going", "--plain", "--out", filepath.Join(folder, "out")}
	for _, c := range cases {
		path := filepath.Join(folder, c.name+".ipynb")
		writeNotebook(t, path, c.cells...)
		args = append(args, path)
	}
	os.Mkdir(filepath.Join(folder, "folder.ipynb"), 0o755)
	python := filepath.Join(folder, "python.ipynb")
	os.WriteFile(python, []byte(`{"nbformat": 4, "metadata": {"kernelspec": {"name": "python3", "language": "python"}}, "cells": []}`), 0o600)
	args = append(args, filepath.Join(folder, "folder.ipynb"), python)
	run := begin(t, nil, args...)
	if code := run.ends(); code != 1 {
		t.Errorf("exit status %d", code)
	}
	said, printed := run.stderr.String(), run.stdout.String()
	for _, c := range cases {
		state := "ok"
		if c.want != "" {
			state = "FAILED"
			if !strings.Contains(said, c.want) {
				t.Errorf("%s: %q was not said, only\n%s", c.name, c.want, said)
			}
		}
		for line := range strings.Lines(c.text) {
			if !strings.Contains(printed, "        "+strings.TrimRight(line, "\n")) {
				t.Errorf("%s: %q was not printed", c.name, line)
			}
		}
		if _, row, ok := strings.Cut(printed, "\n"+c.name+" "); !ok || !strings.HasPrefix(strings.TrimLeft(row, " "), state) {
			t.Errorf("%s is not %s in\n%s", c.name, state, printed)
		}
	}
	for _, want := range []string{"folder.ipynb: it is a folder, not a notebook", "python.ipynb: it is a notebook in python, and these run Go"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q was not said, only\n%s", want, said)
		}
	}
	if strings.Contains(printed, "never run") || strings.Contains(printed, "  hidden from bash") {
		t.Errorf("printed\n%s", printed)
	}
	if _, err := os.Stat(filepath.Join(folder, "ran")); err == nil {
		t.Error("a command in a raw string has run")
	}
	out, err := os.ReadFile(filepath.Join(folder, "out", "windows.ipynb"))
	if err != nil || !bytes.Contains(out, []byte(`"%%\r\n"`)) {
		t.Errorf("%v; Windows' line ends became\n%s", err, out)
	}
	for file, want := range map[string]string{"index.html": `href="index.ipynb.html"`, "index.ipynb.html": "called index"} {
		if page, err := os.ReadFile(filepath.Join(folder, "out", file)); err != nil || !bytes.Contains(page, []byte(want)) {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
	run.cleanedUp()
}

// TestNamesThatForge runs notebooks whose names, titles, sources and outputs steer a
// terminal.
func TestNamesThatForge(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	forged := filepath.Join(folder, "a\nbob                          ok       9 cells     0.1 s\x1b[2J.ipynb")
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}, "cells": []any{
		map[string]any{"cell_type": "markdown", "id": "a", "metadata": map[string]any{}, "source": "# title\x1b]0;own\x07\u009b2J"},
		map[string]any{"cell_type": "code", "id": "b", "metadata": map[string]any{}, "outputs": []any{}, "execution_count": nil,
			"source": "%%\nprint(\"\\x1bc\\x1b(0\\u009b2J\\rbob ok 9 cells\\n\") // \x1b[2J\u202e"},
		map[string]any{"cell_type": "code", "id": "c", "metadata": map[string]any{}, "outputs": []any{}, "execution_count": nil,
			"source": "%%\npanic(\"\\x1b[2J\\x1b]0;own\\x07\") // \x1bc"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(forged, text, 0o600); err != nil {
		t.Fatal(err)
	}
	run := begin(t, nil, "run", "--plain", "--out", filepath.Join(folder, "out"), forged)
	if code := run.ends(); code != 1 {
		t.Errorf("exit status %d", code)
	}
	for _, said := range []string{run.stdout.String(), run.stderr.String()} {
		if strings.ContainsAny(said, "\x1b\a\r\u009b\u202e") || strings.Contains(said, "\nbob") {
			t.Errorf("said %q", said)
		}
	}
	if want := `"a\nbob`; !strings.Contains(run.stdout.String(), want) {
		t.Errorf("%s is not in\n%s", want, run.stdout)
	}
	run = begin(t, nil, "run", forged+"\x1b[2J.ipynb", "--out", folder)
	if code, said := run.ends(), run.stderr.String(); code == 0 || strings.ContainsAny(said, "\x1b") || strings.Contains(said, "\nbob") {
		t.Errorf("exit status %d, said %q", code, said)
	}
	run = begin(t, nil, "run", "--x\x1b[2J")
	if code, said := run.ends(), run.stderr.String()+run.stdout.String(); code == 0 || strings.ContainsAny(said, "\x1b") {
		t.Errorf("exit status %d, said %q", code, said)
	}
}

// TestInPlaceKeepsAnEdit edits a notebook while it runs.
func TestInPlaceKeepsAnEdit(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "hw.ipynb")
	writeNotebook(t, path, "import \"fmt\"\n\n%%\nfmt.Println(\"begun\")", "import (\n\t\"os\"\n\t\"time\"\n)\n\n%%\nfor {\n\tif _, err := os.Stat(\"edited\"); err == nil {\n\t\tbreak\n\t}\n\ttime.Sleep(10 * time.Millisecond)\n}")
	run := begin(t, nil, "run", "--in-place", "--no-html", "--out", filepath.Join(folder, "out"), path)
	run.prints("  begun")
	writeNotebook(t, path, "%%\n// edited")
	if err := os.WriteFile(filepath.Join(folder, "edited"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code := run.ends(); code != 0 {
		t.Errorf("exit status %d: %s", code, run.stderr)
	}
	if edited, err := notebook.Read(path); err != nil || len(edited.Cells) != 1 {
		t.Errorf("the edit is lost: %v", err)
	}
	beside := filepath.Join(folder, "hw-executed.ipynb")
	if nb, err := notebook.Read(beside); err != nil || len(nb.Cells[0].Outputs) != 1 {
		t.Errorf("the result: %v", err)
	}
	for _, want := range []string{beside, "was edited while it ran"} {
		if !strings.Contains(run.stdout.String(), want) {
			t.Errorf("%q was not printed, only\n%s", want, run.stdout)
		}
	}
}
