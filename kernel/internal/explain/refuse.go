package explain

import (
	"strings"

	"convbook/kernel/internal/cell"
	"convbook/kernel/internal/pitfall"
)

// pitfalls are those of a cell's lines in Korean.
var pitfalls = map[pitfall.Kind]string{
	pitfall.SecondMain: "%d번째 줄에 %%%%가 또 있습니다. 셀에는 %%%%가 하나만 있어야 하니 셀을 나누세요.",
	pitfall.Empty:      "%d번째 줄에 명령이 없습니다. 줄을 지우세요.",
	pitfall.Command:    "%d번째 줄은 명령이 아닌데 GoNB가 명령으로 실행합니다. 줄 앞에 빈칸을 넣으세요.",
	pitfall.LeftOut:    "%d번째 줄은 문자열 안인데 GoNB가 빼 버립니다. 줄 앞에 빈칸을 넣으세요.",
	pitfall.NoFunction: "%d번째 줄의 %%exec 뒤에 함수 이름을 쓰세요.",
	pitfall.NoProgram:  "%d번째 줄의 %%%%script 뒤에 프로그램 이름을 쓰세요.",
	pitfall.Embed:      "%d번째 줄의 //go:embed는 셀에서 쓸 수 없습니다. os.ReadFile로 파일을 읽으세요.",
	pitfall.Behind:     "%d번째 줄의 %%%% 뒤에 쓴 것은 실행되지 않습니다. 다음 줄에 쓰세요.",
	pitfall.Placed:     "%d번째 줄처럼 로그에 시각과 줄 번호를 함께 넣으면 커널이 끝납니다. log.SetFlags(log.Lshortfile)처럼 하나만 쓰세요.",
	pitfall.CPreamble:  `%d번째 줄의 import "C"는 셀에서 쓸 수 없습니다. 별도의 패키지로 만들어 import하세요.`,
}

// Refuse says why a cell is not given to GoNB at all, which would end at it or take a
// line of it for something else.
func Refuse(code string) (said Said, refused bool) {
	found := pitfall.Find(code)
	if len(found) == 0 {
		return Said{}, false
	}
	first := found[0]
	w := say("Line %d has "+strings.ReplaceAll(first.Problem, "%", "%%")+": "+strings.ReplaceAll(first.Remedy, "%", "%%")+". Nothing was run.", "%d번째 줄을 고치세요.")
	if !strings.HasPrefix(first.Problem, "a ") {
		w.en = strings.Replace(w.en, "Line %d has ", "Line %d: ", 1)
	}
	if ko := pitfalls[first.Kind]; ko != "" {
		w.ko = ko
	}
	f := &Failure{Code: code}
	said = newSaid("syntax", w.with(first.Line))
	said.add("")
	said.add(f.where(cell.Read(code), fault{line: first.Line})...)
	return said, true
}
