//go:build unix

package sweep_test

import (
	"os"
	"syscall"
	"time"
)

// pause stops a process for a while, as a laptop's lid does.
func pause(p *os.Process, long time.Duration) {
	p.Signal(syscall.SIGSTOP)
	time.Sleep(long)
	p.Signal(syscall.SIGCONT)
}

func fifo(path string) error { return syscall.Mkfifo(path, 0o600) }
