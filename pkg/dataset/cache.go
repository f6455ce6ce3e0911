package dataset

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/private"
)

// Unpacked and checked files are kept in a folder of the user's cache, so that opening a
// data set is mapping four files. Beside them lies a record, written last, with the size
// and checksum (CRC-32C) of each, which are compared each time: what is damaged, cut off
// or half-written is not used and made anew.

// store is the folder that such folders lie in; "" where there is none that lasts.
type store string

const (
	recordName   = "checked"
	recordHeader = "convbook data 1"
	mostKept     = 8 // data sets; those opened longest ago go
)

var keptNames = [4]string{"train-images", "train-labels", "test-images", "test-labels"}

// cacheFolders are where downloads and where opened data sets are kept. What is not this
// user's own is not believed.
func cacheFolders(e *catalog.Entry) (downloads string, kept store) {
	dir, err := private.Folder("data")
	if err != nil || !private.Lasts(dir) {
		if found := private.Existing("data"); len(found) > 0 && private.Lasts(found[0]) {
			return "", store(filepath.Join(found[0], "opened")) // it can be read
		}
		return "", ""
	}
	return filepath.Join(dir, e.Name), store(filepath.Join(dir, "opened"))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// fingerprint names a data set by what its files hold, fast.
func fingerprint(e *catalog.Entry, files [4]dataFile) string {
	name := e.Name
	for _, file := range files {
		name += fmt.Sprintf("-%08x.%x", crc32.Checksum(file.bytes, castagnoli), len(file.bytes))
	}
	return name
}

// open returns the data set that is kept under a name. found says whether anything lies
// there, so that its reader can tell a damaged one from none.
func (s store) open(e *catalog.Entry, name string) (data *Data, found bool, err error) {
	if s == "" {
		return nil, false, errors.New("nothing is kept")
	}
	dir := filepath.Join(string(s), name)
	if err := private.Check(dir); err != nil {
		return nil, false, err
	}
	data, err = read(e, dir)
	return data, true, err
}

// read reads a data set from the folder that it is kept in.
func read(e *catalog.Entry, dir string) (*Data, error) {
	record, err := os.ReadFile(filepath.Join(dir, recordName))
	if err != nil {
		return nil, errors.New("it is incomplete")
	}
	own, lines, err := parseRecord(string(record))
	if err != nil {
		return nil, err
	}
	var files [4]dataFile
	for i, name := range keptNames {
		content, err := readBounded(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if lines[i] != line(content) {
			return nil, fmt.Errorf("%s is not as it was written", name)
		}
		files[i] = dataFile{name, content}
	}
	plain := *e
	plain.FirstLabel, plain.Transposed = 0, false // as they are kept
	data, err := assemble(&plain, files)
	if err != nil {
		return nil, err
	}
	if own {
		data.markOwn()
	}
	return data, nil
}

func line(content []byte) string {
	return fmt.Sprintf("%08x %d", crc32.Checksum(content, castagnoli), len(content))
}

// parseRecord reads the record: a header, whether the files are somebody's own, a line
// for each file, and the checksum of all that.
func parseRecord(text string) (own bool, lines []string, err error) {
	broken := errors.New("its record is damaged")
	body, sum, found := strings.Cut(text, "end ")
	if !found || sum != fmt.Sprintf("%08x\n", crc32.Checksum([]byte(body), castagnoli)) {
		return false, nil, broken
	}
	lines = strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	if len(lines) != 6 || lines[0] != recordHeader {
		return false, nil, broken
	}
	own, err = strconv.ParseBool(strings.TrimPrefix(lines[1], "own "))
	return own, lines[2:], err
}

// keep writes a data set under a name and returns it, mapped. Where that fails the
// data that came is returned: the cache spares time, no more.
func (s store) keep(e *catalog.Entry, name string, data *Data) *Data {
	if s == "" {
		return data
	}
	if kept, err := s.write(e, name, data); err == nil {
		kept.Source, kept.StandIn = data.Source, data.StandIn
		return kept
	}
	return data
}

func (s store) write(e *catalog.Entry, name string, data *Data) (*Data, error) {
	dir := filepath.Join(string(s), name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := private.Check(dir); err != nil {
		return nil, err
	}
	s.forget(name)
	record := fmt.Sprintf("%s\nown %v\n", recordHeader, data.Own)
	for i, set := range []*Set{data.Train, data.Test} {
		for k, content := range [][]byte{
			idx.Encode(idx.Images, []int{set.Len(), set.height, set.width}, set.pixels),
			idx.Encode(idx.Labels, []int{set.Len()}, set.labels),
		} {
			if err := atomicfile.Write(filepath.Join(dir, keptNames[2*i+k]), content); err != nil {
				return nil, err
			}
			record += line(content) + "\n"
		}
	}
	record += fmt.Sprintf("end %08x\n", crc32.Checksum([]byte(record), castagnoli))
	if err := atomicfile.Write(filepath.Join(dir, recordName), []byte(record)); err != nil {
		return nil, err
	}
	kept, _, err := s.open(e, name)
	return kept, err
}

// forget removes the data sets that were kept longest ago, when there are many. Programs
// that have them mapped go on.
func (s store) forget(except string) {
	entries, err := os.ReadDir(string(s))
	if err != nil || len(entries) <= mostKept {
		return
	}
	age := func(e os.DirEntry) int64 {
		if info, err := os.Lstat(filepath.Join(string(s), e.Name(), recordName)); err == nil {
			return info.ModTime().UnixNano()
		}
		return 0
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return int(max(-1, min(1, age(a)-age(b)))) })
	for _, old := range entries[:len(entries)-mostKept] {
		if dir := filepath.Join(string(s), old.Name()); old.Name() != except && private.Check(dir) == nil {
			for _, name := range append(keptNames[:], recordName) {
				os.Remove(filepath.Join(dir, name))
			}
			os.Remove(dir)
		}
	}
}
