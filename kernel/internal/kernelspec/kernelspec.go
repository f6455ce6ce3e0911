// Package kernelspec tells Jupyter how to start the kernel: a folder with
// kernel.json and a logo, in one of the places where Jupyter looks for them.
package kernelspec

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/shared"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/companion"
	"convbook/pkg/system/private"
)

// Name is what notebooks call the kernel in their metadata.
const Name = "convbook"

// DisplayName is what people see in Jupyter's menus.
const DisplayName = "Go (convbook)"

//go:embed logo-svg.svg
var logo []byte

// spec is kernel.json. (jupyter-client, "Making kernels for Jupyter")
type spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]string `json:"metadata"`
}

// marker is the entry of a spec's metadata that says which clone it belongs to.
const marker = "convbook_root"

// Write puts the kernelspec into the folder data/kernels/convbook and returns
// its path.
func Write(data string, tools *setup.Tools) (string, error) {
	text, err := json.MarshalIndent(spec{
		Argv:        tools.Command("{connection_file}"),
		DisplayName: DisplayName, Language: "go", InterruptMode: "message",
		Env: settings(tools.Env), Metadata: map[string]string{marker: tools.Root, digestMarker: noDigest},
	}, "", "  ")
	if err != nil {
		return "", err
	}
	dir := Folder(data)
	if err := private.MakeShared(dir); err != nil {
		return "", fmt.Errorf("the kernelspec cannot be written: %w; choose another place with --prefix", err)
	}
	if err := atomicfile.Write(filepath.Join(dir, "logo-svg.svg"), logo); err != nil {
		return "", err
	}
	return dir, atomicfile.Write(filepath.Join(dir, "kernel.json"), withDigest(append(text, '\n')))
}

// set are what a kernel's environment has besides setup.Kept.
var set = []string{"PATH", "GOENV", "GOFLAGS", "GOROOT", "CGO_ENABLED", "CONVBOOK_DATA", "CONVBOOK_GOPROXY", companion.ProgramVariable, shared.Variable}

// settings are the entries of a kernel's environment that Jupyter's own would
// not have: those of Go and of convbook, and the path to the programs. What
// would break the kernel is set to nothing.
func settings(env []string) map[string]string {
	chosen := map[string]string{"GOWORK": "", "GO111MODULE": "", "GOOS": "", "GOARCH": "", "GOBIN": ""}
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		if slices.Contains(set, name) || slices.Contains(setup.Kept, name) {
			chosen[name] = value
		}
	}
	return chosen
}

// Folder returns where the kernelspec lies below a folder of Jupyter data.
func Folder(data string) string { return filepath.Join(data, "kernels", Name) }

// Installed returns the root of the clone that the kernelspec below data
// belongs to. The error is fs.ErrNotExist where there is none.
func Installed(data string) (root string, err error) {
	path := filepath.Join(Folder(data), "kernel.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var s spec
	if err := json.Unmarshal(text, &s); err != nil {
		return "", fmt.Errorf("%s is not a kernelspec: %w", path, err)
	}
	if s.Metadata[marker] == "" {
		return "", fmt.Errorf("%s was not written by convbook", path)
	}
	return s.Metadata[marker], nil
}

// Remove takes the kernelspec below data away. It refuses to remove one that
// convbook did not write.
func Remove(data string) (removed bool, err error) {
	if _, err := Installed(data); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, os.RemoveAll(Folder(data))
}

// UserData returns the folder of the user's own Jupyter data (jupyter --paths).
func UserData() (string, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("the folder for Jupyter's data is not known: %w; name one with --prefix", err)
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Jupyter"), nil
	case "windows":
		if data := os.Getenv("APPDATA"); data != "" {
			return filepath.Join(data, "jupyter"), nil
		}
		return filepath.Join(home, ".jupyter", "data"), nil
	}
	if data := os.Getenv("XDG_DATA_HOME"); data != "" {
		return filepath.Join(data, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// PrefixData returns the folder of Jupyter data of a Python environment.
func PrefixData(prefix string) string { return filepath.Join(prefix, "share", "jupyter") }
