package setup

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"convbook/pkg/system/private"
	"convbook/pkg/system/remedy"
)

// builtFrom returns the folder for what is built from files below root, given by
// patterns, tests left out. Its name depends on what is in them.
func builtFrom(root, kind string, patterns ...string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, pattern := range patterns {
		paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			return "", err
		}
		if len(paths) == 0 {
			return "", remedy.Errorf("clone it again", "the clone is incomplete: %s is missing", filepath.Join(root, filepath.FromSlash(pattern)))
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return "", remedy.Errorf("clone it again", "the clone is incomplete: %w", err)
			}
			sum.Write(text)
		}
	}
	cache, err := private.Folder("kernel")
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, kind+hex.EncodeToString(sum.Sum(nil)[:8])), nil
}
