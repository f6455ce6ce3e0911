package exercise

import (
	"fmt"
	"math"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// Adam checks one update of the class's Adam in place, with beta1 0.9 and beta2 0.999:
//
//	lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step)
//	m += (1 - beta1) * (grad - m)
//	v += (1 - beta2) * (grad^2 - v)
//	param -= lr_t * m / (sqrt(v) + 1e-7)
//
// step counts from 1. param, m and v are changed, grad is not.
func Adam(f func(param, grad, m, v *Array, lr float64, step int)) {
	tiny := both{"the small number that keeps the root from 0 is 1e-7.", "제곱근이 0이 되지 않게 더하는 작은 수는 1e-7입니다."}
	t := task{name: "Adam", hints: []both{
		{"the correction of the rate is missing: lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step).", "학습률 보정이 빠졌습니다. lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step)입니다."},
		{"m and v take over only a small part of what is new: the factors are 1 - beta1 and 1 - beta2.", "m과 v에는 새 값의 일부만 반영합니다. 계수는 1 - beta1과 1 - beta2입니다."},
		{"v follows the square of the gradient.", "v는 기울기의 제곱을 따라갑니다."},
		{"1e-7 is added after the square root, not inside it.", "1e-7은 제곱근 안이 아니라 제곱근을 구한 뒤에 더합니다."},
		{"the step goes against the gradient: param -= …", "기울기의 반대 방향으로 움직입니다. param에서 빼세요."},
		tiny, tiny,
		{"m and v are divided by 1 - beta^step, as in the paper; in the class that is in the rate, and 1e-7 is added to the root of v as it is.", "논문처럼 m과 v를 1 - beta^step으로 나누었습니다. 수업 코드에서는 이 보정이 학습률에 들어 있고, 1e-7은 v의 제곱근에 그대로 더합니다."},
		{"m and v are divided by 1 - beta^step, as in the paper; in the class that is in the rate, and the small number is 1e-7.", "논문처럼 m과 v를 1 - beta^step으로 나누었습니다. 수업 코드에서는 이 보정이 학습률에 들어 있고, 더하는 작은 수는 1e-7입니다."},
		{"the square root of 1 - beta2^step is missing in the rate.", "학습률의 1 - beta2^step에 제곱근이 빠졌습니다."},
		{"the step is divided by the square root of v, not by v.", "v가 아니라 v의 제곱근으로 나눕니다."},
		{"the step goes along m, not along the gradient itself.", "기울기가 아니라 m을 따라 움직입니다."},
		{"what is new counts with 1 - beta1 in m and with 1 - beta2 in v.", "m에는 새 값에 1 - beta1을, v에는 1 - beta2를 곱해 더합니다."},
		{"step is off by one: the first update has the step 1.", "step이 하나 어긋났습니다. 첫 갱신의 step은 1입니다."},
		{"m and v have to change, too: write into m.Data() and v.Data().", "m과 v도 바뀌어야 합니다. m.Data()와 v.Data()에 쓰세요."},
		{"lr_t is the same for all elements: compute it once, before the loop.", "lr_t는 모든 원소에 똑같습니다. 반복문 앞에서 한 번만 계산하세요."},
	}}
	rng := nprandom.New(0)
	for _, n := range []int{1, 2, 3, 8} {
		for _, step := range []int{1, 2, 10, 1000} {
			grad := short(ndarray.Randn[float64](rng, n))
			p, m, v := counting(n), ndarray.Zeros[float64](n), ndarray.Zeros[float64](n)
			if step > 1 {
				m, v = short(ndarray.Randn[float64](rng, n)), short(ndarray.Rand[float64](rng, n))
			}
			updated := func(change func(*adam)) *Array {
				rule := theClasses
				if change != nil {
					change(&rule)
				}
				return rule.update(p, grad, m, v, 0.01, step)
			}
			want := updated(nil)
			t.samples = append(t.samples, sample{
				about:  fmt.Sprintf("lr 0.01, step %d; the answer has the rows param, m and v · 답의 행은 param, m, v입니다", step),
				inputs: []named{{"param", p}, {"grad", grad}, {"m", m}, {"v", v}}, want: want,
				answer: func() *Array {
					param, mean, variance := p.Clone(), m.Clone(), v.Clone()
					f(param, grad, mean, variance, 0.01, step)
					if param.Equal(p) && mean.Equal(m) && variance.Equal(v) {
						return nil // not written yet
					}
					return stacked(param, mean, variance)
				},
				wrong: func() []*Array {
					return []*Array{
						different(updated(func(a *adam) { a.corrected = false }), want),
						different(updated(func(a *adam) { a.beta1, a.beta2, a.rates = 0.1, 0.001, &[2]float64{0.9, 0.999} }), want),
						different(updated(func(a *adam) { a.square = 1 }), want),
						different(updated(func(a *adam) { a.inside = true }), want),
						different(updated(func(a *adam) { a.sign = 1 }), want),
						different(updated(func(a *adam) { a.tiny = 1e-8 }), want),
						different(updated(func(a *adam) { a.tiny = 0 }), want),
						different(updated(func(a *adam) { a.paper = true }), want),
						different(updated(func(a *adam) { a.paper, a.tiny = true, 1e-8 }), want),
						different(updated(func(a *adam) { a.rootOfRate = 1 }), want),
						different(updated(func(a *adam) { a.rootOfV = 1 }), want),
						different(updated(func(a *adam) { a.plain = true }), want),
						different(updated(func(a *adam) { a.whole = true }), want),
						different(updated(func(a *adam) { a.late = 1 }), want),
						different(stacked(want.Index(0), m, v), want),
						different(updated(func(a *adam) { a.again = true }), want),
					}
				},
			})
		}
	}
	check(t)
}

// adam is the rule with what can go wrong in it.
type adam struct {
	beta1, beta2 float64
	rates        *[2]float64 // the betas of the correction, where they differ
	square       float64
	corrected    bool
	inside       bool // the tiny number under the root
	sign         float64
	tiny         float64
	paper        bool    // m and v are corrected, not the rate
	rootOfRate   float64 // exponents: 0.5 is a square root
	rootOfV      float64
	plain        bool    // the gradient instead of m
	whole        bool    // what is new counts wholly
	late         float64 // how far step is ahead
	again        bool    // the rate is corrected again for each element
}

var theClasses = adam{beta1: 0.9, beta2: 0.999, square: 2, corrected: true, sign: -1, tiny: 1e-7, rootOfRate: 0.5, rootOfV: 0.5}

func (a adam) update(p, grad, m, v *Array, lr float64, step int) *Array {
	p, m, v = p.Clone(), m.Clone(), v.Clone()
	beta1, beta2 := a.beta1, a.beta2
	if a.rates != nil {
		beta1, beta2 = a.rates[0], a.rates[1]
	}
	ofM, ofV := 1-math.Pow(beta1, float64(step)+a.late), 1-math.Pow(beta2, float64(step)+a.late)
	new1, new2 := 1-a.beta1, 1-a.beta2
	if a.whole {
		new1, new2 = 1, 1
	}
	for i, g := range grad.Data() {
		if a.corrected && !a.paper && (i == 0 || a.again) {
			lr *= math.Pow(ofV, a.rootOfRate) / ofM
		}
		m.Data()[i] = a.beta1*m.Data()[i] + new1*g
		v.Data()[i] = a.beta2*v.Data()[i] + new2*math.Pow(g, a.square)
		mean, variance := m.Data()[i], v.Data()[i]
		if a.paper {
			mean, variance = mean/ofM, variance/ofV
		}
		if a.plain {
			mean = g
		}
		root := math.Pow(variance, a.rootOfV) + a.tiny
		if a.inside {
			root = math.Sqrt(variance + a.tiny)
		}
		p.Data()[i] += a.sign * lr * mean / root
	}
	return stacked(p, m, v)
}

// stacked puts arrays of one shape (n,) into rows.
func stacked(rows ...*Array) *Array {
	var data []float64
	for _, row := range rows {
		data = append(data, row.Data()...)
	}
	return ndarray.FromSlice(data, len(data)).Reshape(len(rows), -1)
}
