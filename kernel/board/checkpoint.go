package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// maxCheckpoint is how long a checkpoint that travels can be, in bytes.
const maxCheckpoint = 256 << 20

// objectName is that of a trial's checkpoint: where results were taken out, older ones count no longer.
func (m *machine) objectName(trial, round int) string {
	return fmt.Sprintf("%s.%d.%d", m.id, trial, round)
}

// keep brings the checkpoint of a claimed trial to the board.
func (m *machine) keep(q companion.Message) error {
	m.mu.Lock()
	c, full := m.claims[q.Claim], time.Since(m.full) < 5*time.Second // the board says so each second
	m.mu.Unlock()
	if c == nil || c.again || full || !m.b.nc.IsConnected() {
		return nil
	}
	file, err := os.Open(q.Path)
	if err != nil {
		return nil // a newer one has taken its place
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() > maxCheckpoint {
		return nil
	}
	ctx, cancel := context.WithTimeout(m.ctx, time.Minute)
	defer cancel()
	_, err = m.b.ckpts.Put(ctx, jetstream.ObjectMeta{Name: m.objectName(c.trial, c.round), Metadata: map[string]string{"variant": m.sweep.Variant, "machine": m.name}}, file)
	m.mu.Lock()
	over := m.fold.trials[c.trial].result != nil
	m.mu.Unlock()
	if err == nil && over {
		m.dropCheckpoint(c.trial)
	}
	return nil // the next one may get there
}

func (m *machine) dropCheckpoint(trial int) {
	m.mu.Lock()
	round := m.fold.trials[trial].round
	m.mu.Unlock()
	ctx, cancel := context.WithTimeout(m.ctx, 5*time.Second)
	defer cancel()
	m.b.ckpts.Delete(ctx, m.objectName(trial, round))
}

func (m *machine) isOut(machine string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fold.out[host(machine)]
}

// fetchCheckpoint fetches the checkpoint of a trial, if there is one of this kind of
// processor, and returns the path of its file. The program sees whether it is of use. The text is for
// people: why the trial begins anew.
func (m *machine) fetchCheckpoint(trial, round int) (path, text string) {
	if m.sweep.Folder == "" {
		return "", ""
	}
	ctx, cancel := context.WithTimeout(m.ctx, time.Minute)
	defer cancel()
	info, err := m.b.ckpts.GetInfo(ctx, m.objectName(trial, round))
	if err != nil || m.isOut(info.Metadata["machine"]) {
		return "", ""
	}
	if variant := info.Metadata["variant"]; variant != m.sweep.Variant {
		return "", fmt.Sprintf("an interrupted trial begins anew: its checkpoint is of another kind of processor (%.40s, here %s) · 중단된 시도를 처음부터 다시 학습합니다. 체크포인트가 다른 종류의 프로세서에서 만들어졌습니다(%.40[1]s, 여기는 %[2]s)", cut(variant), m.sweep.Variant)
	}
	if info.Size > maxCheckpoint {
		return "", ""
	}
	object, err := m.b.ckpts.Get(ctx, m.objectName(trial, round))
	if err != nil {
		return "", ""
	}
	defer object.Close()
	file, err := os.CreateTemp(m.sweep.Folder, "arriving-")
	if err != nil {
		return "", ""
	}
	n, err := io.Copy(file, io.LimitReader(object, maxCheckpoint+1))
	if err = errors.Join(err, file.Close()); err != nil || n > maxCheckpoint {
		os.Remove(file.Name())
		return "", ""
	}
	return file.Name(), ""
}
