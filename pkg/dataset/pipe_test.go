//go:build unix

package dataset

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestOpenFolderDoesNotWaitForAPipe(t *testing.T) {
	files := small()
	delete(files, fileNames[1])
	pipe := write(t, t.TempDir(), files)
	if err := syscall.Mkfifo(filepath.Join(pipe, fileNames[1]), 0o644); err != nil {
		t.Skipf("skipped: no named pipes here (%v)", err)
	}
	done := make(chan error, 1)
	go func() { _, err := Open("mnist", Folder(pipe)); done <- err }()
	select {
	case err := <-done:
		wantError(t, err, fileNames[1]+" is not a file")
	case <-time.After(5 * time.Second):
		t.Fatal("it waits for somebody to write into the pipe")
	}
}
