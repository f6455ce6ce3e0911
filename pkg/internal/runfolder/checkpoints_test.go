package runfolder

import (
	"errors"
	"testing"
	"time"
)

// A checkpoint is due on an epoch's first step and after the time that was set, but
// never before the last one is written; an error of that comes out.
func TestWhenCheckpointsAreDue(t *testing.T) {
	r := &Folder{every: time.Hour, last: time.Now()}
	if r.Due(false) {
		t.Error("a checkpoint is due at once")
	}
	if !r.Due(true) {
		t.Error("no checkpoint is due in an epoch's first step")
	}
	r.wanted, r.last = false, time.Now().Add(-2*time.Hour)
	if !r.Due(false) {
		t.Error("no checkpoint is due after two hours")
	}
	r.writing = make(chan error, 1)
	if r.Due(true) {
		t.Error("a checkpoint is due while one is being written")
	}
	failure := errors.New("no")
	r.writing <- failure
	if !r.Due(false) || r.failed != failure {
		t.Errorf("after the last was written the next is not due, or its error is %v", r.failed)
	}
}
