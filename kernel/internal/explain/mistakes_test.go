package explain

// mistake is what a student writes wrong. Each is one of a kind that the course's readers
// make; the last cell is the one that fails.
type mistake struct {
	name  string
	cells []string
	// line is where the mistake is in the last cell; 0: nowhere in particular. The words
	// are in what is said, in this order.
	line  int
	words []string
	own   bool // the message is the student's own, and stays as it is
	fails bool // it does, also without words to look for
}

const (
	imports = `import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"fmt"
)

`
	anArray = "a := ndarray.FromSlice([]float64{1, 2, 3, 4}, 2, 2)\n"
)

// ownLayer is a cell that trains a layer of its own, with a line in Forward and one in Backward.
func ownLayer(forward, backward string) string {
	return `import (
	"context"
	"fmt"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/trainer"
)

type own struct {
	by []float32
}

func (l *own) Name() string { return "Own" }
func (l *own) OutputShape(in []int) []int { return in }
func (l *own) Share() layers.Layer[float32] { return l }

// Forward adds.
func (l *own) Forward(x *ndarray.Array[float32], train bool) *ndarray.Array[float32] {
	` + forward + `
	return x.Map(func(v float32) float32 { return v + by })
}

func (l *own) Backward(dout *ndarray.Array[float32]) *ndarray.Array[float32] {
	` + backward + `
}

%%
data := dataset.Must(dataset.Open("mnist")).Head(300, 100)
affine := layers.NewAffine(ndarray.Zeros[float32](784, 10), ndarray.Zeros[float32](10))
net := convnet.NewSequential([]int{1, 28, 28}, &own{}, affine)
fmt.Println(trainer.Train(context.Background(), net, data, trainer.Config{Epochs: 1, Rng: nprandom.New(0)}))`
}

const aSweep = `import (
	"context"
	"fmt"

	"convbook/pkg/dataset"
	"convbook/pkg/sweep"
	"convbook/pkg/trainer"
)

// try has two widths.
func try(ctx context.Context, data *dataset.Data, t sweep.Trial) (*trainer.History, error) {
	widths := []int{8, 16}
	fmt.Println(widths[t.Int("layers")])
	return nil, nil
}

%%
data := dataset.Must(dataset.Open("mnist")).Head(300, 100)
points := sweep.Grid(sweep.Values("layers", 2, 3))
trainer.Must(sweep.Sweep{Seeds: []uint32{0}}.Run(context.Background(), data, points, try))`

