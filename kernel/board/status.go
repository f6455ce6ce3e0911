package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// ownLine is the line of a board: that in the environment, or of the board that runs on
// this machine.
func ownLine(folder string) (string, error) {
	if line := os.Getenv(companion.BoardVariable); line != "" {
		return line, nil
	}
	line, err := os.ReadFile(filepath.Join(folder, lineFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", errors.New("no board runs here, and CONVBOOK_SWEEP is not set: `go run ./kernel share` starts one · 실행 중인 보드가 없고 CONVBOOK_SWEEP도 설정되지 않았습니다. `go run ./kernel share`로 시작하세요")
	}
	return string(line), err
}

// status prints who is here and how the sweeps of a board stand.
func status(w io.Writer, folder string) error {
	line, err := ownLine(folder)
	if err != nil {
		return err
	}
	p, err := readPlace(line)
	if err != nil {
		return err
	}
	b := board{place: p}
	if b.nc, err = p.connect("status"); err != nil {
		return err
	}
	defer b.nc.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := b.ready(ctx); err != nil {
		return (&machine{b: b}).plain(err)
	}
	return b.status(ctx, w)
}

func (b *board) status(ctx context.Context, w io.Writer) error {
	keys, err := b.sweeps.ListKeys(ctx)
	if err != nil {
		return err
	}
	var names []string
	for key := range keys.Keys() {
		if strings.HasPrefix(key, registeredPrefix) {
			names = append(names, key)
		}
	}
	sort.Strings(names)
	if len(names) == 0 {
		fmt.Fprintln(w, "no sweep yet · 아직 탐색이 없습니다")
	}
	for _, key := range names {
		kept, err := b.sweeps.Get(ctx, key)
		var s registered
		if err != nil || json.Unmarshal(kept.Value(), &s) != nil || !isSweepID(s.ID) { // another's
			continue
		}
		if err := b.sweepStatus(ctx, w, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *board) sweepStatus(ctx context.Context, w io.Writer, s registered) error {
	here, err := b.present(ctx, s.ID)
	if err != nil {
		return err
	}
	done, err := b.results(ctx, s.ID)
	if err != nil {
		return err
	}
	running, back, left := 0, 0, 0.0
	for _, m := range here {
		running += m.Running
		back = max(back, m.GivenBack)
		if left == 0 || m.Left > 0 && m.Left < left {
			left = m.Left
		}
	}
	fmt.Fprintf(w, "%s: %d of %d trials done, %d running, %d taken over", cut(fmt.Sprintf("%.60s", s.Name)), min(done, s.Trials), s.Trials, running, back)
	if left > 0 && done < s.Trials {
		fmt.Fprintf(w, ", %v left", time.Duration(left*float64(time.Second)).Round(time.Second))
	}
	fmt.Fprintf(w, " · 시도 %d개 중 %d개 완료, %d개 실행 중, %d개 이어받음\n", s.Trials, min(done, s.Trials), running, back)
	for _, m := range here {
		fmt.Fprintf(w, "  %-30s %-14s %d running · 실행 중 %[3]d개\n", host(m.Name), m.Variant, m.Running)
	}
	if len(here) == 0 {
		fmt.Fprintln(w, "  nobody is here · 참여 중인 컴퓨터가 없습니다")
	}
	return nil
}

// results counts the trials that have a result.
func (b *board) results(ctx context.Context, sweep string) (int, error) {
	info, err := b.log.Info(ctx, jetstream.WithSubjectFilter(logSubjects+sweep+"."+kindResult+".>"))
	if err != nil {
		return 0, err
	}
	trials := make(map[string]bool)
	for subject := range info.State.Subjects {
		parts := strings.Split(subject, ".")
		trials[parts[max(0, len(parts)-3)]] = true
	}
	return len(trials), nil
}

// stopBoard ends the board that runs on this machine.
func stopBoard(folder string) error {
	line, err := os.ReadFile(filepath.Join(folder, lineFile))
	if err != nil {
		return errors.New("no board runs here · 실행 중인 보드가 없습니다")
	}
	p, err := readPlace(string(line))
	if err != nil {
		return err
	}
	secret, err := openSecret(filepath.Join(folder, seedFile))
	if err != nil {
		return err
	}
	nc, err := p.connect("stop", nats.MaxReconnects(0))
	if err != nil {
		return err
	}
	defer nc.Close()
	_, err = nc.Request(stopSubject, []byte(secret.stop()), 5*time.Second)
	return err
}
