// Package claims divides work among programs on many machines that share nothing but a folder, such as one
// on NFS: a claim on a piece of work is a file there.
//
//	NAME.claim        the claim: a token of its owner, and how often that has given a sign of life
//	TOKEN.new         a claim that is being made: only complete files get the name of a claim
//	TOKEN.gone        a claim that was taken away, to be looked at once more
//	ID.clock          what a machine touches to read the file server's clock
//
// A claim is made by a hard link, which one machine alone succeeds with, also on NFS (open(2) says so of
// O_EXCL, which is used where there are no links). The owner writes into it some times a minute. Where that
// stops, another machine takes it away by a rename and makes its own. No clock of any machine is believed:
// whether a claim is old is told by its time and that of a file just written beside it, both from the file
// server, and a machine that looks has in any case seen it unchanged for a while by its own stopwatch. So a
// server that hangs, or clocks that differ, take no claims away.
//
// Like a lease, a claim keeps work from being done twice, but cannot exclude it: an owner that was
// paused and goes on has lost its claim without knowing. Whoever divides work this way must count
// results once.
package claims

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ErrHeld says that another machine, or another part of this program, has the claim.
var ErrHeld = errors.New("another machine has the claim")

// Folder is a folder of claims, as one program sees it.
type Folder struct {
	path string
	id   string        // of this program
	lost time.Duration // without a sign of life until a claim is taken away
	beat time.Duration // between signs of life

	mu    sync.Mutex
	count int
	held  map[string]*Claim
	seen  map[string]*sighting // claims of others

	ending, ended chan struct{}
}

// Open uses a folder, which is there, for claims. A claim without a sign of life for so long is taken away.
// What programs that were killed have left is removed.
func Open(path string, lost time.Duration) (*Folder, error) {
	id := make([]byte, 8)
	rand.Read(id)
	f := &Folder{path: path, id: hex.EncodeToString(id), lost: lost, beat: lost / 6,
		held: map[string]*Claim{}, seen: map[string]*sighting{}, ending: make(chan struct{}), ended: make(chan struct{})}
	now, err := f.serverTime()
	if err != nil {
		return nil, err
	}
	f.removeLeftovers(now)
	go f.live()
	return f, nil
}

// Close releases all claims that are held.
func (f *Folder) Close() {
	close(f.ending)
	<-f.ended
	f.mu.Lock()
	var held []*Claim
	for _, c := range f.held {
		held = append(held, c)
	}
	f.mu.Unlock()
	for _, c := range held {
		c.Release()
	}
	os.Remove(f.clock())
}

func (f *Folder) clock() string { return filepath.Join(f.path, f.id+".clock") }

// serverTime is the time of the file server, as it gives it to a file that is written now.
func (f *Folder) serverTime() (time.Time, error) {
	file, err := os.OpenFile(f.clock(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return time.Time{}, err
	}
	defer file.Close()
	_, err = file.WriteString(f.id)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return time.Time{}, err
	}
	info, err := file.Stat()
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

// removeLeftovers removes files that a program was making an hour ago.
func (f *Folder) removeLeftovers(now time.Time) {
	entries, _ := os.ReadDir(f.path)
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".new", ".gone", ".clock":
			if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > time.Hour && e.Name() != filepath.Base(f.clock()) {
				os.Remove(filepath.Join(f.path, e.Name()))
			}
		}
	}
}

// Take claims a name, of letters, digits and dashes, without waiting: the error is ErrHeld while others
// have it, or why it cannot be had.
func (f *Folder) Take(name string) (*Claim, error) {
	if name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return nil, fmt.Errorf("%q is no name of a claim", name)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.seen[name]; f.held[name] != nil || s != nil && time.Since(s.looked) < f.beat/4 {
		return nil, ErrHeld
	}
	for range 3 {
		c, err := f.make(name)
		if err == nil {
			f.held[name] = c
			delete(f.seen, name)
			return c, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		dead, err := f.watch(name)
		if err != nil || !dead {
			return nil, errors.Join(err, ErrHeld)
		}
		if err := f.takeAway(name, f.seen[name].mark.token); err != nil {
			return nil, err
		}
	}
	return nil, ErrHeld
}

// make makes a claim: the error is fs.ErrExist where there is one.
func (f *Folder) make(name string) (*Claim, error) {
	f.count++
	c := &Claim{folder: f, name: name, token: fmt.Sprintf("%s-%d", f.id, f.count), lost: make(chan struct{})}
	temp := filepath.Join(f.path, c.token+".new")
	defer os.Remove(temp)
	if err := writeNew(temp, c.text()); err != nil {
		return nil, err
	}
	return c, publish(temp, c.path())
}

// Add writes a file of the folder: the error is fs.ErrExist where there is one of that name. It is
// complete, and on the disk, when it has its name.
func (f *Folder) Add(name string, content []byte) error {
	f.mu.Lock()
	f.count++
	temp := filepath.Join(f.path, fmt.Sprintf("%s-%d.new", f.id, f.count))
	f.mu.Unlock()
	defer os.Remove(temp)
	if err := writeNew(temp, content); err != nil {
		return err
	}
	return publish(temp, filepath.Join(f.path, name))
}

// Replace is Add where something of that name is in the way, which may be of any kind.
func (f *Folder) Replace(name string, content []byte) error {
	f.mu.Lock()
	f.count++
	moved := filepath.Join(f.path, fmt.Sprintf("%s-%d.gone", f.id, f.count))
	f.mu.Unlock()
	if err := os.Rename(filepath.Join(f.path, name), moved); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	os.Remove(moved)
	return f.Add(name, content)
}

// writeNew writes a file that is not there, to the disk.
func writeNew(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		os.Remove(path)
	}
	return err
}

// link is a variable for tests of file systems without links.
var link = os.Link

// publish gives a complete file its name, unless there is a file of that name: the error is then
// fs.ErrExist. The file may keep its old name beside that.
func publish(temp, path string) error {
	err := link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		// A server that has done it may be asked again, and then says that the name exists.
		if made, statErr := os.Lstat(temp); err != nil && statErr == nil {
			if named, statErr := os.Lstat(path); statErr == nil && os.SameFile(made, named) {
				return nil
			}
		}
		return err
	}
	// There are file systems without links.
	content, readErr := os.ReadFile(temp)
	if readErr != nil {
		return err
	}
	return writeNew(path, content)
}

// takeAway removes a claim, if it is still that of the token: another machine may have taken it away and
// made its own, which then gets its name back.
func (f *Folder) takeAway(name, token string) error {
	f.count++
	path, moved := filepath.Join(f.path, name+".claim"), filepath.Join(f.path, fmt.Sprintf("%s-%d.gone", f.id, f.count))
	if err := os.Rename(path, moved); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	defer os.Remove(moved)
	if found, err := look(moved); err == nil && found.token != token {
		publish(moved, path)
		return ErrHeld
	}
	return nil
}
