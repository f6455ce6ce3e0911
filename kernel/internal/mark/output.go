package mark

import (
	"bytes"
	"sync"
)

// limited keeps the first bytes that are written and counts the others. What is too
// much for its patience is told once.
type limited struct {
	to   *bytes.Buffer
	most int // that are kept

	patience int // 0: endless
	tooMuch  func()

	mu      sync.Mutex
	written int
}

func (l *limited) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if room := l.most - l.to.Len(); room > 0 {
		l.to.Write(p[:min(len(p), room)])
	}
	before := l.written
	l.written += len(p)
	if l.patience > 0 && before <= l.patience && l.written > l.patience {
		l.tooMuch()
	}
	return len(p), nil
}
