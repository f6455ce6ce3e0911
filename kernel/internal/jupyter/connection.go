package jupyter

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
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

// NewConnection chooses free ports on the loopback address and a random key.
func NewConnection() (*Connection, error) {
	c := &Connection{Transport: "tcp", IP: "127.0.0.1", Key: newID(), Scheme: "hmac-sha256", Kernel: "convbook"}
	for _, port := range []*int{&c.Shell, &c.Control, &c.IOPub, &c.Stdin, &c.Heartbeat} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("jupyter: no free port on 127.0.0.1: %w", err)
		}
		defer l.Close()
		*port = l.Addr().(*net.TCPAddr).Port
	}
	return c, nil
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
