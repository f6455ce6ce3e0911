package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// A board that has come back and cannot be made ready yet is waited for, by a machine that looks meanwhile who is here.
func TestBoardNotReady(t *testing.T) {
	b := runBoard(t, t.TempDir())
	m, _ := b.joined("one")
	server, ctx := m.b.js, t.Context()
	if err := server.DeleteStream(ctx, hereStream); err != nil {
		t.Fatal(err)
	}
	if _, err := server.CreateStream(ctx, jetstream.StreamConfig{Name: "in-the-way", Subjects: []string{hereSubjects + ">"}, Storage: jetstream.MemoryStorage}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan bool)
	go func() {
		m.again()
		close(ended)
	}()
	waitFor(t, "the machine is told", m.inTrouble)
	m.lookNow()
	if err := server.DeleteStream(ctx, "in-the-way"); err != nil {
		t.Fatal(err)
	}
	<-ended
	if a, err := m.result(companion.Message{Trial: 1, Digest: "d", Variant: "amd64/avx2", Result: json.RawMessage(`{}`)}); err != nil || a.Digest != "d" {
		t.Errorf("the result that counts is %+v, %v", a, err)
	}
	m.present()
	waitFor(t, "the machine is seen", func() bool {
		m.lookNow()
		m.mu.Lock()
		defer m.mu.Unlock()
		return len(m.around) == 1
	})
}

// late is a store whose replica knows a key later than the leader.
type late struct {
	jetstream.KeyValue
	unknown int // for how many requests
}

func (l *late) Get(ctx context.Context, key string) (jetstream.KeyValueEntry, error) {
	if l.unknown--; l.unknown >= 0 {
		return nil, jetstream.ErrKeyNotFound
	}
	return l.KeyValue.Get(ctx, key)
}

// What a replica does not know yet is waited for by a machine that joins.
func TestLateReplica(t *testing.T) {
	b := runBoard(t, t.TempDir())
	b.joined("one")
	m, _ := b.joined("two")
	m.b.sweeps = &late{m.b.sweeps, 3}
	if err := m.b.sameProtocol(t.Context()); err != nil {
		t.Error(err)
	}
	m.b.sweeps = &late{m.b.sweeps, 3}
	if err := m.register(t.Context()); err != nil {
		t.Error(err)
	}
}
