//go:build unix

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/zmtp"
	"convbook/pkg/system/process"
)

// asAttacker makes the program of the tests attack a kernel on the ports that it names.
const asAttacker = "CONVBOOK_TEST_ATTACK"

func TestMain(m *testing.M) {
	if ports := os.Getenv(asAttacker); ports != "" {
		attack(strings.Fields(ports))
		return
	}
	if command := os.Getenv(asStarter); command != "" {
		startAndWait(command)
		return
	}
	os.Exit(m.Run())
}

// attack does to a kernel what a curious neighbour can, until it is killed. It prints
// what it could read.
func attack(ports []string) {
	limits := zmtp.Limits{Message: 1 << 30, Stall: 5 * time.Second}
	open := func(port int, kind string) *zmtp.Conn {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", ports[port]))
		if err != nil {
			return nil
		}
		z, err := zmtp.Open(c, kind, "attacker", limits)
		if err != nil {
			return nil
		}
		return z
	}
	raw := func(port int, text []byte) net.Conn {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", ports[port]))
		if err != nil {
			return nil
		}
		c.Write(text)
		return c
	}
	hello := append([]byte{0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 0, 'N', 'U', 'L', 'L'}, make([]byte, 48)...)
	ready := append([]byte{4, 28 + 2}, "\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER\x00"...)
	ready[1] = byte(len(ready) - 2)
	hello = append(hello, ready[:len(ready)-1]...)
	hello[65] = byte(len(ready) - 3)
	var all sync.WaitGroup
	for _, one := range []func(){
		func() { // wrong signatures, on all channels
			for i := 0; ; i++ {
				if z := open(i%3, "DEALER"); z != nil {
					z.Write([][]byte{[]byte("<IDS|MSG>"), []byte("00ff"), []byte(`{"msg_id":"1","msg_type":"shutdown_request"}`), []byte("{}"), []byte("{}"), []byte(`{}`)})
					z.Write([][]byte{[]byte("no delimiter")})
					z.Close()
				}
			}
		},
		func() { // frames of 2^40, announced and then some of them sent
			for i := 0; ; i++ {
				if c := raw(i%5, append(hello, binary.BigEndian.AppendUint64([]byte{2}, 1<<40)...)); c != nil {
					c.Write(make([]byte, 1<<16))
					c.Close()
				}
			}
		},
		func() { // half frames and half greetings, left open
			var kept []net.Conn
			for i := 0; ; i++ {
				if c := raw(i%5, append(hello, 0, 200, 'x')[:1+i%(len(hello)+2)]); c != nil {
					kept = append(kept, c)
				}
				if len(kept) > 100 {
					kept[0].Close()
					kept = kept[1:]
				}
			}
		},
		func() { // 500 connections
			for {
				var kept []net.Conn
				for i := range 500 {
					if c := raw(i%5, hello); c != nil {
						kept = append(kept, c)
					}
				}
				time.Sleep(500 * time.Millisecond)
				for _, c := range kept {
					c.Close()
				}
			}
		},
		func() { // slow readers of the outputs, and one that reads along
			for range 20 {
				if z := open(3, "SUB"); z != nil {
					z.Write([][]byte{{1}})
				}
			}
			for {
				if z := open(3, "SUB"); z != nil {
					z.Write([][]byte{{1}})
					for {
						frames, err := z.Read()
						if err != nil {
							break
						}
						fmt.Printf("read along: %.100q\n", frames)
					}
				}
				time.Sleep(10 * time.Millisecond)
			}
		},
	} {
		all.Go(one)
	}
	all.Wait()
}

// victim is a kernel on ports, as VS Code starts it.
type victim struct {
	*jupyter.Client
	connection *jupyter.Connection
	pid        int
	dead       chan struct{}
}

func startVictim(t *testing.T) *victim {
	t.Helper()
	if testing.Short() {
		t.Skip("runs a kernel: not with -short")
	}
	root, err := setup.Root(".")
	if err != nil {
		t.Fatal(err)
	}
	tools, err := setup.Prepare(t.Context(), root, os.Stderr)
	if err != nil {
		t.Skipf("no kernel can be set up on this machine: %v", err)
	}
	folder := t.TempDir()
	connection, _, err := jupyter.NewConnection(folder, "k")
	if err != nil {
		t.Fatal(err)
	}
	connection.Transport, connection.IP = "tcp", "127.0.0.1"
	var listeners []net.Listener
	for _, port := range []*int{&connection.Shell, &connection.Control, &connection.IOPub, &connection.Stdin, &connection.Heartbeat} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, l) // open until all five are known, so that they differ
		*port = l.Addr().(*net.TCPAddr).Port
	}
	for _, l := range listeners {
		l.Close()
	}
	file := filepath.Join(folder, "kernel-1.json")
	if err := connection.Write(file); err != nil {
		t.Fatal(err)
	}
	command := tools.Command(file)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Env = folder, append(tools.Env, "JPY_PARENT_PID="+strconv.Itoa(os.Getpid()))
	process.OwnGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	v := &victim{connection: connection, pid: cmd.Process.Pid, dead: make(chan struct{})}
	go func() {
		cmd.Wait()
		close(v.dead)
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-v.dead:
		case <-time.After(5 * time.Second):
			process.EndGroup(cmd)
			<-v.dead
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if v.Client, err = jupyter.Dial(ctx, connection, v.dead); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// cell runs one and returns what it prints.
func (v *victim) cell(t *testing.T, code string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var said strings.Builder
	reply, err := v.Execute(ctx, code, v.dead, func(m *jupyter.Message) {
		if m.Header.Type == "stream" {
			said.Write(m.Content)
		}
	})
	if err != nil || reply.Status != "ok" {
		t.Fatalf("%v, %+v", err, reply)
	}
	return said.String()
}

// memory is what the kernel's front holds, in MB.
func memory(t *testing.T, pid int) (MB float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kB); n == 1 {
			return kB / 1000
		}
	}
	return 0
}

