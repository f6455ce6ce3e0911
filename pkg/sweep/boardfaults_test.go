package sweep_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"convbook/pkg/system/companion"
)

// What keeps a machine from the board is said in a line, in both languages.
func TestBoardErrors(t *testing.T) {
	t.Parallel()
	b := startBoard(t)
	line := b.line
	at := strings.Index(line, "@")
	for _, c := range []struct{ name, line, want string }{
		{"wrong token", strings.Replace(line, line[len("board://"):at], strings.Repeat("0", 32), 1), "does not take the token"},
		{"wrong certificate", line[:len(line)-4] + "0000", "the certificate is another"},
		{"half of the line", line[:len(line)-8], "not the whole line"},
		{"no address", "board://x@nowhere/" + strings.Repeat("00", 32), "want HOST:PORT"},
		{"nobody there", strings.Replace(line, line[at:strings.LastIndex(line, "/")], "@127.0.0.1:1", 1), "no board answers at 127.0.0.1:1"},
		{"a server without a name", "nats://", "neither the line"},
	} {
		o := startMachine(t, companion.BoardVariable+"="+c.line, companion.ProgramVariable+"="+b.program).wait(t)
		if !strings.Contains(o.Error, c.want) || strings.Contains(o.Error, "\n") || !strings.ContainsFunc(o.Error, func(r rune) bool { return r >= '가' && r <= '힣' }) {
			t.Errorf("%s: the error is %q, want %q, in a line and in both languages", c.name, o.Error, c.want)
		}
	}
	if o := startMachine(t, companion.BoardVariable+"="+line).wait(t); !strings.Contains(o.Error, "not the program that talks to the board") {
		t.Errorf("without the companion the error is %q", o.Error)
	}
}

// Programs that differ do not mix, and the one that comes later is told in what.
func TestOtherProgramsDoNotMix(t *testing.T) {
	t.Parallel()
	b := startBoard(t)
	first := b.machine("one", meeting(t, 2)) // it does not end, since nobody comes
	first.until(t, "machines")
	o := b.machine("two", otherVariable+"=1").wait(t)
	if !strings.Contains(o.Error, "one runs this sweep with another program") || !strings.Contains(o.Error, "batch size: 50 there, 60 here") {
		t.Errorf("the error is %q", o.Error)
	}
}

// A machine that computes wrong is named and its results are taken out. Points that were ranked by them
// are ranked anew.
func TestAMachineThatIsWrong(t *testing.T) {
	for name, halving := range map[string]string{"plain": "", "halving": halvingVariable + "=1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testAMachineThatIsWrong(t, halving)
		})
	}
}

func testAMachineThatIsWrong(t *testing.T, halving string) {
	b := startBoard(t)
	meet := meeting(t, 3)
	const compare = companion.CompareVariable + "=1" // also the first, which the wrong one has
	want := startMachine(t, halving).wait(t)
	wrong := b.machine("broken", halving, meet, compare, wrongVariable+"=1")
	sound := []*testMachine{b.machine("one", halving, meet, compare), b.machine("two", halving, meet, compare)}
	for i, m := range sound {
		o := m.wait(t)
		if o.Error != "" || !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
			t.Errorf("the sound machine %d ends with %q and other results than alone: %s", i, o.Error, m.said.String())
		}
		if !strings.Contains(o.Last, "results of broken differ from those of two other machines") {
			t.Errorf("the sound machine %d ends with the progress %q, which does not name the one that is wrong", i, o.Last)
		}
		// What it keeps is right, too.
		again := startMachine(t, halving, machineVariable+"="+m.folder)
		again.folder = m.folder
		if o := again.wait(t); !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
			t.Errorf("the sound machine %d has kept other results", i)
		}
	}
	if o := wrong.wait(t); !strings.Contains(o.Error, "the results of this machine (broken) differ from those of two others") {
		t.Errorf("the machine that is wrong ends with %q and %q", o.Error, o.Last)
	}
}

