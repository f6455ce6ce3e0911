package exercise

import (
	"convbook/pkg/ndarray"
)

// filtering is a convolution with what can go wrong in it.
type filtering struct {
	walk
	bias     biasSlip
	reshape  size // where only the output size that is given to Reshape is wrong
	after    arrangement
	mixed    bool // w.Reshape(-1, FN)
	relu     bool
	lastOnly bool // each product replaces the sum before
	zeroth   bool // filter 0 for all
	channel0 bool // channel 0 of the filter for all
	batchOfW bool // N read from w
}

type biasSlip int

const (
	biasRight biasSlip = iota
	biasMissing
	biasEachTap
	biasFirst
	biasByColumn // of the output
	biasSubtracted
	biasTimes
	biasTwice
	biasEachTapToo // and at the beginning
	biasByImage    // of the number of the image
)

type arrangement int // of the product (N*OH*OW, FN)

const (
	arrangeRight   arrangement = iota
	arrangeLast                // (N, OH, OW, FN) as it is
	arrangeAsIs                // taken for (N, FN, OH, OW)
	arrangeSwapped             // Transpose(0, 3, 2, 1)
	arrangeSet                 // the same by Set(…, ow, oh), which fails where they differ
)

// convolved is a case of a convolution.
type convolved struct {
	window
	fn   int
	bump float64 // added to dout
}

func convolutions() (cases []convolved) {
	for i, v := range windows() {
		cases = append(cases, convolved{v, 1 + i%2, 0})
		if i < 12 {
			cases = append(cases, convolved{v, 2 - i%2, 0})
		}
	}
	return append(cases, convolved{window{2, 2, 4, 5, 2, 3, 1, 1}, 3, 0}, convolved{window{3, 2, 5, 5, 3, 3, 2, 1}, 4, 0})
}

func (c convolved) x() *Array { return counting(c.n, c.c, c.h, c.w) }
func (c convolved) filters() *Array {
	w := counting(c.fn, c.c, c.fh, c.fw)
	if c.n*c.c*c.h*c.w > 4 { // signs, but not in what is read first
		for i := range w.Data() {
			if i%3 == 1 {
				w.Data()[i] *= -1
			}
		}
	}
	return w
}
func (c convolved) biases() *Array {
	b := counting(c.fn).Scale(100)
	if c.fn > 1 {
		b.Data()[1] = -20
	}
	return b
}

func (f filtering) maps(c convolved) *Array {
	x, w, b := c.x(), c.filters(), c.biases()
	if f.channel0 {
		w = firstChannel(w)
	}
	filters := w.Reshape(c.fn, -1) // (FN, C*FH*FW)
	if f.mixed {
		filters = w.Reshape(-1, c.fn).T()
	}
	if f.zeroth {
		for k := range c.fn {
			filters.Index(k).Copy(filters.Index(0))
		}
	}
	col := f.rows(x, c.window)
	y := col.DotT(filters) // (N*OH*OW, FN)
	if f.lastOnly {
		for i := range y.Data() {
			row, k := i/c.fn, i%c.fn
			y.Data()[i] = lastProduct(f.walk, c, col.Index(row), filters.Index(k), row)
		}
	}
	oh, ow := f.sides(c.window)
	for i := range y.Data() {
		k := i % c.fn
		switch f.bias {
		case biasRight:
			y.Data()[i] += b.At(k)
		case biasEachTap:
			y.Data()[i] += b.At(k) * float64(f.taken(c.window, i/c.fn%(oh*ow)))
		case biasEachTapToo:
			y.Data()[i] += b.At(k) * float64(1+f.taken(c.window, i/c.fn%(oh*ow)))
		case biasByImage:
			y.Data()[i] += b.At(i / c.fn / (oh * ow))
		case biasFirst:
			y.Data()[i] += b.At(0)
		case biasByColumn:
			y.Data()[i] += b.At(i / c.fn % ow % c.fn)
		case biasSubtracted:
			y.Data()[i] -= b.At(k)
		case biasTimes:
			y.Data()[i] *= b.At(k)
		case biasTwice:
			y.Data()[i] += 2 * b.At(k)
		}
		if f.relu {
			y.Data()[i] = max(y.Data()[i], 0)
		}
	}
	if f.reshape != sizeRight {
		oh, ow = walk{out: f.reshape}.side(c.window)
	}
	n := c.n
	if f.batchOfW {
		n = c.fn
	}
	switch f.after {
	case arrangeLast:
		return y.Reshape(n, oh, ow, c.fn)
	case arrangeAsIs:
		return y.Reshape(n, c.fn, oh, ow)
	case arrangeSwapped:
		return y.Reshape(n, oh, ow, c.fn).Transpose(0, 3, 2, 1)
	}
	return y.Reshape(n, oh, ow, c.fn).Transpose(0, 3, 1, 2)
}

