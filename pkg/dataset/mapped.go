package dataset

import (
	"os"

	"github.com/edsrzf/mmap-go"
)

// mapped maps a file into memory, read only, so that programs share its pages; the
// mapping stays until the program ends. It does so only with files that nobody but this
// user or the administrator can change: a program whose mapped file is cut off by
// somebody else ends with a bus error. Other files are read, as is one that cannot be
// mapped.
func mapped(f *os.File) (content []byte, ok bool) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 || info.Size() > maxFile || !trusted(info) {
		return nil, false
	}
	content, err = mmap.MapRegion(f, int(info.Size()), mmap.RDONLY, 0, 0)
	if err != nil {
		return nil, false
	}
	return content, true
}
