package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"convbook/kernel/internal/execute"
	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/lab"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/setup"
)

type doctorCommand struct{}

// finding is one line of what doctor reports.
type finding struct {
	what  string
	state string
	mend  string // the command that mends it; "" when nothing is wrong
}

// Run is called by kong. It fails when the lab would not work.
func (c *doctorCommand) Run(ctx context.Context) error {
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	findings := []finding{goFinding(ctx), kernelFinding(root), completionFinding(root), labFinding(ctx), specFinding(root), dataFinding(root), sweepFinding()}
	findings = append(findings, notebookFindings()...)
	wrong := 0
	for _, f := range findings {
		mark := "ok"
		if f.mend != "" {
			mark, wrong = "--", wrong+1
		}
		fmt.Printf("%s  %-16s %s\n", mark, f.what, f.state)
		if f.mend != "" {
			fmt.Printf("    %-16s %s\n", "", f.mend)
		}
	}
	for _, n := range notes() {
		fmt.Println(n)
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d things are not as they should be", wrong, len(findings))
	}
	return nil
}

func goFinding(ctx context.Context) finding {
	out, err := exec.CommandContext(ctx, "go", "version").Output()
	if err != nil {
		return finding{"Go", "not on PATH", "install Go 1.26 or later from https://go.dev/dl"}
	}
	return finding{"Go", strings.TrimPrefix(strings.TrimSpace(string(out)), "go version "), ""}
}

func kernelFinding(root string) finding {
	bin, built, err := setup.Built(root)
	switch {
	case err != nil:
		return finding{"GoNB kernel", err.Error(), "clone the repository again"}
	case !built:
		return finding{"GoNB kernel", "not built yet", "go run ./kernel install   (run and lab build it, too)"}
	}
	return finding{"GoNB kernel", bin, ""}
}

// completionFinding looks for what completes names, which nothing else needs.
func completionFinding(root string) finding {
	bin, built, err := setup.Completion(root)
	switch {
	case err != nil:
		return finding{"completion", err.Error(), "clone the repository again"}
	case !built:
		return finding{"completion", "not built yet: lab and install build it", ""}
	}
	return finding{"completion", bin, ""}
}

func labFinding(ctx context.Context) finding {
	program, version, err := lab.Find(ctx)
	switch {
	case err != nil:
		return finding{"JupyterLab", err.Error(), "set XDG_CACHE_HOME to a folder that can be written"}
	case program == "":
		return finding{"JupyterLab", "not there", "go run ./kernel lab   (installs it into a private environment)"}
	}
	return finding{"JupyterLab", version + ", " + program, ""}
}

// specFinding looks at the installed kernelspec, which only a Jupyter of the
// user's own needs.
func specFinding(root string) finding {
	const what = "kernelspec"
	data, err := kernelspec.UserData()
	if err != nil {
		return finding{what, err.Error(), ""}
	}
	owner, err := kernelspec.Installed(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{what, "not installed: needed for your own Jupyter or VS Code only (go run ./kernel install)", ""}
	case err != nil:
		return finding{what, err.Error(), "remove that folder, then go run ./kernel install"}
	case owner != root:
		return finding{what, "belongs to the clone " + owner, "go run ./kernel install"}
	}
	return finding{what, kernelspec.Folder(data), ""}
}

func dataFinding(root string) finding {
	const what = "data"
	dir := os.Getenv("CONVBOOK_DATA")
	switch {
	case dir == "":
		return finding{what, "from the user's cache, or fetched when a notebook asks for it", ""}
	case dir == "stand-in":
		return finding{what, "the drawn stand-in, as CONVBOOK_DATA says", ""}
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return finding{what, "CONVBOOK_DATA is " + dir + ", which is no folder", "unset CONVBOOK_DATA"}
	}
	return finding{what, dir, ""}
}

// sweepFinding removes what was left by commands that were killed.
func sweepFinding() finding {
	swept, err := execute.Sweep()
	switch {
	case err != nil:
		return finding{"left behind", err.Error(), "set XDG_CACHE_HOME to a folder that can be written"}
	case swept > 0:
		return finding{"left behind", fmt.Sprintf("by commands that were killed: %d, ended and removed", swept), ""}
	}
	return finding{"left behind", "nothing", ""}
}

// notes says what of the notebooks the course wants otherwise. The lab works all the
// same: a notebook that a student has edited may be as it likes.
func notes() []string {
	list, err := notebooks()
	if err != nil {
		return nil // notebookFindings tells
	}
	var said []string
	for _, s := range list {
		nb, err := notebook.Read(s.path)
		if err != nil {
			continue
		}
		for _, fault := range lesson.Review(nb) {
			said = append(said, fmt.Sprintf("..  %-16s %s", s.name, strings.ReplaceAll(fault, "\n", "; ")))
		}
	}
	return said
}

// notebookFindings looks for what GoNB trips on.
func notebookFindings() []finding {
	list, err := notebooks()
	if err != nil {
		return []finding{{"notebooks", err.Error(), "clone the repository again"}}
	}
	var found []finding
	for _, s := range list {
		nb, err := notebook.Read(s.path)
		if err != nil {
			found = append(found, finding{s.name, err.Error(), "get it back with git, or open and save it in Jupyter"})
			continue
		}
		for i, c := range nb.Cells {
			for _, problem := range problems(c) {
				found = append(found, finding{s.name, fmt.Sprintf("cell %d %s", i+1, problem), "edit the cell"})
			}
		}
	}
	if len(found) == 0 {
		found = append(found, finding{"notebooks", fmt.Sprintf("%d, none with anything that GoNB trips on", len(list)), ""})
	}
	return found
}

// problems says what GoNB would take amiss in a code cell: a second %% ends the
// kernel, and a line of a raw string that begins with % or ! is run as a command.
func problems(c *notebook.Cell) []string {
	if c.Kind != "code" {
		return nil
	}
	var found []string
	mains, raw := 0, false
	for i, line := range strings.Split(c.Source, "\n") {
		if raw && (strings.HasPrefix(line, "%") || strings.HasPrefix(line, "!")) {
			found = append(found, fmt.Sprintf("has in line %d a raw string with a line that begins with %q: GoNB runs it as a command", i+1, line[:1]))
		}
		if !raw && (line == "%%" || strings.HasPrefix(line, "%% ") || strings.HasPrefix(line, "%main")) {
			if mains++; mains == 2 {
				found = append(found, fmt.Sprintf("has a second %%%% in line %d: GoNB ends at it", i+1))
			}
		}
		raw = endsInRawString(line, raw)
	}
	return found
}

// endsInRawString says whether a raw string is open at the end of a line of Go.
func endsInRawString(line string, raw bool) bool {
	var quote byte
	for i := 0; i < len(line); i++ {
		switch ch := line[i]; {
		case raw:
			raw = ch != '`'
		case quote != 0:
			if ch == '\\' {
				i++
			} else if ch == quote {
				quote = 0
			}
		case ch == '`':
			raw = true
		case ch == '"' || ch == '\'':
			quote = ch
		case strings.HasPrefix(line[i:], "//"):
			return false
		}
	}
	return raw
}
