package claims

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"convbook/pkg/system/lock"
)

// Claim is the right to a piece of work, which its Folder gives signs of life for.
type Claim struct {
	folder      *Folder
	name, token string
	beats       int
	missed      int // how often it was not there in its turn
	lost        chan struct{}
}

func (c *Claim) path() string { return filepath.Join(c.folder.path, c.name+".claim") }

// Lost is closed when another machine has taken the claim away, since this one was paused or cut off.
func (c *Claim) Lost() <-chan struct{} { return c.lost }

// Release gives the claim free, unless another machine has it by now.
func (c *Claim) Release() {
	f := c.folder
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held[c.name] != c {
		return
	}
	delete(f.held, c.name)
	f.takeAway(c.name, c.token)
}

// text is as long for each sign of life, so that a full disk has room for it.
func (c *Claim) text() []byte {
	host, _ := os.Hostname()
	return fmt.Appendf(nil, "%s %010d %.100s, process %d\n", c.token, c.beats, host, os.Getpid())
}

// live gives signs of life until the folder is closed.
func (f *Folder) live() {
	defer close(f.ended)
	tick := time.NewTicker(f.beat)
	defer tick.Stop()
	for {
		select {
		case <-f.ending:
			return
		case <-tick.C:
		}
		f.mu.Lock()
		var held []*Claim
		for _, c := range f.held {
			held = append(held, c)
		}
		f.mu.Unlock()
		for _, c := range held {
			c.live()
		}
	}
}

// live gives one sign of life, if the claim is still this program's. It writes into the file that it has
// read, whatever has that name by then.
func (c *Claim) live() {
	file, err := lock.Open(c.path(), 0)
	if err == nil {
		defer file.Close()
		text := make([]byte, longestClaim)
		n, _ := file.ReadAt(text, 0)
		if token(text[:n]) == c.token {
			c.missed = 0
			c.beats++
			if _, err := file.WriteAt(c.text(), 0); err != nil || file.Sync() != nil {
				os.Chtimes(c.path(), time.Time{}, time.Now()) // a change of any kind
			}
			return
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return // the server may answer the next time
	}
	// Another machine that took it away by mistake gives it back at once.
	if c.missed++; c.missed < 2 {
		return
	}
	f := c.folder
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held[c.name] == c { // not released meanwhile
		delete(f.held, c.name)
		close(c.lost)
	}
}

// token is the first word of a claim.
func token(text []byte) string {
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
