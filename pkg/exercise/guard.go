package exercise

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"time"
)

// What a student's function may take.
var (
	timeLimit          = 5 * time.Second  // for one small case
	totalLimit         = 10 * time.Second // for all cases
	memoryLimit uint64 = 2 << 30          // bytes, for what is alive at one time
	stackLimit         = 16 << 20         // bytes; more is a function that calls itself for ever
)

// problem is a call that gave no answer.
type problem struct {
	panicked any
	trace    string // the student's frames of a panic
	endless  bool
	left     bool   // by runtime.Goexit
	memory   uint64 // bytes, more than the limit
	changed  string // the input that was changed
}

// stuck reports whether the student's function is still running.
func (p *problem) stuck() bool { return p.endless || p.memory > 0 }

// guarded calls a student's function and catches a panic, a call that does not end and
// one that takes too much memory. What does not end goes on in its goroutine until the
// program ends.
func guarded[R any](call func() R) (result R, p *problem) {
	type answer struct {
		result  R
		problem *problem
	}
	done := make(chan answer, 1)
	go func() {
		o := answer{problem: &problem{left: true}}
		defer func() {
			if value := recover(); value != nil {
				if name, spoiled := value.(changedInput); spoiled {
					o.problem = &problem{changed: string(name)}
				} else {
					o.problem = &problem{panicked: value, trace: studentFrames(string(debug.Stack()))}
				}
			}
			done <- o
		}()
		o.result = call()
		o.problem = nil
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	began, before := time.Now(), uint64(0)
	for {
		select {
		case o := <-done:
			return o.result, o.problem
		case <-tick.C:
			now := inUse()
			if before == 0 {
				before = min(now, memoryLimit/4) // the first look may come late
			}
			switch {
			case now > before+memoryLimit:
				return result, &problem{memory: now - before}
			case time.Since(began) > timeLimit:
				return result, &problem{endless: true}
			}
		}
	}
}

// changedInput is the panic of a call that found the named input changed.
type changedInput string

// inUse is how many bytes of memory hold objects.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// studentFrames keeps the frames of package main, two lines each: the kernel puts
// cell and line beside them.
func studentFrames(stack string) string {
	var frames []string
	lines := strings.Split(stack, "\n")
	for i := 0; i+1 < len(lines); i++ {
		if strings.HasPrefix(lines[i], "main.") {
			name := lines[i][:max(strings.LastIndexByte(lines[i], '('), len("main."))] // without its arguments, which are addresses
			place, _, _ := strings.Cut(lines[i+1], " +0x")
			frames = append(frames, name, place)
		}
	}
	return strings.Join(frames, "\n")
}

// what says what happened, in the student's words.
func (p *problem) what() both {
	switch {
	case p.endless:
		return both{
			fmt.Sprintf("no answer after %v. Does a loop never end?", timeLimit),
			fmt.Sprintf("%g초가 지나도 답이 없습니다. 끝나지 않는 반복문이 있나요?", timeLimit.Seconds()),
		}
	case p.memory > 0:
		return both{
			fmt.Sprintf("the function takes more than %d GB of memory, so the program was stopped. Is an array far too large, or appended to without end?", memoryLimit>>30),
			fmt.Sprintf("함수가 메모리를 %dGB 넘게 사용해서 프로그램을 멈췄습니다. 배열이 너무 크거나 끝없이 append하고 있지 않나요?", memoryLimit>>30),
		}
	case p.left:
		return both{"the function called runtime.Goexit, which ends it without an answer. Return the answer instead.",
			"함수가 runtime.Goexit를 불러 답 없이 끝났습니다. 대신 답을 반환하세요."}
	}
	return both{fmt.Sprintf("stopped with the panic: %v", clipped(fmt.Sprint(p.panicked))), "함수가 다음 입력에서 패닉으로 중단되었습니다."}
}

// clipped keeps a text from filling the page.
func clipped(text string) string {
	const most = 500
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}
