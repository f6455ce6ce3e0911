package exercise

import (
	"math"
	"slices"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// pooling is max pooling, there and back, with what can go wrong in it.
type pooling struct {
	walk
	keep    keep
	across  bool // the maximum of all channels
	onlyOne bool // and one map of it
	mixed   bool // Reshape(PH*PW, -1).T()
	after   arrangement
	outside float64 // what lies around the image

	put    put // backward
	send   send
	d      arrangement
	firstC bool // the place of channel 0's maximum
}

type keep int // of the values of a window

const (
	keepMax keep = iota
	keepLastMax
	keepMean
	keepSum
	keepMin
	keepPlace
	keepMaxFromZero
	keepAbsolute
	keepFarthest // from 0, with its sign
	keepLast
	keepFirst
)

// value is what is kept of a window, and the place it stood at; -1 where none is.
func (k keep) value(values []float64) (float64, int) {
	best := 0
	for i, v := range values {
		if v > values[best] || k == keepLastMax && v == values[best] {
			best = i
		}
	}
	switch k {
	case keepMin:
		best = slices.Index(values, slices.Min(values))
	case keepMean, keepSum:
		sum := 0.
		for _, v := range values {
			sum += v
		}
		if k == keepMean {
			sum /= float64(len(values))
		}
		return sum, -1
	case keepPlace:
		return float64(best), best
	case keepMaxFromZero:
		if values[best] <= 0 {
			return 0, -1
		}
	case keepAbsolute:
		return max(values[best], -slices.Min(values)), best
	case keepFarthest:
		for i, v := range values {
			if math.Abs(v) > math.Abs(values[best]) {
				best = i
			}
		}
	case keepLast:
		best = len(values) - 1
	case keepFirst:
		best = 0
	}
	return values[best], best
}

func (r pooling) maps(x *Array, v window) *Array {
	oh, ow := r.sides(v)
	col := ndarray.Full(r.outside, v.n*oh*ow, v.c*v.fh*v.fw)
	r.each(v, func(p place) {
		if p.inside {
			col.Set(x.At(p.n, p.c, p.y, p.z), p.row, p.at)
		}
	})
	lines := col.Reshape(-1, v.fh*v.fw)
	if r.mixed {
		lines = col.Reshape(v.fh*v.fw, -1).T()
	}
	y := ndarray.Zeros[float64](v.n*oh*ow, v.c)
	for i := range y.Data() {
		values := lines.Index(i).Data()
		if r.across {
			values = col.Index(i / v.c).Data()
		}
		y.Data()[i], _ = r.keep.value(values)
	}
	if r.onlyOne {
		return y.T().Index(0).Reshape(v.n, 1, oh, ow)
	}
	switch r.after {
	case arrangeAsIs, arrangeLast:
		return y.Reshape(v.n, v.c, oh, ow)
	case arrangeSet:
		if oh != ow {
			beyond(min(oh, ow))
		}
		return y.Reshape(v.n, oh, ow, v.c).Transpose(0, 3, 2, 1)
	case arrangeSwapped:
		return y.Reshape(v.n, oh, ow, v.c).Transpose(0, 3, 2, 1)
	}
	return y.Reshape(v.n, oh, ow, v.c).Transpose(0, 3, 1, 2)
}

// pooled is a case of pooling. In every third one values are equal, so that the first counts.
type pooled struct {
	window
	seed uint32
	ties bool
}

func pools() (cases []pooled) {
	for i, v := range windows() {
		cases = append(cases, pooled{v, uint32(i), i%3 == 2})
	}
	return cases
}

func (c pooled) x() *Array {
	x := shuffled(nprandom.New(c.seed), c.n, c.c, c.h, c.w)
	if c.ties {
		return x.Map(func(v float64) float64 { return math.Trunc(v / 3) })
	}
	return x
}

func poolingSlips() []slip[pooling] {
	across := both{"the maximum runs over all channels: reshape im2col to (-1, poolH*poolW) first, one row for each window and channel.", "모든 채널에 걸쳐 최댓값을 구했습니다. 먼저 im2col 결과를 (-1, poolH*poolW)로 바꾸어 윈도와 채널마다 한 행이 되게 하세요."}
	return []slip[pooling]{
		{func(r *pooling) { r.keep = keepMean }, both{"that is the mean of each window; keep the largest value.", "윈도의 평균을 냈습니다. 가장 큰 값을 남기세요."}},
		{func(r *pooling) { r.across = true }, across},
		{func(r *pooling) { r.across, r.onlyOne = true, true }, across},
		{func(r *pooling) { r.after = arrangeAsIs }, both{"the channels are last: reshape to (N, OH, OW, C), then Transpose(0, 3, 1, 2).", "채널 축이 마지막에 있습니다. (N, OH, OW, C)로 바꾼 뒤 Transpose(0, 3, 1, 2)를 하세요."}},
		{func(r *pooling) { r.keep = keepMin }, both{"that is the smallest value of each window; keep the largest.", "윈도의 최솟값을 골랐습니다. 가장 큰 값을 남기세요."}},
		{func(r *pooling) { r.keep = keepSum }, both{"that is the sum of each window; keep the largest value.", "윈도의 합을 구했습니다. 가장 큰 값을 남기세요."}},
		{func(r *pooling) { r.keep = keepPlace }, both{"that is the position of the largest value; keep the value itself.", "가장 큰 값의 위치를 구했습니다. 그 값을 남기세요."}},
		{func(r *pooling) { r.keep = keepMaxFromZero }, both{"the maximum starts at 0, so negative values are lost: start at -inf, or at the first value.", "최댓값을 0에서 시작해 음수가 사라집니다. -inf나 첫 번째 값에서 시작하세요."}},
		{func(r *pooling) { r.keep = keepAbsolute }, both{"that is the largest absolute value: -3 is smaller than 2.", "절댓값이 가장 큰 값을 골랐습니다. -3은 2보다 작습니다."}},
		{func(r *pooling) { r.keep = keepFarthest }, both{"that is the value farthest from 0: -3 is smaller than 2.", "0에서 가장 먼 값을 골랐습니다. -3은 2보다 작습니다."}},
		{func(r *pooling) { r.after = arrangeSet }, both{"height and width of the result are swapped: Set(…, n, c, oh, ow).", "결과의 높이와 너비가 뒤바뀌었습니다. Set(…, n, c, oh, ow)입니다."}},
		{func(r *pooling) { r.keep = keepLast }, both{"that is the last value of each window; keep the largest.", "윈도의 마지막 값을 골랐습니다. 가장 큰 값을 남기세요."}},
		{func(r *pooling) { r.keep = keepFirst }, both{"that is the first value of each window; keep the largest.", "윈도의 첫 번째 값을 골랐습니다. 가장 큰 값을 남기세요."}},
		{func(r *pooling) { r.after = arrangeSwapped }, both{"height and width of the result are swapped: Transpose(0, 3, 1, 2).", "결과의 높이와 너비가 뒤바뀌었습니다. Transpose(0, 3, 1, 2)를 하세요."}},
		{func(r *pooling) { r.mixed = true }, both{"the channels are mixed: Reshape(-1, poolH*poolW), one row for each window and channel; no transpose.", "채널이 섞였습니다. 전치하지 말고 Reshape(-1, poolH*poolW)로 윈도와 채널마다 한 행이 되게 하세요."}},
		{func(r *pooling) { r.outside = math.Inf(-1) }, both{"the zeros outside the image take part as well: where all values are negative, 0 is the largest.", "이미지 둘레의 0도 포함합니다. 모든 값이 음수이면 0이 가장 큽니다."}},
	}
}

// Pooling checks the forward pass of max pooling: images (N, C, H, W) to
// (N, C, OH, OW), as layers.Pooling.
func Pooling(f func(x *Array, poolH, poolW, stride, pad int) *Array) {
	task[pooled, pooling]{
		name: "Pooling", parts: one(axisN, axisC, axisOH, axisOW), cases: pools(),
		about:  func(c pooled) string { return c.window.about() },
		inputs: func(c pooled) []named { return []named{{"x", c.x()}} },
		call: func(c pooled, in []*Array) []*Array {
			return []*Array{f(in[0], c.fh, c.fw, c.stride, c.pad)}
		},
		rule:   func(c pooled, r pooling) []*Array { return []*Array{r.maps(c.x(), c.window)} },
		slips:  append(poolingSlips(), walkSlips(func(r *pooling) []*walk { return []*walk{&r.walk} })...),
		traits: windowTraits(func(c pooled) window { return c.window }),
		probes: windowProbes(func(c pooled, change func(*window)) pooled { change(&c.window); return c }),
	}.check()
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
