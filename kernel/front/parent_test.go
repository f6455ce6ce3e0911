//go:build unix

package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"convbook/kernel/internal/jupyter"
	"convbook/kernel/internal/setup"
)

// asStarter makes the program of the tests start a kernel, say so, and wait to be killed.
const asStarter = "CONVBOOK_TEST_STARTER"

// startAndWait starts the command that it is given, as jupyter_client does.
func startAndWait(text string) {
	var command []string
	if err := json.Unmarshal([]byte(text), &command); err != nil {
		panic(err)
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "JPY_PARENT_PID="+strconv.Itoa(os.Getpid()))
	if err := cmd.Start(); err != nil {
		panic(err)
	}
	time.Sleep(time.Hour)
}

// marked returns the processes with a mark in their environment, by their programs.
func marked(mark string) (programs []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		if text, _ := os.ReadFile(file); strings.Contains(string(text), mark) {
			program, _ := os.Readlink(filepath.Join(filepath.Dir(file), "exe"))
			programs = append(programs, filepath.Base(program))
		}
	}
	return programs
}

// TestEndsWithItsParent kills the program that has started a kernel, while a cell runs
// for ever that has started another program: all of them end.
func TestEndsWithItsParent(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a kernel: not with -short")
	}
	if runtime.GOOS != "linux" {
		t.Skip("processes are looked up in /proc, which only Linux has")
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
	connection, remove, err := jupyter.NewConnection(folder, "k")
	if err != nil {
		t.Fatal(err)
	}
	defer remove()
	file := filepath.Join(folder, "kernel-7.json")
	if err := connection.Write(file); err != nil {
		t.Fatal(err)
	}
	command, _ := json.Marshal(tools.Command(file))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	mark := "CONVBOOK_TEST_MARK=" + filepath.Base(folder) + strconv.Itoa(os.Getpid())
	starter := exec.Command(self)
	starter.Env = append(tools.Env, mark, asStarter+"="+string(command))
	if err := starter.Start(); err != nil {
		t.Fatal(err)
	}
	defer starter.Process.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client, err := jupyter.Dial(ctx, connection, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	begun := make(chan struct{})
	go client.Execute(ctx, "import \"os/exec\"\n\n%%\nexec.Command(\"sleep\", \"1000\").Start()\nfmt.Println(\"begun\")\nfor {\n}", nil, func(m *jupyter.Message) {
		if strings.Contains(string(m.Content), `"begun\n"`) {
			close(begun)
		}
	})
	select {
	case <-begun:
	case <-ctx.Done():
		t.Fatal("the cell does not begin")
	}
	if programs := marked(mark); len(programs) < 5 {
		t.Fatalf("starter, front, GoNB, cell and sleep are %q", programs)
	}
	starter.Process.Kill()
	starter.Wait()
	for end := time.Now().Add(20 * time.Second); len(marked(mark)) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("left running: %q", marked(mark))
		}
	}
}
