package notebook

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"convbook/pkg/system/atomicfile"
)

// Write puts the notebook into a file, which appears complete or not at all.
func (nb *Notebook) Write(path string) error {
	text, err := nb.Bytes()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, text)
}

// Replace puts the notebook in the place of a file that held was when it was read. A
// link stays a link, and the file keeps its mode, owner and extended attributes. Where
// the file holds something else by now, it is left alone, and the notebook goes beside
// it: written is the file that has it.
func (nb *Notebook) Replace(path string, was []byte) (written string, err error) {
	text, err := nb.Bytes()
	if err != nil {
		return "", err
	}
	file, err := filepath.EvalSymlinks(path)
	if err != nil {
		file = path // gone: nothing is written over
	}
	is, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(is, was) {
		return beside(path, text)
	}
	return path, overwrite(file, text)
}

// beside writes a file of a new name next to another, which others may read as they
// may read that one.
func beside(path string, content []byte) (written string, err error) {
	name := strings.TrimSuffix(path, filepath.Ext(path))
	for n := 1; ; n++ {
		written = fmt.Sprintf("%s-executed.ipynb", name)
		if n > 1 {
			written = fmt.Sprintf("%s-executed-%d.ipynb", name, n)
		}
		temp, err := writeTemp(written, content)
		if err != nil {
			return "", err
		}
		if info, err := os.Stat(path); err == nil {
			likeFile(temp, path, info)
		}
		err = os.Link(temp, written) // unlike a renaming, over nothing
		if err != nil && !errors.Is(err, fs.ErrExist) {
			if _, missing := os.Lstat(written); errors.Is(missing, fs.ErrNotExist) {
				err = os.Rename(temp, written) // a file system without links
			}
		}
		os.Remove(temp)
		if !errors.Is(err, fs.ErrExist) {
			return written, err
		}
	}
}

// overwrite replaces the content of a file, which keeps what belongs to it besides.
// Where a new file cannot have all of that, as that of another owner or with a second
// name, the content alone is replaced, while a copy of it lies beside.
func overwrite(path string, content []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	temp, err := writeTemp(path, content)
	if err != nil {
		return err
	}
	if !isAlone(info) || likeFile(temp, path, info) != nil {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return fmt.Errorf("%w; all of it is in %s", err, temp)
		}
		return os.Remove(temp)
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// writeTemp writes a new file, which only its owner may read, in the folder of path.
func writeTemp(path string, content []byte) (name string, err error) {
	base := filepath.Base(path)
	if len(base) > 100 { // names have an end
		base = "convbook"
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+base+".*")
	if err != nil {
		return "", err
	}
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err != nil {
		os.Remove(temp.Name())
		return "", err
	}
	return temp.Name(), nil
}
