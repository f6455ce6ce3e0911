package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// patiently does a step of joining, again where that may help.
func (m *machine) patiently(ctx context.Context, step func(context.Context) error) error {
	var last error
	for {
		some, cancel := context.WithTimeout(ctx, 4*time.Second)
		err := step(some)
		cancel()
		if err == nil || !m.passes(err) {
			return m.plain(err)
		}
		if last == nil || !errors.Is(err, context.DeadlineExceeded) {
			last = err // it says more
		}
		if ctx.Err() != nil {
			return m.plain(last)
		}
		m.tell(m.plain(err).Error())
		m.pause(500 * time.Millisecond)
	}
}

// passes reports whether an error may be over soon.
func (m *machine) passes(err error) bool {
	var api *jetstream.APIError
	nobody := errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrNoStreamResponse)
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return false
	case nobody: // it is off, but for a board that begins anew and a cluster that looks for a leader
		return m.b.place.pin != nil || m.b.nc.ConnectedClusterName() != ""
	case errors.As(err, &api):
		return api.Code >= 500
	}
	return errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrDisconnected)
}

// plain says an error of the board in plain words.
func (m *machine) plain(err error) error {
	switch {
	case err == nil:
		return nil
	case strings.Contains(err.Error(), "no space left"):
		return fmt.Errorf("the board at %s takes nothing: its disk is full; make room there and run this again · %[1]s의 보드 디스크가 가득 찼습니다. 공간을 확보한 뒤 다시 실행하세요", m.b.place.shown())
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders), errors.Is(err, jetstream.ErrNoStreamResponse):
		return fmt.Errorf("the board at %s keeps nothing: JetStream is off there, or its disk is full · %[1]s의 보드가 아무것도 저장하지 않습니다. JetStream이 꺼져 있거나 디스크가 가득 찼습니다", m.b.place.shown())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("the board at %s does not answer in time; try again · %[1]s의 보드가 제때 응답하지 않습니다. 다시 시도하세요", m.b.place.shown())
	}
	return err
}

// boardTells takes the board's own word for trouble.
func (m *machine) boardTells(msg *nats.Msg) {
	text := boardTrouble(msg.Data)
	if text != "" {
		m.mu.Lock()
		m.full = time.Now()
		m.mu.Unlock()
	}
	m.tell(text)
}

// tell tells the program of trouble, once.
func (m *machine) tell(text string) {
	m.mu.Lock()
	news := text != m.trouble
	m.trouble = text
	m.mu.Unlock()
	if news {
		m.link.Send(companion.Message{Do: companion.Trouble, Trial: -1, Text: text})
	}
}
