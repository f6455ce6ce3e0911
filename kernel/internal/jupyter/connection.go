package jupyter

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
)

// Connection is what a connection file says: where a kernel listens and the key
// that signs messages.
type Connection struct {
	Transport string `json:"transport"`
	IP        string `json:"ip"`
	Shell     int    `json:"shell_port"`
	Control   int    `json:"control_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Heartbeat int    `json:"hb_port"`
	Key       string `json:"key"`
	Scheme    string `json:"signature_scheme"`
	Kernel    string `json:"kernel_name"`
}

// A kernel listens a moment after its ports were chosen. They are taken from below
// the ports that systems give to connections by themselves (32768 and up on Linux,
// 49152 on others), and this process never chooses one twice, so that nothing takes
// them meanwhile.
const firstPort, lastPort = 20000, 32700

var chosen = struct {
	sync.Mutex
	ports map[int]bool
}{ports: map[int]bool{}}

// NewConnection chooses free ports on the loopback address and a random key.
func NewConnection() (*Connection, error) {
	c := &Connection{Transport: "tcp", IP: "127.0.0.1", Key: newID(), Scheme: "hmac-sha256", Kernel: "convbook"}
	for _, port := range []*int{&c.Shell, &c.Control, &c.IOPub, &c.Stdin, &c.Heartbeat} {
		var err error
		if *port, err = freePort(); err != nil {
			return nil, fmt.Errorf("jupyter: no free port on 127.0.0.1: %w", err)
		}
	}
	return c, nil
}

// freePort returns a port that nobody listens on and that it did not return before.
func freePort() (int, error) {
	chosen.Lock()
	defer chosen.Unlock()
	for try := 0; ; try++ {
		port := firstPort + rand.IntN(lastPort-firstPort)
		if try > 200 { // all taken or forbidden: the system's own choice
			port = 0
		}
		if chosen.ports[port] {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil && port == 0 {
			return 0, err
		}
		if err != nil {
			continue
		}
		port = l.Addr().(*net.TCPAddr).Port
		l.Close()
		chosen.ports[port] = true
		return port, nil
	}
}

// Write puts the connection into a file that only its owner can read.
func (c *Connection) Write(path string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

func (c *Connection) address(port int) string {
	return fmt.Sprintf("%s://%s:%d", c.Transport, c.IP, port)
}
