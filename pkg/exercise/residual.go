package exercise

import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// skipped is a case of a residual block: x (N, C, H, W), and C filters of 3x3 with pad 1.
type skipped struct {
	n, c, h, w int
	seed       uint32
}

func skips() (cases []skipped) {
	for i, v := range [][4]int{{1, 1, 1, 1}, {1, 1, 2, 2}, {1, 1, 2, 3}, {2, 1, 2, 2}, {1, 2, 2, 2}, {1, 1, 3, 3}, {2, 2, 2, 3}, {1, 3, 3, 4}, {3, 2, 4, 3}, {2, 3, 4, 4}} {
		cases = append(cases, skipped{v[0], v[1], v[2], v[3], uint32(i)})
	}
	return cases
}

func (c skipped) values() *Array { return counting(c.n, c.c, c.h, c.w) }
func (c skipped) filters() *Array {
	return short(ndarray.Randn[float64](nprandom.New(c.seed), c.c, c.c, 3, 3))
}
func (c skipped) biases() *Array {
	b := counting(c.c).Scale(0.5)
	if c.c > 1 {
		b.Data()[1] = -1.5
	}
	return b
}
func (c skipped) dout() *Array { return signed(counting(c.n, c.c, c.h, c.w).Scale(10)) }

// x has both signs, so that Relu matters behind the skip as in front of it.
func (c skipped) x() *Array {
	x := c.values()
	for i := range x.Data() {
		if (i+int(c.seed))%3 == 1 {
			x.Data()[i] *= -1
		}
	}
	return x
}

// passing is what a block has at hand on the way forward.
type passing struct{ x, conv, relu *Array }

func relued(a *Array) *Array { return layers.NewRelu[float64]().Forward(a, false) }

func (c skipped) convolved(x, b *Array) *Array {
	return layers.NewConvolution(c.filters(), b, 1, 1).Forward(x, false)
}

// joining is a function of the branch in the place of x + Relu(convolution of x).
type joining struct {
	of     func(c skipped, p passing) *Array
	noBias bool
}

// Residual checks the forward pass of a residual block, x + Relu(convolution of x), with
// filters w (C, C, 3, 3), stride 1 and pad 1, as layers.Residual.
func Residual(f func(x, w, b *Array) *Array) {
	s := func(of func(c skipped, p passing) *Array, english, korean string) slip[joining] {
		return slip[joining]{func(r *joining) { r.of = of }, both{english, korean}}
	}
	const (
		missing, missingKorean = "the skip is missing: add x itself to what the layers give.", "스킵 연결이 빠졌습니다. 계층의 출력에 x를 그대로 더하세요."
		inside, insideKorean   = "x is added before Relu: here it goes around Relu, too, x + Relu(…).", "x를 Relu 앞에서 더했습니다. 여기서는 x가 Relu까지 건너뜁니다. x + Relu(…)입니다."
	)
	task[skipped, joining]{
		name: "Residual", parts: one(axisN, axisC, axisH, axisW), cases: skips(),
		inputs: func(c skipped) []named { return []named{{"x", c.x()}, {"w", c.filters()}, {"b", c.biases()}} },
		call:   func(_ skipped, in []*Array) []*Array { return []*Array{f(in[0], in[1], in[2])} },
		right:  joining{of: func(_ skipped, p passing) *Array { return p.x.Add(p.relu) }},
		rule: func(c skipped, r joining) []*Array {
			b := c.biases()
			if r.noBias {
				b.Fill(0)
			}
			conv := c.convolved(c.x(), b)
			return []*Array{r.of(c, passing{c.x(), conv, relued(conv)})}
		},
		slips: []slip[joining]{
			s(func(_ skipped, p passing) *Array { return p.relu }, missing, missingKorean),
			s(func(_ skipped, p passing) *Array { return p.conv }, "the skip and Relu are missing: x + Relu(convolution).", "스킵 연결과 Relu가 빠졌습니다. x + Relu(합성곱)입니다."),
			s(func(_ skipped, p passing) *Array { return p.x }, "that is the skip alone: add what the layers give to x.", "스킵 연결만 있습니다. 계층의 출력을 x에 더하세요."),
			s(func(_ skipped, p passing) *Array { return p.x.Scale(2).Add(p.relu) }, "x is added twice: once is enough.", "x를 두 번 더했습니다. 한 번이면 됩니다."),
			s(func(_ skipped, p passing) *Array { return p.x.Add(p.relu.Scale(2)) }, "what the layers give is added twice: once is enough.", "계층의 출력을 두 번 더했습니다. 한 번이면 됩니다."),
			s(func(_ skipped, p passing) *Array { return relued(p.x.Add(p.conv)) }, inside, insideKorean),
			s(func(_ skipped, p passing) *Array { return p.x.Add(p.conv) }, "Relu is missing behind the convolution: x + Relu(convolution).", "합성곱 뒤의 Relu가 빠졌습니다. x + Relu(합성곱)입니다."),
			s(func(_ skipped, p passing) *Array { return relued(p.x.Add(p.relu)) }, "Relu stands at the end once more: x itself passes by as it is, negative values too.", "마지막에 Relu를 한 번 더 거쳤습니다. x는 음수까지 그대로 지나갑니다."),
			s(func(_ skipped, p passing) *Array { return relued(p.x).Add(p.relu) }, "x goes through Relu on its way around: it passes by as it is, negative values too.", "건너뛰는 x가 Relu를 거쳤습니다. x는 음수까지 그대로 지나갑니다."),
			s(func(c skipped, p passing) *Array { return p.x.Add(c.convolved(relued(p.x), c.biases())) }, "Relu stands before the convolution: here it comes behind it.", "Relu가 합성곱 앞에 있습니다. 여기서는 합성곱 뒤에 옵니다."),
			s(func(_ skipped, p passing) *Array { return p.x.Mul(p.relu) }, "x is multiplied with what the layers give: a skip adds it.", "x를 계층의 출력에 곱했습니다. 스킵 연결은 더합니다."),
			s(func(_ skipped, p passing) *Array { return p.x.Sub(p.relu) }, "what the layers give is subtracted: a block adds it to x.", "계층의 출력을 뺐습니다. 블록은 x에 더합니다."),
			s(func(_ skipped, p passing) *Array { return p.relu.Sub(p.x) }, "x is subtracted: a skip adds it.", "x를 뺐습니다. 스킵 연결은 더합니다."),
			s(func(_ skipped, p passing) *Array { return p.x.Add(p.relu).Scale(0.5) }, "that is the mean of the two: a skip adds, without a half.", "둘의 평균입니다. 스킵 연결은 절반으로 나누지 않고 더합니다."),
			s(func(_ skipped, p passing) *Array { return p.conv.Add(p.relu) }, "the convolution's own output is added: the skip adds x, the input of the block.", "합성곱의 출력을 더했습니다. 스킵 연결은 블록의 입력 x를 더합니다."),
			s(func(c skipped, p passing) *Array {
				again := c.convolved(p.relu, c.biases())
				return p.x.Add(relued(again))
			}, "the layers are applied twice: once, then add x.", "계층을 두 번 거쳤습니다. 한 번만 거친 다음 x를 더하세요."),
			{func(r *joining) { r.noBias = true }, both{"the bias is missing in the convolution.", "합성곱의 편향이 빠졌습니다."}},
		},
		traits: skipTraits(),
	}.check()
}