// A machine that is killed leaves its trial to another one, which goes on from the
// checkpoint, to the same bits.
func TestKilledMachine(t *testing.T) {
	t.Parallel()
	b := startBoard(t)
	settings := []string{epochsVariable + "=40", seedsVariable + "=1", travelVariable + "=100ms"}
	want := startMachine(t, settings...)
	whole := want.wait(t)
	first := b.machine("one", append(settings, slowVariable+"=1")...)
	first.steps(t, 120)
	waitFor(t, b.hasCheckpoint, func() string { return "no checkpoint comes to the board: " + first.said.String() })
	first.cmd.Process.Kill()
	first.cmd.Wait()
	trained := first.trained()
	second := b.machine("two", settings...)
	o := second.wait(t)
	if o.Error != "" || !reflect.DeepEqual(alone(o.Results), alone(whole.Results)) {
		t.Errorf("after a machine was killed the sweep ends with %q and other results than alone", o.Error)
	}
	expected := 6 * 40 * 6 // trials, epochs, steps
	twice := trained + second.trained() - expected
	if twice < 0 || twice >= trained {
		t.Errorf("%d steps were trained twice, of %d that the machine had trained when it was killed", twice, trained)
	}
	if !strings.Contains(o.Last, "1 taken over from machines that left") {
		t.Errorf("the progress ends with %q", o.Last)
	}
	t.Logf("%d of %d steps were trained twice", twice, expected)
}

// hasCheckpoint reports whether a checkpoint is on the board's disk. Its description is written last.
func (b *testBoard) hasCheckpoint() bool {
	files, _ := filepath.Glob(filepath.Join(b.folder, "store", "jetstream", "*", "streams", "OBJ_*", "msgs", "*.blk"))
	return slices.ContainsFunc(files, func(path string) bool {
		content, err := os.ReadFile(path)
		return err == nil && bytes.Contains(content, []byte("$O.convbook-checkpoints.M."))
	})
}

// A board that is killed and started again goes on where it was; machines wait for it.
func TestKilledBoard(t *testing.T) {
	t.Parallel()
	b := startBoard(t)
	settings := []string{epochsVariable + "=30", seedsVariable + "=2"}
	want := startMachine(t, settings...).wait(t)
	machines := []*testMachine{b.machine("one", settings...), b.machine("two", settings...)}
	trained := func() int { return machines[0].trained() + machines[1].trained() }
	for range 2 {
		until := trained() + 300
		waitFor(t, func() bool { return trained() >= until }, func() string { return fmt.Sprintf("%d steps of %d", trained(), until) })
		b.kill()
		time.Sleep(500 * time.Millisecond)
		b.start()
	}
	for i, m := range machines {
		if o := m.wait(t); o.Error != "" || !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
			t.Errorf("machine %d ends with %q and other results than alone: %s", i, o.Error, m.said.String())
		}
	}
	// A later run without the board has all results.
	again := startMachine(t, append(settings, machineVariable+"="+machines[0].folder)...)
	again.folder = machines[0].folder
	if o := again.wait(t); !strings.Contains(o.Last, "opened, trained before") || !reflect.DeepEqual(alone(o.Results), alone(want.Results)) {
		t.Errorf("a run without the board ends with %q", o.Last)
	}
}

// A program that is killed ends its companion.
func TestCompanionEndsWithItsProgram(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("skipped: it looks into /proc")
	}
	b := startBoard(t)
	m := b.machine("one", meeting(t, 2)) // it does not end, since nobody comes
	m.until(t, "machines")
	children := func() (n int) {
		all, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, path := range all {
			text, _ := os.ReadFile(path)
			if strings.Contains(string(text), machineVariable+"="+m.folder) {
				n++
			}
		}
		return n
	}
	if n := children(); n != 2 {
		t.Errorf("%d processes, want the program and its companion", n)
	}
	m.cmd.Process.Signal(syscall.SIGKILL)
	m.cmd.Wait()
	waitFor(t, func() bool { return children() == 0 }, func() string { return "the companion outlives its program" })
}
