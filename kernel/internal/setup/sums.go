package setup

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sumsFile holds, in a folder that was built, the digests of its programs.
const sumsFile = "sums"

// holds says whether a folder has programs, named as paths below it, as they were
// built: one that was damaged since is built again.
func holds(bin string, programs []string) bool {
	noted, err := os.ReadFile(filepath.Join(bin, sumsFile))
	if err != nil {
		return false
	}
	found, err := sums(bin, programs)
	return err == nil && bytes.Equal(noted, found)
}

// note writes the digests of programs that were just built.
func note(bin string, programs []string) error {
	found, err := sums(bin, programs)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bin, sumsFile), found, 0o600)
}

func sums(bin string, programs []string) ([]byte, error) {
	var list bytes.Buffer
	for _, program := range programs {
		file, err := os.Open(filepath.Join(bin, filepath.FromSlash(program)+executable))
		if err != nil {
			return nil, err
		}
		sum := sha256.New()
		_, err = io.Copy(sum, file)
		file.Close()
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&list, "%x  %s\n", sum.Sum(nil), program)
	}
	return list.Bytes(), nil
}
