package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// runningBoard is a board in this process.
type runningBoard struct {
	t      *testing.T
	folder string
	port   int
	line   string
	stop   func()
}

func runBoard(t *testing.T, folder string) *runningBoard {
	b := &runningBoard{t: t, folder: folder, port: 12_000 + os.Getpid()%8_000}
	for l := net.Listener(nil); l == nil; b.port++ {
		if l, _ = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", b.port)); l != nil {
			l.Close()
			break
		}
	}
	b.start()
	t.Cleanup(func() { b.stop() })
	return b
}

func (b *runningBoard) start() {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	lines, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- serve(ctx, b.folder, []string{"127.0.0.1"}, b.port, func(line string) { lines <- line })
	}()
	select {
	case b.line = <-lines:
	case err := <-ended:
		b.t.Fatal(err)
	}
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			b.t.Error(err)
		}
	})
}

// told is what a machine tells its program.
type told struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *told) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *told) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// join lets a machine join a sweep of four trials.
func (b *runningBoard) join(name string) (*machine, *told, error) {
	b.t.Setenv(companion.BoardVariable, b.line)
	ctx, cancel := context.WithCancel(context.Background())
	said := &told{}
	m := &machine{link: companion.NewLink(strings.NewReader(""), said), ctx: ctx, name: name + "~1", changed: make(chan struct{}), claims: map[int]*claim{}, alive: time.Now()}
	err := m.join(companion.Message{Sweep: &companion.Sweep{Name: "test", Keys: []string{"a", "b", "c", "d"}, Variant: "amd64/avx2", Folder: b.t.TempDir()}})
	b.t.Cleanup(func() {
		cancel()
		if m.b.nc != nil {
			m.b.nc.Close()
		}
	})
	return m, said, err
}

func (b *runningBoard) joined(name string) (*machine, *told) {
	b.t.Helper()
	m, said, err := b.join(name)
	if err != nil {
		b.t.Fatal(err)
	}
	return m, said
}

// waitFor waits until something is so, however slow this machine is.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come to this: " + what)
		}
	}
}

// A board and a machine of different versions do not mix.
func TestOtherVersion(t *testing.T) {
	b := runBoard(t, t.TempDir())
	m, _ := b.joined("one")
	if _, err := m.b.sweeps.Put(t.Context(), "protocol", []byte("0\x1b[31m")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.join("two"); err == nil || !strings.Contains(err.Error(), `the board is of version "0\x1b[31m", this program of version 1`) {
		t.Errorf("the error is %v", err)
	}
}

// A checkpoint of another kind of processor is not gone on with, and that is said.
func TestOtherKindOfProcessor(t *testing.T) {
	b := runBoard(t, t.TempDir())
	m, _ := b.joined("one")
	for variant, want := range map[string]string{"arm64/neon": "its checkpoint is of another kind of processor (arm64/neon, here amd64/avx2)", "amd64/avx2": ""} {
		if _, err := m.b.ckpts.Put(t.Context(), jetstream.ObjectMeta{Name: m.objectName(2, 0), Metadata: map[string]string{"variant": variant, "machine": "x~1"}}, strings.NewReader("checkpoint")); err != nil {
			t.Fatal(err)
		}
		path, text := m.fetchCheckpoint(2, 0)
		if (path == "") != (want != "") || !strings.Contains(text, want) || want == "" && text != "" {
			t.Errorf("%s: %q and %q, want %q in it", variant, path, text, want)
		}
	}
}

// A machine that was taken for lost goes on with its trial, and fetches no checkpoint of it.
func TestOwnTrialAnew(t *testing.T) {
	b := runBoard(t, t.TempDir())
	m, _ := b.joined("one")
	for trial := range m.sweep.Keys {
		if _, err := m.b.ckpts.Put(t.Context(), jetstream.ObjectMeta{Name: m.objectName(trial, 0), Metadata: map[string]string{"variant": "amd64/avx2", "machine": "x~1"}}, strings.NewReader("checkpoint")); err != nil {
			t.Fatal(err)
		}
	}
	first, err := m.next()
	if err != nil || first.Path == "" {
		t.Fatalf("the first trial is %+v, %v", first, err)
	}
	m.mu.Lock()
	m.claims[first.Claim].msg.Nak()
	m.mu.Unlock()
	var again companion.Message
	waitFor(t, "the trial comes again", func() bool {
		again, err = m.next()
		return err != nil || again.Trial == first.Trial
	})
	if err != nil || again.Path != "" {
		t.Errorf("the trial comes again as %+v, %v", again, err)
	}
	if n := m.takenOver(); n != 0 {
		t.Errorf("%d trials are taken over from machines that left; none has", n)
	}
	m.release(again.Claim)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.claims {
		if c.trial == first.Trial {
			t.Error("a trial that is given back is still claimed")
		}
	}
}

func (m *machine) takenOver() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.givenBack()
}

