//go:build linux

package sweep_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"convbook/pkg/nprandom"
	"convbook/pkg/system/companion"
)

// hosts are network namespaces joined by a bridge, each with an address of its own: the
// board's is the first. The board's folder is on a small disk.
type hosts struct {
	t      *testing.T
	name   string
	subnet string
	board  *testBoard
	own    []*testMachine // by host, from 1
}

func (h *hosts) namespace(i int) string  { return fmt.Sprintf("%sn%d", h.name, i) }
func (h *hosts) cable(i int) string      { return fmt.Sprintf("%sc%d", h.name, i) }
func (h *hosts) address(host int) string { return fmt.Sprintf("%s.%d", h.subnet, host+1) }

func command(t *testing.T, words ...string) {
	t.Helper()
	if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(words, " "), err, out)
	}
}

// nets is how many were made by this process.
var nets int

// newHosts makes the board's host and n others.
func newHosts(t *testing.T, n int) *hosts {
	if os.Getenv("CONVBOOK_LONG") == "" || os.Getuid() != 0 {
		t.Skip("skipped: it wants root and CONVBOOK_LONG=1")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("skipped: there is no ip (iproute2)")
	}
	nets++
	id := (os.Getpid()+nets)%250 + 1
	h := &hosts{t: t, name: fmt.Sprintf("cb%d%c", id, 'a'+rune(nets%26)), subnet: fmt.Sprintf("10.77.%d", id), own: make([]*testMachine, n+1)}
	if out, err := exec.Command("ip", "link", "add", h.name, "type", "bridge").CombinedOutput(); err != nil {
		t.Skipf("skipped: no bridge can be made here: %s", out)
	}
	t.Cleanup(func() {
		for i := range n + 1 {
			exec.Command("ip", "netns", "del", h.namespace(i)).Run()
		}
		exec.Command("ip", "link", "del", h.name).Run()
	})
	command(t, "ip", "link", "set", h.name, "up")
	for i := range n + 1 {
		command(t, "ip", "netns", "add", h.namespace(i))
		command(t, "ip", "link", "add", h.cable(i), "type", "veth", "peer", "name", "eth0", "netns", h.namespace(i))
		command(t, "ip", "link", "set", h.cable(i), "master", h.name, "up")
		command(t, "ip", "-n", h.namespace(i), "addr", "add", h.address(i)+"/24", "dev", "eth0")
		command(t, "ip", "-n", h.namespace(i), "link", "set", "eth0", "up")
		command(t, "ip", "-n", h.namespace(i), "link", "set", "lo", "up")
	}
	return h
}

// startBoard starts a new board on a small disk of its own.
func (h *hosts) startBoard() {
	program, err := boardProgram()
	if err != nil {
		h.t.Fatal(err)
	}
	h.board = &testBoard{t: h.t, program: program, folder: h.t.TempDir(), before: []string{"ip", "netns", "exec", h.namespace(0)}}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", h.board.folder).CombinedOutput(); err != nil {
		h.t.Skipf("skipped: no small disk can be made here: %s", out)
	}
	board := h.board
	h.t.Cleanup(func() {
		board.kill()
		exec.Command("umount", "-l", board.folder).Run()
	})
	h.board.start("-address", h.address(0))
}

// start starts a machine on a host, in the folder of the one before where that is given.
func (h *hosts) start(host int, folder string, settings ...string) {
	m := &testMachine{folder: folder}
	if folder == "" {
		m.folder = h.t.TempDir()
	}
	m.cmd = exec.Command("ip", "netns", "exec", h.namespace(host), os.Args[0])
	m.cmd.Env = append(append(os.Environ(), "CONVBOOK_DATA=stand-in", machineVariable+"="+m.folder, companion.BoardVariable+"="+h.board.line,
		companion.ProgramVariable+"="+h.board.program, companion.MachineVariable+"=host"+strconv.Itoa(host)), settings...)
	m.cmd.Stdout, m.cmd.Stderr = &m.said, &m.said
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := m.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { syscall.Kill(-m.cmd.Process.Pid, syscall.SIGKILL) })
	h.own[host] = m
}

