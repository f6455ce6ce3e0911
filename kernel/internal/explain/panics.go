package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"convbook/kernel/internal/cell"
)

// ends are what GoNB says of a program that did not end well by itself.
var ends = like(`^(?:\^C\n)?(?:exit status (\d+)|signal: (.+?)(?: \(core dumped\))?)\s*$`)

// IsEnd says whether a text is only that.
func IsEnd(text string) bool { return len(text) < 200 && ends.MatchString(text) }

var (
	begins  = like(`(?m)^(?:panic: |fatal error: |runtime: goroutine stack exceeds |runtime: out of memory|SIG[A-Z]+: |unexpected fault address )`)
	threads = like(`(?m)^(?:goroutine \d+|runtime stack:)`)
)

// Begin returns where in a text what Go's runtime says of a panic begins; -1: nowhere.
func Begin(text string) int {
	if at := begins.FindStringIndex(text); at != nil {
		return at[0]
	}
	return -1
}

// Traced says whether a text that begins as a panic's goes on as one: with goroutines.
func Traced(text string) bool { return threads.MatchString(text) }

func hasPanic(stderr string) bool { return Begin(stderr) >= 0 && Traced(stderr) }

// frame is a line of a stack: a function, and where in which file.
type frame struct {
	function string
	file     string
	line     int
}

var framed = regexp.MustCompile(`(?m)^(\S.*?)\(.*\)(?: in goroutine \d+)?\n\t(?:.*\]\]\x1b\[0m )?(.+\.go):(\d+)`)

// stack returns the frames of the goroutine that has panicked, the innermost first.
func stack(text string) (frames []frame) {
	at := regexp.MustCompile(`(?m)^goroutine \d+ .*\[.*\]:\n`).FindStringIndex(text)
	if at == nil {
		return nil
	}
	text = text[at[1]:]
	if end := strings.Index(text, "\n\ngoroutine "); end >= 0 {
		text = text[:end]
	}
	if end := strings.Index(text, "\ncreated by "); end >= 0 {
		text = text[:end+1]
	}
	for _, m := range framed.FindAllStringSubmatch(text, 200) {
		f := frame{function: m[1], file: m[2]}
		fmt.Sscan(m[3], &f.line)
		frames = append(frames, f)
	}
	return frames
}

// passing is what a panic that was caught elsewhere and passed on says of where it arose.
var passing = regexp.MustCompile(` \[main\.go line (\d+(?:, main\.go line \d+)*)\]`)

// passed takes the lines of the program in which a panic arose out of its message.
func passed(message string) (rest string, lines []int) {
	rest = passing.ReplaceAllStringFunc(message, func(found string) string {
		for place := range strings.SplitSeq(strings.Trim(found, " []"), ", ") {
			lines = append(lines, number(strings.TrimPrefix(place, "main.go line ")))
		}
		return ""
	})
	return rest, lines
}

// mainLines are the lines of the program on the stack, the innermost first.
func mainLines(text string) (lines []int) {
	for _, fr := range stack(text) {
		if strings.HasSuffix(fr.file, "/main.go") {
			lines = append(lines, fr.line)
		}
	}
	return lines
}

// panicked says what went wrong in a program that ran.
func (f *Failure) panicked(c *cell.Cell) Said {
	text := f.Stderr[Begin(f.Stderr):]
	message, _, _ := strings.Cut(text, "\ngoroutine ")
	message, _, _ = strings.Cut(message, "\nruntime stack:")
	message, passedOn := passed(strings.TrimSpace(message))
	w, kind := f.panicWords(message)
	s := newSaid(kind, w)
	s.add("")
	var shown []fault
	program := newProgram(f, c)
	for _, line := range append(passedOn, mainLines(text)...) {
		at := program.at(line)
		if at.line == 0 || slices.Contains(shown, at) || len(shown) == 5 {
			continue
		}
		lines := f.where(c, at)
		if len(shown) > 0 {
			lines[0] = "called from " + lines[0]
		}
		s.add(lines...)
		shown = append(shown, at)
	}
	if first := clean(message); kind != "panic" && first != w.en {
		s.add("Go: " + first)
	}
	return s
}

// clean is a panic's message in one line, without addresses.
func clean(message string) string {
	message = regexp.MustCompile(`(?m)^\[signal .*$|^runtime: sp=.*$`).ReplaceAllString(message, "")
	message = strings.TrimPrefix(message, "panic: ")
	lines := strings.FieldsFunc(message, func(r rune) bool { return r == '\n' })
	return strings.TrimSpace(strings.Join(lines[:min(1, len(lines))], ""))
}

