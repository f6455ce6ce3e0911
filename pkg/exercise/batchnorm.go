package exercise

import (
	"math"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// normed is a case of batch normalisation.
type normed struct {
	n, d int
	seed uint32
}

func norms() []normed {
	return []normed{{2, 1, 0}, {2, 2, 1}, {3, 1, 2}, {3, 2, 3}, {4, 3, 4}, {3, 4, 5}, {5, 5, 6}, {8, 3, 7}, {10, 6, 8}}
}

func (c normed) x() *Array {
	x := short(ndarray.Randn[float64](nprandom.New(c.seed), c.n, c.d))
	for i := range x.Data() { // columns of different means and spreads, the last of them narrow
		j := i % c.d
		x.Data()[i] = math.Round(10*(x.Data()[i]*float64(j+1)+float64(3*j)))/10 + 0
		if c.d > 2 && j == c.d-1 {
			x.Data()[i] = x.Data()[i] / 1000
		}
	}
	return x
}
func (c normed) gamma() *Array {
	return counting(c.d).Map(func(v float64) float64 { return 0.5 + v/2 + 0.5 })
}
func (c normed) beta() *Array { return counting(c.d).Map(func(v float64) float64 { return 10 * v }) }
func (c normed) dout() *Array { return signed(counting(c.n, c.d)) }

func normTraits() []trait[normed] {
	return []trait[normed]{
		{func(c normed) bool { return c.d > 1 }, both{"there is more than one column (does each have a mean, a variance, a gamma and a beta of its own?)", "열이 둘 이상인(열마다 평균, 분산, gamma, beta가 따로 있나요?)"}},
		{func(c normed) bool { return c.n != c.d }, both{"the size of the batch is not the number of columns", "배치 크기와 열의 수가 다른"}},
		{func(c normed) bool { return c.n > 2 }, both{"there are more than two samples", "표본이 셋 이상인"}},
		{func(c normed) bool { return c.d > 2 }, both{"a column varies little, so that 10e-7 counts", "값이 거의 변하지 않는 열이 있어 10e-7이 영향을 주는"}},
	}
}

// norming is batch normalisation with what can go wrong in it.
type norming struct {
	mean      meanSlip
	variance  varianceSlip
	tiny      float64
	outside   bool // added to the root
	noRoot    bool
	scale     scaleSlip
	shift     bool // beta is left out
	firstBeta bool
	notLess   bool // the mean is subtracted for the variance only
	added     bool // the mean is added to x
	rows      bool // normalised along the rows, mean and variance
	less      bool // beta subtracted
	order     int  // 0 gamma*xn + beta, 1 gamma*(xn + beta), 2 swapped, 3 (xn + gamma)*beta
}

type meanSlip int

const (
	meanRight meanSlip = iota
	meanOfRows
	meanOfAll
	meanMissing
	meanSum
)

type varianceSlip int

const (
	varianceRight varianceSlip = iota
	varianceSum
	varianceLessOne
	varianceRaw // the mean not subtracted
	varianceAbsolute
	varianceOther // of another column
)

type scaleSlip int

const (
	scaleRight scaleSlip = iota
	scaleMissing
	scaleFirst
)

// normalised returns x less its mean, that over the root, and the root (D,).
func (r norming) normalised(x *Array) (xc, xn, std *Array) {
	n, d := x.Dim(0), x.Dim(1)
	mean := x.Mean(0)
	switch r.mean {
	case meanOfRows:
		xc = x.Sub(x.Mean(1).Reshape(-1, 1))
	case meanOfAll:
		mean = ndarray.Full(x.MeanAll(), d)
	case meanMissing:
		mean = ndarray.Zeros[float64](d)
	case meanSum:
		mean = x.Sum(0)
	}
	if xc == nil {
		xc = x.Sub(mean)
	}
	square := func(v float64) float64 { return v * v }
	variance := xc.Map(square).Mean(0)
	switch r.variance {
	case varianceSum:
		variance = xc.Map(square).Sum(0)
	case varianceLessOne:
		variance = xc.Map(square).Sum(0).Scale(1 / float64(n-1))
	case varianceRaw:
		variance = x.Map(square).Mean(0)
	case varianceAbsolute:
		variance = xc.Map(math.Abs).Mean(0)
	}
	std = variance.Map(func(v float64) float64 {
		switch {
		case r.noRoot:
			return v + r.tiny
		case r.outside:
			return math.Sqrt(v) + r.tiny
		}
		return math.Sqrt(v + r.tiny)
	})
	switch {
	case r.notLess:
		xc = x
	case r.added:
		xc = x.Add(mean)
	case r.rows:
		over := xc.T().Map(square).Mean(0).Map(func(v float64) float64 { return math.Sqrt(v + r.tiny) })
		return xc, xc.T().Div(over).T(), std
	}
	return xc, xc.Div(std), std
}

func (r norming) forward(c normed) *Array {
	_, xn, std := r.normalised(c.x())
	if r.variance == varianceOther {
		for i := range xn.Data() {
			xn.Data()[i] *= std.Data()[i%c.d] / std.Data()[i/c.n%c.d]
		}
	}
	gamma, beta := c.gamma(), c.beta()
	switch r.scale {
	case scaleMissing:
		gamma.Fill(1)
	case scaleFirst:
		gamma.Fill(gamma.Data()[0])
	}
	if r.firstBeta {
		beta.Fill(beta.Data()[0])
	}
	if r.shift {
		beta.Fill(0)
	}
	if r.less {
		beta = beta.Scale(-1)
	}
	switch r.order {
	case 1:
		return xn.Add(beta).Mul(gamma)
	case 2:
		return xn.Mul(beta).Add(gamma)
	case 3:
		return xn.Add(gamma).Mul(beta)
	}
	return xn.Mul(gamma).Add(beta)
}

// BatchNormalization checks the forward pass of the class's batch normalisation in
// training: rows x (N, D), gamma and beta (D,) to gamma*xn + beta, where
// xn = (x - mean)/sqrt(variance + 10e-7), column by column, as layers.BatchNormalization.
func BatchNormalization(f func(x, gamma, beta *Array) *Array) {
	s := func(change func(*norming), english, korean string) slip[norming] {
		return slip[norming]{change, both{english, korean}}
	}
	const (
		tiny, tinyKorean = "10e-7 (that is 1e-6) is added to the variance, inside the square root.", "분산에 10e-7(곧 1e-6)을 더한 다음 제곱근을 구합니다."
		axis, axisKorean = "the mean and the variance run over the batch: one of each for every column, Mean(0).", "평균과 분산은 배치에 걸쳐 구합니다. 열마다 하나씩, Mean(0)입니다."
	)
	task[normed, norming]{
		name: "BatchNormalization", parts: one(axisN, axis2("D", "column", "열")), cases: norms(),
		inputs: func(c normed) []named { return []named{{"x", c.x()}, {"gamma", c.gamma()}, {"beta", c.beta()}} },
		call:   func(c normed, in []*Array) []*Array { return []*Array{f(in[0], in[1], in[2])} },
		right:  norming{tiny: 10e-7},
		rule:   func(c normed, r norming) []*Array { return []*Array{r.forward(c)} },
		slips: []slip[norming]{
			s(func(r *norming) { r.mean = meanOfRows }, axis, axisKorean),
			s(func(r *norming) { r.mean = meanOfAll }, axis, axisKorean),
			s(func(r *norming) { r.mean = meanMissing }, "the mean is not subtracted: xn = (x - mean)/sqrt(variance + 10e-7).", "평균을 빼지 않았습니다. xn = (x - mean)/sqrt(variance + 10e-7)입니다."),
			s(func(r *norming) { r.notLess = true }, "the mean is not subtracted from x itself: xn = (x - mean)/sqrt(variance + 10e-7).", "x에서 평균을 빼지 않았습니다. xn = (x - mean)/sqrt(variance + 10e-7)입니다."),
			s(func(r *norming) { r.added = true }, "the mean has the wrong sign: it is subtracted from x.", "평균의 부호가 반대입니다. x에서 평균을 뺍니다."),
			s(func(r *norming) { r.less = true }, "beta has the wrong sign: it is added.", "beta의 부호가 반대입니다. beta는 더합니다."),
			s(func(r *norming) { r.rows, r.mean = true, meanOfRows }, axis, axisKorean),
			s(func(r *norming) { r.mean = meanSum }, "the mean is the sum divided by N: the division is missing.", "평균은 합을 N으로 나눈 값입니다. 나눗셈이 빠졌습니다."),
			s(func(r *norming) { r.shift = true }, "beta is missing: add it at the end.", "beta가 빠졌습니다. 마지막에 더하세요."),
			s(func(r *norming) { r.scale = scaleMissing }, "gamma is missing: multiply xn by it.", "gamma가 빠졌습니다. xn에 곱하세요."),
			s(func(r *norming) { r.noRoot = true }, "the square root is missing: divide by the standard deviation, not by the variance.", "제곱근이 빠졌습니다. 분산이 아니라 표준편차로 나누세요."),
			s(func(r *norming) { r.tiny = 1e-7 }, tiny, tinyKorean),
			s(func(r *norming) { r.tiny = 0 }, tiny, tinyKorean),
			s(func(r *norming) { r.tiny = 1e-8 }, tiny, tinyKorean),
			s(func(r *norming) { r.outside = true }, tiny, tinyKorean),
			s(func(r *norming) { r.order = 2 }, "gamma and beta are swapped: gamma*xn + beta.", "gamma와 beta가 뒤바뀌었습니다. gamma*xn + beta입니다."),
			s(func(r *norming) { r.order = 1 }, "brackets: gamma*xn + beta, not gamma*(xn + beta).", "괄호를 확인하세요. gamma*(xn + beta)가 아니라 gamma*xn + beta입니다."),
			s(func(r *norming) { r.order = 3 }, "xn is multiplied by gamma and beta is added, not the other way round: gamma*xn + beta.", "xn에 gamma를 곱하고 beta를 더합니다. 서로 바꾸지 마세요. gamma*xn + beta입니다."),
			s(func(r *norming) { r.variance = varianceSum }, "the variance is the mean of the squares, not their sum: divide by N.", "분산은 제곱의 합이 아니라 평균입니다. N으로 나누세요."),
			s(func(r *norming) { r.variance = varianceLessOne }, "the variance is divided by N here, not by N - 1.", "여기서 분산은 N - 1이 아니라 N으로 나눕니다."),
			s(func(r *norming) { r.variance = varianceRaw }, "the variance is the mean square of x - mean: subtract the mean first.", "분산은 x - mean의 제곱의 평균입니다. 먼저 평균을 빼세요."),
			s(func(r *norming) { r.variance = varianceAbsolute }, "the variance is the mean of the squares, not of the absolute values.", "분산은 절댓값이 아니라 제곱의 평균입니다."),
			s(func(r *norming) { r.variance = varianceOther }, "the variance of another column is used: its number is i%D.", "다른 열의 분산을 썼습니다. 열 번호는 i%D입니다."),
			s(func(r *norming) { r.scale = scaleFirst }, "the first gamma is used for all columns: use gamma.At(j).", "모든 열에 첫 번째 gamma를 썼습니다. gamma.At(j)를 쓰세요."),
			s(func(r *norming) { r.firstBeta = true }, "the first beta is used for all columns: use beta.At(j).", "모든 열에 첫 번째 beta를 썼습니다. beta.At(j)를 쓰세요."),
		},
		traits: normTraits(),
	}.check()
}

// unnorming is the backward pass with what can go wrong in it.
type unnorming struct {
	noMean, noVariance, noStd, noGamma bool
	varianceTimes                      func(n float64) float64 // of the part through the variance
	meanTimes                          func(n float64) float64 // of the part through the mean
	dgamma                             dgammaSlip
	dbeta                              sumSlip
	timesN                             bool
	swapped                            bool
}

type dgammaSlip int

const (
	dgammaRight dgammaSlip = iota
	dgammaOfX
	dgammaPlain // of dout alone
	dgammaMean
	dgammaNone // not summed
	dgammaRows // along the other axis
)

func (r unnorming) gradients(c normed) []*Array {
	x, gamma, dout, n := c.x(), c.gamma(), c.dout(), float64(c.n)
	_, xn, std := norming{tiny: 10e-7}.normalised(x)
	if r.noGamma {
		gamma.Fill(1)
	}
	dxn := dout.Mul(gamma)
	dx := dxn
	if !r.noVariance { // through the variance: xn times the mean of dxn*xn
		dx = dx.Sub(xn.Mul(dxn.Mul(xn).Sum(0).Scale(r.varianceTimes(n) / n)))
	}
	if !r.noMean {
		dx = dx.Sub(dx.Sum(0).Scale(r.meanTimes(n) / n))
	}
	if !r.noStd {
		dx = dx.Div(std)
	}
	if r.timesN {
		dx = dx.Scale(n)
	}
	dgamma := xn.Mul(dout).Sum(0)
	switch r.dgamma {
	case dgammaOfX:
		dgamma = x.Mul(dout).Sum(0)
	case dgammaPlain:
		dgamma = dout.Sum(0)
	case dgammaMean:
		dgamma = xn.Mul(dout).Mean(0)
	case dgammaRows:
		dgamma = xn.Mul(dout).Sum(1)
	case dgammaNone:
		dgamma = xn.Mul(dout)
	}
	parts := []*Array{dx, dgamma, r.dbeta.of(dout)}
	if r.swapped {
		parts[1], parts[2] = parts[2], parts[1]
	}
	return parts
}

// BatchNormalizationBackward checks the backward pass of batch normalisation in training:
// from rows x (N, D), gamma (D,) and the gradient dout (N, D) of the output to those of x,
// gamma and beta, as layers.BatchNormalization.
func BatchNormalizationBackward(f func(x, gamma, dout *Array) (dx, dgamma, dbeta *Array)) {
	s := func(change func(*unnorming), english, korean string) slip[unnorming] {
		return slip[unnorming]{change, both{english, korean}}
	}
	once := func(float64) float64 { return 1 }
	task[normed, unnorming]{
		name: "BatchNormalizationBackward", cases: norms(), tolerance: 1e-7,
		parts:  []part{{name: "dx", axes: []axis{axisN, axis2("D", "column", "열")}}, {name: "dgamma"}, {name: "dbeta"}},
		inputs: func(c normed) []named { return []named{{"x", c.x()}, {"gamma", c.gamma()}, {"dout", c.dout()}} },
		call: func(c normed, in []*Array) []*Array {
			dx, dgamma, dbeta := f(in[0], in[1], in[2])
			return []*Array{dx, dgamma, dbeta}
		},
		right: unnorming{varianceTimes: once, meanTimes: once},
		rule:  func(c normed, r unnorming) []*Array { return r.gradients(c) },
		slips: []slip[unnorming]{
			s(func(r *unnorming) { r.noVariance = true }, "the way through the variance is missing (or 0, as 1/2 is in Go): std depends on x, too.", "분산을 지나는 경로가 빠졌습니다(또는 Go에서 1/2처럼 0이 되었습니다). std도 x에 따라 달라집니다."),
			s(func(r *unnorming) { r.noMean = true }, "the way through the mean is missing: the mean depends on x, too, so subtract the mean of dxc over the batch.", "평균을 지나는 경로가 빠졌습니다. 평균도 x에 따라 달라지므로 dxc의 배치 평균을 빼세요."),
			s(func(r *unnorming) { r.noMean, r.noVariance = true, true }, "the ways through the mean and the variance are missing: both depend on x.", "평균과 분산을 지나는 경로가 빠졌습니다. 둘 다 x에 따라 달라집니다."),
			s(func(r *unnorming) { r.noGamma = true }, "gamma is missing in dx: dxn = dout*gamma.", "dx에 gamma가 빠졌습니다. dxn = dout*gamma입니다."),
			s(func(r *unnorming) { r.noStd = true }, "the division by std is missing in dx.", "dx에서 std로 나누는 것이 빠졌습니다."),
			s(func(r *unnorming) { r.varianceTimes = func(float64) float64 { return -1 } }, "the sign of the way through the variance is wrong: a larger std makes xn smaller, so it is a minus.", "분산을 지나는 경로의 부호가 반대입니다. std가 커지면 xn이 작아지므로 마이너스입니다."),
			s(func(r *unnorming) { r.varianceTimes = func(n float64) float64 { return n } }, "the variance is a mean of squares: its gradient is 2*xc/N, divided by N.", "분산은 제곱의 평균입니다. 그 기울기는 N으로 나눈 2*xc/N입니다."),
			s(func(r *unnorming) { r.varianceTimes = func(float64) float64 { return 2 } }, "the way through the variance is twice too large: std is a square root, with the slope 0.5/std.", "분산을 지나는 경로가 두 배입니다. std는 제곱근이므로 기울기는 0.5/std입니다."),
			s(func(r *unnorming) { r.varianceTimes = func(float64) float64 { return 0.5 } }, "the way through the variance is half of what it should be: the square gives 2*xc/N.", "분산을 지나는 경로가 절반입니다. 제곱의 기울기는 2*xc/N입니다."),
			s(func(r *unnorming) { r.meanTimes = func(n float64) float64 { return n } }, "the way through the mean is divided by N: subtract the mean of dxc, not the sum.", "평균을 지나는 경로는 N으로 나눕니다. dxc의 합이 아니라 평균을 빼세요."),
			s(func(r *unnorming) { r.timesN = true }, "dx is N times too large: divide by N once.", "dx가 N배만큼 큽니다. N으로 한 번 나누세요."),
			s(func(r *unnorming) { r.dgamma = dgammaOfX }, "dgamma is the sum of dout*xn, with xn normalised, not with x.", "dgamma는 x가 아니라 정규화한 xn을 곱한 dout*xn의 합입니다."),
			s(func(r *unnorming) { r.dgamma = dgammaPlain }, "dgamma is the sum of dout*xn: xn is missing.", "dgamma는 dout*xn의 합입니다. xn이 빠졌습니다."),
			s(func(r *unnorming) { r.dgamma = dgammaMean }, "dgamma is a sum over the batch, not a mean.", "dgamma는 배치의 평균이 아니라 합입니다."),
			s(func(r *unnorming) { r.dgamma = dgammaNone }, "dgamma has one number for each column: sum over the batch, Sum(0).", "dgamma는 열마다 숫자 하나입니다. 배치에 걸쳐 Sum(0)으로 더하세요."),
			s(func(r *unnorming) { r.dgamma = dgammaRows }, "dgamma is summed along the other axis: sum over the batch, Sum(0).", "dgamma를 다른 축으로 더했습니다. 배치에 걸쳐 Sum(0)으로 더하세요."),
			s(func(r *unnorming) { r.dbeta = sumAxis }, "dbeta is summed along the other axis: sum over the batch, Sum(0).", "dbeta를 다른 축으로 더했습니다. 배치에 걸쳐 Sum(0)으로 더하세요."),
			s(func(r *unnorming) { r.dbeta = sumMean }, "dbeta is the sum of dout over the batch, not the mean.", "dbeta는 배치에 걸친 dout의 평균이 아니라 합입니다."),
			s(func(r *unnorming) { r.dbeta = sumLast }, "dbeta adds up over the batch (+=), it is not assigned.", "dbeta는 대입하지 말고 배치에 걸쳐 더하세요(+=)."),
			s(func(r *unnorming) { r.dbeta = sumNone }, "dbeta has one number for each column: sum over the batch, Sum(0).", "dbeta는 열마다 숫자 하나입니다. 배치에 걸쳐 Sum(0)으로 더하세요."),
			s(func(r *unnorming) { r.swapped = true }, "dgamma and dbeta are swapped: return dx, dgamma, dbeta.", "dgamma와 dbeta가 뒤바뀌었습니다. dx, dgamma, dbeta 순서로 반환하세요."),
		},
		traits: normTraits(),
	}.check()
}
