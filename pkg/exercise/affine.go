package exercise

import (
	"fmt"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Affine checks x·W + b for rows x (N, in), weights w (in, out) and biases b (out,), as
// layers.Affine.
func Affine(f func(x, w, b *Array) *Array) {
	t := task{name: "Affine", hints: []both{
		{"the bias is missing: add b to every row.", "편향이 빠졌습니다. 모든 행에 b를 더하세요."},
		{"W is transposed: it already has the shape (in, out).", "W가 전치되었습니다. W의 형상은 이미 (in, out)입니다."},
		{"that multiplies element by element: use the matrix product, x.Dot(w).", "원소끼리 곱했습니다. 행렬 곱 x.Dot(w)를 쓰세요."},
		{"the order matters in a matrix product: x.Dot(w), not w.Dot(x).", "행렬 곱은 순서가 중요합니다. w.Dot(x)가 아니라 x.Dot(w)입니다."},
		{"b is added to the product, not multiplied with it.", "b는 곱하지 않고 행렬 곱에 더합니다."},
	}}
	for size := 1; size <= 4; size++ {
		for n := 1; n <= size; n++ {
			for in := 1; in <= size; in++ {
				for units := 1; units <= size; units++ {
					if max(n, in, units) < size {
						continue // was among the smaller ones
					}
					x, w, b := counting(n, in), counting(in, units), counting(units).Scale(100)
					want := x.Dot(w).Add(b)
					t.samples = append(t.samples, sample{
						inputs: []named{{"x", x}, {"w", w}, {"b", b}}, want: want,
						answer: func() *Array { return f(x, w, b) },
						wrong: func() []*Array {
							return []*Array{
								different(x.Dot(w), want),
								different(attempt(func() *Array { return x.Dot(w.T()).Add(b) }), want),
								different(attempt(func() *Array { return x.Mul(w).Add(b) }), want),
								different(attempt(func() *Array { return w.Dot(x).Add(b) }), want),
								different(x.Dot(w).Mul(b), want),
							}
						},
					})
				}
			}
		}
	}
	check(t)
}

// Relu checks max(x, 0), value by value, as layers.Relu.
func Relu(f func(x *Array) *Array) {
	t := task{name: "Relu", hints: []both{
		{"that is the slope (1 where x is positive); Relu keeps x itself there.", "기울기(x가 양수이면 1)를 구했습니다. Relu는 그 자리에 x를 그대로 둡니다."},
		{"that is the absolute value; Relu makes negative values 0.", "절댓값을 구했습니다. Relu는 음수를 0으로 만듭니다."},
		{"that keeps the negative values; Relu keeps the positive ones.", "음수가 남았습니다. Relu는 양수를 남깁니다."},
		{"negative values are still there: they become 0.", "음수가 그대로 남아 있습니다. 음수는 0이 됩니다."},
	}}
	rng := nprandom.New(0)
	for _, shape := range [][]int{{1}, {2}, {4}, {2, 3}, {3, 4}, {2, 1, 3, 3}, {3, 2, 4, 4}} {
		x := shuffled(rng, shape...).Scale(0.5) // with 0.5, which is above 0 and below 1
		x.Data()[0] = -1
		relu := func(v float64) float64 { return max(v, 0) }
		want := x.Map(relu)
		t.samples = append(t.samples, sample{
			inputs: []named{{"x", x}}, want: want,
			answer: func() *Array { return f(x) },
			wrong: func() []*Array {
				return []*Array{
					different(want.Map(func(v float64) float64 { return min(v, 1) }), want),
					different(x.Map(func(v float64) float64 { return max(v, -v) }), want),
					different(x.Map(func(v float64) float64 { return min(v, 0) }), want),
					different(x, want),
				}
			},
		})
	}
	check(t)
}

// Dropout checks the class's Dropout: in training it keeps x where draws > ratio and
// makes the rest 0, without scaling; in evaluation it multiplies by 1 - ratio. draws
// stands for np.random.rand(*x.shape).
func Dropout(f func(x, draws *Array, ratio float64, train bool) *Array) {
	t := task{name: "Dropout", hints: []both{
		{"the mask is the wrong way round: a value stays where draws > ratio.", "마스크가 반대입니다. draws > ratio인 자리의 값이 남습니다."},
		{"in evaluation nothing is dropped, but all values are multiplied by 1 - ratio.", "추론할 때는 아무것도 버리지 않고 모든 값에 1 - ratio를 곱합니다."},
		{"the class does not scale in training; it multiplies by 1 - ratio in evaluation.", "수업 코드는 학습할 때 배율을 곱하지 않고, 추론할 때 1 - ratio를 곱합니다."},
		{"values are dropped in training only.", "값을 버리는 것은 학습할 때뿐입니다."},
		{"in evaluation the factor is 1 - ratio, the share that stayed in training.", "추론할 때 곱하는 값은 1 - ratio, 곧 학습할 때 남은 비율입니다."},
		{"ratio is the share that is dropped, so 1 - ratio stays: keep where draws > ratio, and multiply by 1 - ratio in evaluation.", "ratio는 버리는 비율이고 남는 비율은 1 - ratio입니다. draws > ratio인 값을 남기고, 추론할 때 1 - ratio를 곱하세요."},
		{"training and evaluation change places: values are dropped in training.", "학습과 추론이 뒤바뀌었습니다. 값을 버리는 것은 학습할 때입니다."},
		{"that is the mask; multiply x by it.", "마스크만 반환했습니다. x에 마스크를 곱하세요."},
		{"in training the values that stay keep their size: 1 - ratio comes in evaluation only.", "학습할 때 남은 값은 그대로 둡니다. 1 - ratio는 추론할 때만 곱합니다."},
	}}
	rng := nprandom.New(0)
	for _, shape := range [][]int{{1, 2}, {2, 3}, {4, 5}, {2, 3, 4, 4}} {
		for _, ratio := range []float64{0.5, 0.2, 0.75} {
			for _, train := range []bool{true, false} {
				x, draws := counting(shape...), ndarray.Rand[float64](rng, shape...)
				draws.Data()[0], draws.Data()[1] = ratio/2, (1+ratio)/2 // one goes, one stays
				keep := draws.Map(func(v float64) float64 {
					if v > ratio {
						return 1
					}
					return 0
				})
				masked, scaled := x.Mul(keep), x.Scale(1-ratio)
				want := scaled
				if train {
					want = masked
				}
				t.samples = append(t.samples, sample{
					about: fmt.Sprintf("ratio %v, train %v", ratio, train), inputs: []named{{"x", x}, {"draws", draws}}, want: want,
					answer: func() *Array { return f(x, draws, ratio, train) },
					wrong: func() []*Array {
						if train {
							return []*Array{x.Sub(masked), nil, masked.Scale(1 / (1 - ratio)), nil,
								nil, x.Sub(masked), scaled, different(keep, want), masked.Scale(1 - ratio)}
						}
						// Whoever scales in training leaves x alone in evaluation.
						return []*Array{nil, x, x, masked,
							different(x.Scale(ratio), want), different(x.Scale(ratio), want), masked, nil, nil}
					},
				})
			}
		}
	}
	check(t)
}
