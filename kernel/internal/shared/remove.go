package shared

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"convbook/pkg/system/private"
)

// Mark is a file in the folder of all versions: it is this user's to remove.
const Mark = "lock"

// digest matches the names of versions.
var digest = regexp.MustCompile("^[0-9a-f]{16}$")

// Remove removes all versions. It refuses to remove a folder that somebody else could
// have changed, or that holds anything else.
func (p Place) Remove() (removed bool, err error) {
	entries, err := os.ReadDir(string(p))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if err := private.CheckShared(string(p), string(p)); err != nil {
		return false, fmt.Errorf("%s is left as it is: %w", p, err)
	}
	for _, e := range entries {
		if e.Name() != Mark && !digest.MatchString(e.Name()) {
			return false, fmt.Errorf("%s is left as it is: it holds %s, which convbook has not put there", p, e.Name())
		}
	}
	for _, e := range entries { // the mark keeps others from installing meanwhile
		if e.Name() != Mark {
			if err := os.RemoveAll(filepath.Join(string(p), e.Name())); err != nil {
				return false, err
			}
		}
	}
	return true, os.RemoveAll(string(p))
}
