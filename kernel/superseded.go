package main

import (
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/system/private"
)

// superseded returns the folders of runs that other settings of the same name have taken
// the place of. A run's folder is named by a digest of its settings; the file beside it
// holds the name of the one that was asked for last.
func superseded() (folders []string) {
	for _, trained := range private.Existing("trained") {
		lasts, _ := filepath.Glob(filepath.Join(trained, "*", "last"))
		for _, file := range lasts {
			last, err := os.ReadFile(file)
			entries, listErr := os.ReadDir(filepath.Dir(file))
			if err != nil || listErr != nil {
				continue
			}
			for _, e := range entries {
				if e.IsDir() && strings.Trim(e.Name(), "0123456789abcdef") == "" && e.Name() != string(last) {
					folders = append(folders, filepath.Join(filepath.Dir(file), e.Name()))
				}
			}
		}
	}
	return folders
}
