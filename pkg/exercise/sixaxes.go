package exercise

import (
	"convbook/pkg/ndarray"
)

// slicing is the class's line of im2col with what can go wrong in it.
type slicing struct {
	step       step
	swapped    bool // column and row of the image
	noTap      bool // every tap reads from the window's first pixel
	firstImage bool
	firstOnly  bool // channel 0 for all
	transposed bool // already as rows
	outSwapped bool // the window's row in the place of its column
	oneTap     bool // all is written to the tap (0, 0)
	tapSwapped bool // written to the tap (x, y)
	only       side // to which step applies
	mirrored   side // the window, in its rows or columns
}

// mirrored is a tap counted from the other end.
func (s slicing) taps(y, x int, v window) (int, int) {
	if s.mirrored == rowsOnly || s.mirrored == turnedSides {
		y = v.fh - 1 - y
	}
	if s.mirrored == columnsOnly || s.mirrored == turnedSides {
		x = v.fw - 1 - x
	}
	return y, x
}

func (s slicing) six(img *Array, v window) *Array {
	oh, ow := v.out()
	col := ndarray.Zeros[float64](v.n, v.c, v.fh, v.fw, oh, ow)
	for k := range col.Data() {
		j, i, x, y := k%ow, k/ow%oh, k/(ow*oh)%v.fw, k/(ow*oh*v.fw)%v.fh
		c, n := k/(ow*oh*v.fw*v.fh)%v.c, k/(ow*oh*v.fw*v.fh*v.c)
		ty, tx := s.taps(y, x, v)
		r, q := ty+i*v.stride, tx+j*v.stride
		right := []int{r, q}
		switch {
		case s.step == stepOne:
			r, q = y+i, x+j
		case s.step == stepAll:
			r, q = (y+i)*v.stride, (x+j)*v.stride
		case s.noTap:
			r, q = i*v.stride, j*v.stride
		}
		switch s.only {
		case rowsOnly:
			q = right[1]
		case columnsOnly:
			r = right[0]
		}
		from, channel := n, c
		if s.firstImage {
			from = 0
		}
		if s.firstOnly {
			channel = 0
		}
		if s.swapped {
			r, q = q, r
		}
		to := []int{n, c, y, x, i, j}
		if s.outSwapped {
			to[4], to[5] = j, i
		}
		if s.tapSwapped {
			if v.fh != v.fw {
				beyond(min(v.fh, v.fw))
			}
			to[2], to[3] = x, y
		}
		if s.oneTap {
			to[2], to[3] = 0, 0
		}
		col.Set(img.At(from, channel, r, q), to...)
	}
	if s.transposed {
		return col.Transpose(0, 4, 5, 1, 2, 3)
	}
	return col
}

