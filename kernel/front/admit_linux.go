package main

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"syscall"
	"time"
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
	owner, err := ownerOf(from, to)
	switch {
	case err == nil:
		return owner == os.Getuid() || owner == 0
	case errors.Is(err, errNobody):
		return !from.IP.IsLoopback() // closed meanwhile, or from elsewhere
	}
	return true // the system does not tell, as others do not
}

var errNobody = errors.New("nobody has such a connection")

// Of sock_diag(7) and linux/inet_diag.h.
const (
	netlinkSockDiag  = 4
	sockDiagByFamily = 20
	established      = 1
	requestSize      = 16 + 8 + 48
	answerSize       = 16 + 72
)

// ownerOf asks the system whose the socket is that is bound to one address and
// connected to another. It looks at that one alone, however many there are.
func ownerOf(local, remote *net.TCPAddr) (uid int, err error) {
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, netlinkSockDiag)
	if err != nil {
		return 0, err
	}
	defer syscall.Close(s)
	wait := syscall.NsecToTimeval(int64(time.Second))
	if err := syscall.SetsockoptTimeval(s, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &wait); err != nil {
		return 0, err
	}
	if err := syscall.Sendto(s, question(local, remote), 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return 0, err
	}
	answer := make([]byte, 4096)
	n, _, err := syscall.Recvfrom(s, answer, 0)
	if err != nil {
		return 0, err
	}
	return read(answer[:n])
}

// question is a header and an inet_diag_req_v2.
func question(local, remote *net.TCPAddr) []byte {
	family, width := byte(syscall.AF_INET), 4
	from, to := local.IP.To4(), remote.IP.To4()
	if from == nil || to == nil {
		family, width = syscall.AF_INET6, 16
		from, to = local.IP.To16(), remote.IP.To16()
	}
	b := make([]byte, requestSize)
	binary.NativeEndian.PutUint32(b[0:], requestSize)
	binary.NativeEndian.PutUint16(b[4:], sockDiagByFamily)
	binary.NativeEndian.PutUint16(b[6:], syscall.NLM_F_REQUEST)
	b[16], b[17] = family, syscall.IPPROTO_TCP
	binary.NativeEndian.PutUint32(b[20:], 1<<established)
	binary.BigEndian.PutUint16(b[24:], uint16(local.Port))
	binary.BigEndian.PutUint16(b[26:], uint16(remote.Port))
	copy(b[28:28+width], from)
	copy(b[44:44+width], to)
	for i := 64; i < 72; i++ {
		b[i] = 0xFF // no cookie
	}
	return b
}

// read takes the user from an inet_diag_msg. What one side has closed belongs to nobody,
// which the system writes as root.
func read(answer []byte) (uid int, err error) {
	if len(answer) < 20 {
		return 0, errors.New("a short answer of sock_diag")
	}
	if binary.NativeEndian.Uint16(answer[4:]) == syscall.NLMSG_ERROR {
		if code := syscall.Errno(-int32(binary.NativeEndian.Uint32(answer[16:]))); code != syscall.ENOENT {
			return 0, code
		}
		return 0, errNobody
	}
	if len(answer) < answerSize || answer[17] != established {
		return 0, errNobody
	}
	return int(binary.NativeEndian.Uint32(answer[80:])), nil
}
