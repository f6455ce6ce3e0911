package trainer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder returns a folder for the files of a run with the given name, making it
// where it is not there. Each cell of a notebook is a program of its own: what one
// cell leaves in the folder, the next ones find. It lies in the user's cache, or
// among the temporary files where the user has none.
func Folder(name string) (string, error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:`) {
		return "", fmt.Errorf("trainer: %q is not a name for a folder; use letters, digits and dashes", name)
	}
	base, err := os.UserCacheDir()
	if err == nil {
		err = os.MkdirAll(filepath.Join(base, "convbook", "trained", name), 0o755)
	}
	if err != nil {
		base = os.TempDir()
		err = os.MkdirAll(filepath.Join(base, "convbook", "trained", name), 0o755)
	}
	if err != nil {
		return "", fmt.Errorf("trainer: no folder for the run %q: %w; set XDG_CACHE_HOME to a folder that can be written", name, err)
	}
	return filepath.Join(base, "convbook", "trained", name), nil
}
