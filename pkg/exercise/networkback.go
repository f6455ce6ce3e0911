package exercise

import (
	"convbook/pkg/convnet"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// gradients is the way back through a whole network with what can go wrong in it.
type gradients struct {
	times     func(n float64) float64 // the gradient of the loss
	noRelu    [2]bool                 // after the convolution, after the hidden layer
	flatNet   bool                    // no Relu in the hidden layer at all, there and back
	ones      bool                    // 1 in place of the gradient of the loss
	reluOfD   bool                    // the hidden layer's mask from the gradient
	noLabel   bool                    // softmax alone
	means     bool                    // of the biases
	values    bool                    // the parameters themselves
	preRelu   bool                    // W3 from what comes before the Relu
	swapped   bool                    // b2 and b3
	dw2Turned bool
}

func (g gradients) of(c wired) map[string]*Array {
	p, x := c.params(), c.x()
	if g.values {
		return p
	}
	n := x.Dim(0)
	v := window{n, c.channels, c.h, c.w, c.filter, c.filter, 1, 0}
	oh, ow := v.out()
	col := walk{}.rows(x, v)
	convolved := col.DotT(p["W1"].Reshape(c.filters, -1)).Add(p["b1"]).Reshape(n, oh, ow, c.filters).Transpose(0, 3, 1, 2)
	relu := func(a *Array) *Array { return a.Map(func(v float64) float64 { return max(v, 0) }) }
	active := relu(convolved)
	pool := window{n, c.filters, oh, ow, 2, 2, 2, 0}
	pooled := pooling{}.maps(active, pool)
	flat := pooled.Reshape(n, -1)
	before := flat.Dot(p["W2"]).Add(p["b2"])
	hidden := relu(before)
	if g.flatNet {
		hidden = before
	}
	d := softmaxRight.of(hidden.Dot(p["W3"]).Add(p["b3"]))
	for i, label := range c.labels() {
		if !g.noLabel {
			d.Set(d.At(i, label)-1, i, label)
		}
	}
	d = d.Scale(g.times(float64(n)) / float64(n))
	if g.ones {
		d.Fill(1)
	}

	sum := func(d *Array) *Array {
		if g.means {
			return d.Mean(0)
		}
		return d.Sum(0)
	}
	grads := map[string]*Array{"W3": hidden.TDot(d), "b3": sum(d)}
	if g.preRelu {
		grads["W3"] = before.TDot(d)
	}
	dh := d.DotT(p["W3"])
	for i, z := range before.Data() {
		if off := z <= 0 && !g.flatNet; !g.noRelu[1] && !g.reluOfD && off || g.reluOfD && dh.Data()[i] <= 0 {
			dh.Data()[i] = 0
		}
	}
	grads["W2"], grads["b2"] = flat.TDot(dh), sum(dh)
	if g.dw2Turned {
		grads["W2"] = dh.TDot(flat)
	}
	dp := dh.DotT(p["W2"]).Reshape(pooled.Shape()...)
	da := sentBack(active, dp, pool)
	for i, z := range convolved.Data() {
		if z <= 0 && !g.noRelu[0] {
			da.Data()[i] = 0
		}
	}
	rows := da.Transpose(0, 2, 3, 1).Reshape(-1, c.filters)
	grads["W1"], grads["b1"] = rows.TDot(col).Reshape(p["W1"].Shape()...), sum(rows)
	if g.swapped {
		grads["b2"], grads["b3"] = grads["b3"], grads["b2"]
	}
	return grads
}

// sentBack is the way back through max pooling.
func sentBack(x, dout *Array, v window) *Array {
	col := walk{}.rows(x, v).Reshape(-1, v.fh*v.fw)
	d := dout.Transpose(0, 2, 3, 1)
	dcol := ndarray.Zeros[float64](col.Shape()...)
	for i, k := range col.ArgMax(1) {
		dcol.Set(d.Data()[i], i, k)
	}
	oh, ow := v.out()
	return walk{}.images(dcol.Reshape(v.n*oh*ow, -1), v, putAdd)
}

// numerical is the gradient by differences, with a network of the class: what every way
// back is held to.
func (c wired) numerical() map[string]*Array {
	net := convnet.NewSimpleConvNet[float64](nprandom.New(0), convnet.SimpleConvNetConfig{
		InputDim: [3]int{c.channels, c.h, c.w}, FilterNum: c.filters, FilterSize: c.filter, HiddenSize: c.hidden, OutputSize: 3})
	mine := net.Params()
	for name, a := range c.params() {
		mine[name].Copy(a)
	}
	grads := make(map[string]*Array)
	x, labels := c.x(), c.labels()
	for name, a := range mine {
		g := ndarray.Zeros[float64](a.Shape()...)
		for i, v := range a.Data() {
			const h = 1e-5
			a.Data()[i] = v + h
			above := net.Loss(x, labels)
			a.Data()[i] = v - h
			below := net.Loss(x, labels)
			a.Data()[i] = v
			g.Data()[i] = (above - below) / (2 * h)
		}
		grads[name] = g
	}
	return grads
}

// SimpleConvNetGradient checks the gradient of the loss of the network of SimpleConvNet,
// with softmax and cross entropy, with respect to each of its parameters, for images x
// (N, C, H, W) with labels t, to three digits: a gradient by differences passes, too. The
// map has the names W1, b1, W2, b2, W3, b3.
func SimpleConvNetGradient(f func(params map[string]*Array, x *Array, t []int) map[string]*Array) {
	s := func(change func(*gradients), english, korean string) slip[gradients] {
		return slip[gradients]{change, both{english, korean}}
	}
	parts := make([]part, len(names))
	for i, name := range names {
		parts[i].name = name
	}
	inOrder := func(grads map[string]*Array) []*Array {
		var all []*Array
		for _, name := range names {
			all = append(all, grads[name])
		}
		return all
	}
	times := func(f func(n float64) float64) func(*gradients) { return func(g *gradients) { g.times = f } }
	const batch, batchKorean = "the loss is a mean over the batch, so the gradient of the scores is divided by N once.", "손실은 배치의 평균이므로 점수의 기울기를 N으로 한 번 나눕니다."
	cases := networks()
	task[wired, gradients]{
		name: "SimpleConvNetGradient", parts: parts, cases: cases[:len(cases)-1], tolerance: 1e-3,
		about:  func(c wired) string { return "labels t " + shapes.Text(c.labels()) },
		inputs: wired.inputs,
		call: func(c wired, in []*Array) []*Array {
			params := given(in)
			grads := f(params, in[0], c.labels())
			unspoiled(params, in)
			if grads == nil {
				return nil
			}
			for _, name := range names {
				if grads[name] == nil {
					panic(noGradient + name)
				}
			}
			return inOrder(grads)
		},
		right: gradients{times: func(float64) float64 { return 1 }},
		rule:  func(c wired, g gradients) []*Array { return inOrder(g.of(c)) },
		slips: []slip[gradients]{
			s(times(func(n float64) float64 { return n }), batch, batchKorean),
			s(times(func(n float64) float64 { return 1 / n }), batch, batchKorean),
			s(times(func(n float64) float64 { return -1 }), "the sign is the opposite: the gradient of the scores is y - t.", "부호가 반대입니다. 점수의 기울기는 y - t입니다."),
			s(func(g *gradients) { g.noRelu[0] = true }, "the way back leaves out the Relu after the convolution: the gradient is 0 where its input was not positive.", "역전파에서 합성곱 다음의 Relu가 빠졌습니다. 입력이 양수가 아니었던 자리의 기울기는 0입니다."),
			s(func(g *gradients) { g.noRelu[1] = true }, "the way back leaves out the Relu of the hidden layer: the gradient is 0 where its input was not positive.", "역전파에서 은닉층의 Relu가 빠졌습니다. 입력이 양수가 아니었던 자리의 기울기는 0입니다."),
			s(func(g *gradients) { g.flatNet = true }, "the Relu of the hidden layer is missing, on the way there and back.", "순전파와 역전파 모두에서 은닉층의 Relu가 빠졌습니다."),
			s(func(g *gradients) { g.ones = true }, "the way back begins with 1: it begins with the gradient of the loss, (y - t)/N.", "역전파를 1로 시작했습니다. 손실의 기울기 (y - t)/N으로 시작합니다."),
			s(func(g *gradients) { g.reluOfD = true }, "the mask of the Relu comes from its input, not from the gradient.", "Relu의 마스크는 기울기가 아니라 Relu의 입력으로 만듭니다."),
			s(func(g *gradients) { g.noLabel = true }, "that goes on from softmax alone: subtract 1 at the label of each row, y - t.", "소프트맥스에서 바로 이어졌습니다. 행마다 정답 위치에서 1을 빼세요(y - t)."),
			s(func(g *gradients) { g.means = true }, "the gradient of a bias is the sum over the rows, not the mean: N has been divided by already.", "편향의 기울기는 행의 평균이 아니라 합입니다. N으로는 이미 나누었습니다."),
			s(func(g *gradients) { g.values = true }, "that is the parameter itself; return its gradient.", "매개변수 자체를 반환했습니다. 그 기울기를 반환하세요."),
			s(func(g *gradients) { g.preRelu = true }, "the gradient of W3 is computed from what went into it: the hidden layer's values after the Relu.", "W3의 기울기는 W3에 들어간 값, 곧 Relu를 지난 은닉층의 값으로 구합니다."),
			s(func(g *gradients) { g.swapped = true }, "the gradients of b2 and b3 are swapped.", "b2와 b3의 기울기가 뒤바뀌었습니다."),
			s(func(g *gradients) { g.dw2Turned = true }, "the gradient of W2 is transposed: xᵀ·dout has the shape of W2.", "W2의 기울기가 전치되었습니다. xᵀ·dout이 W2와 같은 형상입니다."),
		},
		traits: networkTraits(),
	}.check()
}
