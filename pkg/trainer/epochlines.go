package trainer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// log brings epochsFile up to date: whole at first, then by adding lines.
func (r *run) log(epochs []Epoch) error {
	save := addTo
	if r.logged < 0 {
		r.logged, save = 0, saveFile
	} else if r.logged == len(epochs) {
		return nil
	}
	lines, err := epochLines(epochs[r.logged:])
	if err == nil {
		err = save(r.path(epochsFile), lines)
	}
	if err != nil {
		return fmt.Errorf("trainer: the history could not be kept: %w; make room, and the same call goes on after step %d", err, r.good)
	}
	r.logged = len(epochs)
	return nil
}

// mendLog writes epochsFile anew when it is not that of a finished run: the disk
// may have been full, or the program killed, before the last line was there.
func (r *run) mendLog(epochs []Epoch) error {
	lines, err := epochLines(epochs)
	if err != nil {
		return err
	}
	if there, err := readUpTo(r.path(epochsFile), maxCheckpoint); err == nil && bytes.Equal(there, lines) {
		return nil
	}
	return r.log(epochs)
}

func epochLines(epochs []Epoch) ([]byte, error) {
	var lines []byte
	for _, e := range epochs {
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("the line of epoch %d: %w", e.Epoch, err)
		}
		lines = append(append(lines, line...), '\n')
	}
	return lines, nil
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
