package params

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"convbook/pkg/ndarray"
)

func encodeNpz[T ndarray.Float](arrays map[string]*ndarray.Array[T]) ([]byte, error) {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if err := checkName(name); err != nil {
			return nil, err
		}
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
		if err == nil {
			_, err = w.Write(encodeNpy(arrays[name]))
		}
		if err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return file.Bytes(), err
}

// decodeNpz reads the bytes of an .npz file. Budget bounds the bytes of all arrays.
func decodeNpz[T ndarray.Float](file []byte, budget int64) (map[string]*ndarray.Array[T], error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	if len(archive.File) > maxArrays {
		return nil, fmt.Errorf("it holds %d arrays, more than any network", len(archive.File))
	}
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
			return nil, fmt.Errorf("array %q cannot be read: %w", shorten(entry.Name), err)
		}
	}
	return arrays, nil
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
	if entry.UncompressedSize64 > uint64(budget) {
		return nil, fmt.Errorf("it unpacks to more than %d bytes", budget)
	}
	r, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	said := int64(entry.UncompressedSize64)
	var content bytes.Buffer
	n, err := io.Copy(&content, io.LimitReader(r, said+1))
	if err != nil {
		return nil, err
	}
	if n > said {
		return nil, fmt.Errorf("it unpacks to more than the %d bytes it says", said)
	}
	return content.Bytes(), nil
}
