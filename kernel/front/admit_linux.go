package main

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
)

// admit says whether the other end of a connection belongs to this user, or to root.
// A port of the loopback address is open to everybody on the machine, and a kernel's
// outputs would go to whoever asks; Linux tells whose each socket is. A connection
// from another machine, where the user has the kernel listen to those, is none of
// these, and is let in: messages are signed.
func admit(c net.Conn) bool {
	from, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return true // a socket in the file system: whoever can open the folder
	}
	to, ok := c.LocalAddr().(*net.TCPAddr)
	if !ok {
		return false
	}
	for _, table := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		owner, found, err := ownerOf(table, from, to)
		if err != nil {
			continue // without a table nobody can tell: as on other systems
		}
		if found {
			return owner == os.Getuid() || owner == 0
		}
	}
	_, err := os.Stat("/proc/self/net/tcp")
	return err != nil || !from.IP.IsLoopback()
}

// established is the state of a connection that both sides hold. What one side has closed
// belongs to nobody, which the table writes as root.
const established = "01"

// ownerOf looks up whose the socket is that is bound to one address and connected to
// another.
func ownerOf(table string, local, remote *net.TCPAddr) (uid int, found bool, err error) {
	f, err := os.Open(table)
	if err != nil {
		return 0, false, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 8 || fields[3] != established || !isAddress(fields[1], local) || !isAddress(fields[2], remote) {
			continue
		}
		uid, err = strconv.Atoi(fields[7])
		return uid, err == nil, err
	}
	return 0, false, lines.Err()
}

// littleEndian says in which order this machine writes the bytes of a word.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// isAddress compares an address as the table has it: hexadecimal words in the machine's
// order of bytes, a colon, the port.
func isAddress(text string, a *net.TCPAddr) bool {
	words, port, _ := strings.Cut(text, ":")
	if port != fmt.Sprintf("%04X", a.Port) {
		return false
	}
	b, err := hex.DecodeString(words)
	if err != nil || len(b)%4 != 0 {
		return false
	}
	if littleEndian {
		for i := 0; i < len(b); i += 4 {
			slices.Reverse(b[i : i+4])
		}
	}
	return net.IP(b).Equal(a.IP)
}
