package exercise

import (
	"convbook/pkg/internal/shapes"
	"convbook/pkg/ndarray"
)

// folding is col2im with what can go wrong in it.
type folding struct {
	walk
	put          put
	padKept      bool // images of H + 2*pad by W + 2*pad
	more         bool // and stride - 1 more
	cutAtZero    bool // the rows 0 to H of the padded image in place of pad to pad + H
	channelsLast bool
	asIs         bool // col read in the order of the six axes that it should have after the Transpose
	divided      bool // by the size of the window
}

type put int // what becomes of a pixel

const (
	putAdd put = iota
	putAssign
	putMean
	putAssignByTap // tap by tap, as the class goes
)

// images is col2im by a walk.
func (k walk) images(col *Array, v window, how put) *Array {
	image, count := ndarray.Zeros[float64](v.n, v.c, v.h, v.w), ndarray.Zeros[float64](v.n, v.c, v.h, v.w)
	visit := k.each
	if how == putAssignByTap {
		visit = k.eachByTap
	}
	visit(v, func(p place) {
		if !p.inside {
			return
		}
		value, pixel := col.At(p.row, p.at), []int{p.n, p.c, p.y, p.z}
		if how != putAssign && how != putAssignByTap {
			value += image.At(pixel...)
		}
		image.Set(value, pixel...)
		count.Set(count.At(pixel...)+1, pixel...)
	})
	if how == putMean {
		return image.Div(count.Map(func(n float64) float64 { return max(n, 1) }))
	}
	return image
}

func (f folding) fold(col *Array, v window) *Array {
	if f.asIs {
		oh, ow := v.out()
		col = col.Reshape(v.n, v.c, v.fh, v.fw, oh, ow).Transpose(0, 4, 5, 1, 2, 3).Reshape(v.n*oh*ow, -1)
	}
	if f.padKept || f.cutAtZero {
		padded := v
		padded.h, padded.w, padded.pad = v.h+2*v.pad, v.w+2*v.pad, 0
		whole := f.images(col, padded, f.put)
		switch {
		case f.more:
			return resized(whole, padded.h+v.stride-1, padded.w+v.stride-1)
		case f.padKept:
			return whole
		}
		return resized(whole, v.h, v.w)
	}
	image := f.images(col, v, f.put)
	if f.channelsLast {
		image = image.Transpose(0, 2, 3, 1)
	}
	if f.divided {
		image = image.Scale(1 / float64(v.fh*v.fw))
	}
	return image
}

// resized keeps the first h rows and w columns; beyond them are zeros.
func resized(x *Array, h, w int) *Array {
	y := ndarray.Zeros[float64](x.Dim(0), x.Dim(1), h, w)
	for i := range y.Data() {
		if r, q := i/w%h, i%w; r < x.Dim(2) && q < x.Dim(3) {
			y.Data()[i] = x.At(i/(x.Dim(1)*h*w), i/(h*w)%x.Dim(1), r, q)
		}
	}
	return y
}

// Col2im checks a col2im: rows (N*OH*OW, C*filterH*filterW) back to images of the given
// shape (N, C, H, W), as layers.Col2im.
func Col2im(f func(col *Array, shape []int, filterH, filterW, stride, pad int) *Array) {
	rows := func(v window) *Array {
		oh, ow := v.out()
		return counting(v.n*oh*ow, v.c*v.fh*v.fw)
	}
	task[window, folding]{
		name: "Col2im", parts: one(axisN, axisC, axisH, axisW), cases: windows(),
		about: func(v window) string {
			return "images " + shapes.Text([]int{v.n, v.c, v.h, v.w}) + ", " + v.about()
		},
		inputs: func(v window) []named { return []named{{"col", rows(v)}} },
		call: func(v window, in []*Array) []*Array {
			return []*Array{f(in[0], []int{v.n, v.c, v.h, v.w}, v.fh, v.fw, v.stride, v.pad)}
		},
		blank: func(v window) []*Array { return []*Array{ndarray.Zeros[float64](v.n, v.c, v.h, v.w)} },
		rule:  func(v window, r folding) []*Array { return []*Array{r.fold(rows(v), v)} },
		slips: append([]slip[folding]{
			{func(r *folding) { r.put = putAssign },
				both{"pixels that several windows share get the sum of what comes back: add (+=), do not assign.", "여러 윈도가 함께 쓰는 픽셀에는 되돌아온 값의 합이 들어갑니다. 대입하지 말고 더하세요(+=)."}},
			{func(r *folding) { r.put = putAssignByTap },
				both{"pixels that several windows share get the sum of what comes back: add (+=), do not assign.", "여러 윈도가 함께 쓰는 픽셀에는 되돌아온 값의 합이 들어갑니다. 대입하지 말고 더하세요(+=)."}},
			{func(r *folding) { r.put = putMean },
				both{"the sums are not divided by the number of windows: col2im is a transpose, not an inverse, so it is the sum, not the mean.", "합을 윈도의 수로 나누지 않습니다. col2im은 역함수가 아니라 전치이므로 평균이 아니라 합입니다."}},
			{func(r *folding) { r.divided = true },
				both{"the sum is not divided by the size of the window: col2im adds, it does not average.", "합을 윈도의 크기로 나누지 않습니다. col2im은 평균을 내지 않고 더합니다."}},
			{func(r *folding) { r.padKept, r.more = true, true },
				both{"the padding, and what the stride leaves over, is still there: keep only the rows pad to pad+H and the columns pad to pad+W.", "패딩과 stride 때문에 남는 부분이 그대로 있습니다. pad부터 pad+H까지의 행과 pad부터 pad+W까지의 열만 남기세요."}},
			{func(r *folding) { r.padKept = true },
				both{"the padding is still there: keep only the rows pad to pad+H and the columns pad to pad+W.", "패딩이 남아 있습니다. pad부터 pad+H까지의 행과 pad부터 pad+W까지의 열만 남기세요."}},
			{func(r *folding) { r.cutAtZero = true },
				both{"the image begins pad rows and pad columns within the padded one: keep the rows pad to pad+H, not 0 to H.", "이미지는 패딩한 배열에서 pad행, pad열부터 시작합니다. 0부터 H가 아니라 pad부터 pad+H까지의 행을 남기세요."}},
			{func(r *folding) { r.channelsLast = true },
				both{"the channels are last: the result has the shape (N, C, H, W).", "채널 축이 마지막에 있습니다. 결과의 형상은 (N, C, H, W)입니다."}},
			{func(r *folding) { r.asIs = true },
				both{"col has the axes (N, OH, OW, C, FH, FW): Reshape to these, then Transpose(0, 3, 4, 5, 1, 2).", "col의 축은 (N, OH, OW, C, FH, FW) 순서입니다. 이 형상으로 Reshape한 다음 Transpose(0, 3, 4, 5, 1, 2)를 하세요."}},
		}, walkSlips(func(r *folding) []*walk { return []*walk{&r.walk} })...),
		traits: windowTraits(func(v window) window { return v }),
	}.check()
}