// Im2colSlices checks the class's line of im2col, one slice for each place (y, x) in the
// window:
//
//	col[:, :, y, x, :, :] = img[:, :, y:y_max:stride, x:x_max:stride]
//
// from padded images img (N, C, H, W) to col (N, C, filterH, filterW, outH, outW), where
// col[n, c, y, x, oh, ow] is img[n, c, y + oh*stride, x + ow*stride].
func Im2colSlices(f func(img *Array, filterH, filterW, stride, outH, outW int) *Array) {
	var cases []window
	for _, v := range windows() {
		if v.pad == 0 {
			cases = append(cases, v)
		}
	}
	image := func(v window) *Array { return counting(v.n, v.c, v.h, v.w) }
	task[window, slicing]{
		name: "Im2colSlices", parts: one(axisN, axisC, axisFH, axisFW, axisOH, axisOW), cases: cases,
		about:  window.about,
		inputs: func(v window) []named { return []named{{"img", image(v)}} },
		call: func(v window, in []*Array) []*Array {
			oh, ow := v.out()
			return []*Array{f(in[0], v.fh, v.fw, v.stride, oh, ow)}
		},
		blank: func(v window) []*Array {
			oh, ow := v.out()
			return []*Array{ndarray.Zeros[float64](v.n, v.c, v.fh, v.fw, oh, ow)}
		},
		rule: func(v window, s slicing) []*Array { return []*Array{s.six(image(v), v)} },
		slips: []slip[slicing]{
			{func(s *slicing) { s.step = stepOne },
				both{"the stride is missing: the slice takes every stride-th row and column, y + oh*stride and x + ow*stride.", "스트라이드가 빠졌습니다. 슬라이스는 stride칸마다, 곧 y + oh*stride 행과 x + ow*stride 열을 가져옵니다."}},
			{func(s *slicing) { s.step = stepAll },
				both{"the slice begins at y itself: y + oh*stride, without brackets around y + oh.", "슬라이스는 y에서 그대로 시작합니다. (y + oh)*stride가 아니라 y + oh*stride입니다."}},
			{func(s *slicing) { s.step, s.only = stepOne, rowsOnly },
				both{"the stride is missing in the row: y + oh*stride. The column is right.", "행에 스트라이드가 빠졌습니다. y + oh*stride입니다. 열은 맞습니다."}},
			{func(s *slicing) { s.step, s.only = stepOne, columnsOnly },
				both{"the stride is missing in the column: x + ow*stride. The row is right.", "열에 스트라이드가 빠졌습니다. x + ow*stride입니다. 행은 맞습니다."}},
			{func(s *slicing) { s.tapSwapped = true },
				both{"y and x are swapped in col: Set(…, n, c, y, x, oh, ow).", "col에서 y와 x가 뒤바뀌었습니다. Set(…, n, c, y, x, oh, ow)입니다."}},
			{func(s *slicing) { s.mirrored = rowsOnly },
				both{"the rows of the window are in reverse order: y goes with y.", "윈도의 행이 거꾸로 되어 있습니다. y에는 y를 그대로 쓰세요."}},
			{func(s *slicing) { s.mirrored = columnsOnly },
				both{"the columns of the window are in reverse order: x goes with x.", "윈도의 열이 거꾸로 되어 있습니다. x에는 x를 그대로 쓰세요."}},
			{func(s *slicing) { s.mirrored = turnedSides },
				both{"the window is turned around by half a turn: (y, x) goes with (y, x).", "윈도가 180도 뒤집혔습니다. (y, x)에는 (y, x)를 그대로 쓰세요."}},
			{func(s *slicing) { s.noTap = true },
				both{"the slice of the tap (y, x) begins in row y and column x of the image, not at 0.", "(y, x) 자리의 슬라이스는 0이 아니라 이미지의 y행 x열에서 시작합니다."}},
			{func(s *slicing) { s.swapped = true },
				both{"row and column of the image are swapped: At(n, c, row, column), with y in the row and x in the column.", "이미지의 행과 열이 뒤바뀌었습니다. At(n, c, 행, 열) 순서이고 y는 행, x는 열입니다."}},
			{func(s *slicing) { s.outSwapped = true },
				both{"oh and ow are swapped in col: Set(…, oh, ow).", "col에서 oh와 ow가 뒤바뀌었습니다. Set(…, oh, ow)입니다."}},
			{func(s *slicing) { s.oneTap = true },
				both{"every slice goes to its own place in the window: col[:, :, y, x], not col[:, :, 0, 0].", "슬라이스마다 윈도 안의 자기 자리에 넣습니다. col[:, :, 0, 0]이 아니라 col[:, :, y, x]입니다."}},
			{func(s *slicing) { s.firstImage = true },
				both{"the first image is used for all: use the index n.", "모든 이미지에 첫 번째 이미지를 썼습니다. 인덱스 n을 쓰세요."}},
			{func(s *slicing) { s.firstOnly = true },
				both{"the first channel is used for all: use the index c.", "모든 채널에 첫 번째 채널을 썼습니다. 인덱스 c를 쓰세요."}},
			{func(s *slicing) { s.transposed = true },
				both{"the axes are in the order of rows already: here they stay (N, C, FH, FW, OH, OW); the Transpose comes afterwards.", "축이 이미 행의 순서로 바뀌어 있습니다. 여기서는 (N, C, FH, FW, OH, OW) 그대로이고, Transpose는 그다음에 합니다."}},
		},
		traits: windowTraits(func(v window) window { return v }),
	}.check()
}

