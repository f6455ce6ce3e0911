package exercise

import (
	"convbook/pkg/convnet"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// SimpleConvNet checks the scores of a whole network: conv - relu - pool (2 x 2, stride
// 2) - affine - relu - affine, with stride 1 and no padding, from the parameters W1, b1
// (convolution), W2, b2 and W3, b3 (affine) and images x (N, C, H, W), as
// convnet.SimpleConvNet.Predict.
func SimpleConvNet(f func(params map[string]*Array, x *Array) *Array) {
	t := task{name: "SimpleConvNet", hints: []both{
		{"those are probabilities: leave softmax to the loss and return the scores.", "소프트맥스를 거친 확률입니다. 소프트맥스는 손실 계산에 맡기고 점수를 반환하세요."},
		{"the Relu after the convolution is missing.", "합성곱 다음의 Relu가 빠졌습니다."},
		{"the Relu after the hidden layer is missing.", "은닉층 다음의 Relu가 빠졌습니다."},
		{"there is no Relu after the last layer: scores may be negative.", "마지막 계층 다음에는 Relu가 없습니다. 점수는 음수여도 됩니다."},
		{"the biases are missing.", "편향이 빠졌습니다."},
		{"that is the class with the highest score; return the scores.", "점수가 가장 높은 클래스를 구했습니다. 점수를 반환하세요."},
		{"the maps are flattened as they are, (N, C*OH*OW): Reshape(N, -1) without a Transpose.", "특징 맵은 그대로 (N, C*OH*OW)로 폅니다. Transpose 없이 Reshape(N, -1)을 하세요."},
	}}
	rng := nprandom.New(0)
	for _, c := range []struct{ n, channels, size, filters, filter, hidden int }{
		{1, 1, 4, 1, 3, 2}, {1, 1, 5, 2, 2, 3}, {2, 1, 6, 3, 3, 4}, {3, 2, 8, 4, 3, 5}, {4, 3, 10, 5, 5, 8},
	} {
		net := convnet.NewSimpleConvNet[float64](rng, convnet.SimpleConvNetConfig{
			InputDim: [3]int{c.channels, c.size, c.size}, FilterNum: c.filters, FilterSize: c.filter,
			HiddenSize: c.hidden, OutputSize: 3, WeightInitStd: 1})
		params := net.Params()
		for _, name := range net.ParamNames() {
			params[name].Copy(short(ndarray.Randn[float64](rng, params[name].Shape()...)))
		}
		x := short(ndarray.Randn[float64](rng, c.n, c.channels, c.size, c.size))
		want := net.Predict(x)
		inputs := []named{{"x", x}}
		for _, name := range net.ParamNames() {
			inputs = append(inputs, named{name, params[name]})
		}
		guesses := ndarray.Zeros[float64](c.n)
		for i, class := range want.ArgMax(1) {
			guesses.Data()[i] = float64(class)
		}
		t.samples = append(t.samples, sample{
			inputs: inputs, want: want,
			answer: func() *Array { return f(params, x) },
			wrong: func() []*Array {
				return []*Array{
					different(layers.Softmax(want), want),
					different(wiring{noReluAfterConv: true}.scores(params, x), want),
					different(wiring{noReluAfterHidden: true}.scores(params, x), want),
					different(want.Map(func(v float64) float64 { return max(v, 0) }), want),
					different(wiring{noBiases: true}.scores(params, x), want),
					different(guesses, want),
					different(wiring{channelsLast: true}.scores(params, x), want),
				}
			},
		})
	}
	check(t)
}

// wiring is the network with what can go wrong in it.
type wiring struct{ noReluAfterConv, noReluAfterHidden, noBiases, channelsLast bool }

func (w wiring) scores(params map[string]*Array, x *Array) *Array {
	bias := func(name string) *Array {
		if w.noBiases {
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
	h := relu(layers.NewConvolution(params["W1"], bias("b1"), 1, 0).Forward(x, false), w.noReluAfterConv)
	h = layers.NewPooling[float64](2, 2, 2, 0).Forward(h, false)
	if w.channelsLast {
		h = h.Transpose(0, 2, 3, 1)
	}
	h = relu(h.Reshape(x.Dim(0), -1).Dot(params["W2"]).Add(bias("b2")), w.noReluAfterHidden)
	return h.Dot(params["W3"]).Add(bias("b3"))
}
