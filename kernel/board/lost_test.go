package main

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// losing is a server that loses the first entry that it is sent, though it has answered.
type losing struct {
	jetstream.JetStream
	answer error
	lost   bool
}

func (l *losing) Publish(ctx context.Context, subject string, data []byte, options ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	if !l.lost {
		l.lost = true
		return &jetstream.PubAck{}, l.answer
	}
	return l.JetStream.Publish(ctx, subject, data, options...)
}

// Nobody waits without end for an entry that the server has answered for and lost.
func TestLostEntry(t *testing.T) {
	defer func(before time.Duration) { countsWithin = before }(countsWithin)
	countsWithin = time.Second
	b := runBoard(t, t.TempDir())
	m, _ := b.joined("one")
	server := m.b.js
	there := &jetstream.APIError{Code: 400, ErrorCode: 10077, Description: "maximum messages per subject exceeded"}
	for trial, answer := range []error{nil, there} {
		m.b.js = &losing{JetStream: server, answer: answer}
		ended := make(chan error, 1)
		go func() {
			_, err := m.result(companion.Message{Trial: trial, Digest: "d", Variant: "amd64/avx2", Result: json.RawMessage(`{}`)})
			ended <- err
		}()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Fatalf("after the answer %v the result is waited for without end", answer)
		}
	}
	// An accuracy is not brought again later: it is looked for at once.
	m.b.js = &losing{JetStream: server, answer: there}
	if err := m.put(kindScore, 2, 1, entry{Machine: m.name, Score: 0.5}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.b.log.GetLastMsgForSubject(t.Context(), logSubject(m.id, kindScore, 2, 0, 1)); err != nil {
		t.Errorf("the accuracy is not on the board: %v", err)
	}
}
