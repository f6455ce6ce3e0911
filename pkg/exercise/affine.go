package exercise

import (
	"convbook/pkg/ndarray"
)

// layer is a case of an affine layer.
type layer struct {
	n, in, units int
	bump         float64 // added to dout
}

func layersOfUnits() (cases []layer) {
	for size := 1; size <= 4; size++ {
		for n := 1; n <= size; n++ {
			for in := 1; in <= size; in++ {
				for units := 1; units <= size; units++ {
					if max(n, in, units) == size {
						cases = append(cases, layer{n, in, units, 0})
					}
				}
			}
		}
	}
	return append(cases, layer{5, 7, 3, 0}, layer{10, 4, 6, 0})
}

func (l layer) x() *Array { return counting(l.n, l.in) }
func (l layer) w() *Array {
	w := counting(l.in, l.units)
	for i := range w.Data() {
		if i%3 == 2 {
			w.Data()[i] *= -1
		}
	}
	return w
}
func (l layer) b() *Array { return counting(l.units).Scale(100) }

func layerTraits() []trait[layer] {
	return []trait[layer]{
		{func(l layer) bool { return l.n > 1 }, both{"there is more than one sample in the batch", "배치에 표본이 둘 이상인"}},
		{func(l layer) bool { return l.units > 1 }, both{"there is more than one output", "출력이 둘 이상인"}},
		{func(l layer) bool { return l.in > 1 }, both{"there is more than one input", "입력이 둘 이상인"}},
		{func(l layer) bool { return l.in != l.units }, both{"W is not square (is it transposed?)", "W가 정사각 행렬이 아닌(전치하지 않았나요?)"}},
		{func(l layer) bool { return l.n != l.in }, both{"the sizes of batch and input differ (is one used for the other?)", "배치 크기와 입력 크기가 다른(서로 바꾸어 쓰지 않았나요?)"}},
	}
}

// affine is x·W + b with what can go wrong in it.
type affine struct {
	product product
	bias    biasSlip
	column  bool // b along the other axis
	before  bool // b added to W
	turned  bool // the result
	relu    bool
}

type product int

const (
	productRight product = iota
	productTransposed
	productElements
	productOrder
	productFirstRow
	productLast // each product replaces the sum before
	productSum  // x + w in place of x·w
	productFlat // the numbers of W taken for those of (out, in)
	productAt   // w.At(j, k), which fails where the sizes differ
)

// times fails as x.Dot(w) does where the shapes do not fit.
func (p product) times(x, w *Array) *Array {
	switch p {
	case productTransposed:
		return x.Dot(w.T())
	case productFlat:
		return x.Dot(w.Reshape(w.Dim(1), w.Dim(0)).T())
	case productAt:
		if w.Dim(0) != w.Dim(1) {
			beyond(min(w.Dim(0), w.Dim(1)))
		}
		return x.Dot(w.T())
	case productElements:
		return x.Mul(w)
	case productOrder:
		return w.Dot(x)
	case productFirstRow:
		return ndarray.Zeros[float64](x.Dim(0), w.Dim(1)).Add(x.Slice(0, 1).Dot(w))
	case productLast:
		last := x.Dim(1) - 1
		return x.T().Slice(last, last+1).T().Dot(w.Slice(last, last+1))
	case productSum:
		ones := func(a, b int) *Array { return ndarray.Full[float64](1, a, b) }
		return x.Dot(ones(w.Dim(0), w.Dim(1))).Add(ones(x.Dim(0), x.Dim(1)).Dot(w))
	}
	return x.Dot(w)
}

func (a affine) outputs(l layer) *Array {
	x, w, b := l.x(), l.w(), l.b()
	if a.before {
		return x.Dot(w.Add(b))
	}
	y := a.product.times(x, w)
	if a.column {
		b = b.Reshape(-1, 1)
	}
	switch a.bias {
	case biasRight:
		y = y.Add(b)
	case biasEachTap:
		y = y.Add(b.Scale(float64(l.in)))
	case biasEachTapToo:
		y = y.Add(b.Scale(float64(l.in + 1)))
	case biasFirst:
		y = y.Map(func(v float64) float64 { return v + b.Data()[0] })
	case biasByColumn:
		for i := range y.Data() {
			y.Data()[i] += b.Data()[i/l.units%l.units]
		}
	case biasSubtracted:
		y = y.Sub(b)
	case biasTimes:
		y = y.Mul(b)
	case biasTwice:
		y = y.Add(b).Add(b)
	}
	if a.turned {
		y = y.T()
	}
	if a.relu {
		y = y.Map(func(v float64) float64 { return max(v, 0) })
	}
	return y
}

