package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// layers are the caches of one user.
type layers struct {
	own, shared folder
	keep        bool // in own what is found in shared
}

// get looks into the user's own cache, then into the shared one.
func (l layers) get(action string) (found entry, miss bool) {
	if found, err := l.own.get(action); err == nil {
		l.own.use(action, found)
		return found, false
	}
	found, err := l.shared.get(action)
	if err == nil && l.keep {
		found, err = l.copied(action, found)
	}
	return found, err != nil
}

// copied copies an entry of the shared cache, unless it is not what its name says.
func (l layers) copied(action string, found entry) (entry, error) {
	body, err := os.ReadFile(found.path)
	if err != nil {
		return entry{}, err
	}
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], found.output) {
		return entry{}, errMissing
	}
	id, err := hex.DecodeString(action)
	if err != nil {
		return entry{}, err
	}
	found.path, err = l.own.put(id, found.output, body, found.time)
	return found, err
}

// folder is a cache as the go command lays its own out (cmd/go/internal/cache): below
// the first two hexadecimal digits of its name, ACTION-a says in one line which output
// an action has,
//
//	v1 ACTION OUTPUT SIZE TIME
//
// with 64 hexadecimal digits each, and the size and the time, in nanoseconds, padded to
// 20 places; OUTPUT-d is the output.
type folder string

type entry struct {
	output []byte
	size   int64
	time   time.Time
	path   string
}

const (
	idSize    = 32 // bytes
	entrySize = 2 + 1 + 2*idSize + 1 + 2*idSize + 1 + 20 + 1 + 20 + 1
)

var errMissing = errors.New("there is no such entry")

func (f folder) name(id, kind string) string {
	return filepath.Join(string(f), id[:2], id+"-"+kind)
}

// get returns the output of an action. One that is cut off or damaged counts as missing.
func (f folder) get(action string) (entry, error) {
	if len(action) != 2*idSize {
		return entry{}, errMissing
	}
	line, err := os.ReadFile(f.name(action, "a"))
	if err != nil || len(line) != entrySize {
		return entry{}, errMissing
	}
	fields := strings.Fields(string(line))
	if len(fields) != 5 || fields[0] != "v1" || fields[1] != action || len(fields[2]) != 2*idSize {
		return entry{}, errMissing
	}
	output, err := hex.DecodeString(fields[2])
	size, sizeErr := strconv.ParseInt(fields[3], 10, 64)
	nanoseconds, timeErr := strconv.ParseInt(fields[4], 10, 64)
	if errors.Join(err, sizeErr, timeErr) != nil {
		return entry{}, errMissing
	}
	path := f.name(fields[2], "d")
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() || info.Size() != size {
		return entry{}, errMissing
	}
	return entry{output, size, time.Unix(0, nanoseconds), path}, nil
}

// put keeps the output of an action and returns its file. Files appear complete or not
// at all, however many builds write at once.
func (f folder) put(action, output, body []byte, now time.Time) (path string, err error) {
	if len(action) != idSize || len(output) != idSize {
		return "", fmt.Errorf("names have %d bytes, not %d and %d", idSize, len(action), len(output))
	}
	outputID, actionID := hex.EncodeToString(output), hex.EncodeToString(action)
	path = f.name(outputID, "d")
	if err := f.write(path, body); err != nil {
		return "", err
	}
	line := fmt.Appendf(nil, "v1 %s %s %20d %20d\n", actionID, outputID, len(body), now.UnixNano())
	return path, f.write(f.name(actionID, "a"), line)
}

// temporary begins the names of files that are being written.
const temporary = "writing-"

func (f folder) write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), temporary)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(content)
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// As the go command keeps its own cache: what was not used for five days goes, which is
// looked at once a day; a use is noted once an hour.
const (
	keepFor   = 5 * 24 * time.Hour
	trimEvery = 24 * time.Hour
	noteEvery = time.Hour
	trimmed   = "trimmed" // a file whose time is that of the last look
)

// use notes that an entry is used.
func (f folder) use(action string, e entry) {
	now := time.Now()
	for _, path := range []string{f.name(action, "a"), e.path} {
		if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) > noteEvery {
			os.Chtimes(path, now, now)
		}
	}
}

// trim removes what was not used for long, and files of builds that were killed.
func (f folder) trim(now time.Time) {
	mark := filepath.Join(string(f), trimmed)
	if info, err := os.Stat(mark); err == nil && now.Sub(info.ModTime()) < trimEvery {
		return
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return
	}
	os.Chtimes(mark, now, now)
	for first := range 256 {
		dir := filepath.Join(string(f), fmt.Sprintf("%02x", first))
		files, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, file := range files {
			oldest := now.Add(-keepFor)
			if strings.HasPrefix(file.Name(), temporary) {
				oldest = now.Add(-time.Hour)
			}
			if info, err := file.Info(); err == nil && info.Mode().IsRegular() && info.ModTime().Before(oldest) {
				os.Remove(filepath.Join(dir, file.Name()))
			}
		}
	}
}
