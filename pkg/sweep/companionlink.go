package sweep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"

	"convbook/pkg/system/companion"
)

// companionLink is the companion of this program: a process that ends when its input
// does, and so never outlives this one.
type companionLink struct {
	cmd     *exec.Cmd
	input   io.Closer
	link    *companion.Link
	said    *lastWords
	claims  map[int]int // numbers of claims, by trial
	trouble string

	mu      sync.Mutex
	count   int
	waiting map[int]chan companion.Message
	ended   chan struct{}
}

// startCompanion starts the companion. What it tells by itself goes to news, in order.
func startCompanion(news func(companion.Message)) (*companionLink, error) {
	program := os.Getenv(companion.ProgramVariable)
	if program == "" {
		return nil, fmt.Errorf("%s is set, but not the program that talks to the board: run this by `go run ./kernel run` or `lab`, which build it · %[1]s은 설정되었지만 보드와 통신할 프로그램이 없습니다. 그 프로그램을 만드는 `go run ./kernel run`이나 `lab`으로 실행하세요", companion.BoardVariable)
	}
	l := &companionLink{cmd: exec.Command(program, "companion"), said: &lastWords{}, claims: map[int]int{}, waiting: map[int]chan companion.Message{}, ended: make(chan struct{})}
	input, err := l.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	l.cmd.Stderr, l.input = l.said, input
	if err := l.cmd.Start(); err != nil {
		return nil, fmt.Errorf("the program that talks to the board cannot be started: %w", err)
	}
	l.link = companion.NewLink(output, input)
	go l.listen(news)
	return l, nil
}

func (l *companionLink) listen(news func(companion.Message)) {
	defer close(l.ended)
	for {
		m, err := l.link.Receive()
		if err != nil {
			return
		}
		if m.ID == 0 {
			news(m)
			continue
		}
		l.mu.Lock()
		waits := l.waiting[m.ID]
		delete(l.waiting, m.ID)
		l.mu.Unlock()
		if waits != nil {
			waits <- m
		}
	}
}

func (l *companionLink) send(m companion.Message) error {
	select {
	case <-l.ended:
		return errors.New("the companion has ended")
	default:
		return l.link.Send(m)
	}
}

// ask waits for the answer to a request.
func (l *companionLink) ask(ctx context.Context, m companion.Message) (companion.Message, error) {
	answer := make(chan companion.Message, 1)
	l.mu.Lock()
	l.count++
	m.ID = l.count
	l.waiting[m.ID] = answer
	l.mu.Unlock()
	l.link.Send(m) // where that fails the companion has ended
	select {
	case a := <-answer:
		if a.Do == companion.Failed {
			return a, errors.New(a.Text)
		}
		if a.Do == companion.Anew {
			return a, errRanked
		}
		return a, nil
	case <-l.ended:
		return m, fmt.Errorf("the program that talks to the board has ended (%s); results are kept here, and the same Run goes on · 보드와 통신하는 프로그램이 끝났습니다. 결과는 이 컴퓨터에 있으며 다시 실행하면 이어집니다", l.said)
	case <-ctx.Done():
		return m, context.Cause(ctx)
	}
}

func (l *companionLink) close() {
	l.input.Close()
	<-l.ended
	l.cmd.Wait()
}

// lastWords are the end of what the companion says before it fails.
type lastWords struct {
	mu   sync.Mutex
	text []byte
}

func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	w.text = w.text[max(0, len(w.text)-500):]
	return len(p), nil
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text := strings.TrimSpace(string(w.text)); text != "" {
		return text
	}
	return "it said nothing"
}
