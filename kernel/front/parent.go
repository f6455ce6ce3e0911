package main

import (
	"os"
	"strconv"
	"time"

	"convbook/pkg/system/process"
)

// watched returns a channel that is closed when the program that started the kernel has
// ended. jupyter_client says by JPY_PARENT_PID which one a kernel shall end with, and
// leaves it out for a kernel that shall go on.
func watched() <-chan struct{} {
	ended := make(chan struct{})
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || pid < 1 {
		return nil
	}
	starter := os.Getppid()
	if starter != pid && !process.Alive(pid) {
		return nil // in another namespace
	}
	go func() {
		for range time.Tick(500 * time.Millisecond) {
			if starter == pid && os.Getppid() != pid || !process.Alive(pid) {
				close(ended)
				return
			}
		}
	}()
	return ended
}
