package exercise

import (
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Convolution checks the forward pass of a convolution: images x (N, C, H, W), filters w
// (FN, C, FH, FW) and biases b (FN,) to (N, FN, OH, OW), as layers.Convolution.
func Convolution(f func(x, w, b *Array, stride, pad int) *Array) {
	t := task{name: "Convolution", hints: []both{
		{"the bias is missing: add b to every place of its filter's map.", "편향이 빠졌습니다. 각 필터의 특징 맵 전체에 b를 더하세요."},
		{"the filter is turned around: multiply the window with the filter as it is.", "필터가 뒤집혔습니다. 윈도에 필터를 그대로 곱하세요."},
		{"the product has the filters last: reshape to (N, OH, OW, FN), then Transpose(0, 3, 1, 2).", "행렬 곱에서는 필터 축이 마지막에 있습니다. (N, OH, OW, FN)으로 바꾼 뒤 Transpose(0, 3, 1, 2)를 하세요."},
		{"the padding is missing: hand pad on to im2col and to the output size.", "패딩이 빠졌습니다. im2col과 출력 크기 계산에 pad를 넘겨주세요."},
		{"the stride is missing: hand it on to im2col and to the output size.", "스트라이드가 빠졌습니다. im2col과 출력 크기 계산에 stride를 넘겨주세요."},
		{"only the first channel counts: add up over all channels.", "첫 번째 채널만 계산했습니다. 모든 채널에 걸쳐 더하세요."},
		{"the filters are mixed: each becomes a column by w.Reshape(FN, -1).T(), not by w.Reshape(-1, FN).", "필터가 서로 섞였습니다. w.Reshape(-1, FN)이 아니라 w.Reshape(FN, -1).T()로 필터 하나가 한 열이 되게 하세요."},
		{"height and width of the result change places: Transpose(0, 3, 1, 2).", "결과의 높이와 너비가 뒤바뀌었습니다. Transpose(0, 3, 1, 2)를 하세요."},
		{"there is no Relu in a convolution: values may be negative.", "합성곱에는 Relu가 없습니다. 값은 음수여도 됩니다."},
	}}
	for _, v := range windows() {
		for _, fn := range []int{1, 2} {
			x, w := counting(v.n, v.c, v.h, v.w), counting(fn, v.c, v.fh, v.fw)
			b := counting(fn).Scale(100)
			if fn > 1 {
				b.Data()[1] = -20
			}
			forward := func(w, b *Array, stride, pad int) *Array {
				if layers.OutSize(v.h, v.fh, stride, pad) == 0 || layers.OutSize(v.w, v.fw, stride, pad) == 0 {
					return unfit
				}
				return layers.NewConvolution(w, b, stride, pad).Forward(x, false)
			}
			want := forward(w, b, v.stride, v.pad)
			t.samples = append(t.samples, sample{
				about: v.about(), inputs: []named{{"x", x}, {"w", w}, {"b", b}}, want: want, oblong: v.h != v.w, oblongWindow: v.fh != v.fw,
				answer: func() *Array { return f(x, w, b, v.stride, v.pad) },
				wrong: func() []*Array {
					return []*Array{
						different(forward(w, b.Scale(0), v.stride, v.pad), want),
						different(forward(turned(w), b, v.stride, v.pad), want),
						different(want.Transpose(0, 2, 3, 1).Reshape(want.Shape()...), want),
						different(forward(w, b, v.stride, 0), want),
						different(forward(w, b, 1, v.pad), want),
						different(forward(firstChannel(w), b, v.stride, v.pad), want),
						different(forward(w.Reshape(-1, fn).T().Reshape(w.Shape()...), b, v.stride, v.pad), want),
						different(want.Transpose(0, 1, 3, 2), want),
						different(want.Map(func(y float64) float64 { return max(y, 0) }), want),
					}
				},
			})
		}
	}
	check(t)
}

// turned is w with each filter turned by half a turn: what mathematics calls a
// convolution.
func turned(w *Array) *Array {
	t := w.Clone()
	size := w.Dim(2) * w.Dim(3)
	for i := range w.Data() {
		filter, at := i/size, i%size
		t.Data()[filter*size+size-1-at] = w.Data()[i]
	}
	return t
}

func firstChannel(w *Array) *Array {
	first := ndarray.Zeros[float64](w.Shape()...)
	for filter := range w.Dim(0) {
		first.Index(filter, 0).Copy(w.Index(filter, 0))
	}
	return first
}
