package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// What a board holds. The log is what counts; the work can be made from it again, and
// who is here is in memory only.
const (
	logStream   = "convbook-log"
	workStream  = "convbook-work"
	hereStream  = "convbook-here"
	sweepsStore = "convbook-sweeps"
	objects     = "convbook-checkpoints"

	logSubjects   = "convbook.log."
	workSubjects  = "convbook.work."
	hereSubjects  = "convbook.here."
	leaseSubjects = "convbook.lease."

	troubleSubject = "convbook.trouble" // of the board's machine, such as a full disk
)

// How long things live.
const (
	logAge  = 60 * 24 * time.Hour
	hereAge = 30 * time.Second

	// ackWait is after how long without a sign of life a trial is given to another
	// machine.
	ackWait = 20 * time.Second
)

// protocol is the version of all this. Boards and machines of different versions do not
// mix.
const protocol = "1"

// board is the connection of a machine to what is kept there.
type board struct {
	place  place
	nc     *nats.Conn
	js     jetstream.JetStream
	log    jetstream.Stream
	work   jetstream.Stream
	here   jetstream.Stream
	sweeps jetstream.KeyValue
	ckpts  jetstream.ObjectStore
}

// Errors of a server that cannot keep as many replicas.
const (
	tooFewServers = 10005
	notACluster   = 10074
)

// replicas is how many servers keep what a board holds.
func (b *board) replicas() int {
	switch {
	case b.place.replicas > 0:
		return b.place.replicas
	case b.nc.ConnectedClusterName() != "":
		return 3
	}
	return 1
}

// ready makes what is not there yet.
func (b *board) ready(ctx context.Context) (err error) {
	replicas := b.replicas()
	if b.js, err = jetstream.New(b.nc, jetstream.WithPublishAsyncMaxPending(1000)); err != nil {
		return err
	}
	stream := func(c jetstream.StreamConfig) (s jetstream.Stream) {
		if err != nil {
			return nil
		}
		c.Replicas, c.MaxMsgSize = replicas, maxEntry+4096
		if s, err = b.js.Stream(ctx, c.Name); errors.Is(err, jetstream.ErrStreamNotFound) {
			s, err = b.js.CreateOrUpdateStream(ctx, c)
		}
		var api *jetstream.APIError
		if errors.As(err, &api) && (api.ErrorCode == tooFewServers || api.ErrorCode == notACluster) && b.place.replicas == 0 {
			c.Replicas, replicas = 1, 1 // a cluster of two, say
			s, err = b.js.CreateOrUpdateStream(ctx, c)
		}
		return s
	}
	b.log = stream(jetstream.StreamConfig{Name: logStream, Subjects: []string{logSubjects + ">"}, Storage: jetstream.FileStorage,
		Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxMsgsPerSubject: 1, MaxAge: logAge, AllowDirect: true})
	b.work = stream(jetstream.StreamConfig{Name: workStream, Subjects: []string{workSubjects + ">"}, Storage: jetstream.FileStorage, Retention: jetstream.WorkQueuePolicy,
		Discard: jetstream.DiscardNew, DiscardNewPerSubject: true, MaxMsgsPerSubject: 1, MaxAge: logAge})
	b.here = stream(jetstream.StreamConfig{Name: hereStream, Subjects: []string{hereSubjects + ">", leaseSubjects + ">"}, Storage: jetstream.MemoryStorage,
		MaxMsgsPerSubject: 1, MaxAge: hereAge, AllowDirect: true})
	if err != nil {
		return err
	}
	if b.sweeps, err = b.js.KeyValue(ctx, sweepsStore); errors.Is(err, jetstream.ErrBucketNotFound) {
		b.sweeps, err = b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: sweepsStore, Replicas: replicas, TTL: logAge})
	}
	if err != nil {
		return err
	}
	if b.ckpts, err = b.js.ObjectStore(ctx, objects); errors.Is(err, jetstream.ErrBucketNotFound) {
		b.ckpts, err = b.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: objects, Replicas: replicas, TTL: 7 * 24 * time.Hour})
	}
	if err != nil {
		return err
	}
	return b.sameProtocol(ctx)
}

func (b *board) sameProtocol(ctx context.Context) error {
	kept, err := b.create(ctx, "protocol", []byte(protocol))
	if err == nil && kept != nil && string(kept.Value()) != protocol {
		err = fmt.Errorf("the board is of version %.10q, this program of version %s: use the same version of the course on all machines · 보드는 버전 %.10[1]q, 이 프로그램은 버전 %[2]s입니다. 모든 컴퓨터에서 같은 버전을 쓰세요", kept.Value(), protocol)
	}
	return err
}

// create keeps a value under a key, or returns what stands there, nil where nothing does. A replica that is asked may not
// have the key yet, and a leader that is lost may take it along.
func (b *board) create(ctx context.Context, key string, value []byte) (jetstream.KeyValueEntry, error) {
	for {
		_, err := b.sweeps.Create(ctx, key, value)
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return nil, err
		}
		kept, err := b.sweeps.Get(ctx, key)
		if !errors.Is(err, jetstream.ErrKeyNotFound) {
			return kept, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// token makes of any text what a subject can hold.
func token(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func logSubject(sweep, kind string, trial, round, number int) string {
	return fmt.Sprintf("%s%s.%s.%d.%d.%d", logSubjects, sweep, kind, trial, round, number)
}

// readLogSubject returns what stands in the subject of an entry.
func readLogSubject(subject string) (kind string, trial, round, number int, ok bool) {
	parts := strings.Split(strings.TrimPrefix(subject, logSubjects), ".")
	if len(parts) != 5 {
		return "", 0, 0, 0, false
	}
	n, ok := threeNumbers(parts[2:])
	return parts[1], n[0], n[1], n[2], ok
}

func threeNumbers(parts []string) (n [3]int, ok bool) {
	for i := range n {
		v, err := strconv.ParseUint(parts[i], 10, 31)
		if err != nil {
			return n, false
		}
		n[i] = int(v)
	}
	return n, true
}

// anybody is in the subjects of work that any machine can do; that of comparisons has the
// variant of the processor there.
const anybody = "any"

func workSubject(sweep, who string, trial, round, number int) string {
	return fmt.Sprintf("%s%s.%s.%d.%d.%d", workSubjects, sweep, who, trial, round, number)
}

// exists reports whether the subject has its entry already.
func exists(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && strings.Contains(api.Description, "maximum messages per subject exceeded")
}
