package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// claim is a trial that this machine has taken from the queue and not finished.
type claim struct {
	msg                  jetstream.Msg
	trial, round, number int
	again                bool // for comparison
	over                 bool // another machine has left it
}

const (
	beatEvery = 4 * time.Second  // how often claims are kept alive
	silence   = 12 * time.Second // after so long without a word of its program a claim is not
	planEvery = 15 * time.Second
)

// consumers makes those of the sweep's queue, from which all machines take.
func (m *machine) consumers(ctx context.Context) (err error) {
	consumer := func(who string) (c jetstream.Consumer) {
		if err != nil {
			return nil
		}
		c, err = m.b.work.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{Durable: m.id + "-" + who, FilterSubject: workSubjects + m.id + "." + who + ".>",
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: -1, MaxDeliver: -1, MaxWaiting: 10000, InactiveThreshold: 7 * 24 * time.Hour})
		return c
	}
	anyone, alike := consumer(anybody), consumer(token(m.sweep.Variant))
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		m.anyone, m.alike = anyone, alike
	}
	return err
}

// next takes a trial from the queue: first one to compare, for those wait for it who
// are at the end.
func (m *machine) next() (companion.Message, error) {
	none := companion.Message{Trial: -1}
	if !m.b.nc.IsConnected() {
		return none, nil
	}
	m.mu.Lock()
	compares, missing := false, 0
	for i := range m.fold.trials {
		compares = compares || m.fold.wanting(i) && m.fold.canCheck(i, m.name, m.sweep.Variant)
		if m.fold.trials[i].result == nil {
			missing++
		}
	}
	anyone, alike := m.anyone, m.alike
	m.mu.Unlock()
	var found *claim
	if compares {
		found = m.fetch(alike, true)
	}
	if found == nil && missing > 0 {
		found = m.fetch(anyone, false)
	}
	if found == nil {
		m.plan()
		return none, nil
	}
	answer := companion.Message{Trial: found.trial, Again: found.again}
	if before := m.training(found.trial); before != nil {
		found.over = before.over
	} else if !found.again {
		answer.Path, answer.Text = m.fetchCheckpoint(found.trial, found.round)
	}
	m.mu.Lock()
	m.count++
	answer.Claim = m.count
	m.claims[m.count] = found
	m.mu.Unlock()
	return answer, nil
}

// training returns the claim by which this machine is at a trial, nil where it is not: after a pause it is handed its own
// anew.
func (m *machine) training(trial int) *claim {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.claims {
		if c.trial == trial && !c.again {
			return c
		}
	}
	return nil
}

// fetch takes the next trial that is still to be trained, nil where there is none now. What only others can do goes back
// for a moment that differs each time: two machines in step would be handed each other's for ever.
func (m *machine) fetch(from jetstream.Consumer, again bool) *claim {
	for others := 0; m.ctx.Err() == nil && others < 20; {
		batch, err := from.Fetch(1, jetstream.FetchMaxWait(300*time.Millisecond))
		if err != nil {
			return nil
		}
		msg, ok := <-batch.Messages()
		if !ok {
			return nil
		}
		parts := strings.Split(msg.Subject(), ".")
		n, ok := threeNumbers(parts[max(0, len(parts)-3):])
		trial := n[0]
		m.mu.Lock()
		ok = ok && trial < len(m.fold.trials) && n[1] == m.fold.trials[trial].round
		wanted := ok && !again && m.fold.trials[trial].result == nil || ok && again && m.fold.wanting(trial) && n[2] == m.fold.trials[trial].compared
		possible := wanted && (!again || m.fold.canCheck(trial, m.name, m.sweep.Variant))
		m.mu.Unlock()
		switch {
		case possible:
			meta, err := msg.Metadata()
			return &claim{msg: msg, trial: trial, round: n[1], number: n[2], again: again, over: !again && err == nil && meta.NumDelivered > 1}
		case wanted: // by another machine
			msg.NakWithDelay(500*time.Millisecond + rand.N(2*time.Second))
			others++
			continue
		}
		msg.Ack()
	}
	return nil
}

// beat keeps alive what this machine has claimed, as long as its program gives signs of
// life, and tells who is here.
func (m *machine) beat() {
	for tick := 0; m.ctx.Err() == nil; tick++ {
		m.mu.Lock()
		if time.Since(m.alive) < silence {
			for _, c := range m.claims {
				c.msg.InProgress()
			}
			m.mu.Unlock()
			m.present()
		} else {
			m.mu.Unlock()
		}
		m.followAnew()
		m.look()
		m.pause(beatEvery)
	}
}

