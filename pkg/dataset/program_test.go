package dataset

import (
	"bytes"
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convbook/pkg/dataset/internal/catalog"
)

// The program that downloads is started, tells what it does, says what went wrong, and
// ends when it is stopped. Its data set is checked against the catalog, so the small one
// of the test is refused as what it is.
func TestFetchProgram(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("skipped: needs the go command")
	}
	e := catalog.Entries[1]
	m := newMirror(t, nil)
	var log bytes.Buffer
	folder := filepath.Join(t.TempDir(), "fashion")
	err := startFetch(context.Background(), e, folder, &log, "-mirror", m.URL+"/")
	wantError(t, err, fileNames[0]+".gz of Fashion-MNIST could not be downloaded", "what it sent is not the right file: its checksum is")
	if m.asked.Load() != 1 || !strings.Contains(log.String(), "downloaded "+fileNames[0]+".gz") {
		t.Errorf("asked %d times; it told %q", m.asked.Load(), log.String())
	}
	m.Close()
	if err := startFetch(context.Background(), e, folder, &log, "-mirror", m.URL+"/"); err != errUnreachable {
		t.Errorf("without a server: %v", err)
	}

	began := make(chan struct{}, 1)
	slow := newMirror(t, map[string]http.HandlerFunc{fileNames[0]: func(w http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-r.Context().Done() // the program that asks is gone
	}})
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-began; cancel() }()
	start := time.Now()
	err = startFetch(ctx, e, folder, &log, "-mirror", slow.URL+"/")
	wantError(t, err, "was stopped")
	if took := time.Since(start); took > 15*time.Second {
		t.Errorf("it took %v to stop", took)
	}
}
