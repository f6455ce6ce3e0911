package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"convbook/kernel/internal/kernelspec"
	"convbook/kernel/internal/lab"
	"convbook/kernel/internal/lesson"
	"convbook/kernel/internal/notebook"
	"convbook/kernel/internal/pitfall"
	"convbook/kernel/internal/progress"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/remedy"
)

type doctorCommand struct{}

// finding is one line of what doctor reports.
type finding struct {
	what  string
	state string
	mend  string // the command that mends it; "" when nothing is wrong
	aside bool   // the lab works all the same
}

// Run is called by kong. It fails when the lab would not work.
func (c *doctorCommand) Run(ctx context.Context) error {
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	looks := []func() finding{systemFinding, func() finding { return goFinding(root) }, func() finding { return kernelFinding(root) },
		func() finding { return completionFinding(root) }, func() finding { return labFinding(ctx) },
		func() finding { return specFinding(root) }, func() finding { return dataFinding(root) }, func() finding { return deviceFinding(ctx, root) }, leftoversFinding}
	wrong, all := 0, 0
	tell := func(f finding) {
		mark := "ok"
		switch {
		case f.aside:
			mark = ".."
		case f.mend != "":
			mark, wrong = "--", wrong+1
		}
		all++
		fmt.Printf("%s  %-16s %s\n", mark, terminal.Name(f.what), terminal.Line(f.state))
		if f.mend != "" {
			fmt.Printf("    %-16s %s\n", "", strings.ReplaceAll(terminal.Shown(f.mend), "\n", "\n"+strings.Repeat(" ", 21)))
		}
	}
	for _, look := range looks {
		tell(look())
	}
	for _, f := range append(notebookFindings(), notes()...) {
		tell(f)
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d things are not as they should be", wrong, all)
	}
	return nil
}

// missing is a finding of an error, with its remedy.
func missing(what string, err error) finding {
	problem, mend := remedy.Split(err)
	if mend == "" {
		mend = "mend that and run this again"
	}
	return finding{what: what, state: problem, mend: mend}
}

func systemFinding() finding {
	const what = "system"
	system := runtime.GOOS + "/" + runtime.GOARCH
	if err := setup.Supported(); err != nil {
		return missing(what, err)
	}
	return finding{what: what, state: system + ", " + processors(runtime.GOMAXPROCS(0), runtime.NumCPU())}
}

// processors says how many processors trainings use, and that there are more where a container or
// GOMAXPROCS gives fewer.
func processors(used, there int) string {
	if used >= there {
		return counted(there, "processor")
	}
	return fmt.Sprintf("%d of %s, by GOMAXPROCS or the limit of a container", used, counted(there, "processor"))
}

func goFinding(root string) finding {
	found, err := setup.GoVersion(root)
	if err != nil {
		return missing("Go", err)
	}
	return finding{what: "Go", state: found}
}

func kernelFinding(root string) finding {
	bin, built, err := setup.Built(root)
	switch {
	case err != nil:
		return missing("GoNB kernel", err)
	case !built:
		return finding{what: "GoNB kernel", state: "not built yet", mend: "go run ./kernel install   (run and lab build it, too)"}
	}
	return finding{what: "GoNB kernel", state: versionOf(filepath.Join(bin, "gonb")) + ", " + bin}
}

// versionOf returns the version of a program's module.
func versionOf(program string) string {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return "of unknown version"
	}
	return info.Main.Version
}

// completionFinding looks for what completes names, which nothing else needs.
func completionFinding(root string) finding {
	bin, built, err := setup.Completion(root)
	switch {
	case err != nil:
		return missing("completion", err)
	case !built:
		return finding{what: "completion", state: "not built yet: lab and install build it"}
	}
	return finding{what: "completion", state: "gopls " + versionOf(filepath.Join(bin, "real", "gopls")) + ", " + bin}
}

