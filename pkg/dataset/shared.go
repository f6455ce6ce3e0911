package dataset

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/system/private"
)

// sharedVariable names the folder of a kernel that all users of a machine share; data
// sets lie in its folder data, where all users map the same files.
const sharedVariable = "CONVBOOK_SHARED"

// Unpack writes the data set into a folder, as Open maps it: for the kernel that all
// users of a machine share, whose installer calls it once. A stand-in is not written,
// for a program draws it at once.
func (d *Data) Unpack(into string) error {
	e, err := catalog.Find(d.Name)
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if d.StandIn {
		return errors.New("dataset: a stand-in is not for sharing; connect to the network, or name a folder with the real images in " + FolderVariable)
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if _, err := store(into).write(e, e.Name, d); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}

// openShared opens a data set that the machine's kernel has for all its users, if
// nobody but who installed it can change it.
func openShared(e *catalog.Entry, log io.Writer) (data *Data, ok bool) {
	shared := os.Getenv(sharedVariable)
	if shared == "" {
		return nil, false
	}
	folder := filepath.Join(shared, "data")
	dir := filepath.Join(folder, e.Name)
	if _, err := os.Lstat(dir); err != nil {
		return nil, false
	}
	err := private.CheckShared(shared, dir)
	if err == nil {
		data, err = read(e, dir)
	}
	if err != nil {
		fmt.Fprintf(log, "%s of this machine is not used: %v; tell your teacher.\n", e.Title, err)
		return nil, false
	}
	data.Source = dir
	return data, true
}
