package trainer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Environment is the variable that names the folder of all runs instead of the
// user's cache.
const Environment = "CONVBOOK_RUNS"

// Folder returns a folder for the files of a run with the given name, making it
// where it is not there. Each cell of a notebook is a program of its own: what one
// cell leaves in the folder, the next ones find. It lies in the folder that
// CONVBOOK_RUNS names, else in the user's cache, or among the temporary files where
// the user has none.
func Folder(name string) (string, error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:`) {
		return "", fmt.Errorf("trainer: %q is not a name for a folder; use letters, digits and dashes", name)
	}
	if runs := os.Getenv(Environment); runs != "" {
		folder := filepath.Join(runs, name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return "", fmt.Errorf("trainer: no folder for the run %q: %w; %s must name a folder that can be written", name, err, Environment)
		}
		return folder, nil
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
		return "", fmt.Errorf("trainer: no folder for the run %q: %w; set %s to a folder that can be written", name, err, Environment)
	}
	return filepath.Join(base, "convbook", "trained", name), nil
}
