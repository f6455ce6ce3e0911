package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/lock"
)

// serving is a board that runs in this process.
type serving struct {
	folder    string
	addresses []string // HOST:PORT; the server listens on the first
	secret    secret
	place     place
	options   *server.Options
	server    *server.Server
	own       *nats.Conn
}

// The files of a board's folder.
const (
	lineFile  = "line"
	portFile  = "port"
	lockFile  = "lock"
	roomFile  = "room"
	storeName = "store"
)

// serve runs a board until ctx ends or somebody asks it to stop. It tells the line for
// others to ready.
func serve(ctx context.Context, folder string, hosts []string, port int, ready func(line string)) (err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("no folder for the board: %w", err)
	}
	held, err := lock.Take(filepath.Join(folder, lockFile))
	if errors.Is(err, lock.ErrHeld) {
		return errors.New("a board runs here already: `go run ./kernel share --status` shows it, --stop ends it · 보드가 이미 실행 중입니다. `go run ./kernel share --status`로 보고 --stop으로 끝낼 수 있습니다")
	}
	if err != nil {
		return fmt.Errorf("the board's folder cannot be written: %w", err)
	}
	defer held.Close()
	b := &serving{folder: folder}
	if b.secret, err = openSecret(filepath.Join(folder, seedFile)); err != nil {
		return fmt.Errorf("the board's secret: %w", err)
	}
	if err := b.prepare(hosts, port); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := b.start(stop); err != nil {
		return err
	}
	defer b.end()
	for _, address := range b.addresses[1:] {
		if err := forward(ctx, address, b.addresses[0]); err != nil {
			return err
		}
	}
	if err := atomicfile.WritePrivate(filepath.Join(folder, lineFile), []byte(b.place.String())); err != nil {
		return err
	}
	defer os.Remove(filepath.Join(folder, lineFile))
	ready(b.place.String())
	b.watch(ctx, stop)
	return nil
}

// prepare chooses addresses and settings.
func (b *serving) prepare(hosts []string, port int) error {
	if len(hosts) == 0 {
		hosts = []string{outward()}
	}
	if port == 0 {
		port = b.lastPort()
	}
	for i, h := range hosts {
		if i == 0 && port == 0 {
			port = freePort(h)
		}
		b.addresses = append(b.addresses, net.JoinHostPort(h, strconv.Itoa(port)))
	}
	if err := atomicfile.WritePrivate(filepath.Join(b.folder, portFile), []byte(strconv.Itoa(port))); err != nil {
		return fmt.Errorf("the board's folder cannot be written: %w", err)
	}
	certificate, pin, err := b.secret.certificate()
	if err != nil {
		return err
	}
	b.place = place{servers: strings.Join(b.addresses, ","), token: b.secret.token(), pin: pin, replicas: 1}
	b.options = &server.Options{ServerName: "convbook", Host: hosts[0], Port: port, NoSigs: true, NoLog: true, Authorization: b.place.token,
		JetStream: true, StoreDir: filepath.Join(b.folder, storeName), SyncAlways: true, // a result that is acknowledged is on the disk
		SyncInterval: 5 * time.Second, // what was deleted takes room until then, such as each checkpoint but the last
		TLS:          true, TLSTimeout: 10, AuthTimeout: 15, TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13}}
	return nil
}

func (b *serving) lastPort() int {
	text, err := os.ReadFile(filepath.Join(b.folder, portFile))
	if err != nil {
		return 0
	}
	port, _ := strconv.Atoi(string(text))
	return port
}

// freePort returns the usual port of NATS if it is free, else another.
func freePort(host string) int {
	for _, port := range []string{"4222", "0"} {
		if l, err := net.Listen("tcp", net.JoinHostPort(host, port)); err == nil {
			defer l.Close()
			return l.Addr().(*net.TCPAddr).Port
		}
	}
	return 4222
}

// outward is the address by which this machine reaches others. Nothing is sent.
func outward() string {
	c, err := net.Dial("udp", "192.0.2.1:9") // an address of the documentation, RFC 5737
	if err != nil {
		return "127.0.0.1"
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).IP.String()
}

