package sweep_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"convbook/pkg/system/companion"
)

// natsServer builds the server as its own program, as somebody else would run it.
var natsServer = sync.OnceValues(func() (string, error) {
	return built("nats-server", "github.com/nats-io/nats-server/v2")
})

// startServers starts servers of NATS with an account of their own for the class. They make a cluster where there are
// several. It returns their ports and folders.
func startServers(t *testing.T, n int, settings string) (ports []int, folders []string) {
	t.Helper()
	program, err := natsServer()
	if err != nil {
		t.Fatal(err)
	}
	var routes []string
	for range n {
		ports = append(ports, freePort(t))
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", freePort(t)))
	}
	for i := range n {
		folder := t.TempDir()
		text := fmt.Sprintf("listen: \"127.0.0.1:%d\"\nserver_name: s%d\naccounts { class { jetstream: enabled, users: [{user: u, password: \"p@ss\"}] }, other { users: [{user: o, password: o}] } }\n%s\n",
			ports[i], i, strings.ReplaceAll(settings, "FOLDER", folder))
		if n > 1 {
			text += fmt.Sprintf("cluster { name: c, listen: %q, routes: [%s] }\n", strings.TrimPrefix(routes[i], "nats://"), strings.Join(routes, ", "))
		}
		if err := os.WriteFile(filepath.Join(folder, "conf"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		server := exec.Command(program, "-c", filepath.Join(folder, "conf"), "-l", filepath.Join(folder, "log"))
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			server.Process.Kill()
			server.Wait()
		})
		waitFor(t, func() bool { return answers(ports[i]) }, func() string {
			said, _ := os.ReadFile(filepath.Join(folder, "log"))
			return "a server does not start: " + string(said)
		})
		folders = append(folders, folder)
	}
	return ports, folders
}

func answers(port int) bool {
	c, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err == nil {
		c.Close()
	}
	return err == nil
}

const jetStream = `jetstream { store_dir: "FOLDER/store", sync_interval: always, max_mem: 64MB, max_file: 512MB }`

// A cluster of three that is there already takes the place of a board.
func TestAClusterThatIsThere(t *testing.T) {
	t.Parallel()
	b := &testBoard{t: t}
	b.program = programOfTheBoard(t)
	ports, folders := startServers(t, 3, jetStream)
	b.line = fmt.Sprintf("nats://u:p%%40ss@127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d", ports[0], ports[1], ports[2])
	settings := []string{epochsVariable + "=10"}
	want := startMachine(t, settings...).wait(t)
	settings = append(settings, meeting(t, 2))
	machines := []*testMachine{b.machine("one", settings...), b.machine("two", settings...)}
	waitFor(t, func() bool { return machines[0].trained() >= 100 }, func() string { return machines[0].said.String() + machines[1].said.String() + machines[1].left() })
	for i, folder := range folders {
		if kept := count(t, filepath.Join(folder, "store", "jetstream", "class", "streams", "convbook-log")); kept != 1 {
			t.Errorf("server %d does not keep the log", i)
		}
	}
	for i, m := range machines {
		o := m.wait(t)
		if o.Error != "" || !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
			t.Errorf("machine %d ends with %q and other results than alone: %s", i, o.Error, m.said.String())
		}
		if !strings.Contains(o.Last, "shared by 2 machines") || !strings.Contains(o.Last, "sync_interval: always") {
			t.Errorf("machine %d ends with the progress %q", i, o.Last)
		}
	}
}

// A server that is there already: by TLS with an authority of its own, and what it refuses is said in a line.
func TestAServerThatIsThere(t *testing.T) {
	t.Parallel()
	program, pki := programOfTheBoard(t), t.TempDir()
	writeCertificate(t, pki)
	secure, _ := startServers(t, 1, fmt.Sprintf("%s\ntls { cert_file: %q, key_file: %q }", jetStream, filepath.Join(pki, "cert"), filepath.Join(pki, "key")))
	dumb, _ := startServers(t, 1, "")
	for _, c := range []struct{ line, want string }{
		{fmt.Sprintf("tls://u:p%%40ss@127.0.0.1:%d?ca=%s/cert", secure[0], pki), ""},
		{fmt.Sprintf("tls://u:p%%40ss@127.0.0.1:%d", secure[0]), "certificate signed by unknown authority"},
		{fmt.Sprintf("tls://u:wrong@127.0.0.1:%d?ca=%s/cert", secure[0], pki), "does not take the user and password"},
		{fmt.Sprintf("tls://127.0.0.1:%d?ca=%s/cert&creds=/none", secure[0], pki), "/none"},
		{fmt.Sprintf("nats://o:o@127.0.0.1:%d", dumb[0]), "JetStream is off"},
		{fmt.Sprintf("nats://u:p%%40ss@127.0.0.1:%d?replica=3", dumb[0]), "it takes replicas=1, 3 or 5"},
		{"nats://u:p@ss/word@127.0.0.1", "an address 1 that cannot be read"},
		{"nats://u:p@127.0.0.1?ca=here", "the whole path of a file"},
	} {
		o := startMachine(t, seedsVariable+"=1", companion.BoardVariable+"="+c.line, companion.ProgramVariable+"="+program).wait(t)
		if (o.Error == "") != (c.want == "") || !strings.Contains(o.Error, c.want) || strings.Contains(o.Error, "\n") || strings.Contains(o.Error, "p%40ss") {
			t.Errorf("%s: the error is %q, want %q in it", c.line, o.Error, c.want)
		}
	}
}

// writeCertificate writes a certificate of this machine that signs itself, and its key.
func writeCertificate(t *testing.T, folder string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert": {Type: "CERTIFICATE", Bytes: certificate}, "key": {Type: "PRIVATE KEY", Bytes: text}} {
		if err := os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