// taken is how many values of a window lie inside the image.
func (k walk) taken(v window, at int) (count int) {
	v.n = 1
	k.each(v, func(p place) {
		if p.row == at && p.inside {
			count++
		}
	})
	return count
}

// lastProduct is what is left of a sum to which each product was assigned.
func lastProduct(k walk, c convolved, row, filter *Array, number int) (last float64) {
	v := c.window
	oh, ow := k.sides(v)
	v.n = 1
	k.each(v, func(p place) {
		if p.row == number%(oh*ow) && p.inside {
			last = row.At(p.at) * filter.At(p.at)
		}
	})
	return last
}

func firstChannel(w *Array) *Array {
	first := ndarray.Zeros[float64](w.Shape()...)
	for i := range w.Dim(0) {
		for c := range w.Dim(1) {
			first.Index(i, c).Copy(w.Index(i, 0))
		}
	}
	return first
}

// Convolution checks the forward pass of a convolution: images x (N, C, H, W), filters w
// (FN, C, FH, FW) and biases b (FN,) to (N, FN, OH, OW), as layers.Convolution.
func Convolution(f func(x, w, b *Array, stride, pad int) *Array) {
	task[convolved, filtering]{
		name: "Convolution", parts: one(axisN, axisFN, axisOH, axisOW), cases: convolutions(),
		about:  func(c convolved) string { return c.window.about() },
		inputs: func(c convolved) []named { return []named{{"x", c.x()}, {"w", c.filters()}, {"b", c.biases()}} },
		call: func(c convolved, in []*Array) []*Array {
			return []*Array{f(in[0], in[1], in[2], c.stride, c.pad)}
		},
		rule:  func(c convolved, r filtering) []*Array { return []*Array{r.maps(c)} },
		slips: append(filteringSlips(), walkSlips(func(r *filtering) []*walk { return []*walk{&r.walk} })...),
		traits: append(windowTraits(func(c convolved) window { return c.window }),
			trait[convolved]{func(c convolved) bool { return c.fn > 1 }, both{"there is more than one filter", "필터가 둘 이상인"}},
			trait[convolved]{func(c convolved) bool { return c.fn != c.n }, both{"the number of filters is not the number of images (is N read from the images?)", "필터의 수와 이미지의 수가 다른(N을 이미지에서 읽었나요?)"}}),
		probes: windowProbes(func(c convolved, change func(*window)) convolved { change(&c.window); return c }),
	}.check()
}

