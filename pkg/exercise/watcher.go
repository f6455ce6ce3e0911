package exercise

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strings"
)

// Some things end a program without a word that the check could catch: os.Exit, a stack
// that overflows, a panic in a goroutine of the student's. So while a student's function
// runs another process watches, which is this program started once more with the
// variable below. It reads from a pipe which check begins and ends, and what the runtime
// says when it crashes (debug.SetCrashOutput). When the pipe closes in the middle of a
// check it says what happened.
const watcherVariable = "CONVBOOK_EXERCISE_WATCHER"

// The second process never comes to the student's lines: packages that a program
// imports are initialised before it.
func init() {
	if os.Getenv(watcherVariable) == "1" {
		watch(os.Stdin, os.Stdout)
		os.Exit(0)
	}
}

// watcher is the way to the other process; without one, checks go on unwatched.
type watcher struct {
	pipe  *os.File
	tried bool
}

var theWatcher watcher

// begins tells the watcher, which is started by the first check of a program.
func (w *watcher) begins(name string) {
	if !w.tried {
		w.tried = true
		w.start()
	}
	if w.pipe != nil {
		fmt.Fprintf(w.pipe, "\x01%s\x02", name)
	}
}

func (w *watcher) ends() {
	if w.pipe != nil {
		fmt.Fprint(w.pipe, "\x03")
	}
}

func (w *watcher) start() {
	program, err := os.Executable()
	if err != nil {
		return
	}
	r, pipe, err := os.Pipe()
	if err != nil {
		return
	}
	defer r.Close()
	c := exec.Command(program)
	c.Env = append(os.Environ(), watcherVariable+"=1", "GOMAXPROCS=1")
	c.Stdin, c.Stdout = r, os.Stdout
	if err := c.Start(); err != nil {
		pipe.Close()
		return
	}
	debug.SetCrashOutput(pipe, debug.CrashOptions{})
	w.pipe = pipe
	go c.Wait()
}

// watch reads until the program ends, and says what happened where that was in a check.
func watch(from io.Reader, to io.Writer) {
	var said []byte
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		said = append(said, buffer[:n]...)
		if at := bytes.LastIndexByte(said, 3); at >= 0 {
			said = said[at+1:]
		}
		if excess := len(said) - 1<<20; excess > 0 {
			said = said[:1<<20] // the beginning says most
		}
		if err != nil {
			break
		}
	}
	_, rest, begun := bytes.Cut(said, []byte{1})
	name, crash, _ := bytes.Cut(rest, []byte{2})
	if !begun {
		return
	}
	what := lastWords(string(crash))
	fmt.Fprintf(to, "✗ %s: %s\n  %s\n", name, what.english, what.korean)
}

var (
	firstWords = regexp.MustCompile(`(?m)^panic: (.*)$`)
	mainFrame  = regexp.MustCompile(`(?m)^main\.(\w+)`)
)

// lastWords reads what the runtime says of a crash, which is nothing where the program
// ended itself. Of a fatal error it says the stack only, not which error it was.
func lastWords(crash string) both {
	panicked := firstWords.FindStringSubmatch(crash)
	switch {
	case crash == "":
		return both{"the program was ended in the middle of the check. Does the function call os.Exit or log.Fatal? Return an answer instead.",
			"검사 도중에 프로그램이 끝났습니다. 함수에서 os.Exit나 log.Fatal을 부르나요? 대신 답을 반환하세요."}
	case panicked != nil:
		return both{"a goroutine that the function started stopped with the panic: %s", "함수가 시작한 고루틴이 패닉으로 중단되었습니다: %s"}.with(clipped(panicked[1]))
	case strings.Contains(crash, "runtime.newstack"):
		name := "the function"
		if frame := mainFrame.FindStringSubmatch(crash); frame != nil {
			name = frame[1]
		}
		return both{"%[1]s calls itself without end, until the stack is full. When does it stop?",
			"%[1]s이(가) 자신을 끝없이 호출해 스택이 가득 찼습니다. 언제 멈추나요?"}.with(name)
	case strings.Contains(crash, "runtime.mallocgc"):
		return both{"the function takes more memory than there is. Is an array far too large, or appended to without end?",
			"함수가 남은 메모리보다 많은 메모리를 사용합니다. 배열이 너무 크거나 끝없이 append하고 있지 않나요?"}
	}
	return both{"the program was stopped in the middle of the check, as the message above says.", "검사 도중에 위의 메시지와 함께 프로그램이 중단되었습니다."}
}
