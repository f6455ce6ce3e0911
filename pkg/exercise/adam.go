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
	t := task{name: "Adam", hints: []both{
		{"the correction of the rate is missing: lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step).", "학습률 보정이 빠졌습니다. lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step)입니다."},
		{"m and v take over only a small part of what is new: the factors are 1 - beta1 and 1 - beta2.", "m과 v에는 새 값의 일부만 반영합니다. 계수는 1 - beta1과 1 - beta2입니다."},
		{"v follows the square of the gradient.", "v는 기울기의 제곱을 따라갑니다."},
		{"1e-7 is added after the square root, not inside it.", "1e-7은 제곱근 안이 아니라 제곱근을 구한 뒤에 더합니다."},
		{"the step goes against the gradient: param -= …", "기울기의 반대 방향으로 움직입니다. param에서 빼세요."},
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
				rule := adam{beta1: 0.9, beta2: 0.999, square: 2, corrected: true, sign: -1}
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
	inside       bool // the 1e-7 under the root
	sign         float64
}

func (a adam) update(p, grad, m, v *Array, lr float64, step int) *Array {
	p, m, v = p.Clone(), m.Clone(), v.Clone()
	beta1, beta2 := a.beta1, a.beta2
	if a.rates != nil {
		beta1, beta2 = a.rates[0], a.rates[1]
	}
	if a.corrected {
		lr *= math.Sqrt(1-math.Pow(beta2, float64(step))) / (1 - math.Pow(beta1, float64(step)))
	}
	for i, g := range grad.Data() {
		m.Data()[i] += (1 - a.beta1) * (g - m.Data()[i])
		v.Data()[i] += (1 - a.beta2) * (math.Pow(g, a.square) - v.Data()[i])
		root := math.Sqrt(v.Data()[i]) + 1e-7
		if a.inside {
			root = math.Sqrt(v.Data()[i] + 1e-7)
		}
		p.Data()[i] += a.sign * lr * m.Data()[i] / root
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
