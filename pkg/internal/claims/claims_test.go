package claims

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// patience is so long that no busy machine keeps a living owner from its signs of life.
const patience = 1500 * time.Millisecond

func open(t *testing.T, path string) *Folder {
	t.Helper()
	f, err := Open(path, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		select {
		case <-f.ending:
		default:
			f.Close()
		}
	})
	return f
}

// die lets a program be lost: its claims stay without signs of life.
func (f *Folder) die() {
	close(f.ending)
	<-f.ended
}

// wait takes a claim as soon as that can be had, and tells how long that took.
func wait(t *testing.T, f *Folder, name string) (*Claim, time.Duration) {
	t.Helper()
	began := time.Now()
	for time.Since(began) < 20*time.Second {
		c, err := f.Take(name)
		if err == nil {
			return c, time.Since(began)
		}
		if !errors.Is(err, ErrHeld) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the claim %s cannot be had in 20 s", name)
	return nil, 0
}

func TestOneHolder(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	a, b := open(t, path), open(t, path)
	claim, err := a.Take("x")
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*Folder{"another": b, "the same": a} {
		if _, err := f.Take("x"); !errors.Is(err, ErrHeld) {
			t.Errorf("%s program takes it too: %v", name, err)
		}
	}
	if _, err := b.Take("y"); err != nil {
		t.Errorf("another claim: %v", err)
	}
	// A living owner keeps it for many times its patience.
	for began := time.Now(); time.Since(began) < 4*patience; time.Sleep(20 * time.Millisecond) {
		if _, err := b.Take("x"); !errors.Is(err, ErrHeld) {
			t.Fatalf("taken from a living owner after %v: %v", time.Since(began), err)
		}
	}
	claim.Release()
	if _, took := wait(t, b, "x"); took > patience {
		t.Errorf("a released claim was had after %v", took)
	}
	claim.Release() // no longer its own
	if _, err := a.Take("x"); !errors.Is(err, ErrHeld) {
		t.Errorf("who had it before releases that of another: %v", err)
	}
	for _, name := range []string{"", "../x", "a/b", "a.b"} {
		if _, err := a.Take(name); err == nil || errors.Is(err, ErrHeld) {
			t.Errorf("%q is claimed", name)
		}
	}
}

// An owner that is lost loses its claim, whatever the clocks say, and learns of it when it goes on.
func TestLostOwner(t *testing.T) {
	t.Parallel()
	for name, shift := range map[string]time.Duration{"clocks agree": 0, "the file is from the future": 20 * time.Hour, "the file is old": -20 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := t.TempDir()
			a, b := open(t, path), open(t, path)
			claim, err := a.Take("x")
			if err != nil {
				t.Fatal(err)
			}
			file := claim.path()
			odd := func() {
				if shift != 0 {
					os.Chtimes(file, time.Time{}, time.Now().Add(shift))
				}
			}
			for began := time.Now(); time.Since(began) < 3*patience; time.Sleep(10 * time.Millisecond) {
				if odd(); shift == 0 { // each shift is a change, and so a sign of life
					continue
				}
				if _, err := b.Take("x"); !errors.Is(err, ErrHeld) {
					t.Fatalf("taken from a living owner: %v", err)
				}
			}
			a.die()
			odd()
			_, took := wait(t, b, "x")
			if took > 4*patience {
				t.Errorf("taken over after %v, with a patience of %v", took, patience)
			}
			if shift == 0 && took < patience/3 {
				t.Errorf("taken over after %v: nobody has watched", took)
			}
			claim.live()
			claim.live()
			select {
			case <-claim.Lost():
			default:
				t.Error("the owner does not know that it has lost its claim")
			}
			claim.Release()
			if found, _ := look(file); token([]byte(found.text)) == claim.token || found.text == "" {
				t.Errorf("the new owner's claim is %q", found.text)
			}
		})
	}
}

