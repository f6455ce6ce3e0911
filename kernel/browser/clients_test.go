package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var program = regexp.MustCompile(`JupyterLab +\S+, (\S+jupyter-lab)`)

// TestClients runs notebooks of the course in Jupyter's own clients on the installed
// kernel: jupyter execute, jupyter nbconvert and nbclient; and nbformat looks at what
// `kernel run` writes. CONVBOOK_LONG=1 takes all notebooks, else the first.
func TestClients(t *testing.T) {
	paths, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	course := map[string]string{}
	for _, path := range paths {
		name := filepath.Base(path)
		if os.Getenv("CONVBOOK_LONG") == "" && name > "01" {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		course[name] = string(content)
	}
	root := copyCourse(t, course)
	kernel := filepath.Join(t.TempDir(), "kernel")
	env := append(os.Environ(), "CONVBOOK_DATA=stand-in", "CONVBOOK_RUNS="+t.TempDir())
	run := func(t *testing.T, name string, args ...string) string {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Env = root, env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	run(t, "go", "build", "-o", kernel, "./kernel")

	startLab(t, root) // which installs JupyterLab where there is none
	doctor := run(t, kernel, "doctor")
	found := program.FindStringSubmatch(doctor)
	if found == nil {
		t.Fatalf("the doctor does not tell where JupyterLab is:\n%s", doctor)
	}
	bin := filepath.Dir(found[1])
	data := t.TempDir()
	env = append(env, "JUPYTER_DATA_DIR="+data)
	run(t, kernel, "install")
	env = append(env, "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"))

	out := t.TempDir()
	run(t, kernel, "run", "all", "--plain", "--out", out)
	for name := range course {
		notebook := filepath.Join(root, "notebooks", name)
		t.Run(strings.TrimSuffix(name, ".ipynb"), func(t *testing.T) {
			run(t, filepath.Join(bin, "python"), "-c", "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=4))", filepath.Join(out, name))
			run(t, filepath.Join(bin, "jupyter-execute"), "--kernel_name=convbook", notebook)
			run(t, filepath.Join(bin, "jupyter-nbconvert"), "--to", "html", "--execute", "--ExecutePreprocessor.kernel_name=convbook", "--output-dir", out, notebook)
			run(t, filepath.Join(bin, "python"), "-c", "import nbformat, nbclient, sys; nbclient.NotebookClient(nbformat.read(sys.argv[1], as_version=4), kernel_name='convbook', timeout=300).execute()", notebook)
		})
	}
}
