package exercise

import (
	"convbook/pkg/ndarray"
)

var (
	axisN  = axis{"N", "image", "이미지"}
	axisC  = axis{"C", "channel", "채널"}
	axisH  = axis{"H", "row of the image", "이미지의 행"}
	axisW  = axis{"W", "column of the image", "이미지의 열"}
	axisFN = axis{"FN", "filter", "필터"}
	axisFH = axis{"FH", "row of the window", "윈도의 행"}
	axisFW = axis{"FW", "column of the window", "윈도의 열"}
	axisOH = axis{"OH", "row of the output", "출력의 행"}
	axisOW = axis{"OW", "column of the output", "출력의 열"}
)

// unrolling is im2col with what can go wrong in it.
type unrolling struct {
	walk
	transposed bool
}

// rows is im2col by a walk.
func (k walk) rows(x *Array, v window) *Array {
	oh, ow := k.sides(v)
	col := ndarray.Zeros[float64](v.n*oh*ow, v.c*v.fh*v.fw)
	k.each(v, func(p place) {
		if p.inside {
			col.Set(x.At(p.n, p.c, p.y, p.z), p.row, p.at)
		}
	})
	return col
}

// Im2col checks an im2col: images (N, C, H, W) to rows (N*OH*OW, C*filterH*filterW), as
// layers.Im2col.
func Im2col(f func(x *Array, filterH, filterW, stride, pad int) *Array) {
	image := func(v window) *Array { return counting(v.n, v.c, v.h, v.w) }
	task[window, unrolling]{
		name: "Im2col", parts: one(), cases: windows(),
		about:  window.about,
		inputs: func(v window) []named { return []named{{"x", image(v)}} },
		call:   func(v window, in []*Array) []*Array { return []*Array{f(in[0], v.fh, v.fw, v.stride, v.pad)} },
		blank: func(v window) []*Array {
			oh, ow := v.out()
			return []*Array{ndarray.Zeros[float64](v.n*oh*ow, v.c*v.fh*v.fw)}
		},
		rule: func(v window, u unrolling) []*Array {
			col := u.rows(image(v), v)
			if u.transposed {
				col = col.T()
			}
			return []*Array{col}
		},
		slips: append(walkSlips(func(u *unrolling) []*walk { return []*walk{&u.walk} }),
			slip[unrolling]{func(u *unrolling) { u.transposed = true },
				both{"rows and columns of the result are swapped: each window is one row.", "결과의 행과 열이 뒤바뀌었습니다. 윈도 하나가 한 행입니다."}}),
		traits: windowTraits(func(v window) window { return v }),
		probes: windowProbes(func(v window, change func(*window)) window { change(&v); return v }),
	}.check()
}
