package exercise

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// problem is a call that gave no answer.
type problem struct {
	panicked any
	trace    string // the student's frames of a panic
	endless  bool
}

// guarded calls a student's function and catches a panic or a call that does not
// end. What does not end goes on in its goroutine until the program ends.
func guarded[R any](call func() R) (R, *problem) {
	type answer struct {
		result  R
		problem *problem
	}
	done := make(chan answer, 1)
	go func() {
		var o answer
		defer func() {
			if value := recover(); value != nil {
				o.problem = &problem{panicked: value, trace: studentFrames(string(debug.Stack()))}
			}
			done <- o
		}()
		o.result = call()
	}()
	select {
	case o := <-done:
		return o.result, o.problem
	case <-time.After(timeLimit):
		var none R
		return none, &problem{endless: true}
	}
}

// studentFrames keeps the frames of package main, two lines each: the kernel puts
// cell and line beside them.
func studentFrames(stack string) string {
	var frames []string
	lines := strings.Split(stack, "\n")
	for i := 0; i+1 < len(lines); i++ {
		if strings.HasPrefix(lines[i], "main.") {
			frames = append(frames, lines[i], lines[i+1])
		}
	}
	return strings.Join(frames, "\n")
}

func (p *problem) report(name, input string, hint both) {
	if p.endless {
		failed(name, both{
			fmt.Sprintf("no answer after %v. Does a loop never end?", timeLimit),
			fmt.Sprintf("%g초가 지나도 답이 없습니다. 끝나지 않는 반복문이 있나요?", timeLimit.Seconds()),
		}, input)
		return
	}
	if p.trace != "" {
		fmt.Fprintln(os.Stderr, p.trace)
	}
	failed(name, both{fmt.Sprintf("stopped with the panic: %v", p.panicked), "함수가 위의 패닉으로 중단되었습니다. 다음 입력에서 일어났습니다."}, input, hint.text())
}
