package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// readServer reads the address of a server or cluster of NATS that is there already:
//
//	nats://USER:PASSWORD@HOST:4222,HOST:4222?replicas=3
//	tls://HOST:4222?creds=FILE&ca=FILE&cert=FILE&key=FILE
//
// creds is a file of credentials, ca the authorities that have signed the servers' certificates, cert and key the
// certificate of a user. Whole paths, so that it means the same wherever a program runs.
func readServer(line string) (p place, err error) {
	address, rest, _ := strings.Cut(line, "?")
	kind, hosts, ok := strings.Cut(address, "://")
	if !ok || kind != "nats" && kind != "tls" || hosts == "" {
		return p, errors.New("CONVBOOK_SWEEP is neither the line that `go run ./kernel share` prints nor a nats:// or tls:// address · CONVBOOK_SWEEP이 `go run ./kernel share`가 출력한 줄도, nats://나 tls:// 주소도 아닙니다")
	}
	var servers []string
	user := ""
	for i, h := range strings.Split(hosts, ",") {
		h = strings.TrimPrefix(h, kind+"://")
		if at := strings.LastIndex(h, "@"); at >= 0 {
			if user == "" {
				user = h[:at+1]
			}
		} else {
			h = user + h // that of the first is that of all
		}
		u, err := url.Parse(kind + "://" + h)
		if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
			return p, fmt.Errorf("CONVBOOK_SWEEP has an address %d that cannot be read; want %s://USER:PASSWORD@HOST:PORT,HOST:PORT, with signs such as @ and / in the password written %%40 and %%2F · CONVBOOK_SWEEP의 %[1]d번째 주소를 읽을 수 없습니다. %[2]s://사용자:비밀번호@호스트:포트 형식이어야 합니다", i+1, kind)
		}
		u.Path = ""
		servers = append(servers, u.String())
	}
	p.servers = strings.Join(servers, ",")
	settings, err := url.ParseQuery(rest)
	if err != nil {
		return p, fmt.Errorf("CONVBOOK_SWEEP has settings that cannot be read behind the ?: %w · CONVBOOK_SWEEP의 ? 뒤 설정을 읽을 수 없습니다", err)
	}
	for name, values := range settings {
		value := values[len(values)-1]
		switch file := map[string]*string{"creds": &p.creds, "ca": &p.ca, "cert": &p.cert, "key": &p.key}[name]; {
		case file != nil && filepath.IsAbs(value):
			*file = value
		case name == "replicas" && slices.Contains([]string{"1", "3", "5"}, value):
			p.replicas, _ = strconv.Atoi(value)
		default:
			return p, fmt.Errorf("CONVBOOK_SWEEP has %.20s=%.60s behind the ?; it takes replicas=1, 3 or 5, and creds, ca, cert and key with the whole path of a file · CONVBOOK_SWEEP의 ? 뒤에는 replicas=1, 3, 5와 파일의 전체 경로를 넣은 creds, ca, cert, key만 쓸 수 있습니다", name, value)
		}
	}
	if (p.cert == "") != (p.key == "") {
		return p, errors.New("CONVBOOK_SWEEP has only one of cert and key behind the ?; a certificate needs both · CONVBOOK_SWEEP의 cert와 key는 함께 써야 합니다")
	}
	return p, nil
}

// shown are the addresses without what is secret.
func (p place) shown() string {
	var hosts []string
	for _, s := range strings.Split(p.servers, ",") {
		if u, err := url.Parse(s); err == nil && u.Host != "" {
			s = u.Host
		}
		hosts = append(hosts, s)
	}
	return strings.Join(hosts, ", ")
}

// syncing says what a server that is there already may not do; nothing of a board.
func (p place) syncing() string {
	if p.pin != nil {
		return ""
	}
	return fmt.Sprintf("whether the server at %s writes each result to its disk before it acknowledges it cannot be seen from here: set jetstream { sync_interval: always } there (nats-server#7564); each machine keeps its own results, too · %[1]s의 서버가 결과를 디스크에 쓴 뒤에 확인하는지는 여기서 알 수 없습니다. 서버에 jetstream { sync_interval: always }를 설정하세요. 결과는 각 컴퓨터에도 보관됩니다", p.shown())
}
