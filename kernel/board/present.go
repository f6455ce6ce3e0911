package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// present says that this machine is here. What it says lives for 30 s.
func (m *machine) present() {
	m.mu.Lock()
	here := companion.Machine{Gone: m.ctx.Err() != nil, Name: m.name, Variant: m.sweep.Variant, Running: len(m.claims), Trials: len(m.sweep.Keys), Left: m.left, GivenBack: m.givenBack()}
	for i := range m.fold.trials {
		if m.fold.trials[i].result != nil {
			here.Done++
		}
	}
	m.mu.Unlock()
	if text, err := json.Marshal(here); err == nil {
		m.b.nc.Publish(hereSubjects+m.id+"."+token(m.name), text)
	}
}

// givenBack counts the trials that machines have left and others taken over, as far as this machine knows:
// those that have ended, which the log says to all, and its own. m.mu is held.
func (m *machine) givenBack() int {
	n := m.fold.takenOver()
	for _, c := range m.claims {
		if c.over && m.fold.trials[c.trial].result == nil {
			n++
		}
	}
	return n
}

// most is how many machines are listed.
const most = 10_000

// present returns the machines that are at a sweep.
func (b *board) present(ctx context.Context, sweep string) (all []companion.Machine, err error) {
	if strings.ContainsAny(sweep, ".*> ") {
		return nil, fmt.Errorf("%.40q names no sweep", sweep)
	}
	c, err := b.here.CreateConsumer(ctx, jetstream.ConsumerConfig{FilterSubject: hereSubjects + sweep + ".*",
		AckPolicy: jetstream.AckNonePolicy, DeliverPolicy: jetstream.DeliverLastPerSubjectPolicy, InactiveThreshold: 10 * time.Second})
	if err != nil {
		return nil, err
	}
	info := c.CachedInfo()
	if info == nil || info.NumPending == 0 {
		return nil, nil
	}
	batch, err := c.Fetch(min(most, int(info.NumPending)), jetstream.FetchMaxWait(3*time.Second))
	if err != nil {
		return nil, err
	}
	for msg := range batch.Messages() {
		var here companion.Machine
		if len(msg.Data()) < 4096 && json.Unmarshal(msg.Data(), &here) == nil && host(here.Name) != "" && !here.Gone {
			here.Name, here.Variant = cut(fmt.Sprintf("%.80s", here.Name)), cut(fmt.Sprintf("%.40s", here.Variant))
			all = append(all, here)
		}
	}
	slices.SortFunc(all, func(a, b companion.Machine) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// look looks who is here and tells the program. The more there are, the seldomer.
func (m *machine) look() {
	m.mu.Lock()
	every := beatEvery + time.Duration(len(m.around))*50*time.Millisecond
	early := time.Since(m.looked) < every-time.Second
	m.mu.Unlock()
	if early || !m.b.nc.IsConnected() {
		return
	}
	m.lookNow()
}

// lookNow looks who is here. Machines that have brought results and left are told, too.
func (m *machine) lookNow() {
	ctx, cancel := context.WithTimeout(m.ctx, 5*time.Second)
	defer cancel()
	around, err := m.b.present(ctx, m.id)
	m.mu.Lock()
	if err == nil {
		m.around, m.looked = around, time.Now()
	}
	shared := &companion.Shared{Machines: slices.Concat(m.around, m.gone()), GivenBack: m.givenBack()}
	for _, a := range m.around {
		shared.GivenBack = max(shared.GivenBack, a.GivenBack)
	}
	m.mu.Unlock()
	m.link.Send(companion.Message{Do: companion.Standing, Trial: -1, Shared: shared})
}

// gone returns the machines whose results count and that are not here. m.mu is held.
func (m *machine) gone() (all []companion.Machine) {
	known := map[string]bool{}
	for _, a := range m.around {
		known[a.Name] = true
	}
	for i := range m.fold.trials {
		if r := m.fold.trials[i].result; r != nil && !known[r.Machine] {
			known[r.Machine] = true
			all = append(all, companion.Machine{Name: r.Machine, Variant: r.Variant, Gone: true})
		}
	}
	return all
}

// settled returns how many comparisons the end of the sweep has to wait for: those that a
// machine that is here can make. The text names machines that differ where nobody can
// tell which is wrong.
func (m *machine) settled() (checks int, text string) {
	m.mu.Lock()
	var wanting []int
	for i := range m.fold.trials {
		if m.fold.wanting(i) {
			wanting = append(wanting, i)
		}
	}
	m.mu.Unlock()
	// What is said last must hold at the end: others may have come and gone since the last look.
	if checks, text = m.toCompare(wanting); checks == 0 {
		m.lookNow()
		checks, text = m.toCompare(wanting)
	}
	return checks, text
}

// toCompare counts the comparisons, of those that are due, that a machine that is here can make.
func (m *machine) toCompare(wanting []int) (checks int, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	self := companion.Machine{Name: m.name, Variant: m.sweep.Variant}
	for _, i := range wanting {
		if slices.ContainsFunc(append(slices.Clone(m.around), self), func(a companion.Machine) bool { return m.fold.canCheck(i, a.Name, a.Variant) }) {
			checks++
		} else if a, b, differ := m.fold.disputed(i); differ {
			text = fmt.Sprintf("the machines %s and %s end the trial %.200s with different weights, though their processors are of one kind: let a third machine join, and it decides · %[1]s와 %[2]s의 프로세서는 같은 종류인데 같은 시도의 가중치가 다릅니다. 세 번째 컴퓨터가 참여하면 어느 쪽이 틀렸는지 판정합니다", a, b, m.sweep.Keys[i])
		}
	}
	if len(m.fold.odd) > 0 {
		text = fmt.Sprintf("three machines end the trial %.200s with three different weights: the training function does not give the same twice · 컴퓨터 세 대의 결과가 모두 다릅니다. 학습 함수의 결과가 실행할 때마다 달라집니다", m.fold.odd[0])
	}
	return checks, text
}
