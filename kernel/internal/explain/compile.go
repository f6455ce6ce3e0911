package explain

import (
	"regexp"
	"strings"
)

// rule has words for a message of Go's.
type rule struct {
	matches *regexp.Regexp
	kind    string
	say     func(m []string, source string, at fault) words
}

func syntaxRule(pattern, en, ko string) rule {
	return rule{like(pattern), "syntax", func(m []string, _ string, _ fault) words { return fill(m, en, ko) }}
}

func compileRule(pattern, en, ko string) rule {
	return rule{like(pattern), "compile", func(m []string, _ string, _ fault) words { return fill(m, en, ko) }}
}

// fill puts the parts of a message that a pattern has found in place of $1, $2, …
func fill(m []string, en, ko string) words {
	for i := len(m) - 1; i > 0; i-- {
		mark := "$" + string(rune('0'+i))
		en, ko = strings.ReplaceAll(en, mark, m[i]), strings.ReplaceAll(ko, mark, m[i])
	}
	return words{en, ko}
}

const array = `\*ndarray\.Array\[(?:float64|float32)\]`

// compileRules are looked through in this order.
var compileRules = []rule{
	compileRule(`^declared and not used: (\w+)`,
		"$1 is given a value, and nothing uses it: Go wants each variable used. Use it, take the line out, or write _ = $1.",
		"$1에 값을 넣었지만 쓰는 곳이 없습니다. Go에서는 만든 변수를 꼭 써야 합니다. 쓰거나, 줄을 지우거나, _ = $1을/를 넣으세요."),
	compileRule(`^"(.+)" imported (?:as \w+ )?and not used`,
		"The package $1 is imported, and nothing uses it. Take its import out.",
		"$1 패키지를 import했지만 쓰는 곳이 없습니다. import 줄을 지우세요."),
	{like(`^in call to ([\w.]+), cannot infer \w+`), "compile", func(m []string, source string, _ fault) words {
		if found := like(regexp.QuoteMeta(m[1]) + `\(([^()]*)`).FindStringSubmatch(source); found == nil || onlyNumbers.MatchString(found[1]) {
			return say("%s must be told its type of numbers: write %[1]s[float64](…), or [float32].",
				"%s이/가 어떤 수를 쓸지 알 수 없습니다. %[1]s[float64](…)처럼 타입을 쓰세요. float32도 됩니다.").with(m[1])
		}
		return say("Go cannot tell which numbers %s is for: is an argument in the wrong place? If not, write %[1]s[float64](…), or [float32].",
			"%s이/가 어떤 수를 쓸지 알 수 없습니다. 인수의 순서가 바뀌지 않았나요? 아니라면 %[1]s[float64](…)처럼 타입을 쓰세요.").with(m[1])
	}},
	compileRule(`^cannot use generic (?:function|type) ([\w.]+)(?:\[.*\])? without instantiation`,
		"$1 must be told its type of numbers: write $1[float64].",
		"$1 뒤에 타입을 쓰세요: $1[float64]."),
	{like(`^(?:invalid operation: )?cannot index (.+) \(variable of (?:struct )?type ` + array + `\)`), "compile", func(m []string, source string, _ fault) words {
		index := "0"
		if found := like(regexp.QuoteMeta(m[1]) + `\[([^\]]*)\]`).FindStringSubmatch(source); found != nil {
			index = found[1]
		}
		if low, high, ok := strings.Cut(index, ":"); ok {
			return say("An array is not cut by [ ]: write %s.Slice(%s, %s) for its rows %[2]s to %[3]s.",
				"배열은 [ ]로 자르지 않습니다. %s.Slice(%s, %s)로 쓰세요.").with(m[1], or(low, "0"), or(high, m[1]+".Dim(0)"))
		}
		return say("An array is not indexed by [ ]: write %s.Index(%s), or .At(0, 1) for one number.",
			"배열은 [ ]로 접근하지 않습니다. %s.Index(%s)로 쓰고, 수 하나는 .At(0, 1)로 읽습니다.").with(m[1], index)
	}},
	{like(`^(?:invalid operation: )?cannot slice (.+) \(variable of (?:struct )?type ` + array + `\)`), "compile", func(m []string, source string, _ fault) words {
		return say("An array is not cut by [ ]: write %s.Slice(0, 3) for the rows before 3.",
			"배열은 [ ]로 자르지 않습니다. 앞의 세 행은 %s.Slice(0, 3)입니다.").with(m[1])
	}},
	{like(`^invalid operation: operator (\S+) not defined on (.+) \((?:variable|value) of (?:struct )?type ` + array + `\)`), "compile", operator},
	{like(`^invalid operation: (.+) \(mismatched types (` + array + `) and [^)]*\)`), "compile", scaled},
	{like(`^invalid operation: (.+) \(mismatched types [^)]* and (` + array + `)\)`), "compile", scaled},
	{like(`^cannot convert (.+) \(untyped \w+ constant\) to type ` + array), "compile", func(m []string, _ string, _ fault) words {
		return say("+ - * / do not work between an array and a number: write a.Scale(%s) for a times %[1]s, or a.Map(f).",
			"배열과 수는 + - * /로 계산하지 않습니다. 곱하려면 a.Scale(%s), 그 밖에는 a.Map(f)를 쓰세요.").with(m[1])
	}},
	{like(`^invalid operation: (.+) \(mismatched types (.+) and (.+)\)$`), "compile", mismatched},
	{like(`^cannot use (.+) \((?:variable|value|constant .*) of (?:\w+ )?type (\w+)\) as (\w+) value in (.+)$`), "compile", func(m []string, _ string, _ fault) words {
		value, has, wants := m[1], m[2], m[3]
		switch {
		case isNumber(has) && isNumber(wants):
			return say("%s is %s, and %s is wanted here: write %[3]s(%[1]s). Go does not change the type of numbers by itself.",
				"%s의 타입은 %s인데 여기에는 %s이/가 필요합니다. %[3]s(%[1]s)로 쓰세요. Go는 수의 타입을 저절로 바꾸지 않습니다.").with(value, has, wants)
		case wants == "string":
			return say("%s is %s, and a text is wanted here: write fmt.Sprint(%[1]s).",
				"%s의 타입은 %s인데 여기에는 문자열이 필요합니다. fmt.Sprint(%[1]s)로 쓰세요.").with(value, has)
		}
		return say("%s is %s, and %s is wanted here.", "%s의 타입은 %s인데 여기에는 %s이/가 필요합니다.").with(value, has, wants)
	}},
	compileRule(`^cannot use (.+) \(untyped (?:float|int|string|bool|nil) ?(?:constant|value)?\) as (\w+) value in .*\(truncated\)`,
		"$1 is not a whole number, and $2 holds only whole numbers.", "$1은/는 정수가 아닌데 $2에는 정수만 들어갑니다."),
	compileRule(`^cannot use (".*") \(untyped string constant\) as ((?:u?int|float)\d*) value`,
		"$1 is a text, and $2 is wanted here: remove the quotes, or read the number with strconv.Atoi.", "$1은/는 문자열인데 여기에는 $2이/가 필요합니다. 따옴표를 지우거나 strconv.Atoi로 수를 읽으세요."),
	{like(`^cannot use (.+) \((?:variable|value) of (?:struct )?type \S*\[(float64|float32)\]\) as \S*\[(float64|float32)\] value in (.+)$`), "compile", func(m []string, _ string, _ fault) words {
		return say("%s is of %s, and %[4]s is of %[3]s: use one type of numbers, [%[3]s] or [%[2]s], for the network and its arrays.",
			"%s의 수는 %s인데 %[4]s의 수는 %[3]s입니다. 네트워크와 배열에 같은 타입을 쓰세요: [%[3]s] 또는 [%[2]s].").with(m[1], m[2], m[3], strings.TrimPrefix(m[4], "argument to "))
	}},
	compileRule(`^cannot use (.+) \((?:variable|value|constant|untyped)[^)]*?(?:of (?:\w+ )?type ([^)]+))?\) as (.+) value in (.+)$`,
		"$1 does not fit here: $3 is wanted in $4.", "$1은/는 여기에 맞지 않습니다. $4에는 $3이/가 필요합니다."),
	{like(`^(.+)\.(\w+) undefined \(type (.+) has no field or method \w+(?:, but does have (?:method|field) (\w+))?`), "compile", member},
	compileRule(`^(\w+) does not satisfy ndarray\.Float`, "An array holds float64 or float32, not $1: write []float64{…}, or float64(…).", "배열에는 float64나 float32만 들어갑니다. $1 대신 []float64{…}나 float64(…)로 쓰세요."),
	compileRule(`^missing return`,
		"This function promises a result and can end without one: a return is missing at its end.",
		"결과를 돌려주기로 한 함수가 return 없이 끝날 수 있습니다. 끝에 return을 쓰세요."),
	{like(`^assignment mismatch: (\d+) variables? but (.+) returns? (\d+) values?`), "compile", func(m []string, source string, _ fault) words {
		if m[1] == "1" && m[3] == "2" {
			name := "x"
			if found := like(`^\s*(\w+)\s*:?=`).FindStringSubmatch(source); found != nil {
				name = found[1]
			}
			return say("%s returns 2 values, and there is one name for them: %s, err := …, or %[2]s, _ := … to leave the second out.",
				"%s은/는 값을 2개 돌려주는데 받는 이름이 하나입니다. %s, err := … 또는 두 번째를 버리는 %[2]s, _ := …로 쓰세요.").with(m[2], name)
		}
		return say("%s returns %s values, and there are %s names for them.", "%s은/는 값을 %s개 돌려주는데 받는 이름은 %s개입니다.").with(m[2], m[3], m[1])
	}},
	compileRule(`^assignment mismatch: (\d+) variables? but (\d+) values?`,
		"There are $1 names on the left and $2 values on the right.", "왼쪽의 이름은 $1개인데 오른쪽의 값은 $2개입니다."),
	compileRule(`^(.+) \(no value\) used as value`, "$1 returns nothing that could be used here.", "$1은/는 돌려주는 값이 없어 여기에 쓸 수 없습니다."),
	compileRule(`^multiple-value (.+) \(value of type .*\) in `, "$1 returns several values: give them names first, x, err := ….",
		"$1은/는 값을 여러 개 돌려줍니다. 먼저 x, err := …로 받으세요."),
	{like(`^no new variables on left side of :=`), "compile", func(_ []string, source string, _ fault) words {
		name, _, _ := strings.Cut(strings.TrimSpace(source), " ")
		return say("%s is there already. := makes a new name; give an old one another value by %[1]s = ….",
			"%s은/는 이미 있습니다. :=는 새 이름을 만들 때만 씁니다. 값을 바꾸려면 %[1]s = …로 쓰세요.").with(name)
	}},
	compileRule(`^(\w+) redeclared in this block`, "$1 is declared twice in this cell.", "$1을/를 이 셀에서 두 번 선언했습니다."),
	compileRule(`^not enough arguments in call to ([\w.]+)(.*)`, "$1 needs more arguments$2.", "$1에 넘기는 값이 모자랍니다$2."),
	compileRule(`^too many arguments in call to ([\w.]+)(.*)`, "$1 takes fewer arguments$2.", "$1에 넘기는 값이 너무 많습니다$2."),
	compileRule(`^not enough return values(.*)`, "The function promises more results than this return has$1.", "return의 값이 함수가 약속한 것보다 적습니다$1."),
	compileRule(`^too many return values(.*)want \(\)`, "Nothing can be returned here: what is below %% is the program itself. Show the value with fmt.Println.", "여기서는 값을 돌려줄 수 없습니다. %% 아래는 프로그램 자체입니다. 값은 fmt.Println으로 보여 주세요."),
	compileRule(`^too many return values(.*)`, "The function promises fewer results than this return has$1.", "return의 값이 함수가 약속한 것보다 많습니다$1."),
	compileRule(`^non-boolean condition in (\w+) statement`, "What follows $1 must be true or false: compare it, as in x > 0.", "$1 뒤에는 참이나 거짓이 와야 합니다. x > 0처럼 비교식을 쓰세요."),
	compileRule(`^(.+) \(.*\) is not used$`, "The value of $1 is not used. Go does not show the last value of a cell: write fmt.Println($1).",
		"$1의 값을 쓰지 않았습니다. Go는 셀의 마지막 값을 보여 주지 않으니 fmt.Println($1)로 쓰세요."),
	compileRule(`^invalid argument: index (\S+) (?:\(constant of type int\) )?(?:out of bounds|must not be negative)(.*)`,
		"The index $1 is outside the list$2: indices begin at 0 and are never negative.", "인덱스 $1이/가 범위를 벗어났습니다$2. 인덱스는 0부터이고 음수는 쓸 수 없습니다."),
	compileRule(`^invalid operation: cannot call (len|cap|append|make|max|min|copy|string|int|float64|float32|panic|print|println|new|any|error|bool|byte|clear|delete) \(variable of `,
		"$1 is a variable here and hides Go's own $1: give the variable another name.", "여기서 $1은/는 변수여서 Go의 $1을/를 가립니다. 변수의 이름을 바꾸세요."),
	compileRule(`^(?:invalid operation: )?cannot call (?:non-function )?(.+) \(`, "$1 is not a function, so it cannot be called with ( ).", "$1은/는 함수가 아니어서 ( )로 부를 수 없습니다."),
	compileRule(`^invalid operation: operator ! not defined on (.+) \(`, "! works only with true or false; $1 is neither.", "!는 참/거짓 앞에만 씁니다. $1은/는 참/거짓이 아닙니다."),
	compileRule(`^invalid operation: operator (\S+) not defined on (.+) \(`, "$1 does not work with $2.", "$2에는 $1을/를 쓸 수 없습니다."),
	compileRule(`^cannot range over (.+) \(`, "for … range cannot loop over $1.", "for … range로 $1을/를 돌 수 없습니다."),
	compileRule(`^cannot assign to (.+) \(`, "$1 cannot be given another value.", "$1의 값은 바꿀 수 없습니다."),
	compileRule(`^invalid operation: division by zero`, "This divides by zero.", "0으로 나누고 있습니다."),

	compileRule(`^cannot convert (".*") \(untyped string constant\) to type (?:u?int|float)\d*`,
		"A text is not turned into a number that way: write n, err := strconv.Atoi($1), or strconv.ParseFloat($1, 64).", "문자열은 이렇게 수로 바꿀 수 없습니다. n, err := strconv.Atoi($1) 또는 strconv.ParseFloat($1, 64)를 쓰세요."),
	compileRule(`^invalid argument: (.+) \(.*\) for built-in (\w+)`, "$2 does not take $1.", "$2에 $1을/를 넘길 수 없습니다."),

	syntaxRule(`^expected boolean expression, found assignment`, "= assigns a value. To compare two values use ==: if x == 3 { … }.", "=는 값을 넣을 때 씁니다. 비교는 ==로 합니다: if x == 3 { … }."),
	syntaxRule(`^expected statement, found 'import'`, "import goes above %%, at the top of the cell.", "import는 %% 위, 셀의 맨 위에 씁니다."),
	syntaxRule(`^expected statement, found 'else'`, "else goes on the same line as the brace before it: } else {.", "else는 앞의 중괄호와 같은 줄에 씁니다: } else {."),
	syntaxRule(`^unexpected comma; expecting \]`, "A list is written with its type and braces: []int{1, 2, 3}, or []float64{1, 2, 3}.", "목록은 타입과 중괄호로 씁니다: []int{1, 2, 3} 또는 []float64{1, 2, 3}."),
	{like(`^expected '\(', found '?(\w+)'?$`), "syntax", func(m []string, source string, _ fault) words {
		if like(`^\s*func\s+\w`).MatchString(source) {
			return say("A function goes above %%%%: move func %s there.", "함수는 %%%% 위에 씁니다. func %s을/를 위로 옮기세요.").with(m[1])
		}
		return say("( is missing here, before %s.", "%s 앞에 (가 빠졌습니다.").with(m[1])
	}},
	syntaxRule(`^expected '}', found 'EOF'`, "A brace is still open at the end of the cell: a } is missing.", "셀이 끝났는데 중괄호가 닫히지 않았습니다. }가 빠졌습니다."),
	syntaxRule(`^missing ',' before newline in composite literal`, "A comma is missing at the end of the line: in a list over several lines each line ends in one, the last too.",
		"줄 끝에 쉼표가 빠졌습니다. 여러 줄에 걸친 목록은 마지막 줄까지 쉼표로 끝냅니다."),
	syntaxRule(`^missing ',' before newline in argument list`, "A ) is missing at the end of the line; where the arguments go on in the next line, a comma.",
		"줄 끝에 )가 빠졌습니다. 다음 줄에 계속된다면 쉼표를 쓰세요."),
	syntaxRule(`^missing ',' in (.+)`, "Something is missing here between two values: a comma, a +, or a ).", "두 값 사이에 무언가 빠졌습니다: 쉼표, +, 또는 )."),
	syntaxRule(`^unexpected newline, expecting { after (\w+) clause`, "The { belongs to the end of this line: Go does not take it from the next.",
		"{는 이 줄의 끝에 써야 합니다. 다음 줄에 쓰면 안 됩니다."),
	syntaxRule(`^unexpected semicolon or newline before {`, "The { belongs at the end of the line before.", "{는 앞줄의 끝에 써야 합니다."),
	syntaxRule(`^(?:string literal not terminated|newline in string)`, `A " is missing at the end of the text.`, `문자열 끝에 "가 빠졌습니다.`),
	syntaxRule(`^raw string literal not terminated`, "A ` is missing at the end of the text.", "문자열 끝에 `가 빠졌습니다."),
	syntaxRule(`^(?:illegal rune literal|more than one character in rune literal|rune literal not terminated)`, `A text is written in double quotes: "hello". Single quotes hold one letter.`,
		`문자열은 큰따옴표로 씁니다: "hello". 작은따옴표에는 글자 하나만 들어갑니다.`),
	syntaxRule(`^illegal character U\+\w+ '(.+)'`, "The character $1 means nothing in Go. It may come from copying: type it yourself.", "$1은/는 Go에서 쓰지 않는 글자입니다. 복사해 온 글자라면 직접 다시 입력하세요."),
	syntaxRule(`^illegal label declaration`, "A : does not belong here. A block is written in braces: if x > 2 { … }.", "여기에 :를 쓸 수 없습니다. 블록은 중괄호로 씁니다: if x > 2 { … }."),
	syntaxRule(`^expected '(.+)', found '?([^']+)'?$`, "$1 is missing here, before $2.", "$2 앞에 $1이/가 빠졌습니다."),
	syntaxRule(`^expected (operand|expression|statement|type), found '?([^']+)'?$`, "Something is missing here, before $2.", "$2 앞에 무언가 빠졌습니다."),
	syntaxRule(`^(?:missing import path|import path must be a string|invalid import path)`, `The path of a package is written in double quotes: import "fmt".`, `패키지 경로는 큰따옴표로 씁니다: import "fmt".`),
	syntaxRule(`^imports must appear before other declarations`, "import goes above everything else in a cell.", "import는 셀의 맨 위에 씁니다."),
}

