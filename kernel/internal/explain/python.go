package explain

import (
	"regexp"
	"strings"
)

// idiom is what Python writes differently. It is looked for in the line where Go stopped
// to understand the cell.
type idiom struct {
	matches *regexp.Regexp
	words   words
}

// like makes an expression in which \w is a letter of any alphabet: names may be Korean.
func like(pattern string) *regexp.Regexp {
	return regexp.MustCompile(letter.Replace(inClass.ReplaceAllStringFunc(pattern, func(class string) string {
		return strings.ReplaceAll(class, `\w`, `\pL\pN_`)
	})))
}

var (
	inClass = regexp.MustCompile(`\[(?:\\.|[^\]\\])+\]`)
	letter  = strings.NewReplacer(`\\`, `\\`, `\w`, `[\pL\pN_]`)
)

// idioms are looked for in this order.
var idioms = []idiom{
	{like(`^\s*from\s+[\w.]+\s+import\b`), say(`This is Python's import. In Go a whole package is imported, its path in double quotes, above %%: import "convbook/pkg/layers".`,
		`Python의 import입니다. Go에서는 %% 위에 패키지 경로를 큰따옴표로 씁니다: import "convbook/pkg/layers".`)},
	{like(`^\s*import\s+[\w.]+\s+as\s+\w+`), say(`This is Python's import. In Go the path is written in double quotes, with another name in front of it: import "fmt", or import f "fmt". In place of NumPy there is "convbook/pkg/ndarray".`,
		`Python의 import입니다. Go에서는 경로를 큰따옴표로 쓰고 별명은 그 앞에 둡니다: import "fmt" 또는 import f "fmt". NumPy 대신 "convbook/pkg/ndarray"를 씁니다.`)},
	{like(`^\s*import\s+[A-Za-z_][\w./]*(\s*,.*)?\s*$`), say(`The path of a package is written in double quotes: import "fmt".`,
		`패키지 경로는 큰따옴표로 씁니다: import "fmt".`)},
	{like(`^\s*(async\s+)?def\s+\w+`), say(`def is Python. A Go function has types and braces, and goes above %%: func relu(x float64) float64 { return max(0, x) }.`,
		`def는 Python 문법입니다. Go 함수는 타입과 중괄호를 쓰고 %% 위에 둡니다: func relu(x float64) float64 { return max(0, x) }.`)},
	{like(`^\s*class\s+\w+`), say(`class is Python. In Go: type Net struct { … }, and its methods as func (n *Net) Forward(…).`,
		`class는 Python 문법입니다. Go에서는 type Net struct { … }로 만들고 메서드는 func (n *Net) Forward(…)처럼 씁니다.`)},
	{like(`\[[^\[\]]+\bfor\s+\w+\s+in\b`), say(`A list comprehension is Python. In Go: y := []float64{}, then a loop with y = append(y, …).`,
		`리스트 컴프리헨션은 Python 문법입니다. Go에서는 y := []float64{}를 만들고 반복문 안에서 y = append(y, …)를 씁니다.`)},
	{like(`^\s*for\s+.*\bin\b`), say(`for … in is Python. In Go: for i := range 3 { … }, or for i, x := range list { … }.`,
		`for … in은 Python 문법입니다. Go에서는 for i := range 3 { … } 또는 for i, x := range list { … }로 씁니다.`)},
	{like(`^\s*while\b`), say(`Go has no while. Its loop is for: for x > 0 { … }.`,
		`Go에는 while이 없습니다. for를 씁니다: for x > 0 { … }.`)},
	{like(`^\s*}?\s*elif\b`), say(`elif is Python. In Go: } else if x > 2 {, on one line with the brace.`,
		`elif는 Python 문법입니다. Go에서는 } else if x > 2 {처럼 중괄호와 한 줄에 씁니다.`)},
	{like(`^\s*(try|except|finally)\b.*:`), say(`Go has no try. Functions return an error: x, err := f(); if err != nil { … }.`,
		`Go에는 try가 없습니다. 함수가 오류를 돌려줍니다: x, err := f(); if err != nil { … }.`)},
	{like(`^\s*with\s+.*:\s*$`), say(`with is Python. In Go: f, err := os.Open(name), then defer f.Close().`,
		`with는 Python 문법입니다. Go에서는 f, err := os.Open(name)을 쓰고 defer f.Close()를 덧붙입니다.`)},
	{like(`\blambda\b`), say(`lambda is Python. In Go: f := func(x float64) float64 { return 2 * x }.`,
		`lambda는 Python 문법입니다. Go에서는 f := func(x float64) float64 { return 2 * x }로 씁니다.`)},
	{like(`\b[fr]"`), say(`f"…" is Python. In Go: fmt.Printf("x = %v\n", x), or fmt.Println("x =", x).`,
		`f"…"는 Python 문법입니다. Go에서는 fmt.Printf("x = %v\n", x) 또는 fmt.Println("x =", x)로 씁니다.`)},
	{like(`^\s*#`), say(`# begins a comment in Python. In Go: // a comment.`,
		`#은 Python의 주석입니다. Go에서는 //로 시작합니다.`)},
	{like(`"""|'''`), say("Three quotes are Python. A text of several lines is written between ` and ` in Go.",
		"따옴표 세 개는 Python 문법입니다. Go에서는 여러 줄의 문자열을 `와 ` 사이에 씁니다.")},
	{like(`^\s*(if|for|else|while)\b[^{]*:\s*$`), say(`In Go a block is written in braces, not after a colon: if x > 2 { … }.`,
		`Go에서는 콜론과 들여쓰기 대신 중괄호를 씁니다: if x > 2 { … }.`)},
	{like(`^\s*(if|for)\b.*\sand\s`), say(`and is Python. In Go: x > 1 && x < 5.`, `and는 Python 문법입니다. Go에서는 x > 1 && x < 5처럼 &&를 씁니다.`)},
	{like(`^\s*(if|for)\b.*\sor\s`), say(`or is Python. In Go: x < 1 || x > 5.`, `or는 Python 문법입니다. Go에서는 x < 1 || x > 5처럼 ||를 씁니다.`)},
	{like(`\bnot\s+\w`), say(`not is Python. In Go: !ok.`, `not은 Python 문법입니다. Go에서는 !ok처럼 !를 씁니다.`)},
	{like(`\bis\s+(not\s+)?(None|True|False|\w)`), say(`is is Python. In Go: x == nil, or x != nil.`, `is는 Python 문법입니다. Go에서는 x == nil 또는 x != nil로 씁니다.`)},
	{like(`=\s*\S+\s+if\s+.*\belse\b`), say(`A value with if and else is Python. In Go: y := 0; if x > 0 { y = x }.`,
		`한 줄짜리 if … else 식은 Python 문법입니다. Go에서는 y := 0; if x > 0 { y = x }로 씁니다.`)},
	{like(`^\s*(pass|del|raise|assert|yield|global|nonlocal)\b`), say(`This is a word of Python's; Go has none for it. An empty block is {}, an error that ends the cell is panic("why").`,
		`Python에만 있는 말입니다. Go에서 빈 블록은 {}이고, 오류로 셀을 끝낼 때는 panic("이유")를 씁니다.`)},
	{like(`'[^'\\]{2,}'`), say(`A text is written in double quotes in Go: "hello". Single quotes hold one letter.`,
		`Go의 문자열은 큰따옴표로 씁니다: "hello". 작은따옴표에는 글자 하나만 들어갑니다.`)},
}

