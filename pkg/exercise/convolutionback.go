package exercise

import (
	"convbook/pkg/ndarray"
)

// wayBack is the backward pass of a convolution with what can go wrong in it.
type wayBack struct {
	forward, back walk // for col, and for dx
	d             arrangement
	dwAsIs        bool // colᵀ·d, not turned
	dwLast        bool // assigned, not added up
	dxPut         put
	db            sumSlip
	dbAxes        []int // of dout, summed over in place of 0, 2 and 3
	turned        bool  // the filter, in dx
	mixed         bool  // w.Reshape(-1, FN).T() in dx
	swapped       bool  // dx and dw
	noW           bool
	share         [3]bool // dx, dw, db divided by N
}

type sumSlip int // of a sum over the samples

const (
	sumRight sumSlip = iota
	sumMean
	sumLast
	sumCount // ones in place of dout
	sumNone
	sumAxis // along the other axis
	sumSubtracted
	sumAll // of everything, one number
)

func (s sumSlip) of(d *Array) *Array {
	switch s {
	case sumMean:
		return d.Mean(0)
	case sumLast:
		return d.Index(d.Dim(0) - 1).Clone()
	case sumCount:
		return ndarray.Full(float64(d.Dim(0)), d.Dim(1))
	case sumNone:
		return d
	case sumAxis:
		return d.Sum(1)
	case sumAll:
		return d.Sum()
	case sumSubtracted:
		return d.Sum(0).Scale(-1)
	}
	return d.Sum(0)
}

func (c convolved) dout() *Array {
	oh, ow := c.out()
	d := counting(c.n, c.fn, oh, ow)
	for i := range d.Data() {
		if i%4 == 2 {
			d.Data()[i] *= -1
		}
		d.Data()[i] += c.bump
	}
	return d
}

