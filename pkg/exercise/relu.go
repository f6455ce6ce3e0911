package exercise

import (
	"math"

	"convbook/pkg/nprandom"
)

// rectified is a case of Relu.
type rectified struct {
	shape []int
	seed  uint32
}

// values are from -3 to 3 in steps of a tenth, with small ones and a 0 among them.
func (c rectified) values() *Array {
	x := shuffled(nprandom.New(c.seed), c.shape...)
	data := x.Data()
	for i, v := range data {
		data[i] = math.Round(math.Mod(v*7, 31)) / 10
	}
	for i, v := range []float64{-1, 0.3, 0, 0.002, -0.3} {
		if i < len(data) {
			data[len(data)-1-i] = v
		}
	}
	return x
}

func (c rectified) dout() *Array {
	d := counting(c.shape...)
	for i := range d.Data() {
		if i%3 == 1 {
			d.Data()[i] *= -1
		}
	}
	return d
}

func rectifications() (cases []rectified) {
	for i, shape := range [][]int{{1}, {2}, {3}, {6}, {2, 3}, {3, 4}, {2, 5}, {4, 4}, {2, 1, 3, 3}, {3, 2, 4, 4}} {
		cases = append(cases, rectified{shape, uint32(i)})
	}
	return cases
}

// each is a function of a value in the place of Relu.
type each struct{ of func(v float64) float64 }

// Relu checks max(x, 0), value by value, as layers.Relu.
func Relu(f func(x *Array) *Array) {
	s := func(of func(v float64) float64, english, korean string) slip[each] {
		return slip[each]{func(r *each) { r.of = of }, both{english, korean}}
	}
	where := func(yes bool, v float64) float64 {
		if yes {
			return v
		}
		return 0
	}
	task[rectified, each]{
		name: "Relu", parts: one(), cases: rectifications(),
		inputs: func(c rectified) []named { return []named{{"x", c.values()}} },
		call:   func(_ rectified, in []*Array) []*Array { return []*Array{f(in[0])} },
		right:  each{func(v float64) float64 { return max(v, 0) }},
		rule:   func(c rectified, r each) []*Array { return []*Array{c.values().Map(r.of)} },
		slips: []slip[each]{
			s(func(v float64) float64 { return where(v > 0, 1) },
				"that is the slope (1 where x is positive); Relu keeps x itself there.", "기울기(x가 양수이면 1)를 구했습니다. Relu는 그 자리에 x를 그대로 둡니다."),
			s(math.Abs, "that is the absolute value; Relu makes negative values 0.", "절댓값을 구했습니다. Relu는 음수를 0으로 만듭니다."),
			s(func(v float64) float64 { return min(v, 0) }, "that keeps the negative values; Relu keeps the positive ones.", "음수가 남았습니다. Relu는 양수를 남깁니다."),
			s(func(v float64) float64 { return v }, "negative values are still there: they become 0. In for _, v := range a changed v changes a copy only.", "음수가 그대로 남아 있습니다. 음수는 0이 됩니다. for _, v := range에서 v를 바꾸면 복사본만 바뀝니다."),
			s(func(v float64) float64 { return where(v > 1, v) }, "small positive values are lost: the border is at 0, not at 1.", "작은 양수가 사라집니다. 경계는 1이 아니라 0입니다."),
			s(func(v float64) float64 { return where(v >= 0.5, v) }, "small positive values are lost: the border is at 0.", "작은 양수가 사라집니다. 경계는 0입니다."),
			s(func(v float64) float64 { return where(v > 0.1, v) }, "small positive values are lost: the border is at 0.", "작은 양수가 사라집니다. 경계는 0입니다."),
			s(func(v float64) float64 { return where(v > 0.01, v) }, "small positive values are lost: the border is at 0.", "작은 양수가 사라집니다. 경계는 0입니다."),
			s(func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }, "that is the sigmoid; Relu is max(x, 0).", "시그모이드를 구했습니다. Relu는 max(x, 0)입니다."),
			s(func(v float64) float64 { return v + where(v > 0, 1) }, "the mask is added; multiply x by it.", "마스크를 더했습니다. x에 곱하세요."),
			s(func(v float64) float64 { return max(v, 1) }, "values below 1 become 1: the border is at 0.", "1보다 작은 값이 1이 됩니다. 경계는 0입니다."),
			s(func(v float64) float64 { return min(max(v, 0), 1) }, "values above 1 are cut off: Relu has no upper limit.", "1보다 큰 값이 잘립니다. Relu에는 위쪽 한계가 없습니다."),
			s(func(v float64) float64 { return max(v, 0.01*v) }, "negative values leak through, as with a leaky Relu: they become 0.", "Leaky ReLU처럼 음수가 조금 남습니다. 음수는 0이 됩니다."),
			s(func(v float64) float64 { return math.Trunc(max(v, 0)) }, "decimals are lost: the values stay float64, without int.", "소수 부분이 사라집니다. int로 바꾸지 말고 float64 그대로 두세요."),
			s(func(v float64) float64 { return max(v, 0) * max(v, 0) }, "positive values are squared: they stay as they are.", "양수가 제곱되었습니다. 양수는 그대로 둡니다."),
		},
		traits: shapeTraits(func(c rectified) []int { return c.shape }),
	}.check()
}

