package mark

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"convbook/pkg/system/atomicfile"
)

// Kept are results of hand-ins that were marked before, in a folder. A result belongs to
// what was handed in, letter by letter, and to the state of the course that it was
// marked by.
type Kept struct{ Folder string }

// key names a hand-in that is marked with some settings.
func (k Kept) key(text []byte, c *Course, settings ...any) string {
	sum := sha256.New()
	fmt.Fprintln(sum, c.Version, c.digest, settings)
	for _, n := range c.Notebooks {
		fmt.Fprintln(sum, n.Name, n.digest)
	}
	sum.Write(text)
	return hex.EncodeToString(sum.Sum(nil)[:20])
}

// Result returns what was kept of a hand-in, nil where there is nothing.
func (k Kept) Result(text []byte, c *Course, settings ...any) *Result {
	stored, err := os.ReadFile(filepath.Join(k.Folder, k.key(text, c, settings...)+".json"))
	if err != nil {
		return nil
	}
	var r Result
	if json.Unmarshal(stored, &r) != nil || len(r.Verdicts) == 0 && len(r.Notes) == 0 {
		return nil
	}
	return &r
}

// Keep keeps a result, and drops those of half a year ago.
func (k Kept) Keep(r *Result, text []byte, c *Course, settings ...any) error {
	stored, err := json.Marshal(r)
	if err != nil {
		return err
	}
	old, _ := filepath.Glob(filepath.Join(k.Folder, "*.json"))
	for _, path := range old {
		if info, err := os.Lstat(path); err == nil && time.Since(info.ModTime()) > 180*24*time.Hour {
			os.Remove(path)
		}
	}
	return atomicfile.WritePrivate(filepath.Join(k.Folder, k.key(text, c, settings...)+".json"), stored)
}