// TestKernelUnderAttack has a neighbour attack a kernel on ports while its notebook runs:
// from another account, where the test is run by root, and from one's own, which only
// the bounds and the signatures stop. With CONVBOOK_LONG=1 for a minute.
func TestKernelUnderAttack(t *testing.T) {
	for _, c := range []struct {
		name   string
		others bool
	}{{"another account", true}, {"one's own account", false}} {
		t.Run(c.name, func(t *testing.T) {
			if c.others && os.Getuid() != 0 {
				t.Skip("only root can act as another user")
			}
			v := startVictim(t)
			code := func(i int) string {
				return fmt.Sprintf("%%%%\nfor i := range 300 {\n\tfmt.Println(\"a secret\", i, %d)\n}", i)
			}
			alone, began := 0, time.Now()
			for ; alone < 5; alone++ {
				v.cell(t, code(alone))
			}
			usual := time.Since(began) / time.Duration(alone)
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			if c.others { // may not enter the folder that go test builds in
				shared, err := os.MkdirTemp("/var/tmp", "convbook-attack-")
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { os.RemoveAll(shared) })
				os.Chmod(shared, 0o755)
				program, err := os.ReadFile(self)
				if err != nil {
					t.Fatal(err)
				}
				self = filepath.Join(shared, "attack")
				if err := os.WriteFile(self, program, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			attacker := exec.Command(self)
			k := v.connection
			attacker.Env = []string{fmt.Sprintf("%s=%d %d %d %d %d", asAttacker, k.Shell, k.Control, k.Stdin, k.IOPub, k.Heartbeat)}
			attacker.Dir = "/"
			if c.others {
				attacker.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534, NoSetGroups: true}}
			}
			heard, err := attacker.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := attacker.Start(); err != nil {
				t.Fatal(err)
			}
			var overheard strings.Builder
			read := make(chan struct{})
			go func() {
				io.Copy(&overheard, io.LimitReader(heard, 1<<20))
				io.Copy(io.Discard, heard)
				close(read)
			}()
			while := 4 * time.Second
			if os.Getenv("CONVBOOK_LONG") != "" {
				while = time.Minute
			}
			cells, slowest := 0, time.Duration(0)
			for end := time.Now().Add(while); time.Now().Before(end); cells++ {
				began := time.Now()
				said := v.cell(t, code(100+cells))
				slowest = max(slowest, time.Since(began))
				if n := strings.Count(said, "a secret"); n != 300 {
					t.Errorf("cell %d printed %d of 300 lines", cells, n)
				}
			}
			front := memory(t, v.pid)
			attacker.Process.Kill()
			<-read
			attacker.Wait()
			t.Logf("%d cells in %v under attack, the slowest %v, alone %v each; the front holds %.0f MB",
				cells, while, slowest.Round(time.Millisecond), usual.Round(time.Millisecond), front)
			if front > 150 {
				t.Errorf("the front holds %.0f MB", front)
			}
			if c.others && overheard.Len() > 0 {
				t.Errorf("another user reads along: %.300s", overheard.String())
			}
			// Somebody new is served as well, and the kernel ends when it is asked to.
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			second, err := jupyter.Dial(ctx, k, v.dead)
			if err != nil {
				t.Fatalf("a new client is not served: %v", err)
			}
			defer second.Close()
			if err := second.Shutdown(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-v.dead:
			case <-time.After(10 * time.Second):
				t.Error("the kernel does not end when it is asked to")
			}
		})
	}
}

// TestReplay sends a recorded message again: it runs once.
func TestReplay(t *testing.T) {
	v := startVictim(t)
	m, err := jupyter.NewRequest("execute_request", map[string]any{"code": "%%\nfmt.Println(\"once\")", "silent": false, "store_history": true, "allow_stdin": false})
	if err != nil {
		t.Fatal(err)
	}
	frames, err := m.Frames([]byte(v.connection.Key))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		network, address := v.connection.Address(v.connection.Shell)
		c, err := net.Dial(network, address)
		if err != nil {
			t.Fatal(err)
		}
		z, err := zmtp.Open(c, "DEALER", "replays", zmtp.Limits{Message: 1 << 20, Stall: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		z.Write(frames)
		defer z.Close()
	}
	time.Sleep(time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reply, err := v.Execute(ctx, "%%\nfmt.Println(\"next\")", v.dead, func(*jupyter.Message) {})
	if err != nil || reply.ExecutionCount != 2 {
		t.Errorf("the next cell is %+v, %v; want number 2", reply, err)
	}
}
