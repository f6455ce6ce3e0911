package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// following is how far a machine has followed the log.
type following struct {
	taking sync.Mutex // held while an entry is taken in
	number int        // of the consumer that counts, from 1
	stop   func()     // ends it
	last   uint64     // number of the last entry
	when   time.Time  // it was kept, by the clock of the board

	pending uint64    // how many entries are still to come
	silent  time.Time // since when the consumer gives no sign of life; zero where it does
}

// silentFor is how long a consumer may be silent until another one takes its place. The client makes one anew by itself,
// but under its old name, which the server that is lost may have.
const silentFor = 6 * time.Second

// follow folds the log, from its beginning, and returns when it has come to its end.
func (m *machine) follow(ctx context.Context) error {
	var pending uint64
	if err := m.patiently(ctx, func(context.Context) (err error) {
		pending, err = m.followFrom(1)
		return err
	}); err != nil || pending == 0 {
		return err
	}
	return m.until(ctx, func() bool { return m.log.pending == 0 })
}

// followFrom follows the log from an entry on and returns how many there are.
func (m *machine) followFrom(first uint64) (pending uint64, err error) {
	c, err := m.b.log.OrderedConsumer(m.ctx, jetstream.OrderedConsumerConfig{FilterSubjects: []string{logSubjects + m.id + ".>"},
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: first})
	if err != nil {
		return 0, err
	}
	if info := c.CachedInfo(); info != nil {
		pending = info.NumPending
	}
	m.mu.Lock()
	m.log.number++
	number, before := m.log.number, m.log.stop
	m.log.silent, m.log.pending = time.Time{}, pending
	m.mu.Unlock()
	if before != nil {
		go before() // it may wait for what makes it anew
	}
	following, err := c.Consume(func(msg jetstream.Msg) {
		m.log.taking.Lock()
		defer m.log.taking.Unlock()
		meta, err := msg.Metadata()
		m.mu.Lock()
		if err != nil || number != m.log.number || meta.Sequence.Stream <= m.log.last {
			m.mu.Unlock()
			return
		}
		m.log.last, m.log.when, m.log.silent = meta.Sequence.Stream, meta.Timestamp, time.Time{}
		m.mu.Unlock()
		m.take(msg)
		m.mu.Lock()
		m.log.pending = meta.NumPending
		close(m.changed)
		m.changed = make(chan struct{})
		m.mu.Unlock()
	}, jetstream.ConsumeErrHandler(func(jetstream.ConsumeContext, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if number == m.log.number && m.log.silent.IsZero() {
			m.log.silent = time.Now()
		}
	}), jetstream.PullHeartbeat(5*time.Second), jetstream.PullExpiry(20*time.Second))
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.log.silent = time.Now()
		return 0, err
	}
	m.log.stop = following.Stop
	return pending, nil
}

// followAnew follows the log by another consumer where the one that there is has been silent for long.
func (m *machine) followAnew() {
	m.mu.Lock()
	first, silent := m.log.last+1, !m.log.silent.IsZero() && time.Since(m.log.silent) > silentFor
	m.mu.Unlock()
	if silent && m.b.nc.IsConnected() {
		m.followFrom(first)
	}
}

// sameLog ends the sweep where the board has come back without entries that this machine knows: it would wait for those
// that take their place.
func (m *machine) sameLog() {
	older := true
	for try := 0; try < 3 && older; try++ { // a server that has just become the leader may need a moment
		if try > 0 {
			m.pause(time.Second)
		}
		ctx, cancel := context.WithTimeout(m.ctx, 10*time.Second)
		m.mu.Lock()
		last, when := m.log.last, m.log.when
		m.mu.Unlock()
		if last == 0 {
			cancel()
			return
		}
		kept, err := m.b.log.GetMsg(ctx, last)
		cancel()
		older = errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && !kept.Time.Equal(when)
	}
	if older {
		m.link.Send(companion.Message{Do: companion.Failed, Trial: -1, Text: "the board has lost results that it had, as from an older copy of its folder: run this again, and each machine brings what it has kept · 보드가 전에 받은 결과를 잃었습니다. 오래된 복사본으로 시작한 것 같습니다. 다시 실행하면 각 컴퓨터가 보관한 결과를 다시 보냅니다"})
	}
}

// take takes an entry of the log in and tells the program what changes.
func (m *machine) take(msg jetstream.Msg) {
	kind, trial, round, number, ok := readLogSubject(msg.Subject())
	if !ok {
		return
	}
	e, readable := readEntry(msg.Data())
	m.mu.Lock()
	wasOut := m.fold.out[host(m.name)]
	happened := m.fold.apply(kind, trial, round, number, e, readable)
	stale := m.joined && m.fold.halving && slices.ContainsFunc(happened, func(h happening) bool { return h.kind == taken && h.entry.Machine != "" })
	m.stale = m.stale || stale
	isOut := m.fold.out[host(m.name)]
	close(m.changed)
	m.changed = make(chan struct{})
	m.mu.Unlock()
	if stale {
		m.link.Send(companion.Message{Do: companion.Anew, Trial: -1})
	}
	for _, h := range happened {
		news := companion.Message{Trial: h.trial, Machine: host(h.entry.Machine), Variant: h.entry.Variant}
		switch h.kind {
		case kindResult:
			news.Do, news.Result, news.Digest, news.Failed = companion.Ended, h.entry.Result, h.entry.Digest, h.entry.Failed
		case kindScore:
			news.Do, news.Epochs, news.Score = companion.Ranked, h.epochs, h.entry.Score
		case taken:
			news.Do = companion.Taken
			m.mu.Lock()
			m.planned = time.Time{}
			m.mu.Unlock()
		}
		m.link.Send(news)
	}
	if isOut && !wasOut {
		m.link.Send(companion.Message{Do: companion.Failed, Trial: -1, Text: fmt.Sprintf("the results of this machine (%s) differ from those of two others with the same processor, and have been taken out: look at its memory and cooling · 이 컴퓨터(%[1]s)의 결과가 같은 종류의 프로세서를 쓰는 두 컴퓨터와 달라 제외되었습니다. 메모리와 냉각을 점검하세요", host(m.name))})
	}
}
