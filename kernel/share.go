package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"convbook/kernel/internal/setup"
	"convbook/kernel/internal/terminal"
	"convbook/pkg/system/atomicfile"
	"convbook/pkg/system/companion"
	"convbook/pkg/system/private"
)

type shareCommand struct {
	Address []string `help:"Listen on this address of the machine; may be given several times (the one that leads to the network)."`
	Port    int      `help:"Listen on this port (4222, or a free one)."`
	Folder  string   `help:"Keep the board in this folder (one of your cache)." type:"path"`
	Line    string   `help:"Also write the line for others into this file." type:"path"`
	Status  bool     `help:"Say who shares a sweep and how far it is."`
	Stop    bool     `help:"End the board that runs here."`
}

// Run is called by kong.
func (c *shareCommand) Run(ctx context.Context) error {
	root, err := setup.Root(".")
	if err != nil {
		return err
	}
	if c.Folder == "" {
		if c.Folder, err = private.Folder("board"); err != nil {
			return err
		}
	}
	program, err := setup.Board(ctx, root, os.Stderr)
	if err != nil {
		return err
	}
	switch {
	case c.Status:
		return passOn(exec.CommandContext(ctx, program, "status", c.Folder))
	case c.Stop:
		return passOn(exec.CommandContext(ctx, program, "stop", c.Folder))
	}
	return c.serve(ctx, program)
}

// serve runs the board until ctx ends.
func (c *shareCommand) serve(ctx context.Context, program string) error {
	arguments := []string{"serve", c.Folder}
	for _, a := range c.Address {
		arguments = append(arguments, "-address", a)
	}
	if c.Port != 0 {
		arguments = append(arguments, "-port", strconv.Itoa(c.Port))
	}
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	said := &wordsOf{to: os.Stderr}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		return err
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err == nil {
		if err := c.tell(strings.TrimSpace(line)); err != nil {
			cmd.Cancel()
			cmd.Wait()
			return err
		}
		said.shows()
	}
	if err := cmd.Wait(); err != nil && ctx.Err() == nil {
		return errors.New(said.last())
	}
	fmt.Println("the board has ended; what it holds is kept for the next time · 보드가 끝났습니다. 내용은 다음을 위해 보관됩니다")
	return nil
}

// tell prints the line for others, and what to do with it.
func (c *shareCommand) tell(line string) error {
	set := companion.BoardVariable + "=" + line
	fmt.Printf(`The board runs. On each machine that is to take part, in its clone of the course:
보드가 실행 중입니다. 함께 실행할 컴퓨터마다 강의 저장소에서 아래 줄을 실행하세요:

  %s go run ./kernel run assignment

(or `+"`lab`"+` instead of run; the line holds the password). Ctrl-C ends the board.
(run 대신 lab도 됩니다. 이 줄에는 비밀번호가 들어 있습니다.) Ctrl-C로 보드를 끝냅니다.
`, set)
	if c.Line == "" {
		return nil
	}
	if err := atomicfile.WritePrivate(c.Line, []byte(line+"\n")); err != nil {
		return fmt.Errorf("the line cannot be written: %w", err)
	}
	return nil
}

// passOn runs a command with our own input and outputs.
func passOn(cmd *exec.Cmd) error {
	said := &wordsOf{to: io.Discard}
	cmd.Stdout, cmd.Stderr = terminal.ShownTo(os.Stdout), said
	if err := cmd.Run(); err != nil {
		return errors.New(said.last())
	}
	return nil
}

// wordsOf keeps the last words of a program, and passes them on once it shows.
type wordsOf struct {
	to    io.Writer
	open  atomic.Bool
	words strings.Builder
}

func (w *wordsOf) shows() { w.open.Store(true) }

func (w *wordsOf) Write(p []byte) (int, error) {
	if w.words.Len() < 4096 {
		w.words.Write(p)
	}
	if w.open.Load() {
		return w.to.Write(p)
	}
	return len(p), nil
}

func (w *wordsOf) last() string {
	if text := strings.TrimSpace(w.words.String()); text != "" {
		return text
	}
	return "the program of the board has ended without a word"
}
