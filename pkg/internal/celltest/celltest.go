//go:build unix

// Package celltest lets tests play the program of a cell, with the end of its pipes
// that GoNB holds.
package celltest

import (
	"encoding/gob"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"convbook/pkg/figure/values"
	"convbook/pkg/internal/pipe"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// fakeKernel is the other end of the two pipes through which a cell's program
// talks to GoNB.
type fakeKernel struct {
	mu       sync.Mutex
	displays []protocol.DisplayData // those confirmed or not, in order of arrival
	synced   int                    // how many of them had come when the last Sync was answered
}

// kernel is the only one: a program opens its pipes once.
var kernel fakeKernel

func init() { gob.Register(map[string]any{}) } // as GoNB does

// Main runs the tests of a package with a kernel. TestMain returns to it.
func Main(m *testing.M) int {
	folder, err := os.MkdirTemp("", "display")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	for name, file := range map[string]string{protocol.GONB_PIPE_ENV: "to_kernel", protocol.GONB_PIPE_BACK_ENV: "to_cell"} {
		path := filepath.Join(folder, file)
		if err := errors.Join(syscall.Mkfifo(path, 0o600), os.Setenv(name, path)); err != nil {
			panic(err)
		}
	}
	pipe.Kernel.Pretend(false) // the tests themselves may run in a notebook
	go kernel.serve()
	return m.Run()
}

// serve does what GoNB's pipe reader does: it takes displays and answers Sync.
func (k *fakeKernel) serve() {
	in, err := os.Open(os.Getenv(protocol.GONB_PIPE_ENV))
	if err != nil {
		panic(err)
	}
	out, err := os.OpenFile(os.Getenv(protocol.GONB_PIPE_BACK_ENV), os.O_WRONLY, 0)
	if err != nil {
		panic(err)
	}
	decoder, encoder := gob.NewDecoder(in), gob.NewEncoder(out)
	for {
		var data protocol.DisplayData
		if err := decoder.Decode(&data); err != nil {
			return
		}
		k.mu.Lock()
		request, isSync := data.Data[protocol.MIMECommValue].(protocol.CommValue)
		if isSync {
			k.synced = len(k.displays)
		} else {
			k.displays = append(k.displays, data)
		}
		k.mu.Unlock()
		if isSync {
			if err := encoder.Encode(&protocol.CommValue{Address: protocol.GonbuiSyncAckAddress, Value: request.Value}); err != nil {
				panic(err)
			}
		}
	}
}

// InCell runs f as a cell's program and returns what it displayed and the kernel
// had confirmed when f returned.
func InCell(t *testing.T, f func()) []protocol.DisplayData {
	t.Helper()
	kernel.mu.Lock()
	kernel.displays, kernel.synced = nil, 0
	kernel.mu.Unlock()
	pipe.Kernel.Pretend(true)
	defer pipe.Kernel.Pretend(false)
	f()
	kernel.mu.Lock()
	defer kernel.mu.Unlock()
	if kernel.synced != len(kernel.displays) {
		t.Errorf("%d of %d displays were not confirmed when the call returned", len(kernel.displays)-kernel.synced, len(kernel.displays))
	}
	return kernel.displays[:kernel.synced]
}

// HTML returns the HTML of one display, without the script of its figures and known ones, and checks that it is fit to be kept in a
// saved notebook.
func HTML(t *testing.T, data protocol.DisplayData, known ...string) string {
	t.Helper()
	html, ok := data.Data[protocol.MIMETextHTML].(string)
	if !ok {
		t.Fatalf("the display has no HTML: %v", data.Data)
	}
	for _, script := range append(known, "<script>"+values.Script()+"</script>") {
		html = strings.ReplaceAll(html, script, "")
	}
	for _, banned := range []string{"<script", "javascript:", " onload", "http://", "https://", "<link", "<iframe"} {
		if strings.Contains(strings.ReplaceAll(html, `xmlns="http://www.w3.org/2000/svg"`, ""), banned) {
			t.Errorf("the display contains %q", banned)
		}
	}
	return html
}
