package exercise

import (
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
)

// slipHints are the hints for slips, in the order of slips.
var (
	slips     = []slip{padForgotten, notShifted, strideForgotten, rowsSwapped, channelsLast, filterSwapped, firstImageOnly, pixelsSwapped, padOnOneSide, oneTooFew}
	slipHints = []both{
		{"the padding is missing: outside the image, pad pixels wide, there are zeros.", "패딩이 빠졌습니다. 이미지 둘레로 pad만큼은 0입니다."},
		{"with padding the first window begins pad pixels before the image: subtract pad from row and column.", "패딩이 있으면 첫 윈도는 이미지보다 pad만큼 앞에서 시작합니다. 행과 열에서 pad를 빼세요."},
		{"the stride is missing: the next window begins stride pixels further.", "스트라이드가 빠졌습니다. 다음 윈도는 stride만큼 떨어진 곳에서 시작합니다."},
		{"the windows are in another order: first along a row of the image (ow), then down (oh).", "윈도의 순서가 다릅니다. 먼저 가로(ow)로, 그다음 세로(oh)로 나아갑니다."},
		{"within a row the channels come one after the other: all of channel 0, then all of channel 1.", "한 행 안에서는 채널이 차례로 이어집니다. 채널 0이 모두 나온 뒤 채널 1이 나옵니다."},
		{"within a window the values go along its rows: fw runs quickest.", "윈도 안에서는 가로 방향으로 읽습니다. fw가 가장 빨리 변합니다."},
		{"all rows show the first image: use the index n.", "모든 행에 첫 번째 이미지가 들어 있습니다. 인덱스 n을 쓰세요."},
		{"row and column of the image change places: At(n, c, row, column).", "이미지의 행과 열이 뒤바뀌었습니다. At(n, c, 행, 열) 순서입니다."},
		{"the padding lies on both sides: oh = (h + 2*pad - filterH)/stride + 1.", "패딩은 양쪽에 있습니다. oh = (h + 2*pad - filterH)/stride + 1입니다."},
		{"one window is missing along each side: oh = (h + 2*pad - filterH)/stride + 1.", "가로세로로 윈도가 하나씩 모자랍니다. oh = (h + 2*pad - filterH)/stride + 1입니다."},
	}
)

// Im2col checks an im2col: images (N, C, H, W) to rows (N*OH*OW, C*filterH*filterW), as
// layers.Im2col.
func Im2col(f func(x *Array, filterH, filterW, stride, pad int) *Array) {
	t := task{name: "Im2col", hints: append(slipHints[:len(slipHints):len(slipHints)],
		both{"rows and columns of the result change places: each window is one row.", "결과의 행과 열이 뒤바뀌었습니다. 윈도 하나가 한 행입니다."})}
	for _, v := range windows() {
		x := counting(v.n, v.c, v.h, v.w)
		want := layers.Im2col(x, v.fh, v.fw, v.stride, v.pad)
		t.samples = append(t.samples, sample{
			about: v.about(), inputs: []named{{"x", x}}, want: want, oblong: v.h != v.w, oblongWindow: v.fh != v.fw,
			answer: func() *Array { return f(x, v.fh, v.fw, v.stride, v.pad) },
			wrong: func() []*Array {
				var wrong []*Array
				for _, s := range slips {
					wrong = append(wrong, different(rows(x, v, s), want))
				}
				return append(wrong, different(want.T(), want))
			},
		})
	}
	check(t)
}

// Col2im checks a col2im: rows (N*OH*OW, C*filterH*filterW) back to images of the given
// shape (N, C, H, W), as layers.Col2im.
func Col2im(f func(col *Array, shape []int, filterH, filterW, stride, pad int) *Array) {
	t := task{name: "Col2im", hints: []both{
		{"pixels that several windows share get the sum of what comes back: add, do not assign.", "여러 윈도가 함께 쓰는 픽셀에는 되돌아온 값의 합이 들어갑니다. 대입하지 말고 더하세요."},
		{"the sums are not divided by the number of windows: col2im is a transpose, not an inverse.", "합을 윈도의 수로 나누지 않습니다. col2im은 역함수가 아니라 전치입니다."},
		{"the stride is missing: the next window begins stride pixels further.", "스트라이드가 빠졌습니다. 다음 윈도는 stride만큼 떨어진 곳에서 시작합니다."},
		{"with padding the first window begins pad pixels before the image: subtract pad from row and column.", "패딩이 있으면 첫 윈도는 이미지보다 pad만큼 앞에서 시작합니다. 행과 열에서 pad를 빼세요."},
		{"the padding is still there: keep only the rows pad to pad+H and the columns pad to pad+W.", "패딩이 남아 있습니다. pad부터 pad+H까지의 행과 pad부터 pad+W까지의 열만 남기세요."},
		{"the channels stand last: the result has the shape (N, C, H, W).", "채널 축이 마지막에 있습니다. 결과의 형상은 (N, C, H, W)입니다."},
	}}
	for _, v := range windows() {
		oh, ow := v.out()
		col, shape := counting(v.n*oh*ow, v.c*v.fh*v.fw), []int{v.n, v.c, v.h, v.w}
		want := layers.Col2im(col, shape, v.fh, v.fw, v.stride, v.pad)
		t.samples = append(t.samples, sample{
			about: "images " + shapes.Text(shape) + ", " + v.about(), inputs: []named{{"col", col}}, want: want, oblong: v.h != v.w, oblongWindow: v.fh != v.fw,
			answer: func() *Array { return f(col, []int{v.n, v.c, v.h, v.w}, v.fh, v.fw, v.stride, v.pad) },
			wrong: func() []*Array {
				used := layers.Col2im(col.Map(func(float64) float64 { return 1 }), shape, v.fh, v.fw, v.stride, v.pad)
				mean := want.Div(used.Map(func(n float64) float64 { return max(n, 1) }))
				return []*Array{
					different(back(col, v, correct, func(_, last float64) float64 { return last }), want),
					different(mean, want),
					different(back(col, v, strideForgotten, func(sum, v float64) float64 { return sum + v }), want),
					different(back(col, v, notShifted, func(sum, v float64) float64 { return sum + v }), want),
					different(layers.Col2im(col, []int{v.n, v.c, v.h + 2*v.pad, v.w + 2*v.pad}, v.fh, v.fw, v.stride, 0), want),
					different(want.Transpose(0, 2, 3, 1), want),
				}
			},
		})
	}
	check(t)
}

// back is col2im with one slip, where put says what becomes of a pixel.
func back(col *Array, v window, s slip, put func(old, v float64) float64) *Array {
	places := rows(counting(v.n, v.c, v.h, v.w), v, s) // the number of the pixel that each value came from, 0 for the pad
	image := counting(v.n, v.c, v.h, v.w).Scale(0)
	for i, place := range places.Data() {
		if place > 0 {
			pixel := int(place) - 1
			image.Data()[pixel] = put(image.Data()[pixel], col.Data()[i])
		}
	}
	return image
}
