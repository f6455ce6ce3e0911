package dataset

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"convbook/pkg/dataset/internal/catalog"
)

// A download that reached nothing is not tried again in each cell, but when some minutes
// have passed, when the network has changed, and when somebody asks for it.
func TestUnreachableIsRemembered(t *testing.T) {
	e := smallEntry(t)
	m := newMirror(t, nil)
	o, log, _ := web(t, m.URL)
	tried, reachable, here := 0, false, uint32(7)
	o.network = func() uint32 { return here } // that of this machine may change while the test runs
	into := o.fetch
	o.fetch = func(ctx context.Context, e *catalog.Entry, folder string, log io.Writer) error {
		tried++
		if !reachable {
			return errUnreachable
		}
		return into(ctx, e, folder, log)
	}
	open := func(want int, standIn bool) {
		t.Helper()
		log.Reset()
		data, err := openCached(e, o)
		if err != nil || data.StandIn != standIn || tried != want {
			t.Errorf("%v, %v after %d tries, want %d", data, err, tried, want)
		}
	}
	open(1, true)
	for range 3 {
		open(1, true)
	}
	if told := log.String(); !strings.Contains(told, `dataset.Open("fashion", dataset.TryAgain())`) || !strings.Contains(told, "next try") {
		t.Errorf("it told %q", told)
	}
	write := func(ago time.Duration, network uint32) {
		if err := os.WriteFile(o.unreachableNote(), fmt.Appendf(nil, "%d %x\n", time.Now().Add(-ago).Unix(), network), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(patience+time.Second, here) // some minutes later
	open(2, true)
	write(0, here+1) // elsewhere
	open(3, true)
	write(-time.Hour, here) // a clock that was wrong
	open(4, true)
	for _, damaged := range []string{"", "x", "99999999999999999999 1\n", strings.Repeat("1", 1000)} {
		if err := os.WriteFile(o.unreachableNote(), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		tried = 4
		open(5, true)
	}
	here++
	tried = 5
	open(6, true)
	open(6, true)
	o.again, reachable = true, true
	open(7, false)
	o.again = false
	if _, err := os.Stat(o.unreachableNote()); err == nil {
		t.Error("the note is still there after a download")
	}
}

// A proxy is another network.
func TestNetworkNow(t *testing.T) {
	before := networkNow()
	t.Setenv("HTTPS_PROXY", "http://proxy.example:3128")
	if networkNow() == before {
		t.Error("the network is the same with a proxy")
	}
}

// A data set without a stand-in says the same.
func TestUnreachableWithoutAStandIn(t *testing.T) {
	o, log, _ := web(t, "http://127.0.0.1:1")
	o.fetch = func(context.Context, *catalog.Entry, string, io.Writer) error { return errUnreachable }
	e, err := catalog.Find("kmnist")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = openCached(e, o)
		wantError(t, err, "KMNIST", "no stand-in")
	}
	if !bytes.Contains(log.Bytes(), []byte("TryAgain")) {
		t.Errorf("it told %q", log)
	}
}
