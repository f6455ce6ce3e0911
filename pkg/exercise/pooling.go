package exercise

import (
	"math"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Pooling checks the forward pass of max pooling: images (N, C, H, W) to
// (N, C, OH, OW), as layers.Pooling.
func Pooling(f func(x *Array, poolH, poolW, stride, pad int) *Array) {
	across := both{"the maximum runs over all channels: reshape im2col to (-1, poolH*poolW) first, one row for each window and channel.", "모든 채널에 걸쳐 최댓값을 구했습니다. 먼저 im2col 결과를 (-1, poolH*poolW)로 바꾸어 윈도와 채널마다 한 행이 되게 하세요."}
	t := task{name: "Pooling", hints: []both{
		{"that is the mean of each window; keep the largest value.", "윈도의 평균을 냈습니다. 가장 큰 값을 남기세요."},
		across, across,
		{"the channels stand last: reshape to (N, OH, OW, C), then Transpose(0, 3, 1, 2).", "채널 축이 마지막에 있습니다. (N, OH, OW, C)로 바꾼 뒤 Transpose(0, 3, 1, 2)를 하세요."},
		{"the stride is missing: the next window begins stride pixels further.", "스트라이드가 빠졌습니다. 다음 윈도는 stride만큼 떨어진 곳에서 시작합니다."},
		{"the padding is missing: outside the image, pad pixels wide, there are zeros.", "패딩이 빠졌습니다. 이미지 둘레로 pad만큼은 0입니다."},
		{"that is the smallest value of each window; keep the largest.", "윈도의 최솟값을 골랐습니다. 가장 큰 값을 남기세요."},
		{"that is the sum of each window; keep the largest value.", "윈도의 합을 구했습니다. 가장 큰 값을 남기세요."},
		{"that is where the largest value stands; keep the value itself.", "가장 큰 값의 위치를 구했습니다. 그 값을 남기세요."},
		{"height and width of the result change places: Transpose(0, 3, 1, 2).", "결과의 높이와 너비가 뒤바뀌었습니다. Transpose(0, 3, 1, 2)를 하세요."},
		{"the zeros outside the image count, too: where all values are negative, 0 is the largest.", "이미지 둘레의 0도 셉니다. 모든 값이 음수이면 0이 가장 큽니다."},
	}}
	rng := nprandom.New(0)
	for _, v := range windows() {
		x := shuffled(rng, v.n, v.c, v.h, v.w)
		pool := func(x *Array, stride, pad int) *Array {
			if layers.OutSize(v.h, v.fh, stride, pad) == 0 || layers.OutSize(v.w, v.fw, stride, pad) == 0 {
				return unfit
			}
			return layers.NewPooling[float64](v.fh, v.fw, stride, pad).Forward(x, false)
		}
		want := pool(x, v.stride, v.pad)
		t.samples = append(t.samples, sample{
			about: v.about(), inputs: []named{{"x", x}}, want: want, oblong: v.h != v.w, oblongWindow: v.fh != v.fw,
			answer: func() *Array { return f(x, v.fh, v.fw, v.stride, v.pad) },
			wrong: func() []*Array {
				oh, ow := v.out()
				col := layers.Im2col(x, v.fh, v.fw, v.stride, v.pad).Reshape(-1, v.fh*v.fw)
				arranged := func(a *Array) *Array { return a.Reshape(v.n, oh, ow, v.c).Transpose(0, 3, 1, 2) }
				largest := layers.Im2col(x, v.fh, v.fw, v.stride, v.pad).Max(1).Reshape(v.n, 1, oh, ow)
				places := col.Max(1)
				for i, place := range col.ArgMax(1) {
					places.Data()[i] = float64(place)
				}
				return []*Array{
					different(arranged(col.Mean(1)), want),
					different(ndarray.Zeros[float64](v.n, v.c, oh, ow).Add(largest), want),
					different(largest, want),
					different(want.Transpose(0, 2, 3, 1).Reshape(want.Shape()...), want),
					different(pool(x, 1, v.pad), want),
					different(pool(x, v.stride, 0), want),
					different(arranged(col.Scale(-1).Max(1).Scale(-1)), want),
					different(arranged(col.Sum(1)), want),
					different(arranged(places), want),
					different(want.Transpose(0, 1, 3, 2), want),
					different(withinImage(x, v), want),
				}
			},
		})
	}
	check(t)
}

// withinImage is the largest value of what each window sees of the image, -inf where it sees
// nothing.
func withinImage(x *Array, v window) *Array {
	padded := ndarray.Full(math.Inf(-1), v.n, v.c, v.h+2*v.pad, v.w+2*v.pad)
	for i := range v.n * v.c {
		for y := range v.h {
			for z := range v.w {
				padded.Set(x.At(i/v.c, i%v.c, y, z), i/v.c, i%v.c, y+v.pad, z+v.pad)
			}
		}
	}
	return layers.NewPooling[float64](v.fh, v.fw, v.stride, 0).Forward(padded, false)
}

// shuffled holds 1, 2, 3, … in random order, every second one negative.
func shuffled(rng *nprandom.RandomState, shape ...int) *Array {
	a := counting(shape...)
	data := a.Data()
	rng.Shuffle(len(data), func(i, j int) { data[i], data[j] = data[j], data[i] })
	return a.Map(func(v float64) float64 {
		if int(v)%2 == 0 {
			return -v
		}
		return v
	})
}
