package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"convbook/pkg/internal/claims"
	"convbook/pkg/internal/runfile"
	"convbook/pkg/system/companion"
	"convbook/pkg/system/lock"
)

// sharedStore keeps results in a folder that many machines see, such as one on NFS, and that is all they
// need to share. A result is a file of its own, named after its key and its training: whoever is first
// counts, and no file is ever changed. Trials are claimed in the same folder.
type sharedStore struct {
	alone
	run    *running
	folder string
	claims *claims.Folder

	following sync.WaitGroup // of accuracies that others have come to
	unfollow  context.CancelFunc

	mu      sync.Mutex
	read    time.Time            // when the folder was last read; zero where it must be read again
	kept    map[string][]file    // by the beginning of their names
	broken  map[string]time.Time // files that cannot be read, as they were then
	damaged int
}

// file is a result that was read.
type file struct {
	Result
	written time.Time
}

// patience is for how long a machine may give no sign of life until others train its trials.
var patience = 30 * time.Second

// longestResult is how much of a file is read: many times what a result of thousands of epochs takes.
const longestResult = 16 << 20

// openShared opens the folder of a sweep among those in the shared one.
func (r *running) openShared(shared, name string) (*sharedStore, error) {
	folder := filepath.Join(shared, filepath.Base(name))
	err := os.MkdirAll(folder, 0o700)
	var divided *claims.Folder
	if err == nil {
		divided, err = claims.Open(folder, patience)
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: the folder that machines share: %w; it must be one that this machine can write to", err)
	}
	return &sharedStore{run: r, folder: folder, unfollow: func() {}, claims: divided, kept: map[string][]file{}, broken: map[string]time.Time{}}, nil
}

// resultEnding is that of the files of results.
const resultEnding = ".result"

// shortDigest is the name of a text in the names of files.
func shortDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// fileName is that of a result: one training of a key has one.
func fileName(r Result) string {
	trained, _ := json.Marshal(r.Trained)
	return shortDigest(r.Key) + "-" + shortDigest(r.Code+string(trained)) + resultEnding
}

// refresh reads the files that are new. s.mu is held.
func (s *sharedStore) refresh() error {
	if time.Since(s.read) < time.Second {
		return nil
	}
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, files := range s.kept {
		for _, f := range files {
			known[fileName(f.Result)] = true
		}
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), resultEnding) || known[e.Name()] {
			continue
		}
		before, isBroken := s.broken[e.Name()]
		if info, err := e.Info(); isBroken && err == nil && info.ModTime().Equal(before) {
			continue
		}
		f, err := readResultFile(filepath.Join(s.folder, e.Name()))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			if !isBroken {
				s.damaged++
			}
			s.broken[e.Name()] = f.written
		default:
			delete(s.broken, e.Name())
			key := shortDigest(f.Key)
			s.kept[key] = append(s.kept[key], f)
		}
	}
	s.read = time.Now()
	return nil
}

// readResultFile reads a file that is called after its contents.
func readResultFile(path string) (f file, err error) {
	var content []byte
	if content, f.written, err = readSmall(path); err != nil {
		return f, err
	}
	if f.Result, err = readResult(content); err == nil && fileName(f.Result) != filepath.Base(path) {
		err = errors.New("it is the result of another trial")
	}
	return f, err
}

// readSmall reads a file of the folder. Whatever lies there, it neither waits nor takes memory beyond that
// of a result.
func readSmall(path string) (content []byte, written time.Time, err error) {
	opened, err := lock.Open(path, 0)
	if err != nil {
		if info, statErr := os.Lstat(path); statErr == nil {
			written = info.ModTime()
		}
		return nil, written, err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return nil, written, err
	}
	if info.Size() > longestResult {
		return nil, info.ModTime(), errors.New("it is too large for a result")
	}
	content, err = io.ReadAll(io.LimitReader(opened, longestResult))
	return content, info.ModTime(), err
}

func (s *sharedStore) results(key string) ([]Result, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(); err != nil {
		return nil, fmt.Errorf("sweep: results of before: %w", err)
	}
	files := slices.Clone(s.kept[shortDigest(key)])
	slices.SortStableFunc(files, func(a, b file) int { return b.written.Compare(a.written) })
	var found []Result
	for _, f := range files {
		found = append(found, f.Result)
	}
	return found, nil
}

// add keeps a result, unless another machine was first.
func (s *sharedStore) add(r Result) error {
	value, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sweep: result of %s: %w", r.Settings, err)
	}
	name, content := fileName(r), runfile.Seal(value)
	err = s.claims.Add(name, content)
	if errors.Is(err, fs.ErrExist) {
		if _, err = readResultFile(filepath.Join(s.folder, name)); err != nil { // damaged
			if err = s.claims.Replace(name, content); errors.Is(err, fs.ErrExist) {
				err = nil // another machine did the same
			}
		}
	}
	if err != nil {
		return fmt.Errorf("sweep: keeping a result: %w; make room, and the same Run goes on", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read = time.Time{}
	return nil
}

// agree returns the result that was first.
func (s *sharedStore) agree(_ context.Context, t *trial) (Result, error) {
	name := fileName(t.result)
	kept, err := s.results(t.key)
	for _, r := range kept {
		if fileName(r) == name && t.result.done() {
			r.Settings, r.Seed, r.Key = t.result.Settings, t.seed, t.key
			return r, nil
		}
	}
	return t.result, err
}

func (s *sharedStore) remove([]*trial) error {
	return fmt.Errorf("sweep: Restart would take the results of other machines away in %s, which they share; name another folder in %s, or leave Restart out", s.folder, companion.BoardVariable)
}

// next opens what other machines have trained since, or claims the first trial that none has.
func (s *sharedStore) next(left []*trial) (*trial, claim, error) {
	for _, t := range left {
		kept, err := s.results(t.key)
		if err == nil && len(kept) > len(t.others) && slices.ContainsFunc(kept, func(r Result) bool { return r.Code == s.run.training.code }) {
			return t, nil, nil
		}
	}
	for _, t := range left {
		held, err := s.claims.Take(shortDigest(t.key))
		if err == nil {
			s.mu.Lock()
			s.read = time.Time{} // whoever had it before may have kept a result
			s.mu.Unlock()
			return t, sharedClaim{held}, nil
		}
		if !errors.Is(err, claims.ErrHeld) {
			return t, nil, fmt.Errorf("sweep: no claim in the folder that machines share: %w; make room, and the same Run goes on", err)
		}
	}
	return nil, nil, nil
}

type sharedClaim struct{ *claims.Claim }

func (c sharedClaim) release() { c.Release() }

func (s *sharedStore) unreadable() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.damaged
}

func (s *sharedStore) close() {
	s.unfollow()
	s.following.Wait()
	s.claims.Close()
}
