package exercise

import (
	"fmt"
	"math"

	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// adam is the rule with what can go wrong in it.
type adam struct {
	beta1, beta2 float64
	new1, new2   float64     // what is new counts with, 1 - beta
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
	late         float64 // how far step is ahead
	again        bool    // the rate is corrected again for each element
	precedence   bool    // … / 1 - beta1^step
	noPower      bool    // beta in place of beta^step
	lost         [3]bool // param, m, v are not kept
	oldM, oldV   bool    // the step takes m, v as they were
	noRate       bool    // 1 in place of the rate
	firstRow     bool    // of each array
}

var theClasses = adam{beta1: 0.9, beta2: 0.999, new1: 1 - 0.9, new2: 1 - 0.999, square: 2, corrected: true, sign: -1, tiny: 1e-7, rootOfRate: 0.5, rootOfV: 0.5}

// updated is a case of Adam: several updates one after the other, of the same m and v.
type updated struct {
	shape []int
	first int // step
	steps int
	seed  uint32
	zero  bool // gradients that are 0 in places
}

func updates() (cases []updated) {
	for i, shape := range [][]int{{1}, {2}, {3}, {2, 3}, {8}, {2, 2, 3, 3}} {
		for j, first := range []int{1, 2, 10, 1000} {
			cases = append(cases, updated{shape, first, 1, uint32(10*i + j), false})
			if j < 2 {
				cases = append(cases, updated{shape, first, 3, uint32(10*i + j), i > 2})
			}
		}
	}
	return cases
}

const rateOfUpdates = 0.01

// state is param, m and v before the first of the updates.
func (u updated) state() (p, m, v *Array) {
	rng := nprandom.New(u.seed)
	p, m, v = counting(u.shape...), ndarray.Zeros[float64](u.shape...), ndarray.Zeros[float64](u.shape...)
	if u.first > 1 {
		m, v = short(ndarray.Randn[float64](rng, u.shape...)), short(ndarray.Rand[float64](rng, u.shape...))
	}
	return p, m, v
}

func (u updated) grad(k int) *Array {
	g := short(ndarray.Randn[float64](nprandom.New(u.seed+1000*uint32(k+1)), u.shape...))
	if u.zero {
		g.Data()[0] = 0
	}
	return g
}

func (u updated) about() string {
	text := fmt.Sprintf("lr %v, step %d", rateOfUpdates, u.first)
	if u.steps > 1 {
		text = fmt.Sprintf("lr %v, %d updates, steps %d to %d, with the same param, m and v; the first grad · 같은 param, m, v로 %d번 갱신합니다. 첫 번째 grad입니다", rateOfUpdates, u.steps, u.first, u.first+u.steps-1, u.steps)
	}
	return text
}

func (a adam) after(u updated) []*Array {
	p, m, v := u.state()
	for k := range u.steps {
		a.update(p, u.grad(k), m, v, rateOfUpdates, u.first+k)
	}
	return []*Array{p, m, v}
}

func (a adam) update(p, grad, m, v *Array, lr float64, step int) {
	kept := []*Array{p.Clone(), m.Clone(), v.Clone()}
	beta1, beta2 := a.beta1, a.beta2
	if a.rates != nil {
		beta1, beta2 = a.rates[0], a.rates[1]
	}
	power := float64(step) + a.late
	if a.noPower {
		power = 1
	}
	ofM, ofV := 1-math.Pow(beta1, power), 1-math.Pow(beta2, power)
	if a.precedence {
		lr = lr*math.Pow(ofV, a.rootOfRate)/1 - math.Pow(beta1, power)
	}
	if a.noRate {
		lr = ofM / math.Pow(ofV, a.rootOfRate)
	}
	size := grad.Size()
	if a.firstRow {
		size /= grad.Dim(0)
	}
	for i, g := range grad.Data()[:size] {
		if a.corrected && !a.paper && !a.precedence && (i == 0 || a.again) {
			lr *= math.Pow(ofV, a.rootOfRate) / ofM
		}
		mean := m.Data()[i]
		m.Data()[i] = a.beta1*m.Data()[i] + a.new1*g
		if !a.oldM {
			mean = m.Data()[i]
		}
		variance := v.Data()[i]
		v.Data()[i] = a.beta2*v.Data()[i] + a.new2*math.Pow(g, a.square)
		if !a.oldV {
			variance = v.Data()[i]
		}
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
	for i, array := range []*Array{p, m, v} {
		if a.lost[i] {
			array.Copy(kept[i])
		}
	}
}

// Adam checks one update of the class's Adam in place, with beta1 0.9 and beta2 0.999:
//
//	lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step)
//	m += (1 - beta1) * (grad - m)
//	v += (1 - beta2) * (grad^2 - v)
//	param -= lr_t * m / (sqrt(v) + 1e-7)
//
// step counts from 1. param, m and v are changed, grad is not.
func Adam(f func(param, grad, m, v *Array, lr float64, step int)) {
	s := func(change func(*adam), english, korean string) slip[adam] {
		return slip[adam]{change, both{english, korean}}
	}
	const (
		tiny, tinyKorean = "the small number that keeps the root from 0 is 1e-7, added.", "제곱근이 0이 되지 않게 더하는 작은 수는 1e-7입니다."
		in, inKorean     = "1e-7 is added after the square root, not inside it.", "1e-7은 제곱근 안이 아니라 제곱근을 구한 뒤에 더합니다."
		late, lateKorean = "step is off by one: the first update has the step 1.", "step이 하나 어긋났습니다. 첫 갱신의 step은 1입니다."
		anew, anewKorean = "%[1]s does not keep its new values: write into %[1]s.Data()[i] or use %[1]s.Copy(…). %[1]s = %[1]s.Add(…) only rebinds the name inside the function.", "%[1]s에 새 값이 남지 않습니다. %[1]s.Data()[i]에 쓰거나 %[1]s.Copy(…)를 쓰세요. %[1]s = %[1]s.Add(…)는 함수 안에서 이름에 새 배열을 붙일 뿐입니다."
	)
	lost := func(i int, name string) slip[adam] {
		return slip[adam]{func(a *adam) { a.lost[i] = true }, both{anew, anewKorean}.with(name)}
	}
	slips := []slip[adam]{
		s(func(a *adam) { a.corrected = false }, "the correction of the rate is missing: lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step).", "학습률 보정이 빠졌습니다. lr_t = lr * sqrt(1 - beta2^step) / (1 - beta1^step)입니다."),
		s(func(a *adam) {
			a.beta1, a.beta2, a.new1, a.new2, a.rates = 0.1, 0.001, 0.9, 0.999, &[2]float64{0.9, 0.999}
		},
			"m and v take in only a small part of the new value: the factors are 1 - beta1 and 1 - beta2.", "m과 v에는 새 값의 일부만 반영합니다. 계수는 1 - beta1과 1 - beta2입니다."),
		s(func(a *adam) { a.beta1, a.new1, a.rates = 0.1, 0.9, &[2]float64{0.9, 0.999} },
			"the factors of m are the wrong way round: m keeps beta1 of itself and takes 1 - beta1 of the gradient.", "m의 계수가 뒤바뀌었습니다. m은 자신을 beta1만큼 남기고 기울기를 1 - beta1만큼 반영합니다."),
		s(func(a *adam) { a.beta2, a.new2, a.rates = 0.001, 0.999, &[2]float64{0.9, 0.999} },
			"the factors of v are the wrong way round: v keeps beta2 of itself and takes 1 - beta2 of the square.", "v의 계수가 뒤바뀌었습니다. v는 자신을 beta2만큼 남기고 제곱을 1 - beta2만큼 반영합니다."),
		s(func(a *adam) {
			a.beta1, a.beta2, a.new1, a.new2, a.rates = 0.999, 0.9, 1-0.999, 1-0.9, &[2]float64{0.9, 0.999}
		},
			"beta1 and beta2 are swapped: beta1, 0.9, belongs to m and beta2, 0.999, to v.", "beta1과 beta2가 뒤바뀌었습니다. beta1(0.9)은 m, beta2(0.999)는 v의 것입니다."),
		s(func(a *adam) { a.rates = &[2]float64{0.999, 0.9} },
			"beta1 and beta2 are swapped in the rate: sqrt(1 - beta2^step) / (1 - beta1^step).", "학습률에서 beta1과 beta2가 뒤바뀌었습니다. sqrt(1 - beta2^step) / (1 - beta1^step)입니다."),
		s(func(a *adam) { a.beta2, a.new2, a.rates = 0.99, 0.01, &[2]float64{0.9, 0.999} }, "beta2 is 0.999: v takes in 0.001 of the new value.", "beta2는 0.999입니다. v에는 새 값의 0.001만 반영합니다."),
		s(func(a *adam) { a.square = 1 }, "v follows the square of the gradient.", "v는 기울기의 제곱을 따라갑니다."),
		s(func(a *adam) { a.inside = true }, in, inKorean),
		s(func(a *adam) { a.inside, a.tiny = true, 1e-8 }, in, inKorean),
		s(func(a *adam) { a.sign = 1 }, "the step goes against the gradient: param -= …", "기울기의 반대 방향으로 움직입니다. param에서 빼세요."),
		s(func(a *adam) { a.tiny = 1e-8 }, tiny, tinyKorean),
		s(func(a *adam) { a.tiny = 0 }, tiny, tinyKorean),
		s(func(a *adam) { a.tiny = -1e-7 }, "the sign of 1e-7 is wrong: sqrt(v) + 1e-7.", "1e-7의 부호가 반대입니다. sqrt(v) + 1e-7입니다."),
		s(func(a *adam) { a.paper = true }, "m and v are divided by 1 - beta^step, as in the paper; in the class that is in the rate, and 1e-7 is added to the root of v as it is.", "논문처럼 m과 v를 1 - beta^step으로 나누었습니다. 수업 코드에서는 이 보정이 학습률에 들어 있고, 1e-7은 v의 제곱근에 그대로 더합니다."),
		s(func(a *adam) { a.paper, a.tiny = true, 1e-8 }, "m and v are divided by 1 - beta^step, as in the paper; in the class that is in the rate, and the small number is 1e-7.", "논문처럼 m과 v를 1 - beta^step으로 나누었습니다. 수업 코드에서는 이 보정이 학습률에 들어 있고, 더하는 작은 수는 1e-7입니다."),
		s(func(a *adam) { a.precedence = true }, "brackets are missing in the rate: … / (1 - beta1^step), not … / 1 - beta1^step.", "학습률에 괄호가 빠졌습니다. … / 1 - beta1^step이 아니라 … / (1 - beta1^step)입니다."),
		s(func(a *adam) { a.rootOfRate = 1 }, "the square root of 1 - beta2^step is missing in the rate.", "학습률의 1 - beta2^step에 제곱근이 빠졌습니다."),
		s(func(a *adam) { a.rootOfV = 1 }, "the step is divided by the square root of v, not by v.", "v가 아니라 v의 제곱근으로 나눕니다."),
		s(func(a *adam) { a.plain = true }, "the step goes along m, not along the gradient itself.", "기울기가 아니라 m을 따라 움직입니다."),
		s(func(a *adam) { a.oldM = true }, "the step goes along m as it was before: update m first.", "갱신하기 전의 m을 따라 움직입니다. m부터 갱신하세요."),
		s(func(a *adam) { a.oldM, a.oldV = true, true }, "param is changed before m and v are: update m and v first.", "m과 v보다 param을 먼저 갱신했습니다. m과 v부터 갱신하세요."),
		s(func(a *adam) { a.oldV = true }, "the step is divided by v as it was before: update v first.", "갱신하기 전의 v로 나누었습니다. v부터 갱신하세요."),
		s(func(a *adam) { a.noRate = true }, "the learning rate is missing: param -= lr_t * m / (sqrt(v) + 1e-7).", "학습률이 빠졌습니다. param -= lr_t * m / (sqrt(v) + 1e-7)입니다."),
		s(func(a *adam) { a.rootOfV, a.tiny = 0, 0 }, "the division by sqrt(v) + 1e-7 is missing.", "sqrt(v) + 1e-7로 나누는 것이 빠졌습니다."),
		s(func(a *adam) { a.new1 = -(1 - 0.9) }, "the gradient has the wrong sign in m: it is added.", "m에서 기울기의 부호가 반대입니다. 기울기는 더합니다."),
		s(func(a *adam) { a.beta1, a.rates = 0.9-1, &[2]float64{0.9, 0.999} }, "m is replaced: the change is added to it, m += (1 - beta1)*(grad - m).", "m이 통째로 바뀝니다. 변화량을 더하세요. m += (1 - beta1)*(grad - m)입니다."),
		s(func(a *adam) { a.beta2, a.rates = 0.999-1, &[2]float64{0.9, 0.999} }, "v is replaced: the change is added to it, v += (1 - beta2)*(grad² - v).", "v가 통째로 바뀝니다. 변화량을 더하세요. v += (1 - beta2)*(grad² - v)입니다."),
		s(func(a *adam) { a.beta1, a.rates = 1, &[2]float64{0.9, 0.999} }, "m is a moving average, not a sum: it keeps only beta1 of itself.", "m은 합이 아니라 이동 평균이므로 자신을 beta1만큼만 남깁니다."),
		s(func(a *adam) { a.beta2, a.rates = 1, &[2]float64{0.9, 0.999} }, "v is a moving average, not a sum: it keeps only beta2 of itself.", "v는 합이 아니라 이동 평균이므로 자신을 beta2만큼만 남깁니다."),
		s(func(a *adam) { a.new1, a.new2 = 1, 1 }, "the new value is multiplied by 1 - beta1 in m and by 1 - beta2 in v.", "m에는 새 값에 1 - beta1을, v에는 1 - beta2를 곱해 더합니다."),
		s(func(a *adam) { a.new1 = 1 }, "the new value is multiplied by 1 - beta1 in m.", "m에는 새 값에 1 - beta1을 곱해 더합니다."),
		s(func(a *adam) { a.new2 = 1 }, "the new value is multiplied by 1 - beta2 in v.", "v에는 새 값에 1 - beta2를 곱해 더합니다."),
		s(func(a *adam) { a.beta1, a.rates = 0, &[2]float64{0.9, 0.999} }, "m, the moving average of the gradients, keeps beta1 of itself: m = beta1*m + (1 - beta1)*grad.", "m은 기울기의 이동 평균이므로 자신을 beta1만큼 남깁니다. m = beta1*m + (1 - beta1)*grad입니다."),
		s(func(a *adam) { a.beta2, a.rates = 0, &[2]float64{0.9, 0.999} }, "v, the moving average of the squares, keeps beta2 of itself: v = beta2*v + (1 - beta2)*grad².", "v는 제곱의 이동 평균이므로 자신을 beta2만큼 남깁니다. v = beta2*v + (1 - beta2)*grad²입니다."),
		s(func(a *adam) { a.late = 1 }, late, lateKorean),
		s(func(a *adam) { a.late = -1 }, late, lateKorean),
		s(func(a *adam) { a.noPower = true }, "the betas of the rate are raised to the power of step: math.Pow(beta, float64(step)).", "학습률의 beta는 step제곱합니다. math.Pow(beta, float64(step))를 쓰세요."),
		lost(1, "m"), lost(2, "v"), lost(0, "param"),
		s(func(a *adam) { a.lost = [3]bool{false, true, true} }, "m and v do not keep their new values: write into m.Data()[i] and v.Data()[i]. m = m.Add(…) only rebinds the name inside the function.", "m과 v에 새 값이 남지 않습니다. m.Data()[i]와 v.Data()[i]에 쓰세요. m = m.Add(…)는 함수 안에서 이름에 새 배열을 붙일 뿐입니다."),
		s(func(a *adam) { a.again = true }, "lr_t is the same for all elements: compute it once, before the loop.", "lr_t는 모든 원소에 똑같습니다. 반복문 앞에서 한 번만 계산하세요."),
		s(func(a *adam) { a.firstRow = true }, "only the first row is changed: go through all elements, Data().", "첫 번째 행만 바뀝니다. Data()의 모든 원소를 갱신하세요."),
	}
	task[updated, adam]{
		name: "Adam", parts: []part{{name: "param"}, {name: "m"}, {name: "v"}}, cases: updates(), about: updated.about,
		inPlace: true, right: theClasses, rule: func(u updated, a adam) []*Array { return a.after(u) },
		inputs: func(u updated) []named {
			p, m, v := u.state()
			return []named{{"param", p}, {"grad", u.grad(0)}, {"m", m}, {"v", v}}
		},
		call: func(u updated, in []*Array) []*Array {
			for k := range u.steps {
				grad := u.grad(k)
				f(in[0], grad, in[2], in[3], rateOfUpdates, u.first+k)
				if !grad.Equal(u.grad(k)) {
					panic(changedInput("grad"))
				}
			}
			return []*Array{in[0], in[2], in[3]}
		},
		blank: func(u updated) []*Array {
			p, m, v := u.state()
			return []*Array{p, m, v}
		},
		slips: slips,
		traits: []trait[updated]{
			{func(u updated) bool { return u.steps > 1 }, both{"several updates follow each other (m and v go on from where they were)", "여러 번 이어서 갱신하는(m과 v는 앞의 값에서 이어집니다)"}},
			{func(u updated) bool { return len(u.shape) > 1 }, both{"the arrays have more than one axis (go through all elements, Data())", "배열의 축이 둘 이상인(Data()의 모든 원소를 갱신하세요)"}},
			{func(u updated) bool { return u.first == 1 }, both{"step is 1, where m and v are 0", "step이 1이고 m과 v가 0인"}},
			{func(u updated) bool { return u.first > 1 || u.steps > 1 }, both{"m and v are not 0 before", "갱신하기 전에 m과 v가 0이 아닌"}},
		},
	}.check()
}
