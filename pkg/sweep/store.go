package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"convbook/pkg/internal/kept"
)

// store is the file of the results: a JSON line for each, added when its trial
// ends.
type store struct {
	path string
	mu   sync.Mutex
}

// openStore reads the results that are there. A last line that was cut off, by a
// kill or a full disk, is left out: its trial runs again.
func openStore(name string) (*store, map[string]Result, error) {
	folder, err := kept.Folder(name)
	if err != nil {
		return nil, nil, fmt.Errorf("sweep: %w", err)
	}
	s := &store{path: filepath.Join(folder, "sweep.jsonl")}
	content, err := os.ReadFile(s.path)
	if err != nil && !os.IsNotExist(err) {
		return nil, nil, fmt.Errorf("sweep: results of before: %w", err)
	}
	known := make(map[string]Result)
	lines := bytes.Split(content, []byte("\n"))
	for i, line := range lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var r Result
		if err := json.Unmarshal(line, &r); err != nil {
			if i == len(lines)-1 {
				break
			}
			return nil, nil, fmt.Errorf("sweep: %s, line %d is not a result: %w; delete the line, and its trial runs again", s.path, i+1, err)
		}
		if r.done() {
			known[r.Key] = r
		}
	}
	if last := lines[len(lines)-1]; len(last) > 0 {
		if err := os.Truncate(s.path, int64(len(content)-len(last))); err != nil {
			return nil, nil, fmt.Errorf("sweep: the cut last line of %s: %w", s.path, err)
		}
	}
	return s, known, nil
}

// add writes a result to the disk before it returns.
func (s *store) add(r Result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sweep: result of %s: %w", r.Settings, err)
	}
	file, err := os.OpenFile(s.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("sweep: keeping a result: %w", err)
	}
	_, err = file.Write(append(line, '\n'))
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("sweep: keeping a result in %s: %w", s.path, err)
	}
	return nil
}
