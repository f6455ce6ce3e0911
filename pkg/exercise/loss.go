package exercise

import (
	"math"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// scored is a case of softmax with cross entropy.
type scored struct {
	n, classes int
	scale      float64
	seed       uint32
}

func scorings() []scored {
	return []scored{{1, 2, 1, 0}, {1, 3, 1, 1}, {2, 2, 1, 2}, {2, 3, 1, 3}, {3, 2, 1, 4}, {3, 4, 1, 5}, {4, 3, 2, 6}, {3, 10, 2, 7}, {5, 10, 5, 8},
		{6, 4, 8, 9}, {7, 3, 3, 10}, {8, 10, 6, 11}, {2, 3, 1000, 12}, {4, 5, 1000, 13}, {3, 3, 1000, 14}}
}

func (c scored) x() *Array {
	return short(ndarray.Randn[float64](nprandom.New(c.seed), c.n, c.classes).Scale(c.scale))
}

func (c scored) labels() []int {
	rng := nprandom.New(c.seed + 100)
	labels := make([]int, c.n)
	for i := range labels {
		labels[i] = rng.RandInt(0, c.classes)
	}
	return labels
}

func (c scored) about() string { return "labels t " + shapes.Text(c.labels()) }

func scoreTraits() []trait[scored] {
	return []trait[scored]{
		{func(c scored) bool { return c.n > 1 }, both{"there is more than one sample in the batch", "배치에 표본이 둘 이상인"}},
		{func(c scored) bool { return c.n != c.classes }, both{"the size of the batch is not the number of classes", "배치 크기와 클래스의 수가 다른"}},
		{func(c scored) bool { return c.n != 2 }, both{"N is not 2 (len(x.Shape()) is the number of axes; N is x.Dim(0) or len(t))", "N이 2가 아닌(len(x.Shape())는 축의 수이고, N은 x.Dim(0)이나 len(t)입니다)"}},
		{func(c scored) bool { return c.scale >= 1000 }, both{"scores are large (subtract each row's maximum before exp, or they overflow)", "점수가 큰(exp를 취하기 전에 행마다 최댓값을 빼지 않으면 오버플로가 납니다)"}},
	}
}

// softmax is how scores become probabilities, with what can go wrong.
type softmax int

const (
	softmaxRight softmax = iota
	softmaxRaw           // the maximum not subtracted
	softmaxAbove         // subtracted above only
	softmaxBelow         // subtracted below only
	softmaxAll           // divided by the sum of everything
	softmaxDown          // divided by the sums of the columns
	softmaxMissing
	softmaxNoSum
	softmaxTwice
	softmaxOverall // the maximum of all rows subtracted
	softmaxScaled  // divided by the maximum in place of less it
	softmaxFromOne // the sum begins at 1
	softmaxLast    // the last exponential in place of the sum
)

func (s softmax) of(x *Array) *Array {
	n, classes := x.Dim(0), x.Dim(1)
	highest := x.Max(1).Reshape(n, 1)
	above, below := x.Sub(highest).Map(math.Exp), x.Sub(highest).Map(math.Exp)
	switch s {
	case softmaxMissing:
		return x
	case softmaxTwice:
		return softmaxRight.of(softmaxRight.of(x))
	case softmaxNoSum:
		return above
	case softmaxRaw:
		above, below = x.Map(math.Exp), x.Map(math.Exp)
	case softmaxAbove:
		below = x.Map(math.Exp)
	case softmaxBelow:
		above = x.Map(math.Exp)
	case softmaxOverall:
		above = x.Map(func(v float64) float64 { return math.Exp(v - x.MaxAll()) })
		below = above
	case softmaxScaled:
		above = x.Scale(1 / x.MaxAll()).Map(math.Exp)
		below = above
	case softmaxAll:
		return above.Scale(1 / above.SumAll())
	case softmaxDown:
		return above.Div(above.Sum(0))
	}
	sums := below.Sum(1)
	y := ndarray.Zeros[float64](n, classes)
	for i := range y.Data() {
		sum := sums.Data()[i/classes]
		switch s {
		case softmaxFromOne:
			sum++
		case softmaxLast:
			sum = below.At(i/classes, classes-1)
		}
		y.Data()[i] = above.Data()[i] / sum
	}
	return y
}

// losing is the loss with what can go wrong in it.
type losing struct {
	softmax softmax
	plus    float64 // inside the logarithm
	outside bool    // added to the logarithm
	sum     bool    // added to the sum of the exponentials
	by      by
	sign    float64
	log     func(float64) float64
	at      func(row, label int, y *Array) float64 // what of a row counts
	last    bool
	first   bool // the loss of the first sample, as where return stands in the loop
}

type by int // what the sum is divided by

const (
	byN by = iota
	byNothing
	byClasses
	byNTwice
	bySize
	byAxes    // len(x.Shape())
	byInteger // float64(1/n)
)

func (b by) of(n, classes int) float64 {
	switch b {
	case byNothing:
		return 1
	case byClasses:
		return float64(classes)
	case byNTwice:
		return float64(n * n)
	case bySize:
		return float64(n * classes)
	case byAxes:
		return 2
	case byInteger:
		if n > 1 {
			return math.Inf(1)
		}
	}
	return float64(n)
}

func theLabel(row, label int, y *Array) float64 { return y.At(row, label) }

func (l losing) of(x *Array, labels []int) float64 {
	y, loss := l.softmax.of(x), 0.
	if l.sum {
		e := x.Sub(x.Max(1).Reshape(-1, 1)).Map(math.Exp)
		sums := e.Sum(1)
		for i := range e.Data() {
			e.Data()[i] /= sums.Data()[i/x.Dim(1)] + 1e-7
		}
		y = e
	}
	for i, label := range labels {
		one := 0.
		if l.at == nil {
			for k := range x.Dim(1) {
				one += l.log(y.At(i, k) + l.plus)
			}
		} else if one = l.at(i, label, y); l.outside {
			one = l.log(one) + l.plus
		} else {
			one = l.log(one + l.plus)
		}
		if l.last {
			loss = 0
		}
		loss += l.sign * one
		if l.first {
			return loss
		}
	}
	return loss / l.by.of(x.Dim(0), x.Dim(1))
}

func single(v float64) *Array { return ndarray.FromSlice([]float64{v}, 1) }

// SoftmaxWithLoss checks softmax with cross entropy: scores x (N, classes) and labels t
// to the mean over the batch of -log(y + 1e-7) at the labels, as layers.SoftmaxWithLoss.
func SoftmaxWithLoss(f func(x *Array, t []int) float64) {
	s := func(change func(*losing), english, korean string) slip[losing] {
		return slip[losing]{change, both{english, korean}}
	}
	const (
		delta, deltaKorean = "the logarithm is of y + 1e-7, so that it never meets 0: 1e-7 stands inside the logarithm.", "0의 로그를 취하지 않도록 y + 1e-7에 로그를 취합니다. 1e-7은 로그 안에 있습니다."
		own, ownKorean     = "the exponentials must be divided by the sum of their own row: is the axis of the sum right?", "지수값은 그 행의 합으로 나누어야 합니다. 합을 구한 축이 맞나요?"
		label, labelKorean = "only the probability at the label counts: y.At(i, t[i]).", "정답 위치의 확률 y.At(i, t[i])만 포함합니다."
	)
	slips := []slip[losing]{
		s(func(l *losing) { l.by = byNothing }, "the loss is the mean over the batch: divide by N.", "손실은 배치의 평균입니다. N으로 나누세요."),
		s(func(l *losing) { l.plus = 0 }, delta, deltaKorean),
		s(func(l *losing) { l.softmax = softmaxRaw }, "subtract each row's maximum before exp: large scores overflow.", "exp를 취하기 전에 행마다 최댓값을 빼세요. 점수가 크면 오버플로가 납니다."),
		s(func(l *losing) { l.softmax = softmaxOverall }, "each row has a maximum of its own: less the maximum of all rows, a whole row can become 0.", "최댓값은 행마다 따로 있습니다. 전체의 최댓값을 빼면 한 행이 모두 0이 될 수 있습니다."),
		s(func(l *losing) { l.softmax = softmaxAbove }, "the maximum is subtracted above only: the exponentials in the sum need it, too.", "분자에서만 최댓값을 뺐습니다. 합에 들어가는 지수에서도 빼세요."),
		s(func(l *losing) { l.softmax = softmaxBelow }, "the maximum is subtracted in the sum only: the exponential above needs it, too.", "합에서만 최댓값을 뺐습니다. 분자의 지수에서도 빼세요."),
		s(func(l *losing) { l.sign = 1 }, "the sign is missing: the loss is minus the logarithm.", "부호가 빠졌습니다. 손실은 로그에 마이너스를 붙인 값입니다."),
		s(func(l *losing) { l.softmax = softmaxAll }, own, ownKorean),
		s(func(l *losing) { l.softmax = softmaxDown }, own, ownKorean),
		s(func(l *losing) { l.by = byClasses }, "the loss is the mean over the batch: divide by N, the number of rows, not by the number of classes.", "손실은 배치의 평균입니다. 클래스의 수가 아니라 행의 수 N으로 나누세요."),
		s(func(l *losing) { l.by = byNTwice }, "the loss is divided by N twice: once is the mean.", "N으로 두 번 나누었습니다. 한 번이면 평균입니다."),
		s(func(l *losing) { l.by = bySize }, "the loss is divided by N times the number of classes: divide by N alone.", "N에 클래스의 수를 곱한 값으로 나누었습니다. N으로만 나누세요."),
		s(func(l *losing) { l.by = byAxes }, "len(x.Shape()) is the number of axes, 2; the size of the batch N is x.Dim(0) or len(t).", "len(x.Shape())는 축의 수 2입니다. 배치 크기 N은 x.Dim(0)이나 len(t)입니다."),
		s(func(l *losing) { l.by = byInteger }, "1/n is a division of whole numbers, 0 for n > 1: write 1/float64(n).", "1/n은 정수 나눗셈이라 n이 1보다 크면 0입니다. 1/float64(n)으로 쓰세요."),
		s(func(l *losing) { l.plus = 1e-8 }, delta, deltaKorean),
		s(func(l *losing) { l.plus = 1e-5 }, delta, deltaKorean),
		s(func(l *losing) { l.plus = 1e-6 }, delta, deltaKorean),
		s(func(l *losing) { l.plus = 1e-4 }, delta, deltaKorean),
		s(func(l *losing) { l.plus = 1e-3 }, delta, deltaKorean),
		s(func(l *losing) { l.plus = 1e-2 }, delta, deltaKorean),
		s(func(l *losing) { l.outside = true }, delta, deltaKorean),
		s(func(l *losing) { l.sum, l.plus = true, 0 }, "brackets are missing: 1e-7 is added to the quotient inside the logarithm, not to the sum below.", "괄호가 빠졌습니다. 1e-7은 분모의 합이 아니라 로그 안에서 나눈 값에 더합니다."),
		s(func(l *losing) { l.log, l.plus = func(v float64) float64 { return v }, 0 }, "the logarithm is missing: the loss is -log(y + 1e-7) at the labels.", "로그가 빠졌습니다. 손실은 정답 위치의 -log(y + 1e-7)입니다."),
		s(func(l *losing) { l.log = func(v float64) float64 { return v } }, "the logarithm is missing: the loss is -log(y + 1e-7) at the labels.", "로그가 빠졌습니다. 손실은 정답 위치의 -log(y + 1e-7)입니다."),
		s(func(l *losing) { l.log = math.Log10 }, "that is the logarithm to base 10; the loss has the natural one, math.Log.", "밑이 10인 로그를 썼습니다. 손실에는 자연로그 math.Log를 씁니다."),
		s(func(l *losing) { l.log = math.Log2 }, "that is the logarithm to base 2; the loss has the natural one, math.Log.", "밑이 2인 로그를 썼습니다. 손실에는 자연로그 math.Log를 씁니다."),
		s(func(l *losing) { l.softmax = softmaxMissing }, "softmax is missing: scores are not probabilities.", "소프트맥스가 빠졌습니다. 점수는 확률이 아닙니다."),
		s(func(l *losing) { l.softmax = softmaxNoSum }, "the division is missing in softmax: divide the exponentials by the sum of their row.", "소프트맥스에서 나눗셈이 빠졌습니다. 지수값을 그 행의 합으로 나누세요."),
		s(func(l *losing) { l.softmax = softmaxTwice }, "softmax is applied twice.", "소프트맥스를 두 번 적용했습니다."),
		s(func(l *losing) { l.softmax = softmaxScaled }, "the maximum is subtracted from the scores of its row, not divided by.", "점수를 최댓값으로 나누지 말고 그 행의 최댓값을 빼세요."),
		s(func(l *losing) { l.at = nil }, label, labelKorean),
		s(func(l *losing) { l.at = func(row, _ int, y *Array) float64 { return y.At(row, 0) } }, label, labelKorean),
		s(func(l *losing) { l.at = func(row, _ int, y *Array) float64 { return y.Index(row).MaxAll() } }, label, labelKorean),
		s(func(l *losing) { l.at = func(_, label int, y *Array) float64 { return y.At(0, label) } }, "the first sample, row 0, is used for all: y.At(i, t[i]).", "모든 표본에 첫 번째 행을 썼습니다. y.At(i, t[i])를 쓰세요."),
		s(func(l *losing) { l.first = true }, "only the first sample counts: is the return inside the loop? Add up the losses of all.", "첫 번째 표본만 포함했습니다. return이 반복문 안에 있지 않나요? 모든 표본의 손실을 더하세요."),
		s(func(l *losing) { l.softmax = softmaxFromOne }, "the sum of the exponentials begins at 1: it begins at 0.", "지수값의 합을 1에서 시작했습니다. 0에서 시작합니다."),
		s(func(l *losing) { l.softmax = softmaxLast }, "only the last exponential is left in the sum: add them up (+=), do not assign.", "합에 마지막 지수값만 남았습니다. 대입하지 말고 모두 더하세요(+=)."),
		s(func(l *losing) { l.last = true }, "only the last sample is left: add up the losses (+=), do not assign.", "마지막 표본만 남았습니다. 대입하지 말고 손실을 모두 더하세요(+=)."),
	}
	task[scored, losing]{
		name: "SoftmaxWithLoss", parts: one(), cases: scorings(), about: scored.about,
		inputs: func(c scored) []named { return []named{{"x", c.x()}} },
		call:   func(c scored, in []*Array) []*Array { return []*Array{single(f(in[0], c.labels()))} },
		blank:  func(scored) []*Array { return []*Array{single(NotYet)} },
		right:  losing{plus: 1e-7, sign: -1, log: math.Log, at: theLabel},
		rule:   func(c scored, l losing) []*Array { return []*Array{single(l.of(c.x(), c.labels()))} },
		slips:  slips, traits: scoreTraits(),
	}.check()
}

// differing is the gradient of the loss with what can go wrong in it.
type differing struct {
	softmax softmax
	by      by
	label   func(row, k, label int, y float64) float64
	sign    float64
}

// SoftmaxWithLossBackward checks the gradient of the loss with respect to the scores x
// (N, classes) with labels t: (y - 1)/N at the label and y/N elsewhere, y = softmax(x), as
// layers.SoftmaxWithLoss.
func SoftmaxWithLossBackward(f func(x *Array, t []int) *Array) {
	s := func(change func(*differing), english, korean string) slip[differing] {
		return slip[differing]{change, both{english, korean}}
	}
	less := func(by float64) func(row, k, label int, y float64) float64 {
		return func(_, k, label int, y float64) float64 {
			if k == label {
				return y - by
			}
			return y
		}
	}
	const batch, batchKorean = "the loss is a mean, so the gradient is divided by N, the size of the batch, once.", "손실이 평균이므로 기울기를 배치 크기 N으로 한 번 나눕니다."
	task[scored, differing]{
		name: "SoftmaxWithLossBackward", parts: []part{{axes: []axis{axis2("N", "sample", "표본"), axis2("classes", "class", "클래스")}}}, cases: scorings(), about: scored.about,
		inputs: func(c scored) []named { return []named{{"x", c.x()}} },
		call:   func(c scored, in []*Array) []*Array { return []*Array{f(in[0], c.labels())} },
		right:  differing{sign: 1, label: less(1)},
		rule: func(c scored, d differing) []*Array {
			y := d.softmax.of(c.x()).Clone()
			for i := range y.Data() {
				row, k := i/c.classes, i%c.classes
				y.Data()[i] = d.sign * d.label(row, k, c.labels()[row], y.Data()[i]) / d.by.of(c.n, c.classes)
			}
			return []*Array{y}
		},
		slips: []slip[differing]{
			s(func(d *differing) { d.by = byNothing }, batch, batchKorean),
			s(func(d *differing) { d.by = byNTwice }, batch, batchKorean),
			s(func(d *differing) { d.by = byClasses }, "divide by N, the number of rows, not by the number of classes.", "클래스의 수가 아니라 행의 수 N으로 나누세요."),
			s(func(d *differing) { d.by = bySize }, "divide by N alone, not by N times the number of classes.", "N에 클래스의 수를 곱하지 말고 N으로만 나누세요."),
			s(func(d *differing) { d.by = byInteger }, "1/n is a division of whole numbers, 0 for n > 1: write 1/float64(n).", "1/n은 정수 나눗셈이라 n이 1보다 크면 0입니다. 1/float64(n)으로 쓰세요."),
			s(func(d *differing) { d.by = byAxes }, "len(x.Shape()) is the number of axes, 2; the size of the batch N is x.Dim(0) or len(t).", "len(x.Shape())는 축의 수 2입니다. 배치 크기 N은 x.Dim(0)이나 len(t)입니다."),
			s(func(d *differing) { d.label = less(0) }, "that is softmax alone: subtract 1 at the label of each row, y - t.", "소프트맥스만 구했습니다. 행마다 정답 위치에서 1을 빼세요(y - t)."),
			s(func(d *differing) { d.label = less(-1) }, "1 is added at the label: subtract it, y - t.", "정답 위치에 1을 더했습니다. 빼야 합니다(y - t)."),
			s(func(d *differing) {
				d.label = func(_, k, label int, y float64) float64 {
					if k != label {
						return y - 1
					}
					return y
				}
			}, "1 is subtracted everywhere but at the label: subtract it at the label only.", "정답이 아닌 위치에서 1을 뺐습니다. 정답 위치에서만 빼세요."),
			s(func(d *differing) { d.label = func(_, _, _ int, y float64) float64 { return y - 1 } }, "1 is subtracted everywhere: subtract it at the label of each row only.", "모든 자리에서 1을 뺐습니다. 행마다 정답 위치에서만 빼세요."),
			s(func(d *differing) { d.softmax = softmaxLast }, "only the last exponential is left in the sum: add them up (+=), do not assign.", "합에 마지막 지수값만 남았습니다. 대입하지 말고 모두 더하세요(+=)."),
			s(func(d *differing) { d.softmax = softmaxFromOne }, "the sum of the exponentials begins at 1: it begins at 0.", "지수값의 합을 1에서 시작했습니다. 0에서 시작합니다."),
			s(func(d *differing) { d.sign = -1 }, "the sign is the opposite: y - t, not t - y.", "부호가 반대입니다. t - y가 아니라 y - t입니다."),
			s(func(d *differing) { d.softmax = softmaxMissing }, "softmax is missing: the gradient is of probabilities, y - t, not of scores.", "소프트맥스가 빠졌습니다. 점수가 아니라 확률로 y - t를 구합니다."),
			s(func(d *differing) { d.softmax = softmaxRaw }, "subtract each row's maximum before exp: large scores overflow.", "exp를 취하기 전에 행마다 최댓값을 빼세요. 점수가 크면 오버플로가 납니다."),
			s(func(d *differing) { d.softmax = softmaxOverall }, "each row has a maximum of its own: less the maximum of all rows, a whole row can become 0.", "최댓값은 행마다 따로 있습니다. 전체의 최댓값을 빼면 한 행이 모두 0이 될 수 있습니다."),
			s(func(d *differing) { d.softmax = softmaxNoSum }, "the division is missing in softmax: divide the exponentials by the sum of their row.", "소프트맥스에서 나눗셈이 빠졌습니다. 지수값을 그 행의 합으로 나누세요."),
			s(func(d *differing) { d.softmax = softmaxDown }, "the exponentials must be divided by the sum of their own row: is the axis of the sum right?", "지수값은 그 행의 합으로 나누어야 합니다. 합을 구한 축이 맞나요?"),
			s(func(d *differing) { d.softmax = softmaxAll }, "the exponentials must be divided by the sum of their own row, not of all.", "지수값은 전체가 아니라 그 행의 합으로 나누어야 합니다."),
		},
		traits: scoreTraits(),
	}.check()
}