// panicRules have words for what Go's runtime says.
var panicRules = []rule{
	compileRule(`index out of range \[(-?\d+)\] with length 0`,
		"The index $1 is outside the list: the list is empty.", "인덱스 $1이/가 범위를 벗어났습니다. 목록이 비어 있습니다."),
	{like(`index out of range \[(-?\d+)\](?: with length (\d+))?`), "panic", func(m []string, _ string, _ fault) words {
		if m[2] == "" {
			return say("The index %s is negative: indices begin at 0.", "인덱스 %s은/는 음수입니다. 인덱스는 0부터입니다.").with(m[1])
		}
		return say("The index %s is outside the list, which has %s items, from 0 to %d.", "인덱스 %s이/가 범위를 벗어났습니다. 항목은 %s개이고 인덱스는 0부터 %d까지입니다.").with(m[1], m[2], number(m[2])-1)
	}},
	compileRule(`slice bounds out of range \[:(\d+)\] with (?:capacity|length) (\d+)`,
		"The list is cut at $1, and it has $2 items.", "목록을 $1에서 자르려 했지만 항목은 $2개뿐입니다."),
	compileRule(`slice bounds out of range \[(\d+):(\d+)\]`,
		"The list is cut from $1 to $2: the first must not be larger.", "목록을 $1부터 $2까지 자를 수 없습니다. 앞의 수가 더 클 수 없습니다."),
	compileRule(`assignment to entry in nil map`,
		"The map was never made: write counts := make(map[string]int), or map[string]int{}, before anything is put in.",
		"map을 만들지 않았습니다. 값을 넣기 전에 counts := make(map[string]int) 또는 map[string]int{}로 만드세요."),
	compileRule(`invalid memory address or nil pointer dereference`,
		"A value that is nil is used: the variable was declared and never given anything, or a function has returned nil.",
		"nil인 값을 사용했습니다. 변수를 선언만 하고 값을 넣지 않았거나, 함수가 nil을 돌려주었습니다."),
	compileRule(`integer divide by zero`, "A whole number was divided by zero.", "정수를 0으로 나누었습니다."),
	compileRule(`interface conversion: (?:.* is|interface \{\} is) ([^,]+), not (.+)`,
		"The value is $1, and the program says that it is $2.", "값의 타입은 $1인데 $2라고 썼습니다."),
	compileRule(`all goroutines are asleep - deadlock`,
		"The program waits for itself for ever: everybody waits for a channel or a lock, and nobody is left to serve it.",
		"프로그램이 영원히 기다리고 있습니다. 모두가 채널이나 락을 기다리는데 응답할 쪽이 없습니다."),
	compileRule(`stack overflow|goroutine stack exceeds`,
		"A function calls itself again and again, without an end: the case in which it stops is missing.",
		"함수가 끝없이 자기 자신을 부릅니다. 멈추는 조건이 빠졌습니다."),
	compileRule(`makeslice: (?:len|cap) out of range`, "A list of a size that is negative or too large was asked for.", "목록의 크기가 음수이거나 너무 큽니다."),
	compileRule(`out of memory|cannot allocate memory`, "There is not enough memory for what this line asks for. Is a size far too large?", "이 줄에 필요한 메모리가 모자랍니다. 크기가 지나치게 크지 않나요?"),
	compileRule(`concurrent map (?:read and map write|writes|iteration and map write)`, "Several goroutines use one map at the same time: guard it by a sync.Mutex.",
		"여러 고루틴이 map 하나를 동시에 씁니다. sync.Mutex로 보호하세요."),
	compileRule(`close of (?:closed|nil) channel`, "A channel was closed that is closed already or was never made.", "이미 닫혔거나 만들지 않은 채널을 닫았습니다."),
	compileRule(`send on closed channel`, "Something was sent on a closed channel.", "닫힌 채널에 값을 보냈습니다."),
	compileRule(`got shape (\([^)]*\)), want (\([^)]*\))(.*)`, "The shapes do not fit: $1 where $2 is needed$3.", "형상이 맞지 않습니다: $2이/가 필요한데 $1입니다."),
}

func number(text string) (n int) {
	fmt.Sscan(text, &n)
	return n
}

// panicWords finds words for a panic's message: the runtime's are translated, a
// program's own stay as they are.
func (f *Failure) panicWords(message string) (words, string) {
	own := !strings.HasPrefix(message, "panic: runtime error") && !strings.HasPrefix(message, "fatal error") &&
		!strings.HasPrefix(message, "runtime: ") && !strings.HasPrefix(message, "panic: assignment to entry") &&
		!strings.HasPrefix(message, "panic: interface conversion") && !strings.HasPrefix(message, "panic: close of") && !strings.HasPrefix(message, "panic: send on")
	for _, r := range panicRules {
		m := r.matches.FindStringSubmatch(message)
		if m == nil {
			continue
		}
		w := r.say(m, "", fault{})
		switch before, _, passed := strings.Cut(strings.TrimPrefix(message, "panic: "), "runtime error: "); {
		case own && strings.Contains(message, "got shape"):
			return words{clean(message), w.ko}, "panic"
		case !own:
			return w, "runtime error"
		case passed: // a package says which trial, or which figure
			return words{before + w.en, w.ko}, "runtime error"
		}
	}
	text := strings.TrimPrefix(message, "panic: ")
	if found := regexp.MustCompile(`^[\w.*]+\("((?s:.*))"\)$`).FindStringSubmatch(text); found != nil { // panic(T("text"))
		text = found[1]
	}
	text = regexp.MustCompile(`^&?errors\.errorString\{s:"(.*)"\}$`).ReplaceAllString(text, "$1")
	text = regexp.MustCompile(`(?m)\n?\[signal .*$`).ReplaceAllString(text, "")
	text = regexp.MustCompile(` \[recovered(?:, repanicked)?\]| 0x[0-9a-f]+$`).ReplaceAllString(text, "")
	return words{strings.TrimSpace(text), ""}, "panic"
}