func skipTraits() []trait[skipped] {
	return []trait[skipped]{
		{func(c skipped) bool { return c.n > 1 }, both{"there is more than one image", "이미지가 둘 이상인"}},
		{func(c skipped) bool { return c.c > 1 }, both{"there is more than one channel", "채널이 둘 이상인"}},
		{func(c skipped) bool { return c.h != c.w }, both{"height and width differ", "높이와 너비가 다른"}},
	}
}

// returning is a function of the ways back in the place of dout + what comes back through
// the layers.
type returning struct {
	of func(c skipped, back func(dout *Array) *Array) *Array
}

// through sends dout back through Relu, or around it, and the convolution.
func (c skipped) through(dout *Array, masked bool) *Array {
	conv := layers.NewConvolution(c.filters(), c.biases(), 1, 1)
	y := conv.Forward(c.x(), true)
	if masked {
		relu := layers.NewRelu[float64]()
		relu.Forward(y, true)
		dout = relu.Backward(dout)
	}
	return conv.Backward(dout)
}

// masked is dout where of is positive, and 0 elsewhere.
func masked(dout, of *Array) *Array {
	relu := layers.NewRelu[float64]()
	relu.Forward(of, true)
	return relu.Backward(dout)
}

// ResidualBackward checks the backward pass of the block of Residual: from x, w, b and the
// gradient dout of the output to the gradient of x, as layers.Residual.
func ResidualBackward(f func(x, w, b, dout *Array) *Array) {
	s := func(of func(c skipped, back func(dout *Array) *Array) *Array, english, korean string) slip[returning] {
		return slip[returning]{func(r *returning) { r.of = of }, both{english, korean}}
	}
	type way = func(*Array) *Array
	const (
		skip, skipKorean = "the skip is missing on the way back: dx is dout + what comes back through the layers.", "역전파에서 스킵 연결이 빠졌습니다. dx는 dout에 계층을 거쳐 돌아온 기울기를 더한 것입니다."
		relu, reluKorean = "Relu is missing on the way back: dout goes through Relu's mask before the convolution.", "역전파에서 Relu가 빠졌습니다. dout은 합성곱에 앞서 Relu의 마스크를 지납니다."
	)
	task[skipped, returning]{
		name: "ResidualBackward", parts: one(axisN, axisC, axisH, axisW), cases: skips(), tolerance: 1e-8,
		inputs: func(c skipped) []named {
			return []named{{"x", c.x()}, {"w", c.filters()}, {"b", c.biases()}, {"dout", c.dout()}}
		},
		call:  func(_ skipped, in []*Array) []*Array { return []*Array{f(in[0], in[1], in[2], in[3])} },
		right: returning{func(c skipped, back func(*Array) *Array) *Array { return c.dout().Add(back(c.dout())) }},
		rule: func(c skipped, r returning) []*Array {
			return []*Array{r.of(c, func(dout *Array) *Array { return c.through(dout, true) })}
		},
		slips: []slip[returning]{
			s(func(c skipped, back way) *Array { return back(c.dout()) }, skip, skipKorean),
			s(func(c skipped, _ way) *Array { return c.through(c.dout(), false) }, "the skip and Relu are missing on the way back.", "역전파에서 스킵 연결과 Relu가 빠졌습니다."),
			s(func(c skipped, _ way) *Array { return c.dout() }, "that is the way around alone: add what comes back through Relu and the convolution.", "건너뛰는 길만 있습니다. Relu와 합성곱을 거쳐 돌아온 기울기를 더하세요."),
			s(func(c skipped, back way) *Array { return c.dout().Scale(2).Add(back(c.dout())) }, "dout is added twice: once for the skip is enough.", "dout을 두 번 더했습니다. 스킵 연결의 몫은 한 번입니다."),
			s(func(c skipped, back way) *Array { return c.dout().Add(back(c.dout()).Scale(2)) }, "what comes back through the layers is added twice.", "계층을 거쳐 돌아온 기울기를 두 번 더했습니다."),
			s(func(c skipped, _ way) *Array { return c.dout().Add(c.through(c.dout(), false)) }, relu, reluKorean),
			s(func(c skipped, back way) *Array { return c.masked(c.dout()).Add(back(c.dout())) }, "the gradient of the skip goes through Relu's mask: it goes around Relu, dout as it is.", "스킵 연결의 기울기가 Relu의 마스크를 지났습니다. dout은 Relu를 건너뛰어 그대로 돌아갑니다."),
			s(func(c skipped, _ way) *Array { return c.dout().Add(masked(c.through(c.dout(), false), c.x())) }, "Relu's mask comes after the convolution's way back: the way back goes in the opposite order, Relu first.", "Relu의 마스크를 합성곱의 역전파 뒤에 썼습니다. 역전파는 순서가 반대이므로 Relu가 먼저입니다."),
			s(func(c skipped, _ way) *Array { return c.dout().Add(c.through(masked(c.dout(), c.dout()), false)) }, "Relu's mask comes from the output of the convolution, not from dout.", "Relu의 마스크는 dout이 아니라 합성곱의 출력으로 만듭니다."),
			s(func(c skipped, _ way) *Array { return c.dout().Add(c.through(masked(c.dout(), c.x()), false)) }, "Relu's mask comes from the output of the convolution, not from x.", "Relu의 마스크는 x가 아니라 합성곱의 출력으로 만듭니다."),
			s(func(c skipped, back way) *Array { return c.x().Add(back(c.dout())) }, "x is added: on the way back the skip adds dout.", "x를 더했습니다. 역전파에서 스킵 연결이 더하는 것은 dout입니다."),
			s(func(c skipped, back way) *Array { return c.dout().Mul(back(c.dout())) }, "the two are multiplied: where a value took two ways, their gradients are added.", "둘을 곱했습니다. 값이 두 길로 갔으면 두 기울기를 더합니다."),
			s(func(c skipped, back way) *Array { return c.dout().Sub(back(c.dout())) }, "the two are subtracted: where a value took two ways, their gradients are added.", "둘을 뺐습니다. 값이 두 길로 갔으면 두 기울기를 더합니다."),
			s(func(c skipped, back way) *Array { return back(c.dout()).Sub(c.dout()) }, "the two are subtracted: where a value took two ways, their gradients are added.", "둘을 뺐습니다. 값이 두 길로 갔으면 두 기울기를 더합니다."),
			s(func(c skipped, back way) *Array { return c.dout().Add(back(c.dout())).Scale(0.5) }, "that is the mean of the two: the gradients are added, without a half.", "둘의 평균입니다. 절반으로 나누지 않고 더합니다."),
			s(func(c skipped, back way) *Array { return c.dout().Add(back(back(c.dout()))) }, "the gradient went through the layers twice.", "기울기가 계층을 두 번 거쳤습니다."),
			s(func(c skipped, back way) *Array { return back(c.dout().Add(c.x())) }, skip, skipKorean),
			s(func(c skipped, _ way) *Array {
				conv := c.convolved(c.x(), c.biases())
				return c.through(masked(c.dout(), c.x().Add(conv)), false).Add(masked(c.dout(), c.x().Add(conv)))
			}, "that is the way back of Relu(x + …): here x goes around Relu, so dout passes the skip as it is.", "Relu(x + …)의 역전파입니다. 여기서는 x가 Relu를 건너뛰므로 dout이 그대로 지나갑니다."),
		},
		traits: skipTraits(),
	}.check()
}

// masked is dout through the mask of the block's Relu.
func (c skipped) masked(dout *Array) *Array { return masked(dout, c.convolved(c.x(), c.biases())) }