func shapeTraits[C any](of func(C) []int) []trait[C] {
	return []trait[C]{
		{func(c C) bool { return len(of(c)) > 1 }, both{"there is more than one axis", "축이 둘 이상인"}},
		{func(c C) bool { return len(of(c)) > 2 }, both{"there are four axes", "축이 넷인"}},
		{func(c C) bool { return of(c)[0] > 1 }, both{"the first axis has more than one element", "첫 번째 축의 길이가 2 이상인"}},
	}
}

// slope is a function of x and dout in the place of Relu's way back.
type slope struct{ of func(x, d float64) float64 }

// ReluBackward checks the backward pass of Relu: from its input x and the gradient dout of
// its output to the gradient of x, dout where x > 0 and 0 elsewhere, as layers.Relu.
func ReluBackward(f func(x, dout *Array) *Array) {
	s := func(of func(x, d float64) float64, english, korean string) slip[slope] {
		return slip[slope]{func(r *slope) { r.of = of }, both{english, korean}}
	}
	where := func(yes bool, v float64) float64 {
		if yes {
			return v
		}
		return 0
	}
	task[rectified, slope]{
		name: "ReluBackward", parts: one(), cases: rectifications(),
		inputs: func(c rectified) []named { return []named{{"x", c.values()}, {"dout", c.dout()}} },
		call:   func(_ rectified, in []*Array) []*Array { return []*Array{f(in[0], in[1])} },
		right:  slope{func(x, d float64) float64 { return where(x > 0, d) }},
		rule: func(c rectified, r slope) []*Array {
			x, d := c.values(), c.dout()
			for i, v := range x.Data() {
				x.Data()[i] = r.of(v, d.Data()[i])
			}
			return []*Array{x}
		},
		slips: []slip[slope]{
			s(func(x, d float64) float64 { return where(d > 0, d) }, "the mask comes from x, not from dout: a negative gradient passes where x is positive.", "마스크는 dout이 아니라 x로 만듭니다. x가 양수이면 음의 기울기도 지나갑니다."),
			s(func(x, d float64) float64 { return where(x > 0 && d > 0, d) }, "negative gradients are lost: dout passes as it is where x is positive.", "음의 기울기가 사라집니다. x가 양수이면 dout이 그대로 지나갑니다."),
			s(func(x, d float64) float64 { return where(x <= 0, d) }, "the mask is the wrong way round: the gradient passes where x is positive.", "마스크가 반대입니다. x가 양수인 자리로 기울기가 지나갑니다."),
			s(func(x, d float64) float64 { return where(x >= 0, d) }, "where x is 0 nothing passes: x > 0.", "x가 0인 자리는 지나가지 않습니다. x > 0입니다."),
			s(func(x, d float64) float64 { return where(x > 0, x) }, "that is Relu of x; what passes is the gradient, dout.", "x에 Relu를 적용했습니다. 지나가는 것은 기울기 dout입니다."),
			s(func(x, d float64) float64 { return where(x > 0, x*d) }, "dout is multiplied by x; the slope of Relu is 1 where x is positive.", "dout에 x를 곱했습니다. x가 양수이면 Relu의 기울기는 1입니다."),
			s(func(x, d float64) float64 { return where(x > 0, 1) }, "that is the slope (the mask) alone: multiply dout by it.", "기울기(마스크)만 구했습니다. dout에 곱하세요."),
			s(func(x, d float64) float64 { return where(x >= 0, 1) }, "that is the slope (the mask) alone: multiply dout by it.", "기울기(마스크)만 구했습니다. dout에 곱하세요."),
			s(func(x, d float64) float64 { return where(x > 1, d) }, "gradients are lost where x is small: the border is at 0, not at 1.", "x가 작은 자리의 기울기가 사라집니다. 경계는 1이 아니라 0입니다."),
			s(func(x, d float64) float64 { return where(d > 0, x) }, "x and dout are swapped: the mask comes from x, and dout passes through it.", "x와 dout이 뒤바뀌었습니다. 마스크는 x로 만들고, 그 마스크를 지나는 것은 dout입니다."),
			s(func(x, d float64) float64 { return where(x > 0, d) + 0.01*where(x <= 0, d) }, "where x is negative a part of the gradient passes, as with a leaky Relu: it is 0 there.", "Leaky ReLU처럼 x가 음수인 자리에 기울기가 조금 남습니다. 그 자리의 기울기는 0입니다."),
			s(func(x, d float64) float64 { return d }, "everything passes: the gradient is 0 where x is not positive.", "모두 지나갑니다. x가 양수가 아니면 기울기는 0입니다."),
			s(func(x, d float64) float64 { return d + where(x > 0, 1) }, "the mask is added; multiply dout by it.", "마스크를 더했습니다. dout에 곱하세요."),
			s(func(x, d float64) float64 { return where(x <= 0, x) }, "those are the negative values of x; what passes is dout, where x is positive.", "x의 음수 값이 남았습니다. x가 양수인 자리의 dout이 지나갑니다."),
		},
		traits: shapeTraits(func(c rectified) []int { return c.shape }),
	}.check()
}
