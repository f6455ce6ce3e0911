package setup

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"convbook/kernel/internal/progress"
)

// downloaded says how many of the modules that the clone requires are in the user's
// module cache.
func (t *Tools) downloaded() func() string {
	zips := sync.OnceValue(t.zips)
	return func() string {
		var there int64
		for _, zip := range zips() {
			if _, err := os.Stat(zip + "hash"); err == nil {
				there++
			}
		}
		return progress.Of(there, int64(len(zips())), "modules fetched")
	}
}

// zips returns where the modules that the clone requires are, or will be, in the
// user's module cache.
func (t *Tools) zips() (paths []string) {
	cmd := exec.Command(t.goCommand, "mod", "edit", "-json")
	cmd.Dir, cmd.Env = t.Root, t.goEnv
	text, err := cmd.Output()
	var module struct {
		Require []struct{ Path, Version string }
	}
	if err != nil || json.Unmarshal(text, &module) != nil {
		return nil
	}
	for _, m := range module.Require {
		paths = append(paths, filepath.Join(valueOf(t.goEnv, "GOMODCACHE"), "cache", "download",
			filepath.FromSlash(escaped(m.Path)), "@v", escaped(m.Version)+".zip"))
	}
	return paths
}

// escaped is how the name or the version of a module stands in paths: capital letters
// as small ones behind an exclamation mark. (Go Modules Reference, "GOPROXY protocol")
func escaped(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
