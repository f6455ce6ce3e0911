package setup

import (
	"errors"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

var executable = func() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}()

// dropped are variables of the user's that would make go build something other
// than this clone, or refuse to.
var dropped = []string{"GOFLAGS", "GOWORK", "GO111MODULE", "GOOS", "GOARCH", "GOBIN", "GOENV"}

// Kept are settings of the user's, from the environment or from `go env -w`,
// that say where modules come from and go to.
var Kept = []string{"GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GOSUMDB", "GONOSUMDB", "GONOPROXY", "GOPRIVATE", "GOINSECURE", "GOTOOLCHAIN"}

// quickLink leaves out of a cell's program what only debuggers read, and the identity
// for which the linked file would be read and hashed once more. Linking is most of
// what a student waits for.
const quickLink = "'-ldflags=-s -buildid='"

// oldest is the first version of Go that builds the course.
const oldest = "go1.26"

const mendGo = "install Go 1.26 or later from https://go.dev/dl"

// GoVersion returns the version of the Go that builds the repository at root. The
// error is that there is none, or that it is too old.
func GoVersion(root string) (string, error) {
	goCommand, err := findGo()
	if err != nil {
		return "", err
	}
	_, found, err := goEnvironment(goCommand, root)
	return found, err
}

func findGo() (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", remedy.Errorf(mendGo, "the go command is not on PATH")
	}
	return path, nil
}

// goEnvironment returns the environment that go is run in for the repository at root,
// and its version. The environment is the user's own, with what is kept written out and
// everything else of `go env -w` switched off. Nothing of ours needs C, and cells are
// linked quicker without.
func goEnvironment(goCommand, root string) (env []string, found string, err error) {
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); !slices.Contains(dropped, name) && !slices.Contains(Kept, name) {
			env = append(env, entry)
		}
	}
	if _, err := os.UserHomeDir(); err != nil {
		home, err := private.Folder("home")
		if err != nil {
			return nil, "", err
		}
		env = append(env, "HOME="+home)
	}
	if err := errors.Join(checkLimits(), checkHome()); err != nil {
		return nil, "", err
	}
	cmd := exec.Command(goCommand, append([]string{"env", "GOVERSION"}, Kept...)...)
	cmd.Dir, cmd.Env = root, env
	for _, name := range Kept {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	out, err := cmd.Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) && len(failed.Stderr) > 0 {
		err = errors.New(strings.TrimSpace(string(failed.Stderr)))
	}
	if err != nil {
		return nil, "", remedy.Errorf(mendGo, "%s does not work: %w", goCommand, err)
	}
	values := strings.Split(string(out), "\n")
	for i, name := range Kept {
		if i+1 < len(values) {
			env = append(env, name+"="+strings.TrimRight(values[i+1], "\r"))
		}
	}
	found = strings.TrimSpace(values[0])
	if version.IsValid(found) && version.Compare(found, oldest) < 0 {
		return nil, "", remedy.Errorf(mendGo, "%s is %s, which is too old", goCommand, found)
	}
	return append(env, "GOENV=off", "CGO_ENABLED=0"), found, nil
}

// checkHome returns an error where HOME is set to what cannot be a home: Go and all that
// it starts would say so in words of their own.
func checkHome() error {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil // one is made
	}
	if info, err := os.Stat(home); !filepath.IsAbs(home) || err != nil || !info.IsDir() {
		return remedy.Errorf("set HOME to your own folder", "HOME is %s, which is no folder", home)
	}
	return nil
}

// valueOf returns what an environment says of a name: the last entry counts.
func valueOf(env []string, name string) string {
	for _, entry := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// kernelEnvironment is what the kernel runs with: our tools first on PATH, no
// gopls (it is for completion, and cells would wait for it), and no network for
// modules.
func (t *Tools) kernelEnvironment() ([]string, error) {
	path := []string{t.Bin, filepath.Dir(t.goCommand)}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "gopls"+executable)); err != nil {
			path = append(path, dir)
		}
	}
	env := slices.Clone(t.goEnv)
	if data := os.Getenv("CONVBOOK_DATA"); data != "" && data != "stand-in" {
		absolute, err := filepath.Abs(data)
		if err != nil {
			return nil, err
		}
		env = append(env, "CONVBOOK_DATA="+absolute)
	}
	env = append(env, "CONVBOOK_GOPROXY="+valueOf(t.goEnv, "GOPROXY")) // to fetch a module with, in a cell
	return append(env, "PATH="+strings.Join(path, string(filepath.ListSeparator)),
		"GOPROXY=off", "GOFLAGS="+quickLink), nil
}