// A full disk is told to those who are there and to those who come; when there is room again all goes on.
func TestFullDisk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped: mounting a small file system needs root")
	}
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("skipped: no small file system: %v, %s", err, out)
	}
	t.Cleanup(func() { exec.Command("umount", "-l", disk).Run() })
	b := runBoard(t, disk)
	m, said := b.joined("one")
	filler := filepath.Join(disk, "filler")
	f, err := os.Create(filler)
	for block := make([]byte, 1<<12); err == nil; {
		_, err = f.Write(block)
	}
	f.Close()
	waitFor(t, "the machine is told", func() bool { return strings.Contains(said.String(), "the disk of the board is full") })
	for i := range 100 { // as many as it takes
		m.b.js.PublishAsync(logSubject("strange", kindResult, i, 0, 0), make([]byte, 4000))
	}
	defer func(before time.Duration) { joinFor = before }(joinFor)
	joinFor = 3 * time.Second
	if _, _, err := b.join("two"); err != nil && (!strings.Contains(err.Error(), "disk is full") || strings.Contains(err.Error(), "\n")) {
		t.Errorf("a machine that comes is told %v", err)
	}
	os.Remove(filler)
	joinFor = 4 * time.Minute
	if _, _, err := b.join("three"); err != nil {
		t.Errorf("with room again a machine is told %v", err)
	}
	if err := m.put(kindResult, 1, 0, entry{Machine: m.name, Variant: "amd64/avx2", Digest: "d", Result: json.RawMessage(`{}`)}); err != nil {
		t.Error(err)
	}
	waitFor(t, "the machine is told that there is room", func() bool { return strings.HasSuffix(said.String(), `"trial":-1}`+"\n") || !m.inTrouble() })
}

func (m *machine) inTrouble() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.trouble != ""
}

// A board that comes back from an older store says so: nobody waits for what it has lost.
func TestOlderStore(t *testing.T) {
	b := runBoard(t, t.TempDir())
	m, said := b.joined("one")
	if err := m.put(kindResult, 1, 0, entry{Machine: m.name, Variant: "amd64/avx2", Digest: "d", Result: json.RawMessage(`{}`)}); err != nil {
		t.Fatal(err)
	}
	if err := m.until(t.Context(), func() bool { return m.fold.trials[1].result != nil }); err != nil {
		t.Fatal(err)
	}
	b.stop()
	if err := os.RemoveAll(filepath.Join(b.folder, storeName)); err != nil {
		t.Fatal(err)
	}
	b.start()
	waitFor(t, "the machine is told", func() bool { return strings.Contains(said.String(), "the board has lost results that it had") })
	if _, _, err := b.join("one"); err != nil {
		t.Errorf("joining again: %v", err)
	}
}

// What others with the token send disturbs nobody and shows no control signs.
func TestStrangers(t *testing.T) {
	b := runBoard(t, t.TempDir())
	m, said := b.joined("one")
	ctx := t.Context()
	odd := []string{"", "{", "null", `{"machine":"x\u001b[31m~1","digest":"d","result":{}}`, `{"machine":"` + strings.Repeat("x", 400) + `","digest":"d","result":{}}`,
		`{"machine":"x","score":1e999}`, `{"machine":"x"}`, strings.Repeat("[", 100_000)}
	for i, text := range odd {
		for _, kind := range []string{kindResult, kindCheck, kindScore, kindAgain, "strange"} {
			for _, subject := range []string{logSubject(m.id, kind, 0, 0, i), logSubject(m.id, kind, 99, 0, i), logSubjects + m.id + ".x", logSubjects + m.id + "." + kind + ".-1.0.0", logSubjects + m.id + "." + kind + ".99999999999999999999.0.0"} {
				m.b.js.Publish(ctx, subject, []byte(text))
			}
		}
		m.b.nc.Publish(hereSubjects+m.id+"."+token(fmt.Sprint(i)), []byte(text))
		m.b.nc.Publish(troubleSubject, []byte(text))
		m.b.nc.Publish(stopSubject, []byte(text))
		m.b.sweeps.Put(ctx, registeredPrefix+fmt.Sprint(i), []byte(text))
		m.b.js.Publish(ctx, workSubject(m.id, anybody, 1000+i, i, 0), []byte(text))
	}
	here, _ := json.Marshal(companion.Machine{Name: "evil\x1b]0;\a\n~1", Variant: "\x1b[2J", Running: 1 << 40})
	m.b.nc.Publish(hereSubjects+m.id+".evil", here)
	if _, err := m.b.js.Publish(ctx, logSubject(m.id, kindResult, 1, 0, 0), make([]byte, 900_000)); err == nil {
		t.Error("the board takes an entry of 900,000 bytes")
	}
	if _, _, err := b.join("two"); err != nil {
		t.Errorf("a machine cannot join: %v", err)
	}
	e := entry{Machine: m.name, Variant: "amd64/avx2", Digest: "d", Result: json.RawMessage(`{"x":1}`)}
	for trial := range 4 {
		a, err := m.result(companion.Message{Trial: trial, Digest: e.Digest, Variant: e.Variant, Result: e.Result})
		if err != nil || a.Digest != "d" {
			t.Errorf("trial %d ends with %+v, %v", trial, a, err)
		}
	}
	m.lookNow()
	var out bytes.Buffer
	if err := m.b.status(ctx, io.Writer(&out)); err != nil {
		t.Error(err)
	}
	for _, text := range []string{out.String(), said.String()} {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f }) {
			t.Errorf("control signs are shown: %q", text)
		}
	}
	if !strings.Contains(out.String(), "4 of 4 trials done") {
		t.Errorf("the status is %q", out.String())
	}
}
