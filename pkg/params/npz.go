package params

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"convbook/pkg/internal/npy"
	"convbook/pkg/ndarray"
)

func encodeNpz[T ndarray.Float](arrays map[string]*ndarray.Array[T], w words) ([]byte, error) {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		if err := checkNewName(name); err != nil {
			return nil, err
		}
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
		if err == nil {
			_, err = entry.Write(encodeNpy(arrays[name]))
		}
		if err != nil {
			return nil, err
		}
	}
	comment := npzMark + strings.Repeat("0", digestLength)
	if w.network != "" {
		comment = npzNetwork + w.network + "\n" + comment
	}
	if err := archive.SetComment(comment); err != nil {
		return nil, err
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return seal(file.Bytes(), file.Len()-digestLength), nil
}

// The archive's comment, which NumPy does not read, ends in npzMark and the digest of the file. A line before it may describe the network.
const (
	npzMark    = "convbook sha256 "
	npzNetwork = "convbook network "
)

// decodeNpz reads the bytes of an .npz file. Budget bounds the bytes of all arrays.
func decodeNpz[T ndarray.Float](file []byte, budget int64) (map[string]*ndarray.Array[T], error) {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	if len(archive.File) > maxArrays {
		return nil, fmt.Errorf("it holds %d arrays, more than any network", len(archive.File))
	}
	if at := len(archive.Comment) - digestLength; at >= 0 && strings.HasSuffix(archive.Comment[:at], npzMark) || strings.HasPrefix(archive.Comment, npzMark) {
		if err := checkSeal(file, len(file)-digestLength); err != nil {
			return nil, err
		}
	}
	arrays := map[string]*ndarray.Array[T]{}
	for _, entry := range archive.File {
		if besides(entry) && checkHeader(file, entry) == nil {
			continue
		}
		name, isNpy := strings.CutSuffix(entry.Name, ".npy")
		err := checkName(name)
		switch {
		case err == nil && !isNpy:
			err = errors.New("it is no .npy array; numpy.savez writes nothing else: leave it out")
		case err == nil && arrays[name] != nil:
			err = errors.New("it is there twice")
		case err == nil:
			err = checkHeader(file, entry)
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
			return nil, fmt.Errorf("array %q cannot be read: %w", npy.Shorten(entry.Name), err)
		}
	}
	return arrays, nil
}

// besides tells what programs that pack folders put beside the arrays: the folders
// themselves, and notes of the system's.
func besides(entry *zip.File) bool {
	name := entry.Name
	base := name[strings.LastIndex(name, "/")+1:]
	return len(name) > 1 && base == "" && entry.UncompressedSize64 == 0 || strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db"
}

// checkHeader compares the name that an archive's directory says with the one before the
// entry itself. Checksums cover what arrays hold, not their names.
func checkHeader(file []byte, entry *zip.File) error {
	body, err := entry.DataOffset()
	if err != nil {
		return err
	}
	before := file[:min(body, int64(len(file)))]
	at := bytes.LastIndex(before, []byte("PK\x03\x04"))
	if at < 0 || len(before)-at < 30 {
		return errors.New("it has no header of its own")
	}
	header := before[at:]
	length := int(binary.LittleEndian.Uint16(header[26:]))
	if length > len(header)-30 || string(header[30:30+length]) != entry.Name {
		return errors.New("the archive calls it otherwise than it does itself: one of the names is damaged")
	}
	return nil
}

// checkName accepts what a parameter can be called. Names are keys here, never paths, so
// that those of other libraries, such as "conv1/kernel:0", are as good as W1.
func checkName(name string) error {
	if name == "" || len(name) > 1000 || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) || leadsUp(name) {
		return fmt.Errorf("%q is not a name of a parameter", npy.Shorten(name))
	}
	return nil
}

// leadsUp reports whether a name leads to the folder above when taken as a path.
func leadsUp(name string) bool {
	return slices.Contains(strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' }), "..")
}

// checkNewName accepts what a parameter is called in a file that is written: nothing that
// leads out of the folder where somebody unpacks it.
func checkNewName(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\\") {
		return fmt.Errorf("%q is not a name of a parameter: as a path it leads elsewhere", npy.Shorten(name))
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
