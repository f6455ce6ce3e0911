// Command completion stands before gopls, the language server that GoNB asks what
// could complete a name, so that no cell ever waits for it. It is installed under
// the name gopls, with the real one in the folder real beside it.
//
// GoNB v0.11.4 starts "gopls -listen unix;SOCKET" with the kernel and connects 12 s
// later. A completion that is asked for before waits for that with all cells behind
// it, unless the program has ended: then it is answered at once, with nothing, and
// GoNB still connects to the socket after the 12 s. So this program ends at once and
// leaves a server behind that
//
//   - opens the socket when GoNB has taken the end of the first process in,
//   - starts the real gopls and has it read the module while nobody waits,
//   - answers what gopls does not answer in time with nothing; gopls finishes in the
//     background, and the next Tab has it,
//   - ends with the kernel, also with one that was killed, and takes gopls with it.
//
// Until the first process has ended, 0.01 s after the start and 0.07 s on a machine
// with much to do, a Tab still waits for 12 s: sooner than anybody presses it.
//
// Measured from pressing Tab to the answer, on a shared machine of four cores: with
// gopls alone 14.6 s in the first seconds of a kernel and 0.01 to 0.05 s later. With
// this program 0.01 s and no names in the first 12 s, 0.12 s for the first names,
// 0.01 s from then on.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	// behind is set for the server that is left behind.
	behind = "CONVBOOK_COMPLETION"
	// settling is how long GoNB may take to remove the socket's file when the
	// first process has ended; a server that listens before would lose it.
	settling = time.Second
	// patience is how long the server waits for GoNB, which gives up after 30 s.
	patience = 40 * time.Second
	// limit is how long one answer may keep the cells waiting.
	limit = 800 * time.Millisecond
)

func main() {
	gopls, err := realGopls()
	if err != nil {
		fail(err)
	}
	socket, found := listenAddress(os.Args[1:])
	switch {
	case !found: // gopls version and the like
		cmd := exec.Command(gopls, os.Args[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			fail(err)
		}
	case os.Getenv(behind) == "":
		if err := leaveBehind(); err != nil {
			fail(err)
		}
	default:
		os.Stdin.Read(make([]byte, 1)) // until the first process has ended
		if err := serve(gopls, socket); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "completion:", err)
	os.Exit(1)
}

// listenAddress returns the file of the socket in gopls's arguments.
func listenAddress(args []string) (socket string, found bool) {
	i := slices.Index(args, "-listen")
	if i < 0 || i+1 >= len(args) {
		return "", false
	}
	return strings.CutPrefix(args[i+1], "unix;")
}

func realGopls() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	name := "gopls"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(filepath.Dir(self), "real", name), nil
}

// leaveBehind starts the server. Its standard input ends when this process does.
func leaveBehind() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	input, held, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), behind+"=server")
	cmd.Stdin = input
	ownSession(cmd)
	err = cmd.Start()
	_ = held // open until the process ends
	return err
}
