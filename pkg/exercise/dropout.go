package exercise

import (
	"fmt"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// dropped is a case of Dropout.
type dropped struct {
	shape []int
	ratio float64
	train bool
	seed  uint32
}

func drops(evaluation bool) (cases []dropped) {
	for i, shape := range [][]int{{1, 2}, {1, 4}, {2, 3}, {4, 5}, {2, 3, 4, 4}} {
		for _, ratio := range []float64{0.5, 0.2, 0.75} {
			cases = append(cases, dropped{shape, ratio, true, uint32(i)})
			if evaluation {
				cases = append(cases, dropped{shape, ratio, false, uint32(i)})
			}
		}
	}
	return cases
}

func (c dropped) about() string { return fmt.Sprintf("ratio %v, train %v", c.ratio, c.train) }
func (c dropped) x() *Array     { return counting(c.shape...) }

// draws holds numbers of three decimals. One goes, one stays, and where there is room one
// is just the ratio.
func (c dropped) draws() *Array {
	d := ndarray.Rand[float64](nprandom.New(c.seed), c.shape...).Map(func(v float64) float64 { return float64(int(v*1000)) / 1000 })
	d.Data()[0], d.Data()[1] = c.ratio/2, (1+c.ratio)/2
	if d.Size() > 3 {
		d.Data()[2] = c.ratio
	}
	return d
}

// dropping is Dropout value by value, with what can go wrong in it.
type dropping struct {
	training   func(x, draw, ratio float64) float64
	evaluation func(x, draw, ratio float64) float64
	swapped    bool
}

func kept(x, draw, ratio float64) float64 {
	if draw > ratio {
		return x
	}
	return 0
}

// below is kept the other way round, and without what equals ratio.
func below(x, draw, ratio float64) float64 {
	if draw < ratio {
		return x
	}
	return 0
}

func (d dropping) of(c dropped, x *Array) *Array {
	f := d.evaluation
	if c.train != d.swapped {
		f = d.training
	}
	y, draws := x.Clone(), c.draws()
	for i, v := range x.Data() {
		y.Data()[i] = f(v, draws.Data()[i], c.ratio)
	}
	return y
}

func dropoutTraits() []trait[dropped] {
	return []trait[dropped]{
		{func(c dropped) bool { return c.train }, both{"train is true", "train이 true인"}},
		{func(c dropped) bool { return !c.train }, both{"train is false, in evaluation", "train이 false인(평가)"}},
		{func(c dropped) bool { return c.ratio != 0.5 }, both{"ratio is not 0.5, so that ratio and 1 - ratio differ", "ratio가 0.5가 아니어서 ratio와 1 - ratio가 다른"}},
		{func(c dropped) bool { return len(c.shape) > 2 }, both{"there are four axes", "축이 넷인"}},
	}
}

// Dropout checks the class's Dropout: in training it keeps x where draws > ratio and
// makes the rest 0, without scaling; in evaluation it multiplies by 1 - ratio. draws
// stands for np.random.rand(*x.shape).
func Dropout(f func(x, draws *Array, ratio float64, train bool) *Array) {
	t := func(of func(x, draw, ratio float64) float64, english, korean string) slip[dropping] {
		return slip[dropping]{func(d *dropping) { d.training = of }, both{english, korean}}
	}
	e := func(of func(x, draw, ratio float64) float64, english, korean string) slip[dropping] {
		return slip[dropping]{func(d *dropping) { d.evaluation = of }, both{english, korean}}
	}
	inverted := both{"the class does not scale in training; it multiplies by 1 - ratio in evaluation.", "수업 코드는 학습할 때 배율을 곱하지 않고, 평가할 때 1 - ratio를 곱합니다."}
	task[dropped, dropping]{
		name: "Dropout", parts: one(), cases: drops(true), about: dropped.about,
		inputs: func(c dropped) []named { return []named{{"x", c.x()}, {"draws", c.draws()}} },
		call:   func(c dropped, in []*Array) []*Array { return []*Array{f(in[0], in[1], c.ratio, c.train)} },
		right:  dropping{training: kept, evaluation: func(x, _, ratio float64) float64 { return x * (1 - ratio) }},
		rule:   func(c dropped, d dropping) []*Array { return []*Array{d.of(c, c.x())} },
		slips: []slip[dropping]{
			t(func(x, draw, ratio float64) float64 { return x - kept(x, draw, ratio) }, "the mask is the wrong way round: a value stays where draws > ratio.", "마스크가 반대입니다. draws > ratio인 자리의 값이 남습니다."),
			t(below, "the mask is the wrong way round: a value stays where draws > ratio.", "마스크가 반대입니다. draws > ratio인 자리의 값이 남습니다."),
			{func(d *dropping) {
				d.training = func(x, draw, ratio float64) float64 { return kept(x, draw, ratio) / (1 - ratio) }
				d.evaluation = func(x, _, _ float64) float64 { return x }
			}, inverted},
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, ratio) / (1 - ratio) }, inverted.english, inverted.korean),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, 1-ratio) }, "ratio is the share that is dropped: keep where draws > ratio, not where draws > 1 - ratio.", "ratio는 버리는 비율입니다. draws > 1 - ratio가 아니라 draws > ratio인 값을 남기세요."),
			t(func(x, draw, ratio float64) float64 { return kept(1, draw, ratio) }, "in training that is the mask; multiply x by it.", "학습할 때 마스크만 반환했습니다. x에 마스크를 곱하세요."),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, ratio) * (1 - ratio) }, "in training the values that stay keep their size: 1 - ratio comes in evaluation only.", "학습할 때 남은 값은 그대로 둡니다. 1 - ratio는 평가할 때만 곱합니다."),
			t(func(x, draw, ratio float64) float64 { return x * draw }, "x is multiplied by draws; the mask is 1 where draws > ratio and 0 elsewhere.", "x에 draws를 곱했습니다. 마스크는 draws > ratio이면 1, 아니면 0입니다."),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, 0.5) }, "the border is ratio, not always 0.5: draws > ratio.", "경계는 언제나 0.5가 아니라 ratio입니다. draws > ratio입니다."),
			t(func(x, draw, ratio float64) float64 { return kept(x, x, ratio) }, "ratio is compared with x; compare it with draws.", "ratio를 x와 비교했습니다. draws와 비교하세요."),
			t(func(x, draw, ratio float64) float64 {
				if draw >= ratio {
					return x
				}
				return 0
			}, "where draws equals ratio the value is dropped: draws > ratio.", "draws가 ratio와 같으면 버립니다. draws > ratio입니다."),
			t(func(x, _, ratio float64) float64 { return x * (1 - ratio) }, "in training values are dropped: multiply x by the mask; 1 - ratio is for evaluation.", "학습할 때는 값을 버립니다. x에 마스크를 곱하세요. 1 - ratio는 평가할 때 씁니다."),
			t(func(x, _, _ float64) float64 { return x }, "in training nothing is dropped: multiply x by the mask draws > ratio.", "학습할 때 버려지는 값이 없습니다. x에 마스크 draws > ratio를 곱하세요."),
			e(func(x, _, _ float64) float64 { return x }, "in evaluation nothing is dropped, but all values are multiplied by 1 - ratio.", "평가할 때는 아무것도 버리지 않고 모든 값에 1 - ratio를 곱합니다."),
			e(kept, "values are dropped in training only; in evaluation all are multiplied by 1 - ratio.", "값을 버리는 것은 학습할 때뿐입니다. 평가할 때는 모든 값에 1 - ratio를 곱합니다."),
			e(func(x, draw, ratio float64) float64 { return kept(x, draw, ratio) * (1 - ratio) }, "in evaluation nothing is dropped: multiply x, without the mask, by 1 - ratio.", "평가할 때는 아무것도 버리지 않습니다. 마스크 없이 x에 1 - ratio를 곱하세요."),
			e(func(x, _, ratio float64) float64 { return x * ratio }, "in evaluation the factor is 1 - ratio, the share that stayed in training.", "평가할 때 곱하는 값은 1 - ratio, 곧 학습할 때 남은 비율입니다."),
			e(func(x, _, ratio float64) float64 { return x / (1 - ratio) }, "in evaluation x is multiplied by 1 - ratio, not divided by it.", "평가할 때 1 - ratio로 나누지 않고 곱합니다."),
			e(func(x, _, ratio float64) float64 { return x - ratio }, "brackets are missing in evaluation: x*(1 - ratio), not x*1 - ratio.", "평가할 때의 식에 괄호가 빠졌습니다. x*1 - ratio가 아니라 x*(1 - ratio)입니다."),
			{func(d *dropping) { d.swapped = true }, both{"training and evaluation are swapped: values are dropped in training.", "학습과 평가가 뒤바뀌었습니다. 값을 버리는 것은 학습할 때입니다."}},
		},
		traits: dropoutTraits(),
	}.check()
}

