package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"convbook/pkg/internal/kept"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/lock"
)

// folderStore keeps results in a file of a folder: a line for each, with its own digest,
// added when its trial ends. Several programs of one machine may share it.
type folderStore struct {
	alone
	folder, path string
	whole        *os.File // the lock of a sweep whose trials wait for each other

	mu      sync.Mutex
	size    int64               // of the file when it was read last
	known   map[string][]Result // by key; of other code, too
	damaged int                 // lines that could not be read when it was opened
}

// versions is how many results are kept under a key: those of the last trainings.
const versions = 10

// openFolder reads the results that are there. Lines that are cut off or damaged are
// removed, and their trials run again; so are results that many later trainings have
// taken the place of.
func openFolder(name string) (*folderStore, error) {
	folder, err := kept.Folder(name)
	if err == nil {
		err = os.MkdirAll(filepath.Join(folder, "locks"), 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	s := &folderStore{folder: folder, path: filepath.Join(folder, "sweep.jsonl")}
	good, damaged, err := s.read()
	if s.damaged = damaged; err == nil && (damaged > 0 || len(latest(good)) < len(good)) {
		err = s.rewrite(latest)
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: results of before: %w", err)
	}
	return s, nil
}

// read reads the file and returns its good lines.
func (s *folderStore) read() (good []line, damaged int, err error) {
	content, err := os.ReadFile(s.path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, err
	}
	known := make(map[string][]Result)
	for text := range bytes.Lines(content) {
		r, err := readResult(text)
		if err != nil {
			damaged++
			continue
		}
		good = append(good, line{text, r.Key})
		known[r.Key] = append(known[r.Key], r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known, s.size = known, int64(len(content))
	return good, damaged, nil
}

// line is a line of the file that holds a result.
type line struct {
	text []byte
	key  string
}

// readResult reads a line that is whole: the newline belongs to it.
func readResult(text []byte) (r Result, err error) {
	if !bytes.HasSuffix(text, []byte("\n")) {
		return r, errors.New("it is cut off")
	}
	value, err := runfile.Unseal(text)
	if err == nil {
		err = json.Unmarshal(value, &r)
	}
	if err == nil && !r.done() {
		err = errors.New("it is not a result")
	}
	return r, err
}

// results returns what is kept under a key, the newest first, also what other programs
// have added.
func (s *folderStore) results(key string) ([]Result, error) {
	info, err := os.Stat(s.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	s.mu.Lock()
	fresh := err == nil && info.Size() == s.size
	s.mu.Unlock()
	if err == nil && !fresh {
		_, _, err = s.read()
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: results of before: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := slices.Clone(s.known[key])
	slices.Reverse(found)
	return found, nil
}

// add writes a result to the disk before it returns.
func (s *folderStore) add(r Result) error {
	value, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sweep: result of %s: %w", r.Settings, err)
	}
	if err := s.locked(func() error { return appendLine(s.path, runfile.Seal(value)) }); err != nil {
		return fmt.Errorf("sweep: keeping a result: %w; make room, and the same Run goes on", err)
	}
	return nil
}

// remove removes all results of trials.
func (s *folderStore) remove(trials []*trial) error {
	keys := make(map[string]bool)
	for _, t := range trials {
		keys[t.key] = true
	}
	err := s.rewrite(func(lines []line) []line {
		return slices.DeleteFunc(lines, func(l line) bool { return keys[l.key] })
	})
	if err != nil {
		return fmt.Errorf("sweep: removing results: %w", err)
	}
	return nil
}

// rewrite writes the file anew with those of its good lines that are chosen.
func (s *folderStore) rewrite(choose func([]line) []line) error {
	return s.locked(func() error {
		good, _, err := s.read()
		if err != nil {
			return err
		}
		var content []byte
		for _, l := range choose(good) {
			content = append(content, l.text...)
		}
		return atomicfile.Write(s.path, content)
	})
}

// latest leaves out the results of a key that are older than its last versions.
func latest(lines []line) []line {
	count := make(map[string]int)
	for _, l := range lines {
		count[l.key]++
	}
	var left []line
	for _, l := range lines {
		if count[l.key]--; count[l.key] < versions {
			left = append(left, l)
		}
	}
	return left
}

// locked calls do while no other program writes to the file.
func (s *folderStore) locked(do func() error) error {
	held, err := lock.Wait(context.Background(), filepath.Join(s.folder, "locks", "file"), func() {})
	if err != nil {
		return err
	}
	defer held.Close()
	return do()
}

// appendLine adds a line, on a line of its own also behind one that was cut off.
func appendLine(path string, line []byte) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if info, statErr := file.Stat(); statErr == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err := file.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
			line = append([]byte{'\n'}, line...)
		}
	}
	_, err = file.Write(line)
	if err == nil {
		err = file.Sync()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// next claims the first of the trials that no other program trains. A claim is a lock,
// which dies with its program.
func (s *folderStore) next(left []*trial) (*trial, claim, error) {
	for _, t := range left {
		held, err := s.claim(t.key)
		if err == nil {
			return t, held, nil
		}
		if !errors.Is(err, lock.ErrHeld) {
			return t, nil, fmt.Errorf("sweep: %w", err)
		}
	}
	return nil, nil, nil
}

func (s *folderStore) claim(key string) (*lockClaim, error) {
	sum := sha256.Sum256([]byte(key))
	path := filepath.Join(s.folder, "locks", hex.EncodeToString(sum[:8]))
	held, err := lock.Take(path)
	if err != nil {
		return nil, err
	}
	return &lockClaim{held, path}, nil
}

type lockClaim struct {
	held *os.File
	path string
}

func (c *lockClaim) release() {
	os.Remove(c.path)
	c.held.Close()
}

// together waits until no other program is at the whole sweep.
func (s *folderStore) together(ctx context.Context, waits func()) (err error) {
	s.whole, err = lock.Wait(ctx, filepath.Join(s.folder, "locks", "whole"), waits)
	return err
}

func (s *folderStore) unreadable() int { return s.damaged }

func (s *folderStore) close() {
	if s.whole != nil {
		s.whole.Close()
	}
}
