package explain

import (
	"regexp"
	"strings"

	"convbook/kernel/internal/cell"
)

// habit is what a line shows that Go's message does not tell: a cell half deleted, an
// output pasted, a word of another language.
type habit struct {
	goes, source *regexp.Regexp
	words        func(source []string, at fault) words
}

func always(w words) func([]string, fault) words { return func([]string, fault) words { return w } }

func filled(en, ko string) func([]string, fault) words {
	return func(m []string, _ fault) words { return fill(m, en, ko) }
}

var anything = like(``)

// habits are looked for in this order, before all rules.
var habits = []habit{
	{like(`^(?:expected|illegal|unexpected|missing)`), like(`^\s*(?:={3,}|\[-?[\d.]+(?: +-?[\d.]+)+\])`), always(say("This looks like the output of a cell, which is no Go: delete the line, or write // before it.",
		"셀의 출력 결과로 보입니다. Go 코드가 아니니 줄을 지우거나 앞에 //를 쓰세요."))},
	{anything, like(`^\s*\?\s*[\w.]+\s*$|^\s*[\w.]+\s*\?\s*$|^\s*help\(.*\)\s*$`), always(say("To see what a name means, press Shift+Tab on it; Tab completes it.",
		"이름의 뜻을 보려면 그 위에서 Shift+Tab을 누르세요. Tab은 이름을 완성합니다."))},
	{like(`^expected '\(', found main`), anything, func(_ []string, at fault) words {
		return say("A brace is still open at %%%%: a } is missing above line %d.", "%%%%에 이르렀는데 중괄호가 닫히지 않았습니다. %d번째 줄 위에 }가 빠졌습니다.").with(at.line)
	}},
	{like(`^expected '\{', found newline`), like(`^\s*(if|for|switch|func)\b`), always(say("The { belongs to the end of this line: Go does not take it from the next.",
		"{는 이 줄의 끝에 써야 합니다. 다음 줄에 쓰면 안 됩니다."))},
	{like(`^expected ';', found`), like(`^\s*(?:let|const|auto|int|long|float|double|float64|float32|string|String|bool|boolean)\s+(\w+)\s*=`), filled(
		"A variable is made by := in Go: $1 := …, or var $1 = … above %%.", "Go에서 변수는 :=로 만듭니다: $1 := …. %% 위에서는 var $1 = …로 씁니다.")},
	{like(`^expected ';', found`), like(`^\s*import\s*\(.*,`), always(say("Inside import ( ) each path stands on a line of its own, without commas.",
		"import ( ) 안에는 경로를 한 줄에 하나씩, 쉼표 없이 씁니다."))},
	{like(`^(?:missing ','|expected )`), like(`(\w+)(\+\+|--)\s*[),]`), filled("$1$2 is a line of its own in Go and gives no value: write it before or after this line.",
		"Go에서 $1$2는 값이 아니라 한 줄짜리 문장입니다. 이 줄의 앞이나 뒤에 따로 쓰세요.")},
	{like(`^declared and not used`), like(`^\s*for\s+(\w+)\s*,\s*(\w+)\s*:=\s*range\s+(.+?)\s*\{[^{]*$`), func(m []string, at fault) words {
		if !strings.HasSuffix(at.goes, ": "+m[1]) {
			return fill(m, "$2 is given a value, and nothing uses it: leave it out, for $1 := range $3 {.", "$2에 값을 넣었지만 쓰는 곳이 없습니다. for $1 := range $3 {로 쓰면 됩니다.")
		}
		return fill(m, "$1 is given a value, and nothing uses it: write _ in its place, for _, $2 := range $3 {.", "$1에 값을 넣었지만 쓰는 곳이 없습니다. 그 자리에 _를 쓰세요: for _, $2 := range $3 {.")
	}},
	{like(`mismatched types .*string and|operator % not defined`), like(`"\s*%\s*(\w+|\()`), always(say(`A text is filled by Printf in Go: fmt.Printf("acc: %d\n", 3), or by fmt.Sprintf for a value.`,
		`Go에서는 Printf로 문자열을 채웁니다: fmt.Printf("acc: %d\n", 3). 값이 필요하면 fmt.Sprintf를 쓰세요.`))},
	{like(`^func\(.*\).* is not used`), anything, always(say("This function is made and not called: write () behind its last brace.",
		"함수를 만들기만 하고 부르지 않았습니다. 마지막 중괄호 뒤에 ()를 쓰세요."))},
	{like(`^use of untyped nil in`), like(`(\w+)\s*:=\s*nil`), filled("nil alone has no type: write var $1 []float64, or var $1 *T.", "nil만으로는 타입을 알 수 없습니다. var $1 []float64 또는 var $1 *T로 쓰세요.")},
	{like(`^curly quotation mark`), anything, always(say(`These quotation marks come from copying a text: type " yourself.`, `복사한 글의 따옴표입니다. "를 직접 입력하세요.`))},
	{like(`^cannot assign to \w+\[.*\] \(neither addressable`), anything, always(say("The letters of a text cannot be changed: make a new text, as with strings.Replace, or a list of bytes, []byte(s).",
		"문자열의 글자는 바꿀 수 없습니다. strings.Replace 등으로 새 문자열을 만들거나 []byte(s)를 쓰세요."))},
}

