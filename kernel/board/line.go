package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// place is where a board is: one that `share` has started,
//
//	board://TOKEN@10.0.0.5:4222,192.168.1.7:4222/PIN
//
// with the SHA-256 of its certificate's key as PIN, or a server or cluster of NATS that
// is there already, as readServer reads it.
type place struct {
	servers  string // as NATS writes them
	token    string
	pin      []byte // nil for a server that is there already
	creds    string // files of a user's credentials, of authorities and of a certificate, "" for none
	ca       string
	cert     string
	key      string
	replicas int // 0 for as many as there can be, up to 3
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

// errPin says that what answers is not the board.
var errPin = errors.New("the certificate is another than the one in CONVBOOK_SWEEP: this is not the board that printed the line, or it was made anew; copy the line again · 인증서가 CONVBOOK_SWEEP의 것과 다릅니다. 그 줄을 출력한 보드가 아니거나 새로 만든 보드이니 줄을 다시 복사하세요")

var errToken = errors.New("the board does not take the token in CONVBOOK_SWEEP; copy the whole line again · 보드가 CONVBOOK_SWEEP의 토큰을 받아들이지 않습니다. 줄 전체를 다시 복사하세요")

var errUser = errors.New("refused")

// connect connects to the board and stays connected: it comes back by itself when the
// board does.
func (p place) connect(name string, options ...nats.Option) (*nats.Conn, error) {
	servers := p.servers
	options = append(options, nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.ReconnectJitter(500*time.Millisecond, time.Second),
		nats.PingInterval(5*time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(15*time.Second), nats.IgnoreAuthErrorAbort())
	if p.creds != "" {
		options = append(options, nats.UserCredentials(p.creds))
	}
	if p.ca != "" {
		options = append(options, nats.RootCAs(p.ca))
	}
	if p.cert != "" {
		options = append(options, nats.ClientCert(p.cert, p.key))
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
	case p.pin != nil && errors.Is(err, nats.ErrAuthorization):
		return nil, errToken
	case errors.Is(err, nats.ErrAuthorization):
		return nil, fmt.Errorf("%w: the server at %s does not take the user and password, or the credentials, in CONVBOOK_SWEEP · %[2]s의 서버가 CONVBOOK_SWEEP의 사용자와 비밀번호 또는 인증 파일을 받아들이지 않습니다", errUser, p.shown())
	case p.pin == nil:
		return nil, fmt.Errorf("no NATS server that can be used answers at %s: %w · %[1]s에 쓸 수 있는 NATS 서버가 없습니다", p.shown(), err)
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