// mistakes are the mistakes that are tried, in recorded texts and on the real kernel.
var mistakes = []mistake{
	{name: "no main", cells: []string{"x := 5\nfmt.Println(x)"}, line: 1, words: []string{"%%"}},
	{name: "no main, a call", cells: []string{"fmt.Println(5)"}, line: 1, words: []string{"%%"}},
	{name: "no main, a loop", cells: []string{"for i := range 3 {\n\tfmt.Println(i)\n}"}, line: 1, words: []string{"%%"}},
	{name: "no main behind imports", cells: []string{"import \"fmt\"\n\nx := 5\nfmt.Println(x)"}, line: 3, words: []string{"%%"}},
	{name: "statement above main", cells: []string{"import \"fmt\"\nx := 5\n\n%%\nfmt.Println(x)"}, line: 2, words: []string{"above", "%%"}},
	{name: "only a name", cells: []string{"var x = 5", "x"}, line: 1, words: []string{"%%"}},
	{name: "import of numpy", cells: []string{"import numpy as np\n\n%%\nfmt.Println(1)"}, line: 1, words: []string{"Python", "import \"fmt\""}},
	{name: "import from", cells: []string{"from convbook import layers"}, line: 1, words: []string{"Python", "import"}},
	{name: "import without quotes", cells: []string{"import fmt\n\n%%\nfmt.Println(1)"}, line: 1, words: []string{"import \"fmt\""}},
	{name: "def", cells: []string{"def relu(x):\n    return max(0, x)"}, line: 1, words: []string{"Python", "func"}},
	{name: "print", cells: []string{"%%\nprint(\"hello\", x)"}, line: 2, words: []string{"x"}},
	{name: "colon and indentation", cells: []string{"%%\nfor i in range(3):\n    fmt.Println(i)"}, line: 2, words: []string{"Python", "range"}},
	{name: "if with a colon", cells: []string{"%%\nx := 3\nif x > 2:\n    fmt.Println(x)"}, line: 3, words: []string{"{"}},
	{name: "True", cells: []string{"%%\nok := True\nfmt.Println(ok)"}, line: 2, words: []string{"true"}},
	{name: "None", cells: []string{"%%\nvar x any = None\nfmt.Println(x)"}, line: 2, words: []string{"nil"}},
	{name: "hash comment", cells: []string{"%%\n# a comment\nfmt.Println(1)"}, line: 2, words: []string{"//"}},
	{name: "single quotes", cells: []string{"%%\nfmt.Println('hello')"}, line: 2, words: []string{"double quotes"}},
	{name: "power", cells: []string{"%%\nfmt.Println(2 ** 3)"}, line: 2, words: []string{"math.Pow"}},
	{name: "and", cells: []string{"%%\nx := 3\nif x > 1 and x < 5 {\n\tfmt.Println(x)\n}"}, line: 3, words: []string{"&&"}},
	{name: "not", cells: []string{"%%\nok := true\nif not ok {\n\tfmt.Println(ok)\n}"}, line: 3, words: []string{"!"}},
	{name: "while", cells: []string{"%%\nx := 3\nwhile x > 0 {\n\tx--\n}"}, line: 3, words: []string{"for"}},
	{name: "elif", cells: []string{"%%\nx := 3\nif x > 5 {\n\tfmt.Println(1)\n} elif x > 2 {\n\tfmt.Println(2)\n}"}, line: 5, words: []string{"else if"}},
	{name: "len of shape", cells: []string{imports + "%%\n" + anArray + "fmt.Println(len(a.shape))"}, line: 9, words: []string{"Shape()"}},
	{name: "f-string", cells: []string{"%%\nx := 3\nfmt.Println(f\"x = {x}\")"}, line: 3, words: []string{"Printf"}},
	{name: "list comprehension", cells: []string{"%%\ny := [x*x for x in range(3)]\nfmt.Println(y)"}, line: 2, words: []string{"Python"}},
	{name: "cannot infer T", cells: []string{imports + "%%\na := ndarray.Zeros(2, 3)\nfmt.Println(a)"}, line: 8, words: []string{"[float64]"}},
	{name: "index", cells: []string{imports + "%%\n" + anArray + "fmt.Println(a[0])"}, line: 9, words: []string{".Index(0)"}},
	{name: "sum", cells: []string{imports + "%%\n" + anArray + "fmt.Println(a + a)"}, line: 9, words: []string{".Add("}},
	{name: "product", cells: []string{imports + "%%\n" + anArray + "fmt.Println(a * 2)"}, line: 9, words: []string{"Scale"}},
	{name: "float64 times int", cells: []string{"%%\nn, x := 3, 1.5\nfmt.Println(n * x)"}, line: 3, words: []string{"float64(n)"}},
	{name: "float64 times int, other way", cells: []string{"%%\nn, x := 3, 1.5\ny := x * n\nfmt.Println(y)"}, line: 3, words: []string{"float64(n)"}},
	{name: "int where float64 is wanted", cells: []string{"import \"math\"\n\n%%\nn := 3\nfmt.Println(math.Sqrt(n))"}, line: 5, words: []string{"float64(n)"}},
	{name: "unused variable", cells: []string{"%%\nx := 5\ny := 6\nfmt.Println(y)"}, line: 2, words: []string{"x", "_ = x"}},
	{name: "unused import", cells: []string{"import (\n\t\"fmt\"\n\t\"os\"\n)\n\n%%\nfmt.Println(1)"}},
	{name: "value of another cell", cells: []string{"%%\nweights := 5\nfmt.Println(weights)", "%%\nfmt.Println(weights)"}, line: 2, words: []string{"weights", "cell [1]"}},
	{name: "after a restart", cells: []string{"%%\nfmt.Println(book)"}, line: 2, words: []string{"book", "run the cells above"}},
	{name: "typo", cells: []string{"%%\ncount := 5\nfmt.Println(cuont, count)"}, line: 3, words: []string{"cuont", "count"}},
	{name: "typo of a package's name", cells: []string{imports + "%%\nfmt.println(1)"}, line: 8, words: []string{"Println"}},
	{name: "small letter of ours", cells: []string{imports + "%%\nfmt.Println(layers.im2col)"}, line: 8, words: []string{"Im2col"}},
	{name: "missing return", cells: []string{"func f(x int) int {\n\tfmt.Println(x)\n}\n\n%%\nfmt.Println(f(1))"}, line: 3, words: []string{"return"}},
	{name: "assignment mismatch", cells: []string{"import \"strconv\"\n\n%%\nn := strconv.Atoi(\"5\")\nfmt.Println(n)"}, line: 4, words: []string{"2 values", "n, err :="}},
	{name: "declared twice", cells: []string{"%%\nx := 1\nx := 2\nfmt.Println(x)"}, line: 3, words: []string{"x = "}},
	{name: "not declared", cells: []string{"%%\nx = 1\nfmt.Println(x)"}, line: 2, words: []string{"x := "}},
	{name: "missing brace", cells: []string{"%%\nfor i := range 3 {\n\tfmt.Println(i)"}, words: []string{"}"}},
	{name: "missing bracket", cells: []string{"%%\nfmt.Println((1 + 2)"}, line: 2, words: []string{")"}},
	{name: "missing comma", cells: []string{"%%\nx := []int{\n\t1,\n\t2\n}\nfmt.Println(x)"}, line: 4, words: []string{"comma"}},
	{name: "brace on its own line", cells: []string{"%%\nif true\n{\n\tfmt.Println(1)\n}"}, line: 2, words: []string{"{"}},
	{name: "too few arguments", cells: []string{"func add(a, b int) int { return a + b }\n\n%%\nfmt.Println(add(1))"}, line: 4, words: []string{"add"}},
	{name: "text times number", cells: []string{"%%\nfmt.Println(\"=\" * 20)"}, line: 2, words: []string{"strings.Repeat"}},
	{name: "text plus number", cells: []string{"%%\nn := 3\nfmt.Println(\"n = \" + n)"}, line: 3, words: []string{"fmt.Sprint"}},
	{name: "unknown package", cells: []string{"import \"numpy\"\n\n%%\nnumpy.Zeros()"}, line: 1, words: []string{"numpy"}},
	{name: "package from outside", cells: []string{"import \"github.com/google/uuid\"\n\n%%\nfmt.Println(uuid.New())"}, line: 1, words: []string{"github.com/google/uuid"}},
	{name: "log with time and line", cells: []string{"import \"log\"\n\n%%\nlog.SetFlags(log.LstdFlags | log.Lshortfile)\nlog.Println(\"here\")"}, line: 4, words: []string{"log.SetFlags(log.Lshortfile)", "하나만"}},
	{name: "second main", cells: []string{"%%\nfmt.Println(1)\n%%\nfmt.Println(2)"}, line: 3, words: []string{"%%"}},
	{name: "empty command", cells: []string{"% \n%%\nfmt.Println(1)"}, line: 1, words: []string{"%"}},
	{name: "command inside a text", cells: []string{"%%\ns := `\n!rm x\n`\nfmt.Println(s)"}, line: 3, words: []string{"!"}},
	{name: "unknown magic", cells: []string{"%timeit 3\n%%\nfmt.Println(1)"}, line: 1},
	{name: "matplotlib inline", cells: []string{"%matplotlib inline\n%%\nfmt.Println(1)"}, line: 1},
	{name: "failing function of an earlier cell", cells: []string{"func third(list []int) int {\n\treturn list[2]\n}", "%%\nfmt.Println(third([]int{1, 2}))"}, line: 2, words: []string{"index", "2", "cell [1]"}},

	{name: "index out of range", cells: []string{"%%\nlist := []int{1, 2, 3}\nfor i := 0; i <= len(list); i++ {\n\tfmt.Println(list[i])\n}"}, line: 4, words: []string{"3", "0", "2"}},
	{name: "nil map", cells: []string{"%%\nvar counts map[string]int\ncounts[\"a\"]++"}, line: 3, words: []string{"make("}},
	{name: "nil map in a variable of one line", cells: []string{"var x = func() int { var m map[string]int; m[\"a\"]++; return 1 }()\n\n%%\nfmt.Println(x)"}, line: 1, words: []string{"make("}},
	{name: "nil pointer", cells: []string{"type T struct{ X int }\n\n%%\nvar t *T\nfmt.Println(t.X)"}, line: 5, words: []string{"nil"}},
	{name: "division by zero", cells: []string{"%%\nn := 0\nfmt.Println(5 / n)"}, line: 3, words: []string{"zero"}},
	{name: "shapes that do not fit", cells: []string{imports + "%%\na := ndarray.Zeros[float64](2, 3)\nb := ndarray.Zeros[float64](4, 5)\nfmt.Println(a.Add(b))"}, line: 10, words: []string{"(2, 3)", "(4, 5)"}},
	{name: "own panic", cells: []string{"%%\npanic(\"my words\")"}, line: 2, words: []string{"my words"}, own: true},
	{name: "panic with an error", cells: []string{"import \"os\"\n\n%%\n_, err := os.Open(\"/no/such/file\")\nif err != nil {\n\tpanic(err)\n}"}, line: 6, words: []string{"/no/such/file"}, own: true},
	{name: "deadlock", cells: []string{"%%\nc := make(chan int)\nfmt.Println(<-c)"}, line: 3, words: []string{"wait"}},
	{name: "endless recursion", cells: []string{"func f(x int) int { return f(x+1) + 1 }\n\n%%\nfmt.Println(f(0))"}, line: 1, words: []string{"itself"}},
	{name: "exit status", cells: []string{"import \"os\"\n\n%%\nfmt.Println(\"before\")\nos.Exit(3)"}, words: []string{"3"}},
	{name: "log.Fatal", cells: []string{"import \"log\"\n\n%%\nlog.Fatal(\"my reason\")"}, fails: true},
	{name: "slice bounds", cells: []string{"%%\nlist := []int{1, 2, 3}\nn := 5\nfmt.Println(list[:n])"}, line: 4, words: []string{"5", "3"}},
	{name: "type assertion", cells: []string{"%%\nvar x any = 5\nfmt.Println(x.(string))"}, line: 3, words: []string{"int", "string"}},
	{name: "panic in a goroutine", cells: []string{"import \"time\"\n\n%%\ngo func() {\n\tvar list []int\n\tfmt.Println(list[0])\n}()\ntime.Sleep(time.Second)"}, line: 6, words: []string{"index"}},

	{name: "panic in a layer of one's own", cells: []string{ownLayer("by := l.by[3]", "return dout")}, line: 23, words: []string{"index 3", "empty", "called from", "trainer.Train"}},
	{name: "panic in a layer's way back", cells: []string{ownLayer("by := float32(1)", "return dout.Reshape(3, 5, 7)")}, line: 28, words: []string{"Reshape", "(3, 5, 7)", "called from", "trainer.Train"}},
	{name: "panic in a trial", cells: []string{aSweep}, line: 13, words: []string{"layers 2", "index 2", "called from", "Run("}},

	{name: "unused Korean variable", cells: []string{"%%\n결과 := 3"}, line: 2, words: []string{"결과 is given a value", "결과에 값을 넣었지만"}},
	{name: "typo of a Korean name", cells: []string{"func 제곱(값 float64) float64 { return 값 * 값 }\n\n%%\n결과 := 제곱(3)\nfmt.Println(결괴, 결과)"}, line: 5, words: []string{"Is 결과 meant"}},
	{name: "Korean names of two types", cells: []string{"%%\n개수, 값 := 3, 1.5\nfmt.Println(개수 * 값)"}, line: 3, words: []string{"float64(개수)"}},
	{name: "hidden package", cells: []string{"%%\nfmt := 3\nfmt.Println(fmt)"}, line: 3, words: []string{"hides the package fmt", "변수"}},
	{name: "hidden function of Go's", cells: []string{"%%\nlen := 3\nxs := []int{1}\nfmt.Println(len(xs))"}, line: 4, words: []string{"hides Go's own len", "가립니다"}},
	{name: "typo of a method", cells: []string{imports + "%%\n" + anArray + "fmt.Println(a.Reshpae(4))"}, line: 9, words: []string{"Is a.Reshape meant", "혹시"}},
	{name: "typo of a field", cells: []string{"import \"convbook/pkg/trainer\"\n\n%%\nfmt.Println(trainer.Config{Epoch: 3})"}, line: 4, words: []string{"trainer.Config has no Epoch", "Is Epochs meant"}},
	{name: "no such field", cells: []string{"import \"convbook/pkg/trainer\"\n\n%%\nfmt.Println(trainer.Config{LearningSpeed: 3})"}, line: 4, words: []string{"trainer.Config has no LearningSpeed", "Shift+Tab"}},
	{name: "array of int", cells: []string{imports + "%%\nfmt.Println(ndarray.FromSlice([]int{1, 2}, 2))"}, line: 8, words: []string{"[]float64{", "배열에는"}},
	{name: "float64 for a network of float32", cells: []string{"import (\n\t\"convbook/pkg/convnet\"\n\t\"convbook/pkg/ndarray\"\n\t\"convbook/pkg/nprandom\"\n)\n\n%%\nnet := convnet.NewSimpleConvNet[float32](nprandom.New(0), convnet.SimpleConvNetConfig{})\nx := ndarray.Zeros[float64](1, 1, 28, 28)\nfmt.Println(net.Predict(x))"}, line: 10, words: []string{"x is of float64, and net.Predict is of float32", "같은 타입"}},
	{name: "arguments in another order", cells: []string{imports + "%%\n" + anArray + "fmt.Println(layers.Im2col(3, 3, a, 1, 0))"}, line: 9, words: []string{"wrong place", "순서"}},
	{name: "more memory than there is", cells: []string{imports + "%%\nfmt.Println(ndarray.Zeros[float32](1<<40, 25).Shape())"}, line: 8, words: []string{"not enough memory", "메모리가 모자랍니다"}},

	{name: "assignment in if", cells: []string{"%%\nx := 1\nif x = 3 {\n\tfmt.Println(x)\n}"}, line: 3, words: []string{"=="}},
	{name: "loop with =", cells: []string{"%%\nfor i = 0; i < 3; i++ {\n\tfmt.Println(i)\n}"}, line: 2, words: []string{":="}},
	{name: "append as a method", cells: []string{"%%\nlist := []int{1}\nlist.append(3)\nfmt.Println(list)"}, line: 3, words: []string{"list = append(list, "}},
	{name: "func below main", cells: []string{"%%\nfunc f() int {\n\treturn 1\n}\nfmt.Println(f())"}, line: 2, words: []string{"above %%"}},
	{name: "import below main", cells: []string{"%%\nimport \"math\"\nfmt.Println(math.Pi)"}, line: 2, words: []string{"above %%"}},
	{name: "fraction in an int", cells: []string{"%%\nvar x int = 1.5\nfmt.Println(x)"}, line: 2, words: []string{"whole number"}},
	{name: "int of a text", cells: []string{"%%\nx := int(\"5\")\nfmt.Println(x)"}, line: 2, words: []string{"strconv.Atoi"}},
	{name: "value at the end", cells: []string{"%%\nx := 3\nx + 1"}, line: 3, words: []string{"fmt.Println(x + 1)"}},
	{name: "negative index", cells: []string{"%%\nlist := []int{1, 2, 3}\nfmt.Println(list[-1])"}, line: 3, words: []string{"negative"}},
	{name: "list of Python", cells: []string{"%%\ny := [1, 2, 3]\nfmt.Println(y)"}, line: 2, words: []string{"[]int{1, 2, 3}"}},
	{name: "length of a number", cells: []string{"%%\nfmt.Println(len(5))"}, line: 2, words: []string{"len does not take 5"}},
	{name: "return of a value", cells: []string{"%%\nreturn 5"}, line: 2, words: []string{"fmt.Println"}},
	{name: "else on its own line", cells: []string{"%%\nif true {\n\tfmt.Println(1)\n}\nelse {\n\tfmt.Println(2)\n}"}, line: 5, words: []string{"} else {"}},
	{name: "typo in a name of Go's", cells: []string{"%%\nfmt.Printn(\"x\")"}, line: 2, words: []string{"fmt.Print"}},
	{name: "open text", cells: []string{"%%\nfmt.Println(\"hello)"}, line: 2, words: []string{"\" is missing"}},
}