func (r wayBack) gradients(c convolved) []*Array {
	x, w, dout := c.x(), c.filters(), c.dout()
	var d *Array // (N*OH*OW, FN)
	switch r.d {
	case arrangeAsIs:
		d = dout.Reshape(-1, c.fn)
	case arrangeSwapped:
		d = dout.Transpose(0, 3, 2, 1).Reshape(-1, c.fn)
	default:
		d = dout.Transpose(0, 2, 3, 1).Reshape(-1, c.fn)
	}
	col := r.forward.rows(x, c.window)
	dw := d.TDot(col)
	switch {
	case r.dwAsIs:
		dw = col.TDot(d)
	case r.dwLast:
		dw = lastGradient(r.forward, c, d, col)
	}
	flat := w.Reshape(c.fn, -1)
	if r.mixed {
		flat = w.Reshape(-1, c.fn).T()
	}
	if r.turned {
		flat = turned(w).Reshape(c.fn, -1)
	}
	if r.noW {
		flat = flat.Map(func(float64) float64 { return 1 })
	}
	var dx *Array
	if r.dxPut == putAssign {
		dx = r.back.assigned(d, flat, c)
	} else {
		dx = r.back.images(d.Dot(flat), c.window, r.dxPut)
	}
	parts := []*Array{dx, dw.Reshape(w.Shape()...), r.db.of(d)}
	if r.dbAxes != nil {
		parts[2] = dout.Sum(r.dbAxes...)
	}
	for i, divided := range r.share {
		if divided {
			parts[i] = parts[i].Scale(1 / float64(c.n))
		}
	}
	if r.swapped {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return parts
}

// lastGradient is dW where each contribution replaces the one before.
func lastGradient(k walk, c convolved, d, col *Array) *Array {
	dw := ndarray.Zeros[float64](c.fn, col.Dim(1))
	k.each(c.window, func(p place) {
		if p.inside {
			for f := range c.fn {
				dw.Set(d.At(p.row, f)*col.At(p.row, p.at), f, p.at)
			}
		}
	})
	return dw
}

// assigned is dx where each contribution of a window and a filter replaces the one before,
// image by image, filter by filter.
func (k walk) assigned(d, flat *Array, c convolved) *Array {
	dx := ndarray.Zeros[float64](c.n, c.c, c.h, c.w)
	for f := range c.fn {
		k.each(c.window, func(p place) {
			if p.inside {
				dx.Set(d.At(p.row, f)*flat.At(f, p.at), p.n, p.c, p.y, p.z)
			}
		})
	}
	return dx
}

// turned is w with each filter turned by half a turn.
func turned(w *Array) *Array {
	t := w.Clone()
	size := w.Dim(2) * w.Dim(3)
	for i, v := range w.Data() {
		filter, at := i/size, i%size
		t.Data()[filter*size+size-1-at] = v
	}
	return t
}

// ConvolutionBackward checks the backward pass of a convolution: from the images x
// (N, C, H, W), the filters w (FN, C, FH, FW) and the gradient dout (N, FN, OH, OW) of
// the output to those of x, w and b:
//
//	db = sum of dout over the images and places
//	dW = doutᵀ·col, dout as rows (N*OH*OW, FN)
//	dx = col2im(dout·W)
func ConvolutionBackward(f func(x, w, dout *Array, stride, pad int) (dx, dw, db *Array)) {
	axes := both{"db has one number for each filter: sum dout over the images and both sides, Sum(0, 2, 3).", "db는 필터마다 숫자 하나입니다. dout을 이미지와 높이, 너비에 걸쳐 Sum(0, 2, 3)으로 더하세요."}
	add := both{"contributions add up: += into the gradient, do not assign.", "기울기는 모든 기여의 합입니다. 대입하지 말고 더하세요(+=)."}
	batch := both{"it is divided by N once too often: the loss has done so already, so here it is the sum.", "N으로 한 번 더 나누었습니다. 이미 손실에서 나누었으므로 여기서는 합을 구합니다."}
	slips := []slip[wayBack]{
		{func(r *wayBack) { r.d = arrangeAsIs },
			both{"dout has the filters second: Transpose(0, 2, 3, 1) first, then Reshape(-1, FN).", "dout에서는 필터 축이 두 번째입니다. 먼저 Transpose(0, 2, 3, 1), 그다음 Reshape(-1, FN)을 하세요."}},
		{func(r *wayBack) { r.d = arrangeSwapped },
			both{"height and width of dout are swapped: Transpose(0, 2, 3, 1).", "dout의 높이와 너비가 뒤바뀌었습니다. Transpose(0, 2, 3, 1)을 하세요."}},
		{func(r *wayBack) { r.dwAsIs = true },
			both{"colᵀ·dout has the shape (C*FH*FW, FN): transpose it before you Reshape it to the shape of w.", "colᵀ·dout의 형상은 (C*FH*FW, FN)입니다. w의 형상으로 Reshape하기 전에 전치하세요."}},
		{func(r *wayBack) { r.swapped = true }, both{"dx and dw are swapped: return dx, dw, db.", "dx와 dw가 뒤바뀌었습니다. dx, dw, db 순서로 반환하세요."}},
		{func(r *wayBack) { r.dwLast = true }, add},
		{func(r *wayBack) { r.dxPut = putAssign }, add},
		{func(r *wayBack) { r.db = sumLast }, add},
		{func(r *wayBack) { r.dbAxes = []int{1, 2, 3} }, axes},
		{func(r *wayBack) { r.dbAxes = []int{0} }, axes},
		{func(r *wayBack) { r.dbAxes = []int{0, 2} }, axes},
		{func(r *wayBack) { r.dbAxes = []int{0, 3} }, axes},
		{func(r *wayBack) { r.dbAxes = []int{2, 3} }, axes},
		{func(r *wayBack) { r.dbAxes = []int{0, 1} }, axes},
		{func(r *wayBack) { r.db = sumMean }, both{"db is the sum of dout over images and places, not the mean.", "db는 이미지와 위치에 걸친 dout의 평균이 아니라 합입니다."}},
		{func(r *wayBack) { r.db = sumCount }, both{"db is the sum of dout, not the number of its places.", "db는 위치의 수가 아니라 dout의 합입니다."}},
		{func(r *wayBack) { r.db = sumNone }, both{"db has one number for each filter: sum dout over images and places, Sum(0) of its rows.", "db는 필터마다 숫자 하나입니다. dout을 이미지와 위치에 걸쳐 더하세요. 행으로 펼친 다음 Sum(0)을 하면 됩니다."}},
		{func(r *wayBack) { r.db = sumAxis }, both{"db is summed along the other axis: the sum runs over the rows, Sum(0), so that one number is left for each filter.", "db를 다른 축으로 더했습니다. 행에 걸쳐 Sum(0)으로 더해 필터마다 숫자 하나가 남게 하세요."}},
		{func(r *wayBack) { r.db = sumSubtracted }, both{"db has the wrong sign: add dout.", "db의 부호가 반대입니다. dout을 더하세요."}},
		{func(r *wayBack) { r.turned = true }, both{"the filter is turned around in dx: multiply dout by w as it is; col2im does the rest.", "dx에서 필터가 뒤집혔습니다. dout에 w를 그대로 곱하세요. 나머지는 col2im이 합니다."}},
		{func(r *wayBack) { r.mixed = true }, both{"the filters are mixed in dx: w.Reshape(FN, -1) has one filter in each row.", "dx에서 필터가 서로 섞였습니다. w.Reshape(FN, -1)이 필터마다 한 행입니다."}},
		{func(r *wayBack) { r.noW = true }, both{"dx is dout times w: the weights are missing.", "dx는 dout에 w를 곱한 값입니다. 가중치가 빠졌습니다."}},
		{func(r *wayBack) { r.share[0] = true }, batch},
		{func(r *wayBack) { r.share[1] = true }, batch},
		{func(r *wayBack) { r.share[2] = true }, batch},
	}
	slips = append(slips, walkSlips(func(r *wayBack) []*walk { return []*walk{&r.forward, &r.back} })...)
	task[convolved, wayBack]{
		name: "ConvolutionBackward", cases: convolutions(),
		parts: []part{{"dx", []axis{axisN, axisC, axisH, axisW}}, {"dw", []axis{axisFN, axisC, axisFH, axisFW}}, {"db", []axis{axisFN}}},
		about: func(c convolved) string { return c.window.about() },
		inputs: func(c convolved) []named {
			return []named{{"x", c.x()}, {"w", c.filters()}, {"dout", c.dout()}}
		},
		call: func(c convolved, in []*Array) []*Array {
			dx, dw, db := f(in[0], in[1], in[2], c.stride, c.pad)
			return []*Array{dx, dw, db}
		},
		rule:  func(c convolved, r wayBack) []*Array { return r.gradients(c) },
		slips: slips,
		traits: append(windowTraits(func(c convolved) window { return c.window }),
			trait[convolved]{func(c convolved) bool { return c.fn > 1 }, both{"there is more than one filter", "필터가 둘 이상인"}}),
		probes: []probe[convolved]{{func(c convolved) (convolved, bool) { c.bump++; return c, true }, "dout"}},
	}.check()
}
