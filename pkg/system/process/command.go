// Package process starts programs so that they can be ended with all that they
// started, and finds what has got away from that or whose starter was killed.
package process

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"
)

// Run runs a command, which ends with ctx and with it all that it started, and shows
// each line that it prints to seen, which says whether the line only tells how far the
// command is. The error holds the last of the other lines.
func Run(ctx context.Context, cmd *exec.Cmd, seen func(line string) bool) error {
	out := &lines{seen: seen}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	OwnGroup(cmd)
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { EndGroup(cmd) })
	err := cmd.Wait()
	stop()
	out.Write([]byte("\n"))
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil && len(out.words) > 0:
		return errors.New(strings.Join(out.words, "; "))
	}
	return err
}

// lines cuts what is written into lines and keeps the last ones.
type lines struct {
	seen  func(line string) bool
	rest  []byte // of a line that has not ended
	words []string
}

// kept is how many lines are kept.
const kept = 3

func (l *lines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		end := bytes.IndexAny(l.rest, "\r\n")
		if end < 0 {
			return len(p), nil
		}
		line := strings.TrimRight(string(l.rest[:end]), " ")
		l.rest = l.rest[end+1:]
		if line == "" || l.seen(line) {
			continue
		}
		if l.words = append(l.words, line); len(l.words) > kept {
			l.words = l.words[1:]
		}
	}
}
