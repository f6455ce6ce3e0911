package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"convbook/pkg/internal/idx"
	"convbook/pkg/system/atomicfile"
)

// maxFile bounds what is read from one file; the largest real one has 45 MiB
// unpacked.
const maxFile = 1 << 30

// dataFile is what one of the four files holds, compressed or not, and the name
// it goes by.
type dataFile struct {
	name  string
	bytes []byte
}

// readFolder reads the four files of a data set from dir/NAME, for each name
// its folder may have, or from dir itself.
func (e *entry) readFolder(dir string) (files [4]dataFile, from string, err error) {
	if info, err := os.Stat(dir); err != nil {
		return files, "", fmt.Errorf("the folder %s cannot be opened (%w)", dir, cause(err))
	} else if !info.IsDir() {
		return files, "", fmt.Errorf("%s is not a folder", dir)
	}
	from = dir
	for _, alias := range e.aliases {
		if info, err := os.Stat(filepath.Join(dir, alias)); err == nil && info.IsDir() {
			from = filepath.Join(dir, alias)
			break
		}
	}
	for i, name := range fileNames {
		if files[i], err = readEither(from, name); err != nil {
			return files, from, err
		}
	}
	if other := e.mistakenFor(files[1].bytes); from == dir && other != nil {
		return files, from, fmt.Errorf("the files in %s are those of %s, not of %s", dir, other.title, e.title)
	}
	return files, from, nil
}

// mistakenFor returns another data set whose training labels these are, or nil.
// Labels are small, and all files have the same names in every data set.
func (e *entry) mistakenFor(labels []byte) *entry {
	sum, err := contentSum(labels)
	for _, other := range catalog {
		if err == nil && other != e && other.sums[1] == sum {
			return other
		}
	}
	return nil
}

// readEither reads dir/name.gz or, where that is missing, dir/name.
func readEither(dir, name string) (dataFile, error) {
	for _, name := range []string{name + ".gz", name} {
		content, err := readBounded(filepath.Join(dir, name))
		if !errors.Is(err, fs.ErrNotExist) {
			return dataFile{name, content}, err
		}
	}
	return dataFile{}, fmt.Errorf("%s has neither %s.gz nor %s", dir, name, name)
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

// contentSum returns the SHA-256 of the unpacked content of a file.
func contentSum(file []byte) (string, error) {
	content, err := idx.Unpack(file)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// cacheFolder is where downloads are kept, "" where the user has no such place.
func cacheFolder(e *entry) string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "convbook", "data", e.name)
}

// readCache reads the files of the cache folder, unpacks them and checks what they
// hold.
func (e *entry) readCache(o options) (files [4]dataFile, err error) {
	if o.cache == "" {
		return files, errors.New("no cache folder")
	}
	for i, name := range fileNames {
		path := filepath.Join(o.cache, name+".gz")
		content, err := readBounded(path)
		if err != nil {
			return files, err
		}
		if content, err = idx.Unpack(content); err == nil {
			err = check(content, e.sums[i])
		}
		files[i] = dataFile{name + ".gz", content}
		if err != nil {
			fmt.Fprintf(o.log, "%s is damaged (%v) and will be downloaded again.\n", path, err)
			return files, err
		}
	}
	return files, nil
}

// keep writes a downloaded file into the cache folder. A file there is whole even
// when two programs write at once or one is stopped.
func keep(folder, name string, file []byte) error {
	if folder == "" {
		return errors.New("there is no cache folder: neither HOME nor XDG_CACHE_HOME is set")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(folder, name), file)
}
