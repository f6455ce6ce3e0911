package dataset

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"convbook/pkg/dataset/internal/catalog"
	"convbook/pkg/internal/idx"
)

// identity is what a file is known to be: one of the four of a data set. The zero value
// is a file that nobody knows.
type identity struct {
	entry *catalog.Entry
	part  int
}

func (id identity) String() string {
	if id.entry == nil {
		return "no file that is known"
	}
	return "the " + catalog.Part(id.part) + " of " + id.entry.Title
}

// identify tells by checksums what a file is.
func identify(file []byte) (identity, error) {
	content, err := idx.Unpack(file)
	if err != nil {
		return identity{}, err
	}
	plain := sha256.Sum256(content)
	sum, packed := hex.EncodeToString(plain[:]), ""
	if idx.Packed(file) {
		as := md5.Sum(file)
		packed = hex.EncodeToString(as[:])
	}
	for _, e := range catalog.Entries {
		for part := range e.Files {
			if sum == e.Sums[part] || packed != "" && packed == e.Packed[part] {
				return identity{e, part}, nil
			}
		}
	}
	return identity{}, nil
}

// matches returns an error unless a compressed file is that part of a data set.
func matches(e *catalog.Entry, part int, file []byte) error {
	content, err := idx.Unpack(file)
	if err != nil {
		return err
	}
	sum, want := "", e.Sums[part]
	if want != "" {
		plain := sha256.Sum256(content)
		sum = hex.EncodeToString(plain[:])
	} else {
		packed := md5.Sum(file)
		sum, want = hex.EncodeToString(packed[:]), e.Packed[part]
	}
	if sum != want {
		return fmt.Errorf("its checksum is %.12s…, want %.12s…", sum, want)
	}
	return nil
}

// judge compares the files of a folder with what is known. It returns an error when they
// belong to another data set, to several, or when one of a pair is damaged; and own, when
// nobody knows them, so that they are somebody's own.
func judge(e *catalog.Entry, files [4]dataFile) (own bool, err error) {
	var ids [4]identity
	others := map[*catalog.Entry]bool{}
	for i, file := range files {
		if ids[i], err = identify(file.bytes); err != nil {
			return false, fmt.Errorf("%s cannot be read: %w", file.name, err)
		}
		if ids[i].entry != nil {
			others[ids[i].entry] = true
		}
	}
	if len(others) == 1 && !others[e] && ids[1].part == 1 && ids[3].part == 3 {
		for other := range others {
			return false, fmt.Errorf("the files are those of %s, not of %s: open them by dataset.Open(%q)", other.Title, e.Title, other.Name)
		}
	}
	for i, id := range ids {
		if id.entry != nil && (id.entry != e || id.part != i) {
			return false, fmt.Errorf("%s is %s, where the %s of %s should be", files[i].name, id, catalog.Part(i), e.Title)
		}
	}
	for i := 0; i < 4; i += 2 {
		if known, strange := i, i+1; (ids[i].entry == nil) != (ids[i+1].entry == nil) {
			if ids[i].entry == nil {
				known, strange = i+1, i
			}
			return false, fmt.Errorf("%s is damaged or of another data set: %s is %s, but its checksum is not the one that belongs to it",
				files[strange].name, files[known].name, ids[known])
		}
	}
	return ids[0].entry == nil || ids[2].entry == nil, nil
}

// fits reports whether a data set has the counts and sizes of the one in the catalog: all
// that is known of files without published checksums.
func fits(e *catalog.Entry, d *Data) bool {
	return d.Train.Len() == e.Counts[0] && d.Test.Len() == e.Counts[1] && d.Train.height == side && d.Train.width == side
}