// Affine checks x·W + b for rows x (N, in), weights w (in, out) and biases b (out,), as
// layers.Affine.
func Affine(f func(x, w, b *Array) *Array) {
	axis := both{"b is added along the wrong axis: one bias for each column of the product, the same for every sample.", "b를 다른 축으로 더했습니다. 편향은 곱의 열마다 하나이고 모든 표본에 똑같이 더합니다."}
	task[layer, affine]{
		name: "Affine", parts: one(axis2("N", "sample", "표본"), axis2("out", "output", "출력")), cases: layersOfUnits(),
		inputs: func(l layer) []named { return []named{{"x", l.x()}, {"w", l.w()}, {"b", l.b()}} },
		call:   func(l layer, in []*Array) []*Array { return []*Array{f(in[0], in[1], in[2])} },
		rule:   func(l layer, a affine) []*Array { return []*Array{a.outputs(l)} },
		slips: []slip[affine]{
			{func(a *affine) { a.bias = biasMissing }, both{"the bias is missing: add b to every row.", "편향이 빠졌습니다. 모든 행에 b를 더하세요."}},
			{func(a *affine) { a.product = productTransposed }, both{"W is transposed: it already has the shape (in, out).", "W가 전치되었습니다. W의 형상은 이미 (in, out)입니다."}},
			{func(a *affine) { a.product = productAt }, both{"the indices of W are swapped: w.At(k, j), the input first.", "W의 인덱스가 뒤바뀌었습니다. w.At(k, j), 곧 입력이 먼저입니다."}},
			{func(a *affine) { a.product = productFlat }, both{"row and column of W are swapped: the weight from input k to output j stands at k*out + j.", "W의 행과 열이 뒤바뀌었습니다. 입력 k에서 출력 j로 가는 가중치는 k*out + j에 있습니다."}},
			{func(a *affine) { a.relu = true }, both{"there is no Relu in an affine layer: values may be negative.", "아핀 계층에는 Relu가 없습니다. 음수여도 됩니다."}},
			{func(a *affine) { a.product = productElements }, both{"that multiplies element by element: use the matrix product, x.Dot(w).", "원소끼리 곱했습니다. 행렬 곱 x.Dot(w)를 쓰세요."}},
			{func(a *affine) { a.product = productOrder }, both{"the order matters in a matrix product: x.Dot(w), not w.Dot(x).", "행렬 곱은 순서가 중요합니다. w.Dot(x)가 아니라 x.Dot(w)입니다."}},
			{func(a *affine) { a.bias = biasTimes }, both{"b is added to the product, not multiplied by it.", "b는 곱하지 않고 행렬 곱에 더합니다."}},
			{func(a *affine) { a.bias = biasSubtracted }, both{"the bias has the wrong sign: it is added.", "편향의 부호가 반대입니다. 편향은 더합니다."}},
			{func(a *affine) { a.bias = biasTwice }, both{"the bias is added twice.", "편향을 두 번 더했습니다."}},
			{func(a *affine) { a.bias = biasEachTap }, both{"the bias is added for every product: add it once to each sum.", "곱할 때마다 편향을 더했습니다. 합마다 한 번만 더하세요."}},
			{func(a *affine) { a.bias = biasEachTapToo }, both{"the bias is added for every product: add it once to each sum.", "곱할 때마다 편향을 더했습니다. 합마다 한 번만 더하세요."}},
			{func(a *affine) { a.bias = biasFirst }, both{"the first bias is used for all outputs: use b.At(j).", "모든 출력에 첫 번째 편향을 더했습니다. b.At(j)를 쓰세요."}},
			{func(a *affine) { a.column = true }, axis},
			{func(a *affine) { a.bias = biasByColumn }, axis},
			{func(a *affine) { a.before = true }, both{"b is added to W before the product: first x·W, then + b.", "행렬 곱을 하기 전에 W에 b를 더했습니다. 먼저 x·W, 그다음 + b입니다."}},
			{func(a *affine) { a.turned = true }, both{"the result is transposed: each sample is one row, (N, out).", "결과가 전치되었습니다. 표본 하나가 한 행, 곧 (N, out)입니다."}},
			{func(a *affine) { a.product = productFirstRow }, both{"the first sample is used for all: use the index n.", "모든 표본에 첫 번째 표본을 썼습니다. 인덱스 n을 쓰세요."}},
			{func(a *affine) { a.product = productLast }, both{"only the last product is left: add up the products (+=), do not assign.", "마지막 곱만 남았습니다. 대입하지 말고 곱을 모두 더하세요(+=)."}},
			{func(a *affine) { a.product = productSum }, both{"x and w are added; multiply them, and add up the products.", "x와 w를 더했습니다. 곱한 다음 그 곱을 모두 더하세요."}},
		},
		traits: layerTraits(),
	}.check()
}

