package dataset

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"convbook/pkg/dataset/internal/catalog"
)

// OfFiles opens a data set whose four files are in memory, by their names, compressed or not: for programs that have
// no file system, such as one in a browser. name is as for Open; "" lets the files tell, by their checksums and else by their
// names. They are checked as those of a folder are.
func OfFiles(name string, files map[string][]byte) (*Data, error) {
	e, err := entryOf(name, files)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	four, err := fourOf(e, files)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	data, err := checked(e, four)
	if err != nil {
		return nil, fmt.Errorf("dataset: %w", err)
	}
	data.Source = "memory"
	return data, nil
}

// entryOf tells which data set some files are of.
func entryOf(name string, files map[string][]byte) (*catalog.Entry, error) {
	if name != "" {
		return catalog.Find(name)
	}
	names := slices.Sorted(maps.Keys(files))
	for _, file := range names {
		if id, err := identify(files[file]); err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", file, err)
		} else if id.entry != nil {
			return id.entry, nil
		}
	}
	for _, e := range catalog.Entries {
		if _, err := fourOf(e, files); err == nil {
			return e, nil
		}
	}
	_, err := fourOf(catalog.Entries[0], files)
	return nil, err
}

// fourOf finds the four files of a data set by their names.
func fourOf(e *catalog.Entry, files map[string][]byte) (four [4]dataFile, err error) {
	for i, want := range e.Files {
		for name, content := range files {
			if plainName(name) != plainName(want) {
				continue
			}
			if four[i].bytes != nil {
				return four, fmt.Errorf("%s and %s are the same file; leave one out", min(name, four[i].name), max(name, four[i].name))
			}
			four[i] = dataFile{path.Base(name), content}
		}
	}
	var missing []string
	for i, file := range four {
		if file.name == "" {
			missing = append(missing, e.Files[i]+".gz")
		}
	}
	if len(missing) > 0 {
		return four, errors.New("these files are missing: " + strings.Join(missing, ", "))
	}
	return four, nil
}

// plainName is a file's name without what differs from place to place: capital letters, the ending of compressed files, Kaggle's
// point in place of a dash, and the number in brackets by which browsers tell a second download from the first.
func plainName(name string) string {
	name = strings.TrimSuffix(strings.ToLower(path.Base(name)), ".gz")
	if at := strings.LastIndex(name, " ("); at > 0 && strings.HasSuffix(name, ")") {
		name = name[:at]
	}
	return strings.Replace(name, ".idx", "-idx", 1)
}