// ended has words for a program that ended with a status or by a signal, without a panic.
func (f *Failure) ended() Said {
	m := ends.FindStringSubmatch(f.Value)
	var w words
	switch {
	case m[1] != "":
		w = say("The program of the cell ended itself, with status %s: os.Exit(%[1]s), or log.Fatal.", "셀의 프로그램이 스스로 끝났습니다(상태 %s): os.Exit(%[1]s) 또는 log.Fatal.").with(m[1])
		if strings.HasPrefix(strings.TrimSpace(f.Code), "!") || strings.Contains(f.Code, "\n!") || strings.HasPrefix(f.Code, "%%") && !strings.HasPrefix(f.Code, "%%\n") {
			w = say("A command of this cell failed, with status %s.", "이 셀의 명령이 실패했습니다(상태 %s).").with(m[1])
		}
	case m[2] == "killed":
		w = say("The program of the cell was ended from outside: most often because memory ran out.", "셀의 프로그램이 밖에서 강제로 끝났습니다. 대개 메모리가 모자랄 때 그렇습니다.")
	default:
		w = say("The program of the cell was ended by a signal: %s.", "셀의 프로그램이 신호로 끝났습니다: %s.").with(m[2])
	}
	return newSaid("exit", w)
}

// interrupted says how to go on.
func (f *Failure) interrupted() Said {
	w := say("Interrupted. Run the cell again to start over.", "중단했습니다. 셀을 다시 실행하면 처음부터 시작합니다.")
	if f.Resumes {
		w = say("Interrupted. What was trained is kept: run the cell again to continue from there.", "중단했습니다. 학습한 것은 남아 있으니 셀을 다시 실행하면 이어서 학습합니다.")
	}
	return newSaid("Interrupted", w)
}

// ProxyVariable holds, in the environment of cells, where the user's Go takes modules
// from. GOPROXY itself is off there: a cell never waits for the network.
const ProxyVariable = "CONVBOOK_GOPROXY"

var (
	withC    = like(`build constraints exclude all Go files|requires cgo|CGO_ENABLED=0`)
	notInStd = like(`package ([\w./-]+) is not in std`)
	notFound = like(`(?:cannot find module providing package|no required module provides package) ([^\s:;@/]+\.[^\s:;@]+)|([^\s:;@/]+\.[^\s:;@]+)\S*: module lookup disabled by GOPROXY=off`)
)

// missingPackage has words for an import of what is not there.
func (f *Failure) missingPackage(c *cell.Cell) Said {
	name := ""
	w := say("A package that this cell imports cannot be fetched.", "이 셀이 import한 패키지를 가져올 수 없습니다.")
	if m := notInStd.FindStringSubmatch(f.Value); m != nil {
		name = m[1]
		w = say("There is no package %s. The course's are \"convbook/pkg/…\", Go's own are listed on pkg.go.dev/std.",
			"%s이라는/라는 패키지는 없습니다. 이 수업의 패키지는 \"convbook/pkg/…\"이고, Go의 표준 패키지는 pkg.go.dev/std에 있습니다.").with(name)
		if known, ok := pythonNames[name]; ok {
			w = known
		} else if base := name[strings.LastIndex(name, "/")+1:]; f.ours(base) {
			w = say("The whole path of this package is needed: import \"convbook/pkg/%s\".", "패키지의 전체 경로를 쓰세요: import \"convbook/pkg/%s\".").with(base)
		}
	} else if m := notFound.FindStringSubmatch(f.Value); m != nil {
		name = m[1] + m[2]
		w = say("The package %s is not part of the course, and notebooks fetch nothing from the network. To fetch it, put this line first in the cell: !*GOPROXY=$"+ProxyVariable+" go get %[1]s",
			"%s은/는 이 수업에 없는 패키지이고, 노트북은 네트워크에서 아무것도 받지 않습니다. 받으려면 셀의 첫 줄에 쓰세요: !*GOPROXY=$"+ProxyVariable+" go get %[1]s").with(name)
	}
	s := newSaid("import", w)
	if name == "" {
		s.add("", "Go: "+strings.TrimSpace(f.Value))
	}
	for i, line := range c.Lines {
		if name != "" && strings.Contains(line, `"`+name+`"`) {
			s.add("")
			s.add(f.where(c, fault{line: i + 1})...)
			break
		}
	}
	return s
}
