package exercise

import (
	"os"
	"sync"
	"sync/atomic"
)

// outputLimit is how many bytes a student's function may print in one check.
const outputLimit = 20_000

// limitedOutput stands in for os.Stdout and os.Stderr and passes on what fits.
type limitedOutput struct {
	stdout, stderr *os.File // as they were
	pipes          []*os.File
	copying        sync.WaitGroup
	passed         atomic.Int64
}

// limitOutput returns nil where there are no pipes to be had.
func limitOutput() *limitedOutput {
	l := &limitedOutput{stdout: os.Stdout, stderr: os.Stderr}
	for _, to := range []**os.File{&os.Stdout, &os.Stderr} {
		r, w, err := os.Pipe()
		if err != nil {
			l.close(false)
			return nil
		}
		l.pipes = append(l.pipes, w)
		l.copying.Add(1)
		go l.pass(r, *to)
		*to = w
	}
	return l
}

// pass copies until the pipe is closed; what is beyond the limit is dropped.
func (l *limitedOutput) pass(from, to *os.File) {
	defer l.copying.Done()
	defer from.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			room := outputLimit - (l.passed.Add(int64(n)) - int64(n))
			if room > 0 {
				to.Write(buffer[:min(int64(n), room)])
			}
		}
		if err != nil {
			return
		}
	}
}

func (l *limitedOutput) cut() bool { return l.passed.Load() > outputLimit }

// close gives the program its outputs back, unless a function that cannot be stopped is
// still printing.
func (l *limitedOutput) close(stuck bool) {
	if l == nil || stuck && l.passed.Load() > 0 {
		return
	}
	os.Stdout, os.Stderr = l.stdout, l.stderr
	for _, w := range l.pipes {
		w.Close()
	}
	l.copying.Wait()
}
