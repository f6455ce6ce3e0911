package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"convbook/pkg/system/companion"
)

// machine is the companion of a program with a sweep.
type machine struct {
	link *companion.Link
	name string // of this machine, with what tells its programs apart behind ~
	ctx  context.Context

	b     board
	sweep companion.Sweep
	id    string // of the sweep

	mu      sync.Mutex
	fold    *fold
	changed chan struct{} // closed at every entry of the log
	claims  map[int]*claim
	count   int // of claims
	alive   time.Time
	left    float64
	trouble string
	planned time.Time
	joined  bool
	full    time.Time // when the board last said that its disk is
	stale   bool      // the program goes by rankings that are taken out, until it joins again
	barren  int       // plans in a row that changed nothing though work is missing
	log     following
	around  []companion.Machine
	looked  time.Time

	anyone, alike jetstream.Consumer
}

// endWithin is for how long the companion waits for its last requests: one may wait much longer for a server that is mute.
const endWithin = 5 * time.Second

// companionMain is the companion: it ends when its input does.
func companionMain(in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m := &machine{link: companion.NewLink(in, out), ctx: ctx, name: machineName(), changed: make(chan struct{}), claims: map[int]*claim{}, alive: time.Now()}
	var requests sync.WaitGroup
	for {
		request, err := m.link.Receive()
		if err != nil {
			cancel()
			ended := make(chan bool)
			go func() {
				requests.Wait()
				close(ended)
			}()
			select {
			case <-ended: // one may just have got a trial
				m.giveBack()
			case <-time.After(endWithin):
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if request.Do == companion.Alive {
			m.mu.Lock()
			m.alive, m.left = time.Now(), request.Left
			m.mu.Unlock()
			continue
		}
		requests.Go(func() { m.answer(request) })
	}
}

// machineName is the name of this machine and of this program on it.
func machineName() string {
	name := os.Getenv(companion.MachineVariable)
	if name == "" {
		name, _ = os.Hostname()
	}
	name = strings.Map(func(r rune) rune {
		if r <= ' ' || r == '~' || r == 0x7f {
			return '-'
		}
		return r
	}, name)
	var tail [3]byte
	rand.Read(tail[:])
	return fmt.Sprintf("%.60s~%s", name, hex.EncodeToString(tail[:]))
}

// answer does what is asked for and answers.
func (m *machine) answer(q companion.Message) {
	a, err := companion.Message{Trial: -1}, error(nil)
	switch q.Do {
	case companion.Join:
		if err = m.join(q); err == nil {
			a.Text = m.b.place.syncing()
		}
	case companion.Next:
		a, err = m.next()
	case companion.Release:
		m.release(q.Claim)
	case companion.Result:
		a, err = m.result(q)
	case companion.Check:
		err = m.check(q)
	case companion.Score:
		err = m.put(kindScore, q.Trial, q.Epochs, entry{Machine: m.name, Score: q.Score})
	case companion.Keep:
		err = m.keep(q)
	case companion.Restart:
		err = m.patiently(m.ctx, func(ctx context.Context) error {
			return m.retry(ctx, func(t trialState) bool { return t.result != nil })
		})
	case companion.Settled:
		a.Checks, a.Text = m.settled()
	default:
		err = fmt.Errorf("the companion knows no %q; use one of the same version", q.Do)
	}
	a.ID = q.ID
	if err != nil {
		a.Do, a.Text = companion.Failed, err.Error()
	}
	if errors.Is(err, errStale) {
		a.Do = companion.Anew
	}
	m.link.Send(a)
}

// join connects to the board, joins the sweep and tells all that is known of it.
func (m *machine) join(q companion.Message) error {
	if q.Sweep == nil || len(q.Sweep.Keys) == 0 {
		return errors.New("there is no sweep to join")
	}
	m.sweep = *q.Sweep
	var err error
	if m.b.place, err = readPlace(os.Getenv(companion.BoardVariable)); err != nil {
		return err
	}
	if m.b.nc, err = m.connect(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(m.ctx, joinFor)
	defer cancel()
	if _, err := m.b.nc.Subscribe(troubleSubject, m.boardTells); err != nil {
		return err
	}
	if err := m.patiently(ctx, m.b.ready); err != nil {
		return err
	}
	m.id = sweepID(m.sweep)
	m.fold = newFold(m.sweep.Keys, m.sweep.Halving)
	m.present()
	if err := m.patiently(ctx, m.register); err != nil {
		return err
	}
	if err := m.follow(ctx); err != nil {
		return m.plain(err)
	}
	if err := m.patiently(ctx, m.consumers); err != nil {
		return err
	}
	failed := func(t trialState) bool { return t.result != nil && t.result.Failed != "" }
	if err := m.patiently(ctx, func(ctx context.Context) error { return m.retry(ctx, failed) }); err != nil {
		return err
	}
	m.tell("")
	m.plan()
	go m.beat()
	m.log.taking.Lock() // an entry was told before, or finds that this machine has joined
	defer m.log.taking.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.joined = true
	return nil
}

// joinFor is for how long a board that is in trouble is waited for, by a machine that comes: one whose disk is full, or
// a cluster without a leader.
var joinFor = 40 * time.Second

// connect connects to the board. One that is just being started again is waited for.
func (m *machine) connect() (nc *nats.Conn, err error) {
	for end := time.Now().Add(6 * time.Second); ; m.pause(500 * time.Millisecond) {
		nc, err = m.b.place.connect(m.name,
			nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
				m.tell(fmt.Sprintf("the board cannot be reached since %s; trials go on and results are kept here · %[1]s부터 보드에 연결되지 않습니다. 학습은 계속되고 결과는 이 컴퓨터에 보관됩니다", time.Now().Format("15:04:05")))
			}),
			nats.ReconnectHandler(func(*nats.Conn) { go m.again() }))
		if err == nil || errors.Is(err, errPin) || errors.Is(err, errToken) || errors.Is(err, errUser) || time.Now().After(end) || m.ctx.Err() != nil {
			return nc, err
		}
	}
}

// retry gives up the results of trials, where no other machine is at the sweep: those
// that failed are tried again by the next who comes.
func (m *machine) retry(ctx context.Context, which func(trialState) bool) error {
	m.mu.Lock()
	var trials []int
	for i, t := range m.fold.trials {
		if which(t) {
			trials = append(trials, i)
		}
	}
	m.mu.Unlock()
	if len(trials) == 0 {
		return nil
	}
	around, err := m.b.present(ctx, m.id)
	if err != nil || len(around) > 1 {
		return err
	}
	for _, i := range trials {
		if err := m.put(kindAgain, i, 0, entry{Machine: m.name}); err != nil {
			return err
		}
	}
	return m.until(ctx, func() bool {
		return !slices.ContainsFunc(trials, func(i int) bool { return which(m.fold.trials[i]) })
	})
}

// until waits until something is so by the log.
func (m *machine) until(ctx context.Context, so func() bool) error {
	for {
		m.mu.Lock()
		done, changed := so(), m.changed
		m.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// again makes a board that was started anew ready, after the connection has come back. A machine that is still joining
// does so itself.
func (m *machine) again() {
	for m.ctx.Err() == nil {
		m.mu.Lock()
		joined := m.joined
		m.mu.Unlock()
		if !joined {
			m.pause(time.Second)
			continue
		}
		ctx, cancel := context.WithTimeout(m.ctx, 20*time.Second)
		made := board{place: m.b.place, nc: m.b.nc} // what others use meanwhile goes by names, and stays
		err := made.ready(ctx)
		if err == nil {
			err = m.consumers(ctx)
		}
		cancel()
		if err == nil {
			m.tell("")
			m.present()
			m.sameLog()
			return
		}
		m.tell(m.plain(err).Error())
		m.pause(time.Second)
	}
}

func (m *machine) pause(d time.Duration) {
	select {
	case <-m.ctx.Done():
	case <-time.After(d):
	}
}

// errStale says that the program goes by rankings that are taken out.
var errStale = errors.New("points were ranked by results that turned out wrong")

// put publishes an entry of a trial until it is on the board's disk, or another one
// stands there.
func (m *machine) put(kind string, trial, number int, e entry) error {
	if trial < 0 || trial >= len(m.sweep.Keys) {
		return fmt.Errorf("there is no trial %d", trial)
	}
	data, err := json.Marshal(e)
	if err == nil && len(data) > maxEntry {
		err = fmt.Errorf("the result of a trial has %d bytes; the board takes %d", len(data), maxEntry)
	}
	if err != nil {
		return err
	}
	for m.ctx.Err() == nil {
		m.mu.Lock()
		round, stale := m.fold.trials[trial].round, m.stale
		m.mu.Unlock()
		if stale {
			return errStale
		}
		ctx, cancel := context.WithTimeout(m.ctx, 10*time.Second)
		subject := logSubject(m.id, kind, trial, round, number)
		_, err := m.b.js.Publish(ctx, subject, data)
		if exists(err) { // or is on its way in a cluster, and is lost where the leader is
			_, err = m.b.log.GetLastMsgForSubject(ctx, subject)
		}
		cancel()
		if errors.Is(err, nats.ErrMaxPayload) {
			return fmt.Errorf("the server at %s takes messages of %d bytes, and this result has %d: let it take 1 MB (max_payload) · %[1]s의 서버가 받는 메시지의 최대 크기가 %[2]d바이트인데 이 결과는 %[3]d바이트입니다. 서버의 max_payload를 1MB로 늘리세요", m.b.place.shown(), m.b.nc.MaxPayload(), len(data))
		}
		if err == nil {
			if m.b.nc.IsConnected() {
				m.tell("")
			}
			return nil
		}
		if m.b.nc.IsConnected() && !errors.Is(err, jetstream.ErrMsgNotFound) {
			m.tell(fmt.Sprintf("the board takes no results (%v); they are kept here and sent when it does · 보드가 결과를 받지 않습니다. 이 컴퓨터에 보관했다가 다시 보냅니다", err))
		}
		m.pause(time.Second)
	}
	return m.ctx.Err()
}
