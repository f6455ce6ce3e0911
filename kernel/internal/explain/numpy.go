package explain

import "strings"

// numpy is what NumPy's functions are called in the course, by their names in small letters.
var numpy = map[string]string{
	"array": "ndarray.FromSlice([]float64{1, 2, 3, 4}, 2, 2)", "asarray": "ndarray.FromSlice([]float64{1, 2, 3, 4}, 2, 2)",
	"zeros": "ndarray.Zeros[float64](2, 3)", "empty": "ndarray.Zeros[float64](2, 3)", "zeros_like": "ndarray.Zeros[float64](a.Shape()...)", "zeroslike": "ndarray.Zeros[float64](a.Shape()...)",
	"ones": "ndarray.Full[float64](1, 2, 3)", "full": "ndarray.Full[float64](1, 2, 3)", "arange": "ndarray.Arange[float64](6)",
	"rand": "ndarray.Rand[float64](nprandom.New(0), 2, 3)", "random": "ndarray.Rand[float64](nprandom.New(0), 2, 3)", "randn": "ndarray.Randn[float64](nprandom.New(0), 2, 3)",
	"dot": "a.Dot(b)", "matmul": "a.Dot(b)", "add": "a.Add(b)", "subtract": "a.Sub(b)", "sub": "a.Sub(b)", "multiply": "a.Mul(b)", "mul": "a.Mul(b)", "divide": "a.Div(b)", "div": "a.Div(b)",
	"reshape": "a.Reshape(2, -1)", "transpose": "a.Transpose(1, 0)", "shape": "a.Shape()", "size": "a.Size()", "sum": "a.Sum(0), or a.SumAll()", "mean": "a.Mean(0), or a.MeanAll()",
	"max": "a.Max(0), or a.MaxAll()", "min": "a.MinAll()", "argmax": "a.ArgMax(1)", "copy": "a.Clone()", "clone": "a.Clone()",
	"exp": "a.Map(math.Exp)", "log": "a.Map(math.Log)", "sqrt": "a.Map(math.Sqrt)", "abs": "a.Map(math.Abs)", "tanh": "a.Map(math.Tanh)", "maximum": "a.Map(func(v float64) float64 { return max(v, 0) })",
}

// fromNumPy has words for a function of NumPy's that a cell looks for in package ndarray,
// or in NumPy itself.
func fromNumPy(path, member string) (words, bool) {
	here, ok := numpy[strings.ToLower(strings.TrimPrefix(member, "random."))]
	if !ok {
		return words{}, false
	}
	switch path {
	case "ndarray":
		return say("The package ndarray has no %s: write %s.", "ndarray 패키지에 %s은/는 없습니다. %s로 쓰세요.").with(member, here), true
	case "np", "numpy":
		return say(`NumPy is not available here. What %s does is %s, with import "convbook/pkg/ndarray".`,
			`NumPy는 없습니다. %s 대신 import "convbook/pkg/ndarray"를 하고 %s로 쓰세요.`).with(path+"."+member, here), true
	}
	return words{}, false
}