// onlyNumbers are the arguments of a call that say nothing of a type.
var onlyNumbers = like(`^[\s\d,*+()-]*$`)

func or(text, other string) string {
	if strings.TrimSpace(text) == "" {
		return other
	}
	return strings.TrimSpace(text)
}

// methods are those of an array for an operator.
var methods = map[string]string{"+": "Add", "-": "Sub", "*": "Mul", "/": "Div", "@": "Dot"}

func operator(m []string, source string, _ fault) words {
	method, ok := methods[m[1]]
	if !ok {
		return say("Arrays are not compared by %s: write a.Equal(b), or compare numbers of them, a.At(0, 0).",
			"배열은 %s로 비교하지 않습니다. a.Equal(b)를 쓰거나 a.At(0, 0)으로 수를 꺼내 비교하세요.").with(m[1])
	}
	other := "b"
	if found := like(regexp.QuoteMeta(m[2]) + `\s*` + regexp.QuoteMeta(m[1]) + `\s*([\w.]+)`).FindStringSubmatch(source); found != nil {
		other = found[1]
	}
	return say("%s does not work with arrays: write %s.%s(%s).", "배열은 %s로 계산하지 않습니다. %s.%s(%s)로 쓰세요.").with(m[1], m[2], method, other)
}

var operands = like(`^(.+?) ([-+*/%]|==|!=|<=?|>=?) (.+)$`)

