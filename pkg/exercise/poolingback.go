package exercise

import (
	"math"

	"convbook/pkg/ndarray"
)

type send int // what goes back to the place of the maximum

const (
	sendDout send = iota
	sendValue
	sendOne
	sendAll   // to every place of the window
	sendShare // a part to every place
)

func (c pooled) dout() *Array {
	oh, ow := c.out()
	return counting(c.n, c.c, oh, ow).Scale(10)
}

func (r pooling) back(c pooled) *Array {
	x, v := c.x(), c.window
	oh, ow := r.sides(v)
	col := ndarray.Full(r.outside, v.n*oh*ow, v.c*v.fh*v.fw)
	r.each(v, func(p place) {
		if p.inside {
			col.Set(x.At(p.n, p.c, p.y, p.z), p.row, p.at)
		}
	})
	d := c.dout()
	switch r.d {
	case arrangeRight:
		d = d.Transpose(0, 2, 3, 1)
	case arrangeSwapped: // the number of a window split by OH where OW belongs
		turned := ndarray.Zeros[float64](v.n, oh, ow, v.c)
		for i := range turned.Data() {
			row := i / v.c
			turned.Data()[i] = d.At(row/(oh*ow), i%v.c, row%oh, row%(oh*ow)/oh)
		}
		d = turned
	}
	size := v.fh * v.fw
	sent := make([]bool, col.Size()) // what goes back at all
	dcol := ndarray.Zeros[float64](col.Shape()...)
	for i := range v.n * oh * ow * v.c {
		from := i
		if r.firstC {
			from = i / v.c * v.c
		}
		value, at := r.keep.value(col.Data()[from*size : (from+1)*size])
		gradient := d.Data()[i]
		switch r.send {
		case sendValue:
			gradient = value
		case sendOne:
			gradient = 1
		}
		for k := range size {
			switch {
			case r.send == sendAll:
				dcol.Data()[i*size+k] = gradient
			case r.send == sendShare:
				dcol.Data()[i*size+k] = gradient / float64(size)
			case k == at:
				dcol.Data()[i*size+k], sent[i*size+k] = gradient, true
			}
		}
	}
	if r.put == putAssign {
		dx := ndarray.Zeros[float64](v.n, v.c, v.h, v.w)
		r.each(v, func(p place) {
			if at := p.row*v.c*size + p.at; p.inside && sent[at] {
				dx.Set(dcol.Data()[at], p.n, p.c, p.y, p.z)
			}
		})
		return dx
	}
	return r.images(dcol, v, putAdd)
}

// PoolingBackward checks the backward pass of max pooling: from the images x (N, C, H, W)
// and the gradient dout (N, C, OH, OW) of the output to that of x. Each value of dout is
// added to the pixel that was the largest of its window, the first one where several are
// equal; where that was a zero outside the image it is dropped.
func PoolingBackward(f func(x, dout *Array, poolH, poolW, stride, pad int) *Array) {
	slips := []slip[pooling]{
		{func(r *pooling) { r.put = putAssign }, both{"a pixel may be the largest of several windows that overlap: add (+=), do not assign.", "겹치는 여러 윈도에서 같은 픽셀이 가장 클 수 있습니다. 대입하지 말고 더하세요(+=)."}},
		{func(r *pooling) { r.keep = keepLastMax }, both{"where several values are equal the first one gets the gradient: compare with >, not >=.", "같은 값이 여럿이면 첫 번째 값이 기울기를 받습니다. >=가 아니라 >로 비교하세요."}},
		{func(r *pooling) { r.keep = keepMaxFromZero }, both{"the maximum starts at 0, so windows of negative values send nothing back: start at -inf, or at the first value.", "최댓값을 0에서 시작해 음수뿐인 윈도는 아무것도 돌려보내지 않습니다. -inf나 첫 번째 값에서 시작하세요."}},
		{func(r *pooling) { r.keep = keepMin }, both{"the gradient goes to the smallest value; send it to the largest.", "기울기가 가장 작은 값으로 갑니다. 가장 큰 값으로 보내세요."}},
		{func(r *pooling) { r.keep = keepFirst }, both{"the gradient always goes to the first place of the window; send it to that of the largest value.", "기울기가 언제나 윈도의 첫 번째 자리로 갑니다. 가장 큰 값의 자리로 보내세요."}},
		{func(r *pooling) { r.keep = keepLast }, both{"the gradient always goes to the last place of the window; send it to that of the largest value.", "기울기가 언제나 윈도의 마지막 자리로 갑니다. 가장 큰 값의 자리로 보내세요."}},
		{func(r *pooling) { r.send = sendShare }, both{"the gradient is shared by all pixels of the window, as in average pooling; all of it goes to the largest.", "평균 풀링처럼 기울기를 윈도의 모든 픽셀에 나누었습니다. 가장 큰 픽셀에 전부 보내세요."}},
		{func(r *pooling) { r.send = sendAll }, both{"the gradient goes to every pixel of the window; only the largest one gets it.", "기울기가 윈도의 모든 픽셀로 갑니다. 가장 큰 픽셀만 받습니다."}},
		{func(r *pooling) { r.send = sendValue }, both{"the maximum itself is sent back; send the gradient, dout.", "최댓값을 돌려보냈습니다. 기울기 dout을 보내세요."}},
		{func(r *pooling) { r.send = sendOne }, both{"a 1 is sent back; send the gradient, dout.", "1을 돌려보냈습니다. 기울기 dout을 보내세요."}},
		{func(r *pooling) { r.d = arrangeAsIs }, both{"dout has the channels second, the rows of im2col have them last: Transpose(0, 2, 3, 1) first.", "dout에서는 채널 축이 두 번째이고 im2col의 행에서는 마지막입니다. 먼저 Transpose(0, 2, 3, 1)을 하세요."}},
		{func(r *pooling) { r.d = arrangeSwapped }, both{"height and width of dout, OH and OW, are swapped.", "dout의 높이 OH와 너비 OW가 뒤바뀌었습니다."}},
		{func(r *pooling) { r.firstC = true }, both{"each channel has a maximum of its own: look for it among the values of that channel.", "최댓값은 채널마다 따로 있습니다. 그 채널의 값에서 찾으세요."}},
		{func(r *pooling) { r.outside = math.Inf(-1) }, both{"the zeros outside the image take part as well: where 0 is the largest, the gradient is dropped.", "이미지 둘레의 0도 포함합니다. 0이 가장 크면 기울기는 버려집니다."}},
	}
	task[pooled, pooling]{
		name: "PoolingBackward", parts: one(axisN, axisC, axisH, axisW), cases: pools(),
		about:  func(c pooled) string { return c.window.about() },
		inputs: func(c pooled) []named { return []named{{"x", c.x()}, {"dout", c.dout()}} },
		call: func(c pooled, in []*Array) []*Array {
			return []*Array{f(in[0], in[1], c.fh, c.fw, c.stride, c.pad)}
		},
		rule:  func(c pooled, r pooling) []*Array { return []*Array{r.back(c)} },
		slips: append(slips, walkSlips(func(r *pooling) []*walk { return []*walk{&r.walk} })...),
		traits: append(windowTraits(func(c pooled) window { return c.window }),
			trait[pooled]{func(c pooled) bool { return c.ties }, both{"some values are equal", "같은 값이 있는"}}),
	}.check()
}
