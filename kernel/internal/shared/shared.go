// Package shared is the kernel that all users of a machine have in common: one folder
// with the programs, the sources that cells import, the modules, what is compiled of
// all that, and data sets. Its installer writes it (kernel/internal/setup), the kernel
// of each user reads it, and writes into folders of that user only.
package shared

import (
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// Variable names the folder of one version in the environment of a kernel. (Package
// dataset reads it, too.)
const Variable = "CONVBOOK_SHARED"

// Place is where the kernels of a prefix lie: each version in a folder of its own, so
// that who works while another one is installed goes on.
type Place string

// At returns the place below a prefix.
func At(prefix string) Place { return Place(filepath.Join(prefix, "lib", "convbook")) }

// Version is the folder of one version.
type Version string

// Version returns the folder of a version by its digest.
func (p Place) Version(digest string) Version { return Version(filepath.Join(string(p), digest)) }

// Programs is where the front, GoNB and those that they start are.
func (v Version) Programs() string { return filepath.Join(string(v), "bin") }

// Course is where the module is whose packages cells import.
func (v Version) Course() string { return filepath.Join(string(v), "course") }

// Modules is what Go calls GOMODCACHE.
func (v Version) Modules() string { return filepath.Join(string(v), "modules") }

// Cache is a GOCACHE with all that is compiled.
func (v Version) Cache() string { return filepath.Join(string(v), "cache") }

// Data is where data sets lie, unpacked.
func (v Version) Data() string { return filepath.Join(string(v), "data") }

// Go is where Go is, if it had to be copied.
func (v Version) Go() string { return filepath.Join(string(v), "go") }

// GoCommand returns the folder with the go command: that of the copy, or the one that
// the installer noted.
func (v Version) GoCommand() (folder string, err error) {
	root := v.Go()
	if _, err := os.Stat(root); err != nil {
		noted, err := os.ReadFile(filepath.Join(string(v), goRoot))
		if err != nil {
			return "", err
		}
		root = strings.TrimSpace(string(noted))
	}
	return filepath.Join(root, "bin"), nil
}

// goRoot is a file with the GOROOT of a machine whose Go all users can run.
const goRoot = "goroot"

// NoteGo writes down whose Go is used.
func (v Version) NoteGo(root string) error {
	return os.WriteFile(filepath.Join(string(v), goRoot), []byte(root+"\n"), 0o644)
}

// Set sets, in the environment of this process, what a kernel of its user needs besides
// what the kernelspec says: what differs from user to user. The build cache is the user's
// own, below passing where there is no folder that lasts. It sets nothing for a kernel that
// is not shared.
func Set(passing string) error {
	folder := os.Getenv(Variable)
	if folder == "" {
		return nil
	}
	v := Version(folder)
	for _, part := range []string{v.Programs(), v.Course(), v.Modules(), v.Cache()} {
		if err := private.CheckShared(folder, part); err != nil {
			return remedy.Errorf("tell your teacher; it has to be installed again", "the kernel of this machine is not used: %w", err)
		}
	}
	goFolder, err := v.GoCommand()
	if err != nil {
		return remedy.Errorf("tell your teacher; it has to be installed again", "the kernel of this machine is incomplete: %w", err)
	}
	own, err := private.Folder("build")
	if err != nil || private.Passes(own) {
		own = filepath.Join(passing, "build")
		if err := os.MkdirAll(own, 0o700); err != nil {
			return err
		}
	}
	path := strings.Join([]string{v.Programs(), goFolder, os.Getenv("PATH")}, string(filepath.ListSeparator))
	os.Setenv("PATH", path)
	os.Setenv("GOCACHE", filepath.Join(own, "go")) // what does not go through the program
	os.Setenv("GOCACHEPROG", CacheProgram(v, own, v.Cache()))
	if _, err := os.UserHomeDir(); err != nil {
		home, err := private.Folder("home")
		if err != nil {
			return err
		}
		os.Setenv("HOME", home)
	}
	return nil
}

// CacheProgram is the command of a version's build cache, for GOCACHEPROG.
func CacheProgram(v Version, args ...string) string {
	command := quoted(filepath.Join(v.Programs(), "buildcache"))
	for _, arg := range args {
		command += " " + quoted(arg)
	}
	return command
}

// quoted is a word of a command as the go command reads them.
func quoted(word string) string {
	switch {
	case !strings.ContainsAny(word, " \t\n'\""):
		return word
	case !strings.Contains(word, "'"):
		return "'" + word + "'"
	}
	return `"` + word + `"`
}