// DropoutBackward checks the backward pass of the class's Dropout: from the gradient dout
// of its output and the draws of its Forward to the gradient of its input, dout where
// draws > ratio and 0 elsewhere.
func DropoutBackward(f func(dout, draws *Array, ratio float64) *Array) {
	t := func(of func(x, draw, ratio float64) float64, english, korean string) slip[dropping] {
		return slip[dropping]{func(d *dropping) { d.training = of }, both{english, korean}}
	}
	scaled := "the class does not scale in training, so the gradient is not scaled by 1 - ratio either."
	scaledKorean := "수업 코드는 학습할 때 배율을 곱하지 않으므로 기울기에도 1 - ratio를 곱하거나 나누지 않습니다."
	task[dropped, dropping]{
		name: "DropoutBackward", parts: one(), cases: drops(false),
		about:  func(c dropped) string { return fmt.Sprintf("ratio %v", c.ratio) },
		inputs: func(c dropped) []named { return []named{{"dout", signed(c.x())}, {"draws", c.draws()}} },
		call:   func(c dropped, in []*Array) []*Array { return []*Array{f(in[0], in[1], c.ratio)} },
		right:  dropping{training: kept},
		rule:   func(c dropped, d dropping) []*Array { return []*Array{d.of(c, signed(c.x()))} },
		slips: []slip[dropping]{
			t(func(x, draw, ratio float64) float64 { return x - kept(x, draw, ratio) }, "the mask is the wrong way round: the gradient passes where draws > ratio.", "마스크가 반대입니다. draws > ratio인 자리로 기울기가 지나갑니다."),
			t(below, "the mask is the wrong way round: the gradient passes where draws > ratio.", "마스크가 반대입니다. draws > ratio인 자리로 기울기가 지나갑니다."),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, ratio) / (1 - ratio) }, scaled, scaledKorean),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, ratio) * (1 - ratio) }, scaled, scaledKorean),
			t(func(x, draw, ratio float64) float64 { return x * (1 - ratio) }, "that is the way of evaluation; in training the gradient passes through the mask, draws > ratio.", "평가할 때의 방식입니다. 학습할 때 기울기는 마스크 draws > ratio를 지납니다."),
			t(func(x, draw, ratio float64) float64 { return x }, "everything passes: multiply dout by the mask, draws > ratio.", "모두 지나갑니다. dout에 마스크 draws > ratio를 곱하세요."),
			t(func(x, draw, ratio float64) float64 { return kept(1, draw, ratio) }, "that is the mask; multiply dout by it.", "마스크만 반환했습니다. dout에 곱하세요."),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, 1-ratio) }, "ratio is the share that is dropped: the mask is draws > ratio, not draws > 1 - ratio.", "ratio는 버리는 비율입니다. 마스크는 draws > 1 - ratio가 아니라 draws > ratio입니다."),
			t(func(x, draw, ratio float64) float64 { return kept(x, draw, 0.5) }, "the border is ratio, not always 0.5: draws > ratio.", "경계는 언제나 0.5가 아니라 ratio입니다. draws > ratio입니다."),
			t(func(x, draw, ratio float64) float64 { return kept(draw, draw, ratio) }, "the mask is applied to draws; multiply dout by it.", "마스크를 draws에 적용했습니다. dout에 곱하세요."),
			t(func(x, draw, ratio float64) float64 { return x * draw }, "dout is multiplied by draws; the mask is 1 where draws > ratio and 0 elsewhere.", "dout에 draws를 곱했습니다. 마스크는 draws > ratio이면 1, 아니면 0입니다."),
			t(func(x, draw, ratio float64) float64 { return kept(x, x, ratio) }, "ratio is compared with dout; compare it with draws.", "ratio를 dout과 비교했습니다. draws와 비교하세요."),
			t(func(x, draw, ratio float64) float64 {
				if draw >= ratio {
					return x
				}
				return 0
			}, "where draws equals ratio the value was dropped: draws > ratio.", "draws가 ratio와 같으면 버린 값입니다. draws > ratio입니다."),
		},
		traits: dropoutTraits()[2:],
	}.check()
}

// signed makes every third number negative.
func signed(a *Array) *Array {
	for i := range a.Data() {
		if i%3 == 1 {
			a.Data()[i] *= -1
		}
	}
	return a
}
