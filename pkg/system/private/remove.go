package private

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Remove removes a file or folder that lies in a folder that Folder has returned, or
// such a folder itself, and all in it. Each folder on the way is opened once and is
// what Folder demands; where somebody puts a link, the link goes and not what it names.
func Remove(path string) error {
	for _, base := range append(bases(), passingMade()...) {
		inside, err := filepath.Rel(base, path)
		if err != nil || !filepath.IsLocal(inside) || inside == "." {
			continue
		}
		root, err := open(base)
		if err != nil {
			return err
		}
		names := strings.Split(inside, string(filepath.Separator))
		for _, name := range names[:len(names)-1] {
			next, err := openIn(root, name)
			root.Close()
			if err != nil {
				return ignoreMissing(err)
			}
			root = next
		}
		defer root.Close()
		return removeIn(root, names[len(names)-1])
	}
	return fmt.Errorf("%s is not in a folder of convbook's own and is not removed", path)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// removeFrom removes a folder of ours from one that need not be ours, as that for
// temporary files: what is in it through its own handle, then its name.
func removeFrom(folder, name string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	inside, err := openIn(root, name)
	if err != nil {
		return ignoreMissing(err)
	}
	defer inside.Close()
	entries, err := fs.ReadDir(inside.FS(), ".")
	problems := []error{err}
	for _, e := range entries {
		problems = append(problems, removeIn(inside, e.Name()))
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	return root.Remove(name)
}

// open opens a folder of ours.
func open(dir string) (*os.Root, error) {
	named, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	return opened(dir, named, func() (*os.Root, error) { return os.OpenRoot(dir) })
}

// openIn opens a folder of ours in an open one.
func openIn(root *os.Root, name string) (*os.Root, error) {
	named, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	return opened(filepath.Join(root.Name(), name), named, func() (*os.Root, error) { return root.OpenRoot(name) })
}

// opened opens what was found under a name, unless another thing, such as a link, has
// taken its place.
func opened(path string, named fs.FileInfo, open func() (*os.Root, error)) (*os.Root, error) {
	if err := check(path, named); err != nil {
		return nil, err
	}
	root, err := open()
	if err != nil {
		return nil, err
	}
	found, err := root.Stat(".")
	if err == nil && !os.SameFile(named, found) {
		err = fmt.Errorf("%s was exchanged for something else meanwhile and is left alone", path)
	}
	if err != nil {
		root.Close()
		return nil, err
	}
	return root, nil
}

// removeIn removes an entry of an open folder of ours and all in it, folders too that
// nobody may write to, as Go has its modules.
func removeIn(root *os.Root, name string) error {
	err := root.RemoveAll(name)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	fs.WalkDir(root.FS(), name, func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.IsDir() {
			root.Chmod(path, 0o700)
		}
		return nil
	})
	return root.RemoveAll(name)
}