func filteringSlips() []slip[filtering] {
	last := both{"the product has the filters last: reshape to (N, OH, OW, FN), then Transpose(0, 3, 1, 2).", "행렬 곱에서는 필터 축이 마지막에 있습니다. (N, OH, OW, FN)으로 바꾼 뒤 Transpose(0, 3, 1, 2)를 하세요."}
	pad := both{"the padding is missing: hand pad on to im2col and to the output size.", "패딩이 빠졌습니다. im2col과 출력 크기 계산에 pad를 넘겨주세요."}
	stride := both{"the stride is missing: hand it on to im2col and to the output size.", "스트라이드가 빠졌습니다. im2col과 출력 크기 계산에 stride를 넘겨주세요."}
	return []slip[filtering]{
		{func(r *filtering) { r.bias = biasMissing },
			both{"the bias is missing: add b to every place of its filter's map.", "편향이 빠졌습니다. 각 필터의 특징 맵 전체에 b를 더하세요."}},
		{func(r *filtering) { r.after = arrangeLast }, last},
		{func(r *filtering) { r.after = arrangeAsIs }, last},
		{func(r *filtering) { r.taps = tapsTurned },
			both{"the filter is turned around: multiply the window by the filter as it is.", "필터가 뒤집혔습니다. 윈도에 필터를 그대로 곱하세요."}},
		{func(r *filtering) { r.out, r.begin = sizeNoPad, beginAtZero }, pad},
		{func(r *filtering) { r.out, r.begin, r.reshape = sizeNoPad, beginAtZero, sizeOneRight }, pad},
		{func(r *filtering) { r.out, r.step = sizeNoStride, stepOne }, stride},
		{func(r *filtering) { r.out, r.step, r.reshape = sizeNoStride, stepOne, sizeOneRight }, stride},
		{func(r *filtering) { r.reshape = sizeNoPad },
			both{"the padding is missing in the output size that is given to Reshape: (H + 2*pad - FH)/stride + 1.", "Reshape에 준 출력 크기에 패딩이 빠졌습니다. (H + 2*pad - FH)/stride + 1입니다."}},
		{func(r *filtering) { r.reshape = sizePadOnce },
			both{"the padding lies on both sides: the output size is (H + 2*pad - FH)/stride + 1.", "패딩은 양쪽에 있습니다. 출력 크기는 (H + 2*pad - FH)/stride + 1입니다."}},
		{func(r *filtering) { r.reshape = sizeNoOne },
			both{"the + 1 is missing in the output size: (H + 2*pad - FH)/stride + 1.", "출력 크기에 + 1이 빠졌습니다. (H + 2*pad - FH)/stride + 1입니다."}},
		{func(r *filtering) { r.reshape = sizeNoStride },
			both{"the stride is missing in the output size that is given to Reshape: (H + 2*pad - FH)/stride + 1.", "Reshape에 준 출력 크기에 스트라이드가 빠졌습니다. (H + 2*pad - FH)/stride + 1입니다."}},
		{func(r *filtering) { r.mixed = true },
			both{"the filters are mixed: each becomes a column by w.Reshape(FN, -1).T(), not by w.Reshape(-1, FN).", "필터가 서로 섞였습니다. w.Reshape(-1, FN)이 아니라 w.Reshape(FN, -1).T()로 필터 하나가 한 열이 되게 하세요."}},
		{func(r *filtering) { r.after = arrangeSwapped },
			both{"height and width of the result are swapped: Transpose(0, 3, 1, 2).", "결과의 높이와 너비가 뒤바뀌었습니다. Transpose(0, 3, 1, 2)를 하세요."}},
		{func(r *filtering) { r.relu = true },
			both{"there is no Relu in a convolution: values may be negative.", "합성곱에는 Relu가 없습니다. 값은 음수여도 됩니다."}},
		{func(r *filtering) { r.bias = biasEachTap },
			both{"the bias is added for every product: add it once to each sum.", "곱할 때마다 편향을 더했습니다. 합마다 한 번만 더하세요."}},
		{func(r *filtering) { r.bias = biasEachTapToo },
			both{"the bias is added for every product: add it once to each sum.", "곱할 때마다 편향을 더했습니다. 합마다 한 번만 더하세요."}},
		{func(r *filtering) { r.bias = biasByImage },
			both{"the bias belongs to the filter, not to the image: b.At(filter).", "편향은 이미지가 아니라 필터의 것입니다. b.At(필터)입니다."}},
		{func(r *filtering) { r.bias = biasFirst },
			both{"the bias of the first filter is used for all: b.At(filter).", "모든 필터에 첫 번째 필터의 편향을 더했습니다. b.At(필터)를 쓰세요."}},
		{func(r *filtering) { r.bias = biasByColumn },
			both{"a bias belongs to a filter, not to a column of the output: add b before the Transpose, or b.At(filter).", "편향은 출력의 열이 아니라 필터마다 하나입니다. Transpose하기 전에 b를 더하거나 b.At(필터)를 쓰세요."}},
		{func(r *filtering) { r.bias = biasSubtracted },
			both{"the bias has the wrong sign: it is added.", "편향의 부호가 반대입니다. 편향은 더합니다."}},
		{func(r *filtering) { r.bias = biasTimes },
			both{"the bias is added to the product, not multiplied with it.", "편향은 곱하지 않고 행렬 곱에 더합니다."}},
		{func(r *filtering) { r.bias = biasTwice }, both{"the bias is added twice.", "편향을 두 번 더했습니다."}},
		{func(r *filtering) { r.lastOnly, r.bias = true, biasRight },
			both{"only the last product is left: add up the products (+=), do not assign.", "마지막 곱만 남았습니다. 대입하지 말고 곱을 모두 더하세요(+=)."}},
		{func(r *filtering) { r.zeroth = true },
			both{"filter 0 is used for all: use the index of the filter.", "모든 맵에 필터 0을 썼습니다. 필터의 인덱스를 쓰세요."}},
		{func(r *filtering) { r.channel0 = true },
			both{"channel 0 of the filter is used for all: each channel has weights of its own.", "필터의 채널 0만 썼습니다. 채널마다 가중치가 따로 있습니다."}},
		{func(r *filtering) { r.batchOfW = true },
			both{"N is the number of images, x.Dim(0); w.Dim(0) is the number of filters.", "N은 이미지의 수 x.Dim(0)입니다. w.Dim(0)은 필터의 수입니다."}},
	}
}
