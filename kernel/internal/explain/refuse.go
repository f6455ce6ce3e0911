package explain

import "convbook/kernel/internal/cell"

// Refuse says why a cell is not given to GoNB at all, which would end at it or run what
// is not meant as a command.
func Refuse(code string) (said Said, refused bool) {
	c := cell.Read(code)
	trips := c.Trips()
	if len(trips) == 0 {
		return Said{}, false
	}
	at := fault{line: trips[0].Line}
	var w words
	switch trips[0].Kind {
	case cell.SecondMain:
		w = say("There is a second %%%% in line %d: a cell has one. Make two cells of it, or take one out.",
			"%d번째 줄에 %%%%가 또 있습니다. 셀에는 %%%%가 하나만 있어야 합니다. 셀을 둘로 나누거나 하나를 지우세요.").with(at.line)
	case cell.NoCommand:
		w = say("Line %d begins with %s and names no command. Take the line out.", "%d번째 줄이 %s로 시작하지만 명령이 없습니다. 줄을 지우세요.").with(at.line, c.Line(at.line)[:1])
	case cell.InText:
		w = say("Line %d stands in a text or a comment and begins with %s: it would run as a command. Put a space before it, or write \"\\n%[2]s…\" in double quotes. Nothing was run.",
			"%d번째 줄은 문자열이나 주석 안인데 %s로 시작해서 명령으로 실행될 수 있습니다. 앞에 빈칸을 넣으세요. 아무것도 실행하지 않았습니다.").with(at.line, c.Line(at.line)[:1])
	}
	f := &Failure{Code: code}
	said = newSaid("syntax", w)
	said.add("")
	said.add(f.where(c, at)...)
	return said, true
}
