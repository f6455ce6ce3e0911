package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// registered is what the board keeps of a sweep beside its log.
type registered struct {
	ID      string              `json:"id"`
	Name    string              `json:"name"`
	Trials  int                 `json:"trials"`
	Program []companion.Setting `json:"program"`
	Machine string              `json:"machine"`
}

const registeredPrefix = "sweep."

func digestOf(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(sum, "%d %s\n", len(p), p)
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}

// what names a sweep whatever its program: its trials.
func what(s companion.Sweep) string { return digestOf(s.Keys...) }

// sweepID names a sweep with its program: others are other sweeps.
func sweepID(s companion.Sweep) string {
	parts := []string{what(s)}
	for _, p := range s.Program {
		parts = append(parts, p.Name, p.Value)
	}
	return digestOf(parts...)
}

// isSweepID reports whether a text from the board can be such a name.
func isSweepID(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == len(digestOf())
}

// register notes the sweep at the board. Where machines are at the same trials with
// another program, the error says what differs.
func (m *machine) register(ctx context.Context) error {
	own := registered{ID: m.id, Name: m.sweep.Name, Trials: len(m.sweep.Keys), Program: m.sweep.Program, Machine: host(m.name)}
	text, err := json.Marshal(own)
	if err != nil {
		return err
	}
	key := registeredPrefix + what(m.sweep)
	for range 10 {
		kept, err := m.b.create(ctx, key, text)
		if err != nil || kept == nil {
			return err
		}
		var other registered
		if json.Unmarshal(kept.Value(), &other) == nil && other.ID == m.id {
			return nil
		}
		if here, err := m.b.present(ctx, other.ID); isSweepID(other.ID) && err == nil && len(here) > 0 {
			differs := strings.Join(differences(other.Program, m.sweep.Program), "; ")
			return fmt.Errorf("%s runs this sweep with another program, which does not mix: %s; make the programs the same, or wait until that sweep has ended · %.60[1]s에서 같은 탐색을 다른 프로그램으로 실행 중이어서 섞을 수 없습니다(%[2]s). 프로그램을 똑같이 맞추거나 그 탐색이 끝난 뒤 실행하세요", cut(fmt.Sprintf("%.60s", other.Machine)), cut(differs))
		}
		if _, err = m.b.sweeps.Update(ctx, key, text, kept.Revision()); err == nil {
			return nil
		}
	}
	return errors.New("the board's list of sweeps is too busy; try again · 보드의 탐색 목록이 너무 바쁩니다. 다시 시도하세요")
}

// differences says in what two programs differ.
func differences(there, here []companion.Setting) (all []string) {
	value := func(of []companion.Setting, name string) string {
		i := slices.IndexFunc(of, func(s companion.Setting) bool { return s.Name == name })
		if i < 0 {
			return "none"
		}
		return of[i].Value
	}
	for _, s := range slices.Concat(there, here) {
		a, b := value(there, s.Name), value(here, s.Name)
		text := fmt.Sprintf("%.40s: %.60s there, %.60s here", s.Name, a, b)
		if a != b && !slices.Contains(all, text) && len(all) < 5 {
			all = append(all, text)
		}
	}
	return all
}

// plan fills the queue where trials are missing in it: at the beginning, after a board
// has lost it, and where results were taken out. One machine at a time does it.
func (m *machine) plan() {
	m.mu.Lock()
	if time.Since(m.planned) < planEvery {
		m.mu.Unlock()
		return
	}
	m.planned = time.Now()
	missing := 0
	for i := range m.fold.trials {
		if m.fold.trials[i].result == nil {
			missing++
		}
	}
	anyone := m.anyone
	m.mu.Unlock()
	m.compareWork()
	if missing == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(m.ctx, time.Minute)
	defer cancel()
	if info, err := anyone.Info(ctx); err != nil || info.NumPending > 0 || info.NumAckPending >= missing {
		m.barren = 0
		return
	}
	if _, err := m.b.js.Publish(ctx, leaseSubjects+m.id, []byte(m.name), jetstream.WithExpectLastSequencePerSubject(0)); err != nil {
		m.mu.Lock()
		m.planned = time.Now().Add(time.Second - planEvery)
		m.mu.Unlock()
		return
	}
	if put := m.fill(ctx, atOnce); put > 0 {
		m.barren = 0
		if put >= atOnce {
			m.mu.Lock()
			m.planned = time.Now().Add(time.Second - planEvery)
			m.mu.Unlock()
		}
	} else if m.barren++; m.barren >= 3 { // the queue has them, but hands them out no more
		m.b.work.DeleteConsumer(ctx, m.id+"-"+anybody)
		m.consumers(ctx)
		m.barren = 0
	}
	m.b.here.Purge(ctx, jetstream.WithPurgeSubject(leaseSubjects+m.id))
}

// atOnce is how many trials are put into the queue at a time: each is synced to the disk.
const atOnce = 1000

// fill puts trials that have no result into the queue, at most so many of those that are
// not in it, and returns how many.
func (m *machine) fill(ctx context.Context, most int) (put int) {
	m.mu.Lock()
	var subjects []string
	for i := range m.fold.trials {
		if m.fold.trials[i].result == nil {
			subjects = append(subjects, workSubject(m.id, anybody, i, m.fold.trials[i].round, 0))
		}
	}
	m.mu.Unlock()
	for some := range slices.Chunk(subjects, 250) {
		var sent []jetstream.PubAckFuture
		for _, s := range some {
			if f, err := m.b.js.PublishAsync(s, nil); err == nil {
				sent = append(sent, f)
			}
		}
		for _, f := range sent {
			select {
			case <-f.Ok():
				put++
			case <-f.Err():
			case <-ctx.Done():
				return put
			}
		}
		if put >= most {
			break
		}
	}
	return put
}

// compareWork puts the comparisons that are due into the queue.
func (m *machine) compareWork() {
	m.mu.Lock()
	var subjects []string
	for i := range m.fold.trials {
		if t := &m.fold.trials[i]; m.fold.wanting(i) {
			subjects = append(subjects, workSubject(m.id, token(t.result.Variant), i, t.round, t.compared))
		}
	}
	m.mu.Unlock()
	for _, s := range subjects {
		m.b.js.PublishAsync(s, nil)
	}
}