// Im2colRows checks the end of the class's im2col: from the six axes (N, C, FH, FW, OH, OW)
// to rows (N*OH*OW, C*FH*FW), a Transpose of six axes and a Reshape.
func Im2colRows(f func(col *Array) *Array) {
	var cases []window
	for i, v := range windows() {
		if i < 40 || i%4 == 0 {
			cases = append(cases, v)
		}
	}
	six := func(v window) *Array {
		oh, ow := v.out()
		return counting(v.n, v.c, v.fh, v.fw, oh, ow)
	}
	type turning struct{ order []int }
	s := func(english, korean string, order ...int) slip[turning] {
		return slip[turning]{func(r *turning) { r.order = order }, both{english, korean}}
	}
	task[window, turning]{
		name: "Im2colRows", parts: one(), cases: cases,
		about:  func(v window) string { return "" },
		inputs: func(v window) []named { return []named{{"col", six(v)}} },
		call:   func(v window, in []*Array) []*Array { return []*Array{f(in[0])} },
		right:  turning{[]int{0, 4, 5, 1, 2, 3}},
		rule: func(v window, r turning) []*Array {
			oh, ow := v.out()
			return []*Array{six(v).Transpose(r.order...).Reshape(v.n*oh*ow, v.c*v.fh*v.fw)}
		},
		slips: []slip[turning]{
			s("a Reshape alone keeps the order of the numbers: first the Transpose of the six axes, to (N, OH, OW, C, FH, FW).",
				"Reshape만으로는 값의 순서가 바뀌지 않습니다. 먼저 여섯 축을 (N, OH, OW, C, FH, FW) 순서로 Transpose하세요.", 0, 1, 2, 3, 4, 5),
			s("OH and OW are swapped: the axes become (N, OH, OW, C, FH, FW).", "OH와 OW가 뒤바뀌었습니다. 축은 (N, OH, OW, C, FH, FW) 순서가 됩니다.", 0, 5, 4, 1, 2, 3),
			s("FH and FW are swapped: the axes become (N, OH, OW, C, FH, FW).", "FH와 FW가 뒤바뀌었습니다. 축은 (N, OH, OW, C, FH, FW) 순서가 됩니다.", 0, 4, 5, 1, 3, 2),
			s("the channels C come before FH and FW: the axes become (N, OH, OW, C, FH, FW).", "채널 C는 FH, FW보다 앞에 옵니다. 축은 (N, OH, OW, C, FH, FW) 순서가 됩니다.", 0, 4, 5, 2, 3, 1),
			s("the images N come first, then OH and OW: the axes become (N, OH, OW, C, FH, FW).", "이미지 N이 맨 앞이고 그다음이 OH, OW입니다. 축은 (N, OH, OW, C, FH, FW) 순서가 됩니다.", 4, 5, 0, 1, 2, 3),
			s("each window is one row: N, OH and OW come first in the order of the axes, then C, FH and FW.", "윈도 하나가 한 행입니다. 축의 순서에서 N, OH, OW가 먼저이고 C, FH, FW가 그다음입니다.", 1, 2, 3, 0, 4, 5),
			s("OH and OW come right after N in the order of the axes; that is the order of FH and FW: (N, OH, OW, C, FH, FW).", "축의 순서에서 N 바로 뒤는 FH, FW가 아니라 OH, OW입니다. (N, OH, OW, C, FH, FW)입니다.", 0, 2, 3, 1, 4, 5),
		},
		traits: windowTraits(func(v window) window { return v }),
	}.check()
}