func axis2(letter, english, korean string) axis { return axis{letter, english, korean} }

// backwards is the backward pass of an affine layer with what can go wrong in it.
type backwards struct {
	dx     product
	dw     dwSlip
	db     sumSlip
	share  [3]bool // divided by N
	timesN bool    // db
	order  bool    // dx and dw swapped
	late   bool    // dw and db swapped
}

type dwSlip int

const (
	dwRight dwSlip = iota
	dwTransposed
	dwOrder
	dwLast
	dwFirstRow
)

func (l layer) dout() *Array {
	d := counting(l.n, l.units)
	for i := range d.Data() {
		if i%3 == 1 {
			d.Data()[i] *= -1
		}
		d.Data()[i] += l.bump
	}
	return d
}

func (r backwards) gradients(l layer) []*Array {
	x, w, dout := l.x(), l.w(), l.dout()
	var dx, dw *Array
	switch r.dx {
	case productTransposed:
		dx = dout.Dot(w)
	case productAt:
		if l.in != l.units {
			beyond(min(l.in, l.units))
		}
		dx = dout.Dot(w)
	case productOrder:
		dx = w.Dot(dout.T())
	case productLast:
		last := l.units - 1
		dx = dout.T().Slice(last, last+1).T().Dot(w.T().Slice(last, last+1))
	default:
		dx = dout.Dot(w.T())
	}
	switch r.dw {
	case dwTransposed:
		dw = dout.T().Dot(x)
	case dwOrder:
		dw = x.Dot(dout)
	case dwLast:
		dw = x.Slice(l.n-1, l.n).TDot(dout.Slice(l.n-1, l.n))
	case dwFirstRow:
		dw = ndarray.Zeros[float64](l.n, l.in).Add(x.Slice(0, 1)).TDot(dout)
	default:
		dw = x.T().Dot(dout)
	}
	parts := []*Array{dx, dw, r.db.of(dout)}
	for i, divided := range r.share {
		if divided {
			parts[i] = parts[i].Scale(1 / float64(l.n))
		}
	}
	if r.timesN {
		parts[2] = parts[2].Scale(float64(l.n))
	}
	if r.late {
		parts[1], parts[2] = parts[2], parts[1]
	}
	if r.order {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return parts
}

// AffineBackward checks the backward pass of an affine layer: from the rows x (N, in), the
// weights w (in, out) and the gradient dout (N, out) of the output to those of x, w and
// the biases: dx = dout·Wᵀ, dW = xᵀ·dout, db = the sum of dout over the samples.
func AffineBackward(f func(x, w, dout *Array) (dx, dw, db *Array)) {
	add := both{"contributions add up: += into the gradient, do not assign.", "기울기는 모든 기여의 합입니다. 대입하지 말고 더하세요(+=)."}
	batch := both{"it is divided by N once too often: the loss has done so already, so here it is the sum over the batch.", "N으로 한 번 더 나누었습니다. 이미 손실에서 나누었으므로 여기서는 배치에 걸친 합을 구합니다."}
	task[layer, backwards]{
		name: "AffineBackward", cases: layersOfUnits(),
		parts: []part{{"dx", []axis{axis2("N", "sample", "표본"), axis2("in", "input", "입력")}},
			{"dw", []axis{axis2("in", "input", "입력"), axis2("out", "output", "출력")}}, {"db", []axis{axis2("out", "output", "출력")}}},
		inputs: func(l layer) []named { return []named{{"x", l.x()}, {"w", l.w()}, {"dout", l.dout()}} },
		call: func(l layer, in []*Array) []*Array {
			dx, dw, db := f(in[0], in[1], in[2])
			return []*Array{dx, dw, db}
		},
		rule: func(l layer, r backwards) []*Array { return r.gradients(l) },
		slips: []slip[backwards]{
			{func(r *backwards) { r.dw = dwTransposed }, both{"dW is transposed: xᵀ·dout has the shape of W, (in, out).", "dW가 전치되었습니다. xᵀ·dout이 W와 같은 형상 (in, out)이 됩니다."}},
			{func(r *backwards) { r.dw = dwOrder }, both{"dW is xᵀ·dout: x has to be transposed.", "dW는 xᵀ·dout입니다. x를 전치하세요."}},
			{func(r *backwards) { r.dw = dwLast }, add},
			{func(r *backwards) { r.dw = dwFirstRow }, both{"the first sample is used for all in dW: use the index n of x.", "dW에서 모든 표본에 첫 번째 표본을 썼습니다. x의 인덱스 n을 쓰세요."}},
			{func(r *backwards) { r.dx = productTransposed }, both{"dx is dout·Wᵀ: W has to be transposed.", "dx는 dout·Wᵀ입니다. W를 전치하세요."}},
			{func(r *backwards) { r.dx = productAt }, both{"the indices of W are swapped in dx: w.At(k, j), the input first.", "dx에서 W의 인덱스가 뒤바뀌었습니다. w.At(k, j), 곧 입력이 먼저입니다."}},
			{func(r *backwards) { r.dx = productOrder }, both{"dx is transposed: dout·Wᵀ, not W·doutᵀ.", "dx가 전치되었습니다. W·doutᵀ가 아니라 dout·Wᵀ입니다."}},
			{func(r *backwards) { r.dx = productLast }, add},
			{func(r *backwards) { r.db = sumMean }, both{"db is the sum of dout over the samples, not the mean.", "db는 표본에 걸친 dout의 평균이 아니라 합입니다."}},
			{func(r *backwards) { r.db = sumAxis }, both{"db is summed along the other axis: the sum runs over the samples, Sum(0), so that one number is left for each output.", "db를 다른 축으로 더했습니다. 표본에 걸쳐 Sum(0)으로 더해 출력마다 숫자 하나가 남게 하세요."}},
			{func(r *backwards) { r.db = sumLast }, add},
			{func(r *backwards) { r.db = sumCount }, both{"db is the sum of dout, not the number of samples.", "db는 표본의 수가 아니라 dout의 합입니다."}},
			{func(r *backwards) { r.db = sumNone }, both{"db has one number for each output: sum dout over the samples, Sum(0).", "db는 출력마다 숫자 하나입니다. dout을 표본에 걸쳐 Sum(0)으로 더하세요."}},
			{func(r *backwards) { r.db = sumSubtracted }, both{"db has the wrong sign: add dout.", "db의 부호가 반대입니다. dout을 더하세요."}},
			{func(r *backwards) { r.timesN = true }, both{"db is N times too large: the sum of dout over the samples, and no more.", "db가 N배만큼 큽니다. 표본에 걸친 dout의 합이면 됩니다."}},
			{func(r *backwards) { r.db = sumAll }, both{"db is summed over everything: sum over the samples only, Sum(0), so that one number is left for each output.", "db를 전부 더했습니다. 표본에 걸쳐서만 Sum(0)으로 더해 출력마다 숫자 하나가 남게 하세요."}},
			{func(r *backwards) { r.late = true }, both{"dw and db are swapped: return dx, dw, db.", "dw와 db가 뒤바뀌었습니다. dx, dw, db 순서로 반환하세요."}},
			{func(r *backwards) { r.order = true }, both{"dx and dw are swapped: return dx, dw, db.", "dx와 dw가 뒤바뀌었습니다. dx, dw, db 순서로 반환하세요."}},
			{func(r *backwards) { r.share[0] = true }, batch},
			{func(r *backwards) { r.share[1] = true }, batch},
		},
		traits: layerTraits(),
		probes: []probe[layer]{{func(l layer) (layer, bool) { l.bump++; return l, true }, "dout"}},
	}.check()
}
