package dataset

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"convbook/pkg/internal/idx"
	"convbook/pkg/internal/npy"
)

// kerasArrays are the arrays of Keras' mnist.npz, in the order of the four files.
var kerasArrays = [4]string{"x_train", "y_train", "x_test", "y_test"}

// readKeras reads the four arrays of an archive as the IDX files that they were made of.
func readKeras(path string) (files [4]dataFile, err error) {
	content, err := readBounded(path)
	if err != nil {
		return files, err
	}
	archive, err := zip.NewReader(strings.NewReader(string(content)), int64(len(content)))
	if err != nil {
		return files, fmt.Errorf("%s cannot be read: it is not an .npz archive (%w)", path, err)
	}
	for i, name := range kerasArrays {
		magic := uint32(idx.Images)
		if i%2 == 1 {
			magic = idx.Labels
		}
		file, err := kerasArray(archive, name, magic, int64(len(content)))
		if err != nil {
			return files, fmt.Errorf("%s: the array %s %w", path, name, err)
		}
		files[i] = dataFile{name: path + ": " + name, bytes: file}
	}
	return files, nil
}

func kerasArray(archive *zip.Reader, name string, magic uint32, size int64) ([]byte, error) {
	member, err := archive.Open(name + ".npy")
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, errors.New("is missing; Keras' mnist.npz holds x_train, y_train, x_test and y_test")
		}
		return nil, fmt.Errorf("cannot be read (%w)", err)
	}
	defer member.Close()
	limit := max(64<<20, 100*size)
	file, err := io.ReadAll(io.LimitReader(member, limit+1)) // to its end, where its checksum is compared
	if err != nil {
		return nil, fmt.Errorf("is damaged (%w)", err)
	}
	if int64(len(file)) > limit {
		return nil, errors.New("is too large for its archive")
	}
	h, elements, err := npy.Split(file)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", err)
	}
	count := 1
	for _, n := range h.Shape {
		if n > 1<<30 || count*n > len(elements) {
			return nil, fmt.Errorf("says the shape %v, but has %d bytes", h.Shape, len(elements))
		}
		count *= n
	}
	if h.Fortran || len(h.Shape) != int(magic&0xff) {
		return nil, fmt.Errorf("has the shape %v, want %d axes in C order", h.Shape, magic&0xff)
	}
	data, err := byteValues(h.Type, elements, count)
	if err != nil {
		return nil, err
	}
	return idx.Encode(magic, h.Shape, data), nil
}

// byteValues returns whole numbers of any size as bytes.
func byteValues(kind string, elements []byte, count int) ([]byte, error) {
	width := map[string]int{"u1": 1, "i1": 1, "i2": 2, "u2": 2, "i4": 4, "u4": 4, "i8": 8, "u8": 8}[kind[1:]]
	if width == 0 || len(elements) != count*width {
		return nil, fmt.Errorf("has elements of the type %q and %d bytes, want %d whole numbers", kind, len(elements), count)
	}
	if width == 1 {
		return elements, nil
	}
	values := make([]byte, count)
	for i := range values {
		element := elements[i*width : (i+1)*width]
		low := element[0]
		var wide [8]byte
		copy(wide[:], element)
		if kind[0] == '>' {
			low = element[width-1]
			wide = [8]byte{}
			for k, b := range element {
				wide[width-1-k] = b
			}
		}
		if binary.LittleEndian.Uint64(wide[:]) > 255 {
			return nil, fmt.Errorf("has a number at place %d that is not from 0 to 255", i)
		}
		values[i] = low
	}
	return values, nil
}
