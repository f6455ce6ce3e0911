package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"convbook/kernel/internal/mark"
	"convbook/kernel/internal/terminal"
)

const (
	watchPause = 2 * time.Second
	// incomplete is how long a file may be no notebook before it is told as one that is
	// none: it may be on its way.
	incomplete = time.Minute
)

// state is what a file was when it was looked at.
type state struct {
	size     int64
	modified time.Time
}

// watch marks what arrives, and what is changed. A file is read once it has been as it
// is for two looks.
func (m *marking) watch(ctx context.Context) error {
	fmt.Fprintf(m.log, "marks what arrives in %s; Ctrl-C ends it\n", terminal.Name(m.Watch))
	seen, marked := map[string]state{}, map[string]state{}
	due, told := false, ""
	for {
		found, err := mark.Find(m.Names, m.course)
		if err != nil {
			return err
		}
		var ready []mark.HandIn
		for _, h := range found {
			info, err := os.Lstat(h.Path)
			if err != nil {
				continue
			}
			now := state{info.Size(), info.ModTime()}
			if seen[h.Path] == now && marked[h.Path] != now && (time.Since(now.modified) > incomplete || h.Complete()) {
				ready = append(ready, h)
				marked[h.Path] = now
			}
			seen[h.Path] = now
		}
		if len(ready) > 0 {
			err, due = m.all(ctx, ready), true
		}
		if due { // a table that is open elsewhere may not let itself be written
			failed := m.write(found)
			if due = failed != nil; due && failed.Error() != told {
				told = failed.Error()
				fmt.Fprintf(m.log, "%s; this is tried again\n", terminal.Shown(told))
			}
		}
		if err != nil {
			return ended(ctx, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watchPause):
		}
	}
}

// ended is no error where the user has ended the watch.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
