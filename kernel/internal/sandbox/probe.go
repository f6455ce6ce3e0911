package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// secrets are what a probe tries to reach.
type secrets struct {
	File   string // which it may not read
	Folder string // which it may not write to
	Parent int    // the process that it may not reach
}

// escaped is what a probe prints of each thing that it could do.
const escaped = "could "

// errEscapes is the error of a sandbox that was made and does not hold.
var errEscapes = errors.New("it does not hold")

// holds tries to get out of the sandbox, and returns how that worked, or why the
// sandbox could not be made.
func (s *Sandbox) holds(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "convbook-probe-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	secret := secrets{filepath.Join(folder, "secret"), folder, os.Getpid()}
	// Only the sandbox is in the way of a program inside; nobody else can take the secret away.
	if err := errors.Join(os.Chmod(folder, 0o777|os.ModeSticky), os.WriteFile(secret.File, []byte("secret"), 0o644)); err != nil {
		return err
	}
	text, err := json.Marshal(secret)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, 20*time.Second, errors.New("no answer within 20 s"))
	defer cancel()
	var said bytes.Buffer
	_, err = s.Run(ctx, Program{Command: []string{s.self, getOut, string(text)}, Env: []string{}, Read: []string{s.self},
		Limits: Limits{Memory: 1 << 30, File: 1 << 20, CPU: 10 * time.Second}, Stdout: &said, Stderr: &said})
	words := strings.TrimSpace(said.String())
	switch {
	case strings.Contains(words, escaped):
		return fmt.Errorf("%w: a program inside %s", errEscapes, strings.ReplaceAll(words, "\n", ", "))
	case err != nil && words != "":
		lines := strings.Split(words, "\n")
		return errors.New(strings.TrimPrefix(lines[0], notEntered))
	case err != nil:
		return err
	case words != "inside":
		return fmt.Errorf("the program inside said %q", words)
	}
	return nil
}

// What a probe does instead, to be ended by a limit.
const (
	spin   = "spin"
	sleep  = "sleep"
	devour = "devour"
	fill   = "fill"
)

var devoured [][]byte

// probe tries to get out and prints what it could do. It may run where nothing holds it,
// so it tries nothing that would do harm.
func probe(argument string) {
	switch argument {
	case spin:
		for n := uint64(1); n != 0; n += 2 { // never
		}
	case sleep:
		time.Sleep(time.Hour)
	case devour:
		for {
			devoured = append(devoured, bytes.Repeat([]byte{1}, 1<<24))
		}
	case fill:
		fmt.Println(os.WriteFile("filled", make([]byte, 1<<24), 0o644))
		return
	}
	var s secrets
	if json.Unmarshal([]byte(argument), &s) != nil {
		return
	}
	tries := map[string]func() error{
		"read a file":    func() error { _, err := os.ReadFile(s.File); return err },
		"list a folder":  func() error { _, err := os.ReadDir(s.Folder); return err },
		"write a file":   func() error { return os.Remove(made(s.Folder)) },
		"write below /":  func() error { return os.Remove(made("/")) },
		"see processes":  func() error { _, err := os.ReadFile("/proc/" + strconv.Itoa(s.Parent) + "/status"); return err },
		"read passwords": func() error { _, err := os.ReadFile("/etc/passwd"); return err },
	}
	for name, f := range callsOut(s) {
		tries[name] = f
	}
	for name, f := range tries {
		if f() == nil {
			fmt.Println(escaped + name)
		}
	}
	fmt.Println("inside")
}

// made makes a file of a new name in a folder and returns it, or what is no name.
func made(folder string) string {
	f, err := os.CreateTemp(folder, "convbook-probe-")
	if err != nil {
		return ""
	}
	f.Close()
	return f.Name()
}