// start starts the server and this process's own connection to it.
func (b *serving) start(stop func()) (err error) {
	if b.server, err = server.NewServer(b.options.Clone()); err != nil {
		return fmt.Errorf("the board cannot be started: %w", err)
	}
	l, err := net.Listen("tcp", b.addresses[0])
	if err != nil {
		return fmt.Errorf("the board cannot listen on %s: %w; choose another --address or --port · %[1]s에서 연결을 받을 수 없습니다. 다른 --address나 --port를 쓰세요", b.addresses[0], err)
	}
	l.Close()
	b.server.Start()
	if !b.server.ReadyForConnections(20 * time.Second) {
		b.server.Shutdown()
		return fmt.Errorf("the board does not start within 20 s; is there room in %s? · 보드가 20초 안에 시작되지 않습니다. %[1]s에 빈 공간이 있는지 확인하세요", b.folder)
	}
	if b.own, err = nats.Connect("", nats.InProcessServer(b.server), nats.Token(b.place.token), nats.MaxReconnects(-1)); err != nil {
		return err
	}
	_, err = b.own.Subscribe(stopSubject, func(m *nats.Msg) {
		if string(m.Data) == b.secret.stop() {
			m.Respond([]byte("stops"))
			b.own.Flush()
			stop()
		}
	})
	return err
}

const stopSubject = "convbook.stop"

func (b *serving) end() {
	b.own.Close()
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// watch sees to it that a board whose disk was full goes on when there is room again. The
// server gives its streams up where it cannot write, and takes them up when it is started
// anew.
func (b *serving) watch(ctx context.Context, stop func()) {
	full, dumb := false, 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		if b.room() != nil {
			if !full {
				fmt.Fprintln(os.Stderr, boardTrouble([]byte(troubleFull)))
			}
			full = true
			b.own.Publish(troubleSubject, []byte(troubleFull))
			continue
		}
		if dumb++; b.writes() {
			dumb = 0
		}
		if !full && dumb < 3 {
			continue
		}
		if full {
			fmt.Fprintln(os.Stderr, "there is room again · 디스크에 다시 공간이 생겼습니다")
		}
		full, dumb = false, 0
		b.end()
		for b.start(stop) != nil && ctx.Err() == nil {
			time.Sleep(time.Second)
		}
		b.own.Publish(troubleSubject, nil)
	}
}

// writes tries whether the log takes entries. The entry of the trial is there after the
// first, so that the answer is that there is one.
func (b *serving) writes() bool {
	if !b.server.JetStreamEnabled() {
		return false
	}
	answer, err := b.own.Request(logSubjects+"probe", nil, 5*time.Second)
	if errors.Is(err, nats.ErrNoResponders) {
		return true // no machine has come yet
	}
	return err == nil && (!bytes.Contains(answer.Data, []byte(`"error"`)) || bytes.Contains(answer.Data, []byte("maximum messages per subject")))
}

// room tries whether the disk takes something. The file has one name: a board that was killed leaves no more than
// one.
func (b *serving) room() error {
	path := filepath.Join(b.folder, roomFile)
	defer os.Remove(path)
	return os.WriteFile(path, make([]byte, 1<<20), 0o600)
}

const troubleFull = "full"

// boardTrouble says what the board's own word for trouble means.
func boardTrouble(word []byte) string {
	if string(word) == troubleFull {
		return "the disk of the board is full: make room there; trials go on, and results are kept on their machines until then · 보드의 디스크가 가득 찼습니다. 공간을 확보하세요. 그때까지 학습은 계속되고 결과는 각 컴퓨터에 보관됩니다"
	}
	return ""
}

// forward listens on one more address, for the same server.
func forward(ctx context.Context, address, to string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("the board cannot listen on %s: %w; choose another --address or --port · %[1]s에서 연결을 받을 수 없습니다. 다른 --address나 --port를 쓰세요", address, err)
	}
	context.AfterFunc(ctx, func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer in.Close()
				out, err := net.DialTimeout("tcp", to, 10*time.Second)
				if err != nil {
					return
				}
				defer out.Close()
				go func() {
					io.Copy(out, in)
					out.(*net.TCPConn).CloseWrite()
				}()
				io.Copy(in, out)
			}()
		}
	}()
	return nil
}

// ends are the signals that end a board.
func untilSignal() (context.Context, func()) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}
