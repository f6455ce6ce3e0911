package runfolder

import (
	"bytes"
	"fmt"
	"os"
	"slices"
)

// log brings EpochsFile up to date: whole at first, then by adding lines.
func (f *Folder) log(epochs [][]byte) error {
	save := Add
	if f.logged < 0 {
		f.logged, save = 0, Save
	} else if f.logged == len(epochs) {
		return nil
	}
	if err := save(f.Path(EpochsFile), slices.Concat(epochs[f.logged:]...)); err != nil {
		return fmt.Errorf("the history could not be kept: %w; make room, and the same call goes on after step %d", err, f.good)
	}
	f.logged = len(epochs)
	return nil
}

// MendLog writes EpochsFile anew when it is not that of a finished run: the disk may
// have been full, or the program killed, before the last line was there.
func (f *Folder) MendLog(epochs [][]byte) error {
	if there, err := ReadUpTo(f.Path(EpochsFile), MaxFile); err == nil && bytes.Equal(there, slices.Concat(epochs...)) {
		return nil
	}
	return f.log(epochs)
}

func appendLines(path string, lines []byte) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(lines)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}
