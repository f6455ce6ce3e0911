package exercise

import (
	"math"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// SoftmaxWithLoss checks softmax with cross entropy: scores x (N, classes) and labels t
// to the mean over the batch of -log(y + 1e-7) at the labels, as layers.SoftmaxWithLoss.
func SoftmaxWithLoss(f func(x *Array, t []int) float64) {
	delta := both{"the logarithm is of y + 1e-7, so that it never meets 0.", "0의 로그를 취하지 않도록 y + 1e-7에 로그를 취합니다."}
	own := both{"the exponentials must be divided by the sum of their own row.", "지수값은 그 행의 합으로 나누어야 합니다."}
	t := task{name: "SoftmaxWithLoss", hints: []both{
		{"the loss is the mean over the batch: divide by N.", "손실은 배치의 평균입니다. N으로 나누세요."},
		delta,
		{"subtract each row's maximum before exp: large scores overflow.", "exp를 취하기 전에 행마다 최댓값을 빼세요. 점수가 크면 오버플로가 납니다."},
		{"the sign is missing: the loss is minus the logarithm.", "부호가 빠졌습니다. 손실은 로그에 마이너스를 붙인 값입니다."},
		own, own, delta,
		{"the loss is the mean over the batch: divide by N, the number of rows, not by the number of classes.", "손실은 배치의 평균입니다. 클래스의 수가 아니라 행의 수 N으로 나누세요."},
		{"the logarithm is missing: the loss is -log(y + 1e-7) at the labels.", "로그가 빠졌습니다. 손실은 정답 위치의 -log(y + 1e-7)입니다."},
		{"softmax is missing: scores are no probabilities.", "소프트맥스가 빠졌습니다. 점수는 확률이 아닙니다."},
		{"only the probability at the label counts: y.At(i, t[i]).", "정답 위치의 확률 y.At(i, t[i])만 셉니다."},
	}}
	rng := nprandom.New(0)
	for _, c := range []struct {
		n, classes int
		scale      float64
	}{{1, 2, 1}, {1, 3, 1}, {2, 2, 1}, {2, 3, 1}, {3, 10, 2}, {5, 10, 5}, {2, 3, 1000}} {
		x := short(ndarray.Randn[float64](rng, c.n, c.classes).Scale(c.scale))
		labels := make([]int, c.n)
		for i := range labels {
			labels[i] = rng.RandInt(0, c.classes)
		}
		want := layers.CrossEntropy(layers.Softmax(x), labels)
		t.samples = append(t.samples, sample{
			about: "labels " + shapes.Text(labels), inputs: []named{{"x", x}}, want: single(want),
			answer: func() *Array { return single(f(x, append([]int(nil), labels...))) },
			wrong: func() []*Array {
				raw := x.Map(math.Exp)
				direct := crossEntropy(raw.Div(raw.Sum(1).Reshape(-1, 1)), labels, 1e-7)
				together := raw.Scale(1 / raw.SumAll())
				down := raw.Div(raw.Sum(0))
				y := layers.Softmax(x)
				atLabels := 0.
				for i, label := range labels {
					atLabels -= y.At(i, label) / float64(c.n)
				}
				everywhere := -y.Map(func(v float64) float64 { return math.Log(v + 1e-7) }).SumAll() / float64(c.n)
				return []*Array{
					different(single(want*float64(c.n)), single(want)),
					different(single(crossEntropy(y, labels, 0)), single(want)),
					overflown(direct, want),
					different(single(-want), single(want)),
					different(single(crossEntropy(together, labels, 1e-7)), single(want)),
					overflown(crossEntropy(down, labels, 1e-7), want),
					different(single(crossEntropy(y, labels, 1e-8)), single(want)),
					different(single(want*float64(c.n)/float64(c.classes)), single(want)),
					different(single(atLabels), single(want)),
					overflown(crossEntropy(x, labels, 1e-7), want),
					different(single(everywhere), single(want)),
				}
			},
		})
	}
	check(t)
}

func single(v float64) *Array { return ndarray.FromSlice([]float64{v}, 1) }

// crossEntropy has the delta inside the logarithm as an argument.
func crossEntropy(y *Array, labels []int, delta float64) float64 {
	loss := 0.
	for i, label := range labels {
		loss -= math.Log(y.At(i, label) + delta)
	}
	return loss / float64(len(labels))
}

// overflown is the answer of a softmax without the maximum where that is not a number.
func overflown(direct, want float64) *Array {
	if math.IsNaN(direct) || math.IsInf(direct, 0) {
		return single(direct)
	}
	return different(single(direct), single(want))
}
