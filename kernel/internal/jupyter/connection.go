package jupyter

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"convbook/pkg/system/private"
)

// Connection is what a connection file says: where a kernel listens and the key
// that signs messages.
type Connection struct {
	Transport string `json:"transport"` // tcp, or ipc: sockets in the file system
	IP        string `json:"ip"`        // with ipc the sockets are the files IP-PORT
	Shell     int    `json:"shell_port"`
	Control   int    `json:"control_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Heartbeat int    `json:"hb_port"`
	Key       string `json:"key"`
	Scheme    string `json:"signature_scheme"`
	Kernel    string `json:"kernel_name"`
}

// longestSocket is the longest path of a socket on every Unix (sockaddr_un has 104
// bytes on macOS, 108 on Linux, with a zero at the end).
const longestSocket = 103

// NewConnection returns a connection by sockets in a folder, which only its owner can
// enter, under a name. With them nobody else on the machine can reach the kernel, which
// on ports everybody can. Where the folder's path is too long for a socket, they are in
// a new one of a short name; remove takes that away.
func NewConnection(folder, name string) (c *Connection, remove func(), err error) {
	folder, remove, err = SocketFolder(folder, name+"-5")
	if err != nil {
		return nil, nil, fmt.Errorf("jupyter: %w", err)
	}
	return &Connection{Transport: "ipc", IP: filepath.Join(folder, name), Shell: 1, Control: 2, IOPub: 3, Stdin: 4, Heartbeat: 5,
		Key: newID(), Scheme: "hmac-sha256", Kernel: "convbook"}, remove, nil
}

// SocketFolder returns a folder of one's own in which a socket of a name has room: the
// one that is given, or a new one of a short name, which remove takes away.
func SocketFolder(folder, name string) (short string, remove func(), err error) {
	if len(filepath.Join(folder, name)) <= longestSocket {
		return folder, func() {}, nil
	}
	short, removeShort, err := private.New(longestSocket - len("/"+name))
	if err != nil {
		return "", nil, fmt.Errorf("no folder for the kernel's sockets: %w", err)
	}
	return short, func() { removeShort() }, nil
}

// largestFile is more than any connection file.
const largestFile = 64 << 10

// ReadConnection reads a connection file.
func ReadConnection(path string) (*Connection, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestFile))
	if err != nil {
		return nil, err
	}
	c := new(Connection)
	if err := json.Unmarshal(text, c); err != nil {
		return nil, fmt.Errorf("%s is no connection file: %w", path, err)
	}
	switch {
	case c.Transport != "tcp" && c.Transport != "ipc":
		return nil, fmt.Errorf("%s: the transport is %q; want tcp or ipc", path, c.Transport)
	case c.Scheme != "" && c.Scheme != "hmac-sha256":
		return nil, fmt.Errorf("%s: the signature scheme is %q; want hmac-sha256", path, c.Scheme)
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

// Address returns where a port is, as package net has it.
func (c *Connection) Address(port int) (network, address string) {
	if c.Transport == "ipc" {
		return "unix", fmt.Sprintf("%s-%d", c.IP, port)
	}
	return "tcp", net.JoinHostPort(c.IP, strconv.Itoa(port))
}
