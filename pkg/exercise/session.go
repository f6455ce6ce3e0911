package exercise

import (
	"os"
	"os/signal"
	"runtime/debug"
	"time"
)

// session is one check while the student's function runs: what it prints is counted,
// its stack is limited, and another process watches in case the program ends.
type session struct {
	began  time.Time
	ended  time.Time
	output *limitedOutput
	stack  int
	signal chan os.Signal
}

// begin prepares for a student's function.
func begin(name string) *session {
	s := &session{began: time.Now(), stack: debug.SetMaxStack(stackLimit), signal: make(chan os.Signal, 1)}
	theWatcher.begins(name)
	s.output = limitOutput()
	signal.Notify(s.signal, os.Interrupt)
	go func() {
		if _, interrupted := <-s.signal; interrupted {
			theWatcher.ends() // the student stops the cell: nothing to report
			os.Exit(130)
		}
	}()
	return s
}

// end undoes it. What a function prints that is still running stays limited.
func (s *session) end(stuck bool) {
	s.ended = time.Now()
	signal.Stop(s.signal)
	close(s.signal)
	s.output.close(stuck)
	debug.SetMaxStack(s.stack)
	theWatcher.ends()
}

// late reports whether the time for all cases is used up.
func (s *session) late() bool { return time.Since(s.began) > totalLimit }

func (s *session) took() time.Duration { return s.ended.Sub(s.began) }

// printed says that not all of the function's output is shown.
func (s *session) printed() string {
	if s.output == nil || !s.output.cut() {
		return ""
	}
	return both{
		"the function prints without end: only the first %d bytes are shown.",
		"함수가 끝없이 출력합니다. 처음 %d바이트만 보여 줍니다.",
	}.with(outputLimit).text()
}
