package setup

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
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

// goEnvironment returns the environment that go is run in: the user's own, with
// what is kept written out and everything else of `go env -w` switched off. Nothing of
// ours needs C, and cells are linked quicker without.
func goEnvironment(goCommand string) ([]string, error) {
	var env []string
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); !slices.Contains(dropped, name) && !slices.Contains(Kept, name) {
			env = append(env, entry)
		}
	}
	if _, err := os.UserHomeDir(); err != nil {
		home, err := Cache("home")
		if err != nil {
			return nil, err
		}
		env = append(env, "HOME="+home)
	}
	cmd := exec.Command(goCommand, append([]string{"env"}, Kept...)...)
	cmd.Env = env
	for _, name := range Kept {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s env does not work: %w; install Go 1.26 or later", goCommand, err)
	}
	values := strings.Split(string(out), "\n")
	for i, name := range Kept {
		if i < len(values) {
			env = append(env, name+"="+strings.TrimRight(values[i], "\r"))
		}
	}
	return append(env, "GOENV=off", "CGO_ENABLED=0"), nil
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
	return append(env, "PATH="+strings.Join(path, string(filepath.ListSeparator)),
		"GOPROXY=off", "GOFLAGS="+quickLink), nil
}