// scaled has words for an array and a number.
func scaled(m []string, _ string, _ fault) words {
	found := operands.FindStringSubmatch(m[1])
	if found == nil {
		return say("An array and a number do not go together here: see .Scale and .Map.", "배열과 수는 함께 계산할 수 없습니다. .Scale이나 .Map을 쓰세요.")
	}
	return say("An array and a number are not calculated by %s: write a.Scale(s) for a product, a.Map(f) for anything else.",
		"배열과 수는 %s로 계산하지 않습니다. 곱은 a.Scale(s), 그 밖에는 a.Map(f)를 쓰세요.").with(found[2])
}

var numbers = like(`^(u?int(8|16|32|64)?|float(32|64)|byte|rune)$`)

func isNumber(kind string) bool { return numbers.MatchString(kind) }

// mismatched has words for an operation on two types.
func mismatched(m []string, _ string, _ fault) words {
	left, right := m[2], m[3]
	found := operands.FindStringSubmatch(m[1])
	isText := func(kind string) bool { return strings.HasSuffix(kind, "string") }
	switch {
	case found == nil:
		return say("%s and %s do not go together here.", "%s과/와 %s은/는 함께 쓸 수 없습니다.").with(left, right)
	case isText(left) != isText(right) && found[2] == "*":
		return say(`A text cannot be multiplied in Go: write strings.Repeat("=", 20).`, `Go에서는 문자열을 곱하지 않습니다. strings.Repeat("=", 20)으로 쓰세요.`)
	case isText(left) != isText(right) && strings.ContainsAny(found[2], "=<>"):
		return say("A text and a number cannot be compared: turn one into the other, with fmt.Sprint or strconv.Atoi.",
			"문자열과 수는 비교할 수 없습니다. fmt.Sprint나 strconv.Atoi로 한쪽을 바꾸세요.")
	case isText(left) != isText(right):
		number := found[3]
		if isText(right) {
			number = found[1]
		}
		return say(`A text and a number do not go together by %s: write fmt.Sprint(%s), or print both, fmt.Println("n =", n).`,
			`문자열과 수는 %s로 이을 수 없습니다. fmt.Sprint(%s)로 바꾸거나 fmt.Println("n =", n)처럼 함께 출력하세요.`).with(found[2], number)
	case isNumber(left) && isNumber(right):
		value, wants := found[1], right // the one that holds less is changed
		if strings.HasPrefix(left, "float") {
			value, wants = found[3], left
		}
		return say("%s is %s and %s is %s: Go calculates with one type. Write %s(%s).",
			"%s의 타입은 %s, %s의 타입은 %s입니다. Go는 같은 타입끼리만 계산하니 %s(%s)로 쓰세요.").with(found[1], left, found[3], right, wants, value)
	}
	return say("%s is %s and %s is %s: they cannot be combined with %s.", "%s의 타입은 %s, %s의 타입은 %s이어서/여서 %s로 계산할 수 없습니다.").with(found[1], left, found[3], right, found[2])
}

// member has words for a field or a method that is not there.
func member(m []string, _ string, _ fault) words {
	value, name, kind, near := m[1], m[2], m[3], m[4]
	switch {
	case name == "append" && strings.HasPrefix(kind, "[]"):
		return say("append is a function: write %s = append(%[1]s, …).", "append는 함수입니다. %s = append(%[1]s, …)로 쓰세요.").with(value)
	case near != "" && strings.EqualFold(near, name):
		return say("%s has no %s: it is %s, with a capital letter, and a method is called with ( ): %[1]s.%[3]s().",
			"%s에 %s은/는 없습니다. 대문자로 %s이고, 메서드는 ( )를 붙여 부릅니다: %[1]s.%[3]s().").with(value, name, near)
	case strings.Contains(kind, "ndarray.Array"):
		return say("An array has no %s. Press Tab after %s. to see what it has.", "배열에 %s은/는 없습니다. %s. 뒤에서 Tab을 누르면 있는 것이 보입니다.").with(name, value)
	}
	return say("%s, of type %s, has no %s. Press Tab after %[1]s. to see what it has.", "%s(타입 %s)에 %s은/는 없습니다. %[1]s. 뒤에서 Tab을 누르면 있는 것이 보입니다.").with(value, kind, name)
}
