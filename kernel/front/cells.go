package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/explain"
	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/needed"
	"convbook/kernel/internal/zmtp"
)

// cells runs cells one after the other, and remembers those that have run: what a
// student sees of an error depends on them.
type cells struct {
	k *kernel
	places

	mu      sync.Mutex
	wake    *sync.Cond
	queue   []*run
	current *run
	past    []explain.Past // the last first
}

// places are the folders that a kernel looks into.
type places struct {
	programs string // where GoNB writes those of cells
	root     string // of the repository
	kept     string // what cells train
}

// mostPast is how many cells are remembered.
const mostPast = 500

func newCells(k *kernel, at places) *cells {
	c := &cells{k: k, places: at}
	c.wake = sync.NewCond(&c.mu)
	go c.work()
	return c
}

// begin queues a client's cell.
func (c *cells) begin(p *zmtp.Peer, m *jupyter.Message) {
	r, err := newRun(p, m)
	if err != nil {
		c.k.refuse(err)
		return
	}
	r.printed.publish = func(stream, text string) {
		if m, err := r.request.Answer("stream", map[string]string{"name": stream, "text": text}); err == nil {
			c.k.publish(m)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, r)
	c.wake.Signal()
}

// work gives GoNB one cell after the other. What stands behind one that fails is not
// run, as in Python's kernel, unless its client wants it to be.
func (c *cells) work() {
	for {
		c.mu.Lock()
		for len(c.queue) == 0 {
			c.wake.Wait()
		}
		r := c.queue[0]
		c.queue = c.queue[1:]
		c.current = r
		c.mu.Unlock()
		needed.Write(c.programs, plain(r.code)) // where it fails, the whole program is built
		if err := c.k.forward(c.k.inside.shell, c.k.name(r.peer), r.request); err != nil {
			return // GoNB has ended, and so does the front
		}
		<-r.done
		c.mu.Lock()
		c.current = nil
		if r.number > 0 {
			c.past = slices.Insert(c.past, 0, explain.Past{Number: r.number, Code: r.code})
			c.past = c.past[:min(len(c.past), mostPast)]
		}
		c.mu.Unlock()
		for _, next := range r.behind {
			c.k.answer(next.peer, next.request, "execute_reply", map[string]string{"status": "aborted"})
		}
	}
}

// drop takes what stands behind a cell that failed out of the queue. It does so before the
// client is told: what comes after that, its client has sent knowing of the failure.
func (c *cells) drop(r *run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.behind, c.queue = c.queue, nil
}

// of returns the cell that runs, if a message belongs to it.
func (c *cells) of(m *jupyter.Message) *run {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.request.Header.ID == m.Parent.ID {
		return c.current
	}
	return nil
}

// interrupt notes that the cell that runs is interrupted by the student.
func (c *cells) interrupt() {
	c.mu.Lock()
	r := c.current
	c.mu.Unlock()
	if r != nil {
		r.interrupt()
	}
}

func (c *cells) running() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current != nil || len(c.queue) > 0
}

// explain says why a cell failed, from what GoNB has said to it.
func (c *cells) explain(r *run, value string, traceback []string, stderr string) explain.Said {
	c.mu.Lock()
	earlier := slices.Clone(c.past)
	c.mu.Unlock()
	return explain.Explain(&explain.Failure{Code: r.code, Number: r.number, Earlier: earlier, Root: c.root, Main: c.program(),
		Value: value, Traceback: traceback, Stderr: stderr, Interrupted: r.interrupted, Resumes: r.interrupted && c.trained(r.began)})
}

// program returns GoNB's program of the cell.
func (c *cells) program() string {
	for _, name := range []string{"main.go", "main_test.go"} {
		found, _ := filepath.Glob(filepath.Join(c.programs, "gonb_*", name))
		if len(found) == 1 {
			text, _ := os.ReadFile(found[0])
			return string(text)
		}
	}
	return ""
}

// trained says whether anything was written since a time into the folder where cells
// keep what they train.
func (c *cells) trained(since time.Time) bool {
	if c.kept == "" {
		return false
	}
	found := false
	looked := 0
	filepath.WalkDir(c.kept, func(_ string, entry os.DirEntry, err error) error {
		if looked++; err != nil || looked > 10000 || found {
			return filepath.SkipAll
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() && info.ModTime().After(since) {
			found = true
		}
		return nil
	})
	return found
}

// plain is a cell's text as GoNB reads it: an editor on Windows ends lines otherwise.
func plain(code string) string { return strings.ReplaceAll(code, "\r\n", "\n") }

// isComplete answers whether a cell can be run as it stands.
func isComplete(m *jupyter.Message) any {
	var content struct{ Code string }
	json.Unmarshal(m.Content, &content)
	status, indent := cell.Complete(content.Code)
	if status != "incomplete" {
		return map[string]string{"status": status}
	}
	return map[string]string{"status": status, "indent": indent}
}
