package claims

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"convbook/pkg/system/lock"
)

// mark is what changes with each sign of life: the text of a claim, and its time.
type mark struct {
	token, text string
	changed     time.Time // by the file server
}

// sighting is what was seen of a claim of others.
type sighting struct {
	mark   mark
	since  time.Time // unchanged, by this machine's stopwatch
	looked time.Time
}

// longestClaim is how much of a claim is read.
const longestClaim = 256

// look reads a claim. It opens it, for that makes NFS ask the server. What is no file of a claim has no
// token, and never changes.
func look(path string) (mark, error) {
	file, err := lock.Open(path, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return mark{}, err
	}
	if err != nil {
		if info, err := os.Lstat(path); err == nil {
			return mark{changed: info.ModTime()}, nil
		}
		return mark{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return mark{}, err
	}
	text, err := io.ReadAll(io.LimitReader(file, longestClaim))
	if err != nil {
		return mark{}, err
	}
	return mark{token(text), string(text), info.ModTime()}, nil
}

// watch looks at a claim of others, and reports whether its owner has given no sign of life for too
// long. A claim that is gone meanwhile is not dead: it can be made.
func (f *Folder) watch(name string) (dead bool, err error) {
	found, err := look(filepath.Join(f.path, name+".claim"))
	if errors.Is(err, fs.ErrNotExist) {
		delete(f.seen, name)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("the claim of others: %w", err)
	}
	now := time.Now()
	s := f.seen[name]
	// Who was away, or waited for the file server, has not watched.
	if s == nil || s.mark.text != found.text || !s.mark.changed.Equal(found.changed) || now.Sub(s.looked) > 2*f.beat {
		f.seen[name] = &sighting{found, now, now}
		return false, nil
	}
	s.looked = now
	unchanged := now.Sub(s.since)
	if unchanged >= f.lost {
		return true, nil
	}
	if unchanged < 2*f.beat {
		return false, nil
	}
	server, err := f.serverTime()
	return err == nil && server.Sub(found.changed) >= f.lost, nil
}