// drop ends a claim and returns it, with those by which this machine has been at the same before a pause; nil where there is
// none.
func (m *machine) drop(number int) *claim {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.claims[number]
	if c != nil {
		maps.DeleteFunc(m.claims, func(_ int, other *claim) bool { return other.trial == c.trial && other.again == c.again })
	}
	return c
}

// release gives a trial back, at once, for another machine to go on with.
func (m *machine) release(number int) {
	c := m.drop(number)
	if c != nil {
		c.msg.Nak()
	}
}

// giveBack gives back all trials.
func (m *machine) giveBack() {
	if m.b.nc == nil {
		return
	}
	m.mu.Lock()
	for _, c := range m.claims {
		c.msg.Nak()
	}
	joined := m.fold != nil
	m.mu.Unlock()
	if joined {
		m.present()
	}
	m.b.nc.FlushTimeout(2 * time.Second)
	m.b.nc.Close()
}

// finished takes a claim's trial out of the queue.
func (m *machine) finished(number int) {
	c := m.drop(number)
	if c != nil {
		ctx, cancel := context.WithTimeout(m.ctx, 5*time.Second)
		defer cancel()
		c.msg.DoubleAck(ctx)
	}
}

// result brings a trial's result to the board and returns the one that counts, which
// another machine may have brought before.
func (m *machine) result(q companion.Message) (companion.Message, error) {
	none := companion.Message{Trial: -1}
	m.mu.Lock()
	c := m.claims[q.Claim]
	e := entry{Machine: m.name, Variant: q.Variant, Digest: q.Digest, Failed: cut(q.Failed), Result: q.Result, Over: c != nil && c.over}
	m.mu.Unlock()
	for {
		if err := m.put(kindResult, q.Trial, 0, e); err != nil {
			return none, err
		}
		counts, err := m.counting(q.Trial)
		if err != nil {
			return none, err
		}
		if counts == nil {
			continue
		}
		m.finished(q.Claim)
		if counts.Machine == m.name {
			m.dropCheckpoint(q.Trial)
			m.compareWork()
		} else if q.Digest != "" && q.Claim > 0 {
			m.compare(q.Trial, e)
		}
		return companion.Message{Trial: q.Trial, Result: counts.Result, Digest: counts.Digest, Failed: counts.Failed, Machine: host(counts.Machine), Variant: counts.Variant}, nil
	}
}

// countsWithin is for how long a result that the board has acknowledged is waited for, until it is brought again: a
// server that does not write at once may have lost it.
var countsWithin = 30 * time.Second

// counting waits for the result that counts; nil when one was taken out meanwhile, or none comes.
func (m *machine) counting(trial int) (*entry, error) {
	m.mu.Lock()
	round := m.fold.trials[trial].round
	m.mu.Unlock()
	lost := time.After(countsWithin)
	for {
		m.mu.Lock()
		t, changed, out := m.fold.trials[trial], m.changed, m.fold.out[host(m.name)]
		m.mu.Unlock()
		switch {
		case out:
			return nil, errors.New("the results of this machine do not count any more")
		case t.result != nil || t.round != round:
			return t.result, nil
		}
		select {
		case <-changed:
		case <-lost:
			return nil, nil
		case <-m.ctx.Done():
			return nil, m.ctx.Err()
		}
	}
}

// check brings the digest of a trial that was trained for comparison.
func (m *machine) check(q companion.Message) error {
	m.mu.Lock()
	c := m.claims[q.Claim]
	m.mu.Unlock()
	if c == nil {
		return nil
	}
	err := m.put(kindCheck, c.trial, c.number, entry{Machine: m.name, Variant: m.sweep.Variant, Digest: q.Digest})
	m.finished(q.Claim)
	m.compareWork()
	return err
}

// compare brings the digest of a trial that two machines have trained by chance.
func (m *machine) compare(trial int, e entry) {
	m.mu.Lock()
	t := &m.fold.trials[trial]
	number, useful := t.compared, t.result != nil && t.result.Variant == e.Variant && host(t.result.Machine) != host(m.name) && len(t.checks) == 0 && t.result.Digest != e.Digest
	m.mu.Unlock()
	if useful {
		m.put(kindCheck, trial, number, entry{Machine: m.name, Variant: e.Variant, Digest: e.Digest})
	}
}

func cut(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return fmt.Sprintf("%.*s", maxText/4, text)
}
