package main

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestAdmit(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("%s: %v", address, err)
			continue
		}
		defer l.Close()
		ours, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if !admit(c) {
			t.Errorf("%s: one's own connection is refused", address)
		}
		if uid, err := ownerOf(ours.LocalAddr().(*net.TCPAddr), ours.RemoteAddr().(*net.TCPAddr)); err != nil || uid != os.Getuid() {
			t.Errorf("%s: it belongs to %d, %v; want %d", address, uid, err, os.Getuid())
		}
		ours.Close()
		io.Copy(io.Discard, c)
		if admit(c) {
			t.Errorf("%s: a connection that is closed is let in", address)
		}
		here := l.Addr().(*net.TCPAddr)
		if _, err := ownerOf(&net.TCPAddr{IP: here.IP, Port: 1}, here); !errors.Is(err, errNobody) {
			t.Errorf("%s: nobody's connection: %v", address, err)
		}
	}
}

// A connection of another user is refused; only root can try.
func TestAdmitNobodyElse(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil || os.Getuid() != 0 {
		t.Skip("only root can act as another user, with bash")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	for _, c := range []struct {
		uid  uint32
		want bool
	}{{0, true}, {65534, false}} {
		other := exec.Command(bash, "-c", "exec 3<>/dev/tcp/127.0.0.1/"+port+"; read x <&3")
		other.Dir = "/"
		other.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: c.uid, Gid: c.uid, NoSetGroups: true}}
		if err := other.Start(); err != nil {
			t.Fatal(err)
		}
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if got := admit(conn); got != c.want {
			t.Errorf("user %d is let in: %v, want %v", c.uid, got, c.want)
		}
		conn.Close()
		other.Wait()
	}
}