// One, two and four hosts end with the same table and digests as a machine alone.
func TestHosts(t *testing.T) {
	h := newHosts(t, 4)
	for _, n := range []int{1, 2, 4} {
		h.startBoard()
		want := startMachine(t).wait(t)
		for host := range n {
			h.start(host+1, "")
		}
		for host := range n {
			o := h.own[host+1].wait(t)
			if o.Error != "" || !reflect.DeepEqual(o.Table, want.Table) || !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
				t.Errorf("%d hosts: host %d ends with %q and other results than alone: %s", n, host+1, o.Error, h.own[host+1].said.String())
			}
		}
		h.board.kill()
	}
}

// Whatever fails at whatever moment, nothing is lost and nothing counted twice: all
// machines end with the results of one alone. CONVBOOK_FAULTS says how many faults.
func TestHostsWithFaults(t *testing.T) {
	h := newHosts(t, 3)
	faults, err := strconv.Atoi(os.Getenv("CONVBOOK_FAULTS"))
	if err != nil {
		faults = 6
	}
	seed := time.Now().UnixNano()
	if s, err := strconv.ParseInt(os.Getenv("CONVBOOK_FAULT_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("CONVBOOK_FAULT_SEED=%d", seed)
	rng := nprandom.New(uint32(seed))
	settings := []string{epochsVariable + "=100", seedsVariable + "=4", travelVariable + "=300ms"}
	lonely := startMachine(t, settings...)
	want := lonely.wait(t)
	expected := lonely.trained()
	kinds := map[string]int{}
	total, rounds := 0, 0
	for done := 0; done < faults; rounds++ {
		h.startBoard()
		for host := 1; host < len(h.own); host++ {
			h.start(host, "", settings...)
		}
		for done < faults && !h.ended() {
			time.Sleep(time.Duration(200+rng.RandInt(0, 1200)) * time.Millisecond)
			kinds[h.fault(rng, settings)]++
			done++
		}
		for host := 1; host < len(h.own); host++ {
			o := h.own[host].wait(t)
			if o.Error != "" || !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
				used, _ := exec.Command("du", "-ak", h.board.folder).Output()
				t.Fatalf("round %d: host %d ends with %q and %d results, other than alone: %s; the board's disk: %s", rounds, host, o.Error, len(o.Results), h.own[host].said.String(), used)
			}
			total += h.own[host].trained()
		}
		h.board.kill()
	}
	twice, running := total-rounds*expected, len(h.own)-1 // a trial on each machine
	t.Logf("%d faults in %d sweeps: %v; %d steps were trained twice, of %d", faults, rounds, kinds, twice, rounds*expected)
	if most := faults * running * expected / len(want.Results); twice < 0 || twice > most {
		t.Errorf("%d steps were trained twice; %d faults may repeat %d, those of the running trials", twice, faults, most)
	}
}

// ended reports whether some machine has ended.
func (h *hosts) ended() bool {
	for _, m := range h.own[1:] {
		if _, err := os.Stat(filepath.Join(m.folder, "outcome")); err == nil {
			return true
		}
	}
	return false
}

// fault lets something fail, and be mended.
func (h *hosts) fault(rng *nprandom.RandomState, settings []string) (kind string) {
	host := rng.RandInt(1, len(h.own))
	m := h.own[host]
	while := time.Duration(rng.RandInt(500, 3000)) * time.Millisecond
	switch kind = []string{"machine killed", "board killed", "network cut", "process paused", "disk full"}[rng.RandInt(0, 5)]; kind {
	case "machine killed": // its companion, too
		syscall.Kill(-m.cmd.Process.Pid, syscall.SIGKILL)
		m.cmd.Wait()
		time.Sleep(while / 4)
		h.start(host, m.folder, settings...)
	case "board killed":
		h.board.kill()
		time.Sleep(while / 2)
		h.board.start("-address", h.address(0))
	case "network cut":
		command(h.t, "ip", "link", "set", h.cable(host), "down")
		time.Sleep(while)
		command(h.t, "ip", "link", "set", h.cable(host), "up")
	case "process paused":
		if rng.RandInt(0, 6) == 0 {
			while = 35 * time.Second // longer than its trial is left to it
		}
		m.cmd.Process.Signal(syscall.SIGSTOP)
		time.Sleep(while)
		m.cmd.Process.Signal(syscall.SIGCONT)
	case "disk full":
		filler := filepath.Join(h.board.folder, "filler")
		if f, err := os.Create(filler); err == nil {
			for block := make([]byte, 1<<20); err == nil; {
				_, err = f.Write(block)
			}
			f.Close()
		}
		time.Sleep(while)
		os.Remove(filler)
	}
	return kind
}
