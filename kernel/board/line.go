package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// place is where a board is: one that `share` has started,
//
//	board://TOKEN@10.0.0.5:4222,192.168.1.7:4222/PIN
//
// with the SHA-256 of its certificate's key as PIN, or a server or cluster of NATS that
// is there already, nats://… or tls://…, with ?replicas=3 and ?creds=FILE where it has
// them.
type place struct {
	servers  string // as NATS writes them
	token    string
	pin      []byte // nil for a server that is there already
	creds    string
	replicas int
}

const scheme = "board://"

func (p place) String() string {
	return scheme + p.token + "@" + p.servers + "/" + hex.EncodeToString(p.pin)
}

// readPlace reads the line.
func readPlace(line string) (p place, err error) {
	line = strings.TrimSpace(line)
	rest, own := strings.CutPrefix(line, scheme)
	if !own {
		return readServer(line)
	}
	token, rest, ok := strings.Cut(rest, "@")
	servers, pin, ok2 := strings.Cut(rest, "/")
	p = place{servers: servers, token: token, replicas: 1}
	if p.pin, err = hex.DecodeString(pin); err != nil || !ok || !ok2 || token == "" || len(p.pin) != sha256.Size {
		return p, errors.New("CONVBOOK_SWEEP is not the whole line that `go run ./kernel share` prints; copy it again · CONVBOOK_SWEEP이 `go run ./kernel share`가 출력한 줄 전체가 아닙니다. 다시 복사하세요")
	}
	for _, s := range strings.Split(servers, ",") {
		if _, _, err := net.SplitHostPort(s); err != nil {
			return p, fmt.Errorf("CONVBOOK_SWEEP has the address %q; want HOST:PORT · CONVBOOK_SWEEP의 주소 %[1]q를 읽을 수 없습니다. HOST:PORT 형식이어야 합니다", s)
		}
	}
	return p, nil
}

func readServer(line string) (p place, err error) {
	u, err := url.Parse(line)
	if err != nil || u.Scheme != "nats" && u.Scheme != "tls" || u.Host == "" {
		return p, errors.New("CONVBOOK_SWEEP is neither the line that `go run ./kernel share` prints nor a nats:// or tls:// address · CONVBOOK_SWEEP이 `go run ./kernel share`가 출력한 줄도, nats://나 tls:// 주소도 아닙니다")
	}
	q := u.Query()
	p = place{creds: q.Get("creds"), replicas: 1}
	if n, err := strconv.Atoi(q.Get("replicas")); err == nil && n > 0 && n <= 5 {
		p.replicas = n
	}
	u.RawQuery = ""
	p.servers = u.String()
	return p, nil
}

// errPin says that what answers is not the board.
var errPin = errors.New("the certificate is another than the one in CONVBOOK_SWEEP: this is not the board that printed the line, or it was made anew; copy the line again · 인증서가 CONVBOOK_SWEEP의 것과 다릅니다. 그 줄을 출력한 보드가 아니거나 새로 만든 보드이니 줄을 다시 복사하세요")

var errToken = errors.New("the board does not take the token in CONVBOOK_SWEEP; copy the whole line again · 보드가 CONVBOOK_SWEEP의 토큰을 받아들이지 않습니다. 줄 전체를 다시 복사하세요")

// connect connects to the board and stays connected: it comes back by itself when the
// board does.
func (p place) connect(name string, options ...nats.Option) (*nats.Conn, error) {
	servers := p.servers
	options = append(options, nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.ReconnectJitter(500*time.Millisecond, time.Second),
		nats.PingInterval(5*time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(15*time.Second), nats.IgnoreAuthErrorAbort())
	if p.creds != "" {
		options = append(options, nats.UserCredentials(p.creds))
	}
	if p.pin != nil {
		options = append(options, nats.Token(p.token), nats.Secure(&tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true, VerifyConnection: p.verify}))
		servers = "tls://" + strings.ReplaceAll(p.servers, ",", ",tls://")
	}
	nc, err := nats.Connect(servers, options...)
	switch {
	case err == nil:
		return nc, nil
	case errors.Is(err, errPin):
		return nil, errPin
	case errors.Is(err, nats.ErrAuthorization):
		return nil, errToken
	}
	return nil, fmt.Errorf("no board answers at %s: %w; is `go run ./kernel share` running there, and is the way to it open? · %[1]s에서 보드가 응답하지 않습니다. 그곳에서 `go run ./kernel share`가 실행 중인지, 방화벽이 막지 않는지 확인하세요", p.shown(), err)
}

// verify is in place of the usual verification: the key is the one that the line names.
func (p place) verify(s tls.ConnectionState) error {
	if len(s.PeerCertificates) == 0 {
		return errPin
	}
	sum := sha256.Sum256(s.PeerCertificates[0].RawSubjectPublicKeyInfo)
	if subtle.ConstantTimeCompare(sum[:], p.pin) != 1 {
		return errPin
	}
	return nil
}

// shown is the address without what is secret.
func (p place) shown() string {
	if u, err := url.Parse(p.servers); err == nil && u.Host != "" {
		return u.Host
	}
	return p.servers
}
