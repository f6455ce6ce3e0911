package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/dataset/internal/catalog"
)

// maxFile bounds what is read from one file; the largest real one has 180 MiB
// unpacked.
const maxFile = 1 << 30

// dataFile is what one of the four files holds, compressed or not, and the name
// it goes by.
type dataFile struct {
	name  string
	bytes []byte
}

// readFolder reads the four files of a data set from dir/NAME, for each name
// its folder may have, or from dir itself, also as torchvision, Keras and Kaggle lay
// them out.
func readFolder(e *catalog.Entry, dir string) (files [4]dataFile, from string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return files, "", fmt.Errorf("the folder %s cannot be opened (%w)", dir, cause(err))
	}
	if !info.IsDir() {
		if strings.EqualFold(filepath.Ext(dir), ".npz") {
			files, err = readKeras(dir)
			return files, dir, err
		}
		return files, "", fmt.Errorf("%s is not a folder", dir)
	}
	from = dir
	for _, place := range places(e, dir) {
		if archive := filepath.Join(place, anyCase(place, "mnist.npz")); isFile(archive) && findFile(place, e.Files[0]) == "" {
			files, err = readKeras(archive)
			return files, archive, err
		}
		if findFile(place, e.Files[0]) != "" {
			from = place
			break
		}
	}
	for i, name := range e.Files {
		path := findFile(from, name)
		if path == "" {
			return files, from, fmt.Errorf("%s has neither %s.gz nor %s%s", from, name, name, instead(from))
		}
		content, err := readBounded(path)
		if err != nil {
			return files, from, err
		}
		files[i] = dataFile{filepath.Base(path), content}
	}
	return files, from, nil
}

// instead says what lies in a folder in place of the files.
func instead(dir string) string {
	if tables, _ := filepath.Glob(filepath.Join(dir, "*.csv")); len(tables) > 0 {
		return ", only tables such as " + filepath.Base(tables[0]) + ", which are not read"
	}
	if tables, _ := filepath.Glob(filepath.Join(dir, "*.parquet")); len(tables) > 0 {
		return ", only tables such as " + filepath.Base(tables[0]) + ", which are not read"
	}
	if archives, _ := filepath.Glob(filepath.Join(dir, "*.zip")); len(archives) > 0 {
		return ", only " + filepath.Base(archives[0]) + ": unpack it there"
	}
	return ""
}

// places lists the folders where the files may lie: below a folder named after the data
// set, in its raw (torchvision) or gzip (EMNIST's archive), or at once in dir.
func places(e *catalog.Entry, dir string) (list []string) {
	for _, name := range append(e.Folders(), "") {
		below := filepath.Join(dir, anyCase(dir, name))
		if info, err := os.Stat(below); err == nil && info.IsDir() {
			list = append(list, below, filepath.Join(below, anyCase(below, "raw")), filepath.Join(below, anyCase(below, "gzip")))
		}
	}
	return list
}

// findFile returns the path of a file by any of its names, "" where there is none:
// compressed or not, with a point in place of a dash (Kaggle), or inside a folder of
// that name.
func findFile(dir, name string) string {
	names := []string{name + ".gz", name}
	if dotted := strings.Replace(name, "-idx", ".idx", 1); dotted != name {
		names = append(names, dotted+".gz", dotted)
	}
	folder := ""
	for _, n := range names {
		path := filepath.Join(dir, anyCase(dir, n))
		info, err := os.Stat(path)
		switch {
		case err != nil:
			if !errors.Is(err, fs.ErrNotExist) {
				return path // to be refused with the reason
			}
		case !info.IsDir():
			return path
		default:
			for _, inside := range names {
				if file := filepath.Join(path, anyCase(path, inside)); isFile(file) {
					return file
				}
			}
			folder = path // to be refused, unless there is another
		}
	}
	return folder
}

// anyCase returns the name as a folder has it, where that differs in capital and small
// letters alone: archives of other systems write TRAIN-IMAGES-IDX3-UBYTE.GZ.
func anyCase(dir, name string) string {
	if _, err := os.Lstat(filepath.Join(dir, name)); name == "" || err == nil {
		return name
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return name
	}
	for _, e := range entries {
		if strings.EqualFold(e.Name(), name) {
			return e.Name()
		}
	}
	return name
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened (%w)", path, cause(err))
	}
	if !info.Mode().IsRegular() { // a named pipe would keep Open waiting
		return nil, fmt.Errorf("%s is not a file", path)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s has %d bytes, too many for a data set", path, info.Size())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be opened (%w)", path, cause(err))
	}
	defer f.Close()
	if content, ok := mapped(f); ok {
		return content, nil
	}
	content := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	if _, err := content.ReadFrom(io.LimitReader(f, maxFile)); err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w)", path, cause(err))
	}
	return content.Bytes(), nil
}

// cause drops the path and the call from an error of package os.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