// habit finds words for such a line.
func (f *Failure) habit(c *cell.Cell, at fault, source string) (words, bool) {
	if w, ok := function(c, at, source); ok {
		return w, true
	}
	for _, h := range habits {
		if !h.goes.MatchString(at.goes) {
			continue
		}
		if m := h.source.FindStringSubmatch(source); m != nil {
			return h.words(m, at), true
		}
	}
	return words{}, false
}

var (
	heading   = like(`^\s*func\s+(?:\([^)]*\)\s*)?(\w+)\(([^)]*)\)(.*)$`)
	tooMany   = like(`^too many return values.*want \(\)`)
	statement = like(`^expected declaration, found`)
	indented  = like(`^\s+%%\s*$`)
)

// function has words for a function of the cell whose first line is not as Go wants it.
func function(c *cell.Cell, at fault, source string) (words, bool) {
	if at.number != 0 {
		return words{}, false
	}
	name, undefined := strings.CutPrefix(at.goes, undefinedName)
	head := heading.FindStringSubmatch(source)
	switch {
	case undefined && head != nil && regexp.MustCompile(`(?:^|,)\s*`+regexp.QuoteMeta(name)+`\s*(?:,|$)`).MatchString(head[2]):
		return say("%s needs a type behind it: func %s(%[1]s float64) ….", "%s 뒤에 타입이 필요합니다: func %s(%[1]s float64) ….").with(name, head[1]), true
	case tooMany.MatchString(at.goes) && (c.Main == 0 || at.line < c.Main):
		for line := at.line; line > 0; line-- {
			if m := heading.FindStringSubmatch(c.Line(line)); m != nil {
				return say("%s returns a value, and its first line promises none: write its type before the brace, func %[1]s(%s) float64 {.",
					"%s은/는 값을 돌려주는데 첫 줄에 그 타입이 없습니다. 중괄호 앞에 쓰세요: func %[1]s(%s) float64 {.").with(m[1], m[2]), true
			}
		}
	case statement.MatchString(at.goes):
		for i, line := range c.Lines {
			if c.Main == 0 && indented.MatchString(line) {
				return say("%%%% must begin its line: take the blanks before it out, in line %d.", "%%%%는 줄의 맨 앞에 써야 합니다. %d번째 줄 앞의 빈칸을 지우세요.").with(i + 1), true
			}
		}
		for line := at.line - 1; line > 0; line-- {
			if text := strings.TrimSpace(c.Line(line)); text != "" {
				if m := heading.FindStringSubmatch(text); m != nil && !strings.ContainsAny(m[3], "{}") {
					return say("The { of func %s is missing: it belongs to the end of line %d.", "func %s의 {가 빠졌습니다. %d번째 줄의 끝에 쓰세요.").with(m[1], line), true
				}
				break
			}
		}
	}
	return words{}, false
}