func labFinding(ctx context.Context) finding {
	var program, version string
	var err error
	progress.While(os.Stdout, "    JupyterLab       is asked for its version", func() { program, version, err = lab.Find(ctx) })
	switch {
	case err != nil:
		return missing("JupyterLab", err)
	case program == "":
		return finding{what: "JupyterLab", state: "not there", mend: "go run ./kernel lab   (installs it into a private environment)"}
	}
	return finding{what: "JupyterLab", state: version + ", " + program}
}

// specFinding looks at the installed kernelspec, which only a Jupyter of the
// user's own needs.
func specFinding(root string) finding {
	const what = "kernelspec"
	data, err := kernelspec.UserData()
	if err != nil {
		return finding{what: what, state: err.Error(), aside: true}
	}
	owner, err := kernelspec.Installed(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{what: what, state: "not installed: needed for your own Jupyter or VS Code only (go run ./kernel install)"}
	case err != nil:
		return finding{what: what, state: err.Error(), mend: "remove that folder, then go run ./kernel install", aside: true}
	case owner != root:
		return finding{what: what, state: "belongs to the clone " + owner, mend: "go run ./kernel install", aside: true}
	case !kernelspec.Unchanged(data):
		return finding{what: what, state: "was changed since it was installed: " + kernelspec.Folder(data), mend: "go run ./kernel install, unless you changed it yourself", aside: true}
	}
	return finding{what: what, state: kernelspec.Folder(data)}
}

func dataFinding(root string) finding {
	const what = "data"
	dir := os.Getenv("CONVBOOK_DATA")
	switch {
	case dir == "":
		return finding{what: what, state: "from the user's cache, or fetched when a notebook asks for it"}
	case dir == "stand-in":
		return finding{what: what, state: "the drawn stand-in, as CONVBOOK_DATA says"}
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return finding{what: what, state: "CONVBOOK_DATA is " + dir + ", which is no folder", mend: "unset CONVBOOK_DATA"}
	}
	return finding{what: what, state: dir}
}

// leftoversFinding removes what was left by commands that were killed.
func leftoversFinding() finding {
	removed, err := removeLeftovers()
	switch {
	case err != nil:
		return finding{what: "left behind", state: err.Error(), mend: "set XDG_CACHE_HOME to a folder that can be written"}
	case removed > 0:
		return finding{what: "left behind", state: leftBy(removed)}
	}
	return finding{what: "left behind", state: "nothing"}
}

// notes says what of the notebooks the course wants otherwise. The lab works all the
// same: a notebook that a student has edited may be as it likes.
func notes() []finding {
	list, err := notebooks()
	if err != nil {
		return nil // notebookFindings tells
	}
	var said []finding
	for _, s := range list {
		nb, err := notebook.Read(s.path)
		if err != nil {
			continue
		}
		for _, fault := range lesson.Review(nb) {
			said = append(said, finding{what: s.name, state: strings.ReplaceAll(fault, "\n", "; "), aside: true})
		}
	}
	return said
}

// notebookFindings looks for what GoNB trips on.
func notebookFindings() []finding {
	list, err := notebooks()
	if err != nil {
		return []finding{{what: "notebooks", state: err.Error(), mend: "clone the repository again"}}
	}
	var found []finding
	for _, s := range list {
		nb, err := notebook.Read(s.path)
		if err != nil {
			found = append(found, missing(s.name, err))
			continue
		}
		for i, c := range nb.Cells {
			if c.Kind != "code" {
				continue
			}
			for _, p := range pitfall.Find(c.Source) {
				found = append(found, finding{what: s.name, state: fmt.Sprintf("cell %d, line %d: %s", i+1, p.Line, p.Problem), mend: p.Remedy})
			}
		}
	}
	if len(found) == 0 {
		found = append(found, finding{what: "notebooks", state: fmt.Sprintf("%d, none with anything that GoNB trips on", len(list))})
	}
	return found
}
