package params

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convbook/pkg/internal/atomicfile"
	"convbook/pkg/ndarray"
)

const (
	maxFile   = 4 << 30 // bytes of a file of parameters
	maxArrays = 10_000

	// An array may grow when it is unpacked: freely up to freeGrowth bytes, and
	// beyond that by maxGrowth times the file.
	freeGrowth = 64 << 20
	maxGrowth  = 20
)

// Save writes arrays into a file with the ending .npz. The file appears whole or
// not at all: an old one stays when writing fails.
func Save[T ndarray.Float](path string, arrays map[string]*ndarray.Array[T]) error {
	if err := checkEnding(path); err != nil {
		return err
	}
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if err := checkName(name); err != nil {
			return fmt.Errorf("params: %s is not written: %w", path, err)
		}
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
		if err == nil {
			_, err = w.Write(encodeNpy(arrays[name]))
		}
		if err != nil {
			return fmt.Errorf("params: %s is not written: %w", path, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("params: %s is not written: %w", path, err)
	}
	if err := atomicfile.Write(path, file.Bytes()); err != nil {
		return fmt.Errorf("params: %s is not written (%w); choose a folder that can be written", path, reason(err))
	}
	return nil
}

// Load reads the arrays of a file with the ending .npz. Floats of another size
// than T are converted: widening is exact, narrowing rounds to the nearest. The
// error says which array is wrong, and how.
func Load[T ndarray.Float](path string) (map[string]*ndarray.Array[T], error) {
	if err := checkEnding(path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("params: %s cannot be read (%w); save the parameters there first", path, reason(err))
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("params: %s is not a file of parameters: it has %d bytes", path, info.Size())
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("params: %s is not an .npz file (%w); save it again", path, err)
	}
	defer archive.Close()
	if len(archive.File) > maxArrays {
		return nil, fmt.Errorf("params: %s holds %d arrays, more than any network", path, len(archive.File))
	}
	budget := max(freeGrowth, maxGrowth*info.Size())
	arrays := map[string]*ndarray.Array[T]{}
	for _, entry := range archive.File {
		name, isNpy := strings.CutSuffix(entry.Name, ".npy")
		err := checkName(name)
		switch {
		case err == nil && !isNpy:
			err = errors.New("it is no .npy array")
		case err == nil && arrays[name] != nil:
			err = errors.New("it is there twice")
		}
		var content []byte
		if err == nil {
			content, err = unpack(entry, budget)
			budget -= int64(len(content))
		}
		if err == nil {
			arrays[name], err = decodeNpy[T](content)
		}
		if err != nil {
			return nil, fmt.Errorf("params: %s: array %q cannot be read: %w", path, shorten(entry.Name), err)
		}
	}
	return arrays, nil
}

func checkEnding(path string) error {
	if strings.EqualFold(filepath.Ext(path), ".npz") {
		return nil
	}
	return fmt.Errorf("params: %s: the format is told by the ending, which must be .npz", path)
}

// checkName accepts what a parameter can be called; no paths.
func checkName(name string) error {
	if name == "" || strings.ContainsAny(name, "/\\:\x00") || strings.Contains(name, "..") {
		return fmt.Errorf("%q is not a name of a parameter", shorten(name))
	}
	return nil
}

// unpack reads an entry of the archive, up to a number of bytes.
func unpack(entry *zip.File, budget int64) ([]byte, error) {
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var content bytes.Buffer
	n, err := io.Copy(&content, io.LimitReader(r, budget+1))
	if err != nil {
		return nil, err
	}
	if n > budget {
		return nil, fmt.Errorf("it unpacks to more than %d bytes", budget)
	}
	return content.Bytes(), nil
}

// reason drops the path from an error of package os.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
