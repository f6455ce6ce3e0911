package exercise

import (
	"math"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// wired is a case of a whole network. Where the map before pooling is odd, pooling leaves
// a row and a column over.
type wired struct{ n, channels, h, w, filters, filter, hidden, seed int }

func networks() []wired {
	return []wired{{1, 1, 4, 4, 1, 3, 2, 1}, {1, 1, 5, 5, 2, 2, 3, 2}, {1, 1, 5, 5, 1, 3, 2, 3}, {2, 1, 6, 6, 3, 3, 4, 4}, {2, 1, 5, 7, 2, 3, 3, 5},
		{3, 2, 8, 8, 4, 3, 5, 6}, {2, 2, 7, 6, 3, 2, 4, 7}, {4, 3, 9, 9, 5, 3, 8, 8}}
}

// names are the parameters, in the order of the layers.
var names = []string{"W1", "b1", "W2", "b2", "W3", "b3"}

func (c wired) params() map[string]*Array {
	rng := nprandom.New(uint32(c.seed))
	draw := func(shape ...int) *Array { return short(ndarray.Randn[float64](rng, shape...).Scale(0.6)) }
	oh, ow := (c.h-c.filter+1)/2, (c.w-c.filter+1)/2
	return map[string]*Array{
		"W1": draw(c.filters, c.channels, c.filter, c.filter), "b1": draw(c.filters),
		"W2": draw(c.filters*oh*ow, c.hidden).Map(func(v float64) float64 { return math.Round(5*v) / 10 }), "b2": draw(c.hidden), "W3": draw(c.hidden, 3), "b3": draw(3)}
}

func (c wired) x() *Array {
	return short(ndarray.Randn[float64](nprandom.New(uint32(c.seed+100)), c.n, c.channels, c.h, c.w))
}

func (c wired) labels() []int {
	labels := make([]int, c.n)
	for i := range labels {
		labels[i] = (i + c.seed) % 3
	}
	return labels
}

func (c wired) inputs() []named {
	in, params := []named{{"x", c.x()}}, c.params()
	for _, name := range names {
		in = append(in, named{name, params[name]})
	}
	return in
}

// given are the parameters that are handed to the student, from copies of the inputs.
func given(in []*Array) map[string]*Array {
	params := make(map[string]*Array)
	for i, name := range names {
		params[name] = in[i+1]
	}
	return params
}

// unspoiled panics where a map of parameters is no longer what was given.
func unspoiled(params map[string]*Array, in []*Array) {
	for i, name := range names {
		if params[name] != in[i+1] || len(params) != len(names) {
			panic(changedInput("params"))
		}
	}
}

// wiring is the network with what can go wrong in it.
type wiring struct {
	noReluAfterConv, noReluAfterHidden, reluLast bool
	sigmoid                                      bool // in place of the Relu of the hidden layer
	noBias                                       [3]bool
	channelsLast, pooledAsRows                   bool
	pooling                                      keep
	noPool                                       bool
	softmax, classes                             bool
	half                                         bool // dropout in evaluation
	hiddenOnly                                   bool
}

func (w wiring) scores(params map[string]*Array, x *Array) *Array {
	bias := func(i int, name string) *Array {
		if w.noBias[i] {
			return params[name].Scale(0)
		}
		return params[name]
	}
	relu := func(a *Array, missing bool) *Array {
		if missing {
			return a
		}
		return layers.NewRelu[float64]().Forward(a, false)
	}
	h := relu(layers.NewConvolution(params["W1"], bias(0, "b1"), 1, 0).Forward(x, false), w.noReluAfterConv)
	if !w.noPool {
		v := window{h.Dim(0), h.Dim(1), h.Dim(2), h.Dim(3), 2, 2, 2, 0}
		arranged := arrangeRight
		if w.pooledAsRows {
			arranged = arrangeAsIs
		}
		h = pooling{keep: w.pooling, after: arranged}.maps(h, v)
		if w.pooledAsRows { // as the rows of im2col stand, channels last
			h = h.Reshape(x.Dim(0), -1)
		}
	}
	if w.channelsLast {
		h = h.Transpose(0, 2, 3, 1)
	}
	z := h.Reshape(x.Dim(0), -1).Dot(params["W2"]).Add(bias(1, "b2"))
	if w.sigmoid {
		h = layers.NewSigmoid[float64]().Forward(z, false)
	} else {
		h = relu(z, w.noReluAfterHidden)
	}
	if w.hiddenOnly {
		return h
	}
	if w.half {
		h = h.Scale(0.5)
	}
	y := h.Dot(params["W3"]).Add(bias(2, "b3"))
	switch {
	case w.reluLast:
		y = relu(y, false)
	case w.softmax:
		y = layers.Softmax(y)
	case w.classes:
		best := ndarray.Zeros[float64](y.Dim(0))
		for i, k := range y.ArgMax(1) {
			best.Data()[i] = float64(k)
		}
		return best
	}
	return y
}

func networkTraits() []trait[wired] {
	return []trait[wired]{
		{func(c wired) bool { return (c.h-c.filter+1)%2 > 0 || (c.w-c.filter+1)%2 > 0 }, both{"the map before pooling has an odd size, so that a row or a column is left over", "풀링하기 전의 맵 크기가 홀수여서 행이나 열이 남는"}},
		{func(c wired) bool { return c.h != c.w }, both{"the image is not square", "이미지가 정사각형이 아닌"}},
		{func(c wired) bool { return c.n > 1 }, both{"there is more than one image in the batch", "배치에 이미지가 둘 이상인"}},
		{func(c wired) bool { return c.channels > 1 }, both{"there is more than one channel", "채널이 둘 이상인"}},
		{func(c wired) bool { return c.filters > 1 }, both{"there is more than one filter (are the maps flattened in the order (N, FN, OH, OW)?)", "필터가 둘 이상인(특징 맵을 (N, FN, OH, OW) 순서 그대로 폈나요?)"}},
	}
}

// SimpleConvNet checks the scores of a whole network: conv - relu - pool (2 x 2, stride
// 2) - affine - relu - affine, with stride 1 and no padding, from the parameters W1, b1
// (convolution), W2, b2 and W3, b3 (affine) and images x (N, C, H, W), as
// convnet.SimpleConvNet.Predict.
func SimpleConvNet(f func(params map[string]*Array, x *Array) *Array) {
	s := func(change func(*wiring), english, korean string) slip[wiring] {
		return slip[wiring]{change, both{english, korean}}
	}
	noBias := func(i int, name string) slip[wiring] {
		return slip[wiring]{func(w *wiring) { w.noBias[i] = true }, both{"the bias %s is missing.", "편향 %s이(가) 빠졌습니다."}.with(name)}
	}
	flat := both{"the maps are flattened as they are, (N, C*OH*OW): Reshape(N, -1) without a Transpose.", "특징 맵은 그대로 (N, C*OH*OW)로 폅니다. Transpose 없이 Reshape(N, -1)을 하세요."}
	task[wired, wiring]{
		name: "SimpleConvNet", parts: one(axisN, axis2("classes", "class", "클래스")), cases: networks(), inputs: wired.inputs,
		call: func(c wired, in []*Array) []*Array {
			params := given(in)
			y := f(params, in[0])
			unspoiled(params, in)
			return []*Array{y}
		},
		rule: func(c wired, w wiring) []*Array { return []*Array{w.scores(c.params(), c.x())} },
		slips: []slip[wiring]{
			s(func(w *wiring) { w.softmax = true }, "those are probabilities: leave softmax to the loss and return the scores.", "소프트맥스를 거친 확률입니다. 소프트맥스는 손실 계산에 맡기고 점수를 반환하세요."),
			s(func(w *wiring) { w.noReluAfterConv = true }, "the Relu after the convolution is missing.", "합성곱 다음의 Relu가 빠졌습니다."),
			s(func(w *wiring) { w.noReluAfterHidden = true }, "the Relu after the hidden layer is missing.", "은닉층 다음의 Relu가 빠졌습니다."),
			s(func(w *wiring) { w.noReluAfterConv, w.noReluAfterHidden = true, true }, "both Relus are missing: one after the convolution, one after the hidden layer.", "두 Relu가 모두 빠졌습니다. 합성곱 다음과 은닉층 다음에 하나씩 있습니다."),
			s(func(w *wiring) { w.reluLast = true }, "there is no Relu after the last layer: scores may be negative.", "마지막 계층 다음에는 Relu가 없습니다. 점수는 음수여도 됩니다."),
			s(func(w *wiring) { w.sigmoid = true }, "there is a sigmoid after the hidden layer; the class has a Relu.", "은닉층 다음에 시그모이드를 썼습니다. 수업에서는 Relu입니다."),
			s(func(w *wiring) { w.noBias = [3]bool{true, true, true} }, "the biases are missing.", "편향이 빠졌습니다."),
			noBias(0, "b1"), noBias(1, "b2"), noBias(2, "b3"),
			s(func(w *wiring) { w.classes = true }, "that is the class with the highest score; return the scores.", "점수가 가장 높은 클래스를 구했습니다. 점수를 반환하세요."),
			{func(w *wiring) { w.channelsLast = true }, flat},
			{func(w *wiring) { w.pooledAsRows = true }, flat},
			s(func(w *wiring) { w.pooling = keepMean }, "that is average pooling; the class keeps the largest value.", "평균 풀링을 했습니다. 수업에서는 가장 큰 값을 남깁니다."),
			s(func(w *wiring) { w.half = true }, "values are multiplied by a half before the last layer: there is no dropout here.", "마지막 계층 앞에서 값에 1/2을 곱했습니다. 여기에는 드롭아웃이 없습니다."),
			s(func(w *wiring) { w.hiddenOnly = true }, "the last Affine layer, W3 and b3, is missing.", "마지막 Affine 계층(W3, b3)이 빠졌습니다."),
			s(func(w *wiring) { w.noPool = true }, "the pooling is missing: W2 has as many rows as a map has values after pooling.", "풀링이 빠졌습니다. W2의 행 수는 풀링한 뒤의 값의 개수와 같습니다."),
		},
		traits: networkTraits(),
	}.check()
}