// pythonNames are names that Python has and Go has not.
var pythonNames = map[string]words{
	"True":       say("True is Python. In Go: true.", "True는 Python 문법입니다. Go에서는 true로 씁니다."),
	"False":      say("False is Python. In Go: false.", "False는 Python 문법입니다. Go에서는 false로 씁니다."),
	"None":       say("None is Python. In Go: nil.", "None은 Python 문법입니다. Go에서는 nil로 씁니다."),
	"np":         say(`NumPy is not available here. The course's arrays are in ndarray: import "convbook/pkg/ndarray".`, `NumPy는 없습니다. 이 수업의 배열은 ndarray입니다: import "convbook/pkg/ndarray".`),
	"numpy":      say(`NumPy is not available here. The course's arrays are in ndarray: import "convbook/pkg/ndarray".`, `NumPy는 없습니다. 이 수업의 배열은 ndarray입니다: import "convbook/pkg/ndarray".`),
	"plt":        say(`matplotlib is not available here. Figures are in figure: import "convbook/pkg/figure" and "convbook/pkg/display".`, `matplotlib는 없습니다. 그림은 figure로 그립니다. "convbook/pkg/figure"와 "convbook/pkg/display"를 import하세요.`),
	"matplotlib": say(`matplotlib is not available here. Figures are in figure: import "convbook/pkg/figure" and "convbook/pkg/display".`, `matplotlib는 없습니다. 그림은 figure로 그립니다. "convbook/pkg/figure"와 "convbook/pkg/display"를 import하세요.`),
	"torch":      say(`PyTorch is not available here. The course's networks are in convnet: import "convbook/pkg/convnet".`, `PyTorch는 없습니다. 네트워크는 convnet으로 만듭니다: import "convbook/pkg/convnet".`),
	"self":       say("self is Python. A method of Go names its receiver: func (n *Net) Forward(…), and n.W in it.", "self는 Python 문법입니다. Go의 메서드는 리시버에 이름을 붙입니다: func (n *Net) Forward(…), 안에서는 n.W."),
	"range":      say("range is used only in a loop: for i := range 3 { … }.", "range는 반복문에서만 씁니다: for i := range 3 { … }."),
	"str":        say("str is Python. In Go: fmt.Sprint(x).", "str은 Python 문법입니다. Go에서는 fmt.Sprint(x)로 씁니다."),
	"float":      say("float is Python. In Go: float64.", "float는 Python 문법입니다. Go에서는 float64로 씁니다."),
	"abs":        say("abs is Python. In Go: math.Abs(x).", "abs는 Python 문법입니다. Go에서는 math.Abs(x)로 씁니다."),
	"sum":        say("sum is Python. In Go: a loop, or a.SumAll() of an array.", "sum은 Python 문법입니다. Go에서는 반복문이나 배열의 a.SumAll()을 씁니다."),
	"round":      say("round is Python. In Go: math.Round(x).", "round는 Python 문법입니다. Go에서는 math.Round(x)로 씁니다."),
	"input":      say("input is Python. In Go: fmt.Scanln(&x), with a line %with_inputs above %%.", "input은 Python 문법입니다. Go에서는 %% 위에 %with_inputs를 쓰고 fmt.Scanln(&x)를 부릅니다."),
	"list":       say("list is Python. In Go: []float64{1, 2, 3}.", "list는 Python 문법입니다. Go에서는 []float64{1, 2, 3}으로 씁니다."),
	"dict":       say("dict is Python. In Go: map[string]int{}.", "dict는 Python 문법입니다. Go에서는 map[string]int{}로 씁니다."),
	"zip":        say("zip is Python. In Go: for i := range a { … a[i], b[i] … }.", "zip은 Python 문법입니다. Go에서는 for i := range a { … a[i], b[i] … }로 씁니다."),
	"enumerate":  say("enumerate is Python. In Go: for i, x := range list { … }.", "enumerate는 Python 문법입니다. Go에서는 for i, x := range list { … }로 씁니다."),
}