// Who was paused itself has watched nobody.
func TestAPausedWatcher(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	a, b := open(t, path), open(t, path)
	if _, err := a.Take("x"); err != nil {
		t.Fatal(err)
	}
	a.die()
	for range 3 {
		if _, err := b.Take("x"); !errors.Is(err, ErrHeld) {
			t.Fatalf("taken over at a look after a pause: %v", err)
		}
		time.Sleep(2 * patience)
	}
	wait(t, b, "x")
}

// What is no claim stands in the way for a while, and is then moved out of it.
func TestOddFiles(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	at := func(name string) string { return filepath.Join(path, name+".claim") }
	os.Mkdir(at("folder"), 0o700)
	os.MkdirAll(filepath.Join(at("full"), "more"), 0o700)
	os.Symlink("/dev/zero", at("link"))
	os.WriteFile(at("empty"), nil, 0o600)
	os.WriteFile(at("text"), []byte("no claim\nat all"), 0o600)
	os.WriteFile(at("secret"), []byte("x"), 0)
	os.WriteFile(at("large"), nil, 0o600)
	os.Truncate(at("large"), 1<<40)
	names := append([]string{"folder", "full", "link", "empty", "text", "secret", "large"}, pipes(path)...)
	f := open(t, path)
	var all sync.WaitGroup
	for _, name := range names {
		all.Go(func() {
			if _, took := wait(t, f, name); took > 6*patience {
				t.Errorf("%s: after %v", name, took)
			}
		})
	}
	all.Wait()
}

// Of many that see a lost claim, one takes it; and who takes away a claim that is a new one gives it back.
func TestTakingAway(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	a, b := open(t, path), open(t, path)
	claim, err := a.Take("x")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.takeAway("x", "the one before"); !errors.Is(err, ErrHeld) {
		t.Errorf("taking away another claim: %v", err)
	}
	if found, err := look(claim.path()); err != nil || found.token != claim.token {
		t.Errorf("the claim is %q, %v", found.text, err)
	}
	a.die()
	var owners atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		f := open(t, path)
		all.Go(func() {
			for began := time.Now(); time.Since(began) < 4*patience; time.Sleep(10 * time.Millisecond) {
				if _, err := f.Take("x"); err == nil {
					owners.Add(1)
				} else if !errors.Is(err, ErrHeld) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if n := owners.Load(); n != 1 {
		t.Errorf("%d programs have the claim", n)
	}
}

// Many programs divide work; nothing of theirs is left in the folder.
func TestDividedWork(t *testing.T) {
	for _, links := range []bool{true, false} {
		if !links {
			link = func(from, to string) error {
				return &os.LinkError{Op: "link", Old: from, New: to, Err: errors.ErrUnsupported}
			}
			defer func() { link = os.Link }()
		}
		path := t.TempDir()
		var now, done [20]atomic.Int64
		var all sync.WaitGroup
		for range 6 {
			f, err := Open(path, 30*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			all.Go(func() {
				defer f.Close()
				for i := range done {
					c, err := f.Take(fmt.Sprint("work-", i))
					if errors.Is(err, ErrHeld) {
						continue
					}
					if err != nil {
						t.Error(err)
						continue
					}
					if now[i].Add(1) > 1 {
						t.Errorf("links %v: two have claim %d", links, i)
					}
					time.Sleep(time.Millisecond)
					if err := f.Add(fmt.Sprint("result-", i), []byte("done")); err == nil {
						done[i].Add(1)
					} else if !errors.Is(err, fs.ErrExist) {
						t.Error(err)
					}
					now[i].Add(-1)
					c.Release()
				}
			})
		}
		all.Wait()
		for i := range done {
			if n := done[i].Load(); n != 1 {
				t.Errorf("links %v: result %d was counted %d times", links, i, n)
			}
		}
		if entries, _ := os.ReadDir(path); len(entries) != len(done) {
			t.Errorf("links %v: %d files are left, want the %d results", links, len(entries), len(done))
		}
	}
}
