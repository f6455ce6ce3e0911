package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// request is what the go command asks. (cmd/go/internal/cacheprog)
type request struct {
	ID       int64
	Command  string // "get", "put" or "close"
	ActionID []byte
	OutputID []byte
	BodySize int64
}

// response is the answer to the request of that ID.
type response struct {
	ID            int64
	Err           string     `json:",omitempty"`
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

// largestBody bounds what is put: the go command puts files that it has built.
const largestBody = 1 << 30

// serve answers the go command until it says "close" or ends.
func serve(in io.Reader, out io.Writer, cache layers) error {
	read := bufio.NewReaderSize(in, 64<<10)
	var mu sync.Mutex
	write := json.NewEncoder(out)
	answer := func(r response) error {
		mu.Lock()
		defer mu.Unlock()
		return write.Encode(r)
	}
	if err := answer(response{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	var putting sync.WaitGroup
	defer putting.Wait()
	for {
		line, err := nextLine(read)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var r request
		if err := json.Unmarshal(line, &r); err != nil {
			return fmt.Errorf("the go command asks what is not understood: %w", err)
		}
		switch r.Command {
		case "close":
			putting.Wait()
			cache.own.trim(time.Now())
			return answer(response{ID: r.ID})
		case "get":
			found, miss := cache.get(hex.EncodeToString(r.ActionID))
			if miss {
				err = answer(response{ID: r.ID, Miss: true})
			} else {
				err = answer(response{ID: r.ID, OutputID: found.output, Size: found.size, Time: &found.time, DiskPath: found.path})
			}
			if err != nil {
				return err
			}
		case "put":
			body, err := nextBody(read, r.BodySize)
			if err != nil {
				return err
			}
			putting.Go(func() { // the next requests need not wait for the disk
				done := response{ID: r.ID}
				if done.DiskPath, err = cache.own.put(r.ActionID, r.OutputID, body, time.Now()); err != nil {
					done.Err = err.Error()
				}
				answer(done)
			})
		default:
			if err := answer(response{ID: r.ID, Err: fmt.Sprintf("buildcache knows no %q", r.Command)}); err != nil {
				return err
			}
		}
	}
}

// nextLine returns the next line that is not empty.
func nextLine(r *bufio.Reader) ([]byte, error) {
	for {
		line, err := r.ReadBytes('\n')
		if len(line) > 1 {
			return line, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// nextBody reads the body that stands behind a "put": base64 in quotes, on a line.
func nextBody(r *bufio.Reader, size int64) ([]byte, error) {
	if size == 0 {
		return nil, nil
	}
	if size < 0 || size > largestBody {
		return nil, fmt.Errorf("the go command announces %d bytes, more than a file of a build has", size)
	}
	for {
		b, err := r.ReadByte()
		if err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		if b == '"' {
			break
		}
	}
	text := io.LimitReader(r, int64(base64.StdEncoding.EncodedLen(int(size))))
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, text))
	if err != nil {
		return nil, fmt.Errorf("the body of a file that the go command puts: %w", err)
	}
	if int64(len(body)) != size {
		return nil, fmt.Errorf("the go command announces %d bytes and sends %d", size, len(body))
	}
	if end, err := r.ReadByte(); err != nil || end != '"' {
		return nil, fmt.Errorf("the go command announces %d bytes and sends more", size)
	}
	return body, nil
}