// python finds an idiom of Python in a line that Go does not understand. Words of the
// compiler, which has understood the line, are about something else, but for "**".
func python(source string, at fault) (words, bool) {
	if strings.Contains(source, "**") && strings.Contains(at.goes, "cannot indirect") {
		return say("** is Python. In Go: math.Pow(2, 3), or x * x.", "**는 Python 문법입니다. Go에서는 math.Pow(2, 3) 또는 x * x로 씁니다."), true
	}
	if !isSyntax(at.goes) {
		return words{}, false
	}
	bare := withoutTexts(source)
	for _, i := range idioms {
		text := bare
		if strings.ContainsAny(i.matches.String(), `'"`) {
			text = source
		}
		if i.matches.MatchString(text) {
			return i.words, true
		}
	}
	return words{}, false
}

// syntax are beginnings of the parser's messages.
var syntax = []string{"expected ", "missing ", "illegal ", "unexpected ", "import path must", "invalid import path", "newline in ", "rune literal", "string literal", "raw string", "more than one character", "label ", "cannot parse", "non-declaration"}

func isSyntax(message string) bool {
	for _, begin := range syntax {
		if strings.HasPrefix(message, begin) && message != "missing return" {
			return true
		}
	}
	return false
}

var texts = regexp.MustCompile("\"(\\\\.|[^\"\\\\])*\"|`[^`]*`|//.*$")

// withoutTexts empties what stands in quotes, and drops a comment.
func withoutTexts(source string) string {
	return texts.ReplaceAllStringFunc(source, func(s string) string {
		if strings.HasPrefix(s, "//") {
			return ""
		}
		return s[:1] + s[len(s)-1:]
	})
}
