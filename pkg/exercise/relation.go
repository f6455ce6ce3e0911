package exercise

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// relation finds how the answers are related to the right ones, in all cases that fail
// with an answer in the same way.
func (t task[C, R]) relation(p int, e evidence[C]) (both, bool) {
	var answered []observation[C]
	for _, o := range e.failing {
		if o.got != nil {
			answered = append(answered, o)
		}
	}
	if 2*len(answered) < len(e.failing) || len(answered) == 0 {
		return both{}, false
	}
	in := func(every func(got, want *Array) bool) bool {
		for _, o := range answered {
			if !every(o.got[p], o.want[p]) {
				return false
			}
		}
		return true
	}
	switch {
	case in(func(got, want *Array) bool { return sameValues(got, want, t.close()) }):
		return both{"the numbers and their order are right; only the shape differs: Reshape the result.", "값과 순서는 맞고 형상만 다릅니다. 결과를 Reshape하세요."}, true
	case in(func(got, want *Array) bool { return t.scaled(got, want, -1) }):
		return both{"the sign is the opposite everywhere: multiply by -1, or subtract the other way round.", "모든 값의 부호가 반대입니다. -1을 곱하거나 빼는 순서를 바꾸세요."}, true
	}
	if hint, found := t.factor(p, answered); found {
		return hint, true
	}
	if hint, found := t.reordered(p, answered); found {
		return hint, true
	}
	if in(func(got, want *Array) bool { return allZero(got) && !allZero(want) }) && len(answered) == len(e.failing) {
		return both{"everything is 0. Is there a division of whole numbers, such as 1/2, which is 0 in Go? Write 1.0/2.", "모든 값이 0입니다. Go에서는 1/2처럼 정수끼리 나누면 0이 됩니다. 1.0/2로 쓰세요."}, true
	}
	return both{}, false
}

func allZero(a *Array) bool {
	return !slices.ContainsFunc(a.Data(), func(v float64) bool { return v != 0 })
}

// scaled reports whether got is want times a factor, which shows.
func (t task[C, R]) scaled(got, want *Array, by float64) bool {
	return !allZero(want) && sameValues(got, want.Scale(by), t.close())
}

// ratio is got over want, where it is the same for all elements.
func (t task[C, R]) ratio(got, want *Array) (float64, bool) {
	if got.Size() != want.Size() {
		return 0, false
	}
	for i, w := range want.Data() {
		if w != 0 {
			r := got.Data()[i] / w
			return r, r != 0 && !math.IsInf(r, 0) && !math.IsNaN(r) && t.scaled(got, want, r)
		}
	}
	return 0, false
}

// factor finds a factor that is the same in all cases, or one of the sizes of the inputs.
func (t task[C, R]) factor(p int, answered []observation[C]) (both, bool) {
	var ratios []float64
	for _, o := range answered {
		r, found := t.ratio(o.got[p], o.want[p])
		if !found {
			return both{}, false
		}
		ratios = append(ratios, r)
	}
	if spreadOf(ratios) < 1e-9 && len(ratios) > 1 {
		return both{"each number is %.5g times what it should be, in all cases alike.", "어느 경우에나 모든 값이 정답의 %.5g배입니다."}.with(ratios[0]), true
	}
	matches := func(size func(observation[C]) float64) bool {
		for i, o := range answered {
			if math.Abs(ratios[i]-size(o)) > 1e-6*math.Abs(ratios[i]) {
				return false
			}
		}
		return true
	}
	batch := func(o observation[C]) float64 { return float64(t.inputs(o.c)[0].array.Dim(0)) }
	switch {
	case spreadOf(ratios) == 0:
		return both{}, false
	case matches(batch):
		return both{"it is N times too large: divide by N, the size of the batch, once.", "N배만큼 큽니다. 배치 크기 N으로 한 번 나누세요."}, true
	case matches(func(o observation[C]) float64 { return 1 / batch(o) }):
		return both{"it is N times too small: a division by N, the size of the batch, is one too many.", "N배만큼 작습니다. 배치 크기 N으로 나누는 것이 한 번 더 들어갔습니다."}, true
	}
	if matches(func(o observation[C]) float64 { return batch(o) * batch(o) }) {
		return both{"it is N*N times too large: is it multiplied by N, the size of the batch, where it should be divided?", "N*N배만큼 큽니다. 배치 크기 N으로 나누어야 할 곳에서 곱하지 않았나요?"}, true
	}
	if !several(p, answered) {
		return both{}, false // a single number is some factor of any other
	}
	return both{"all numbers of a case are too large or too small by the same factor.", "한 경우 안의 모든 값이 같은 비율로 크거나 작습니다."}, true
}

// several reports whether most of the answers hold more than one number, so that a factor
// common to them says something.
func several[C any](p int, answered []observation[C]) bool {
	telling := 0
	for _, o := range answered {
		numbers := 0
		for _, v := range o.want[p].Data() {
			if v != 0 {
				numbers++
			}
		}
		if numbers > 1 {
			telling++
		}
	}
	return 2*telling > len(answered)
}

// spreadOf is how far the values lie apart, as a share.
func spreadOf(values []float64) float64 {
	return (slices.Max(values) - slices.Min(values)) / math.Abs(values[0])
}

// reordered finds an order of the axes, or no more than that the numbers are the right ones.
func (t task[C, R]) reordered(p int, answered []observation[C]) (both, bool) {
	axes := t.parts[p].axes
	telling := 0
	for _, o := range answered {
		if !sameMultiset(o.got[p], o.want[p], t.close()) {
			return both{}, false
		}
		distinct := make(map[float64]bool)
		for _, v := range o.want[p].Data() {
			distinct[v] = true
		}
		if len(distinct) > 3 {
			telling++
		}
	}
	if 2*telling <= len(answered) {
		return both{}, false // too few numbers to speak of an order
	}
	if len(axes) >= 2 {
		for _, order := range permutations(len(axes)) {
			all := true
			for _, o := range answered {
				all = all && o.want[p].NDim() == len(axes) && sameValues(o.got[p], o.want[p].Transpose(order...), t.close())
			}
			if all {
				letters := make([]string, len(order))
				wanted := make([]string, len(order))
				for i, k := range order {
					letters[i], wanted[i] = axes[k].letter, axes[i].letter
				}
				return both{
					"the numbers are right, but their axes stand in the order (%[1]s): they should be (%[2]s). Transpose before you Reshape.",
					"값은 맞지만 축의 순서가 (%[1]s)입니다. (%[2]s) 순서여야 합니다. Reshape하기 전에 Transpose하세요.",
				}.with(strings.Join(letters, ", "), strings.Join(wanted, ", ")), true
			}
		}
	}
	return both{"the numbers are right, but they are in the wrong order. Is a Transpose missing, or a Reshape in its place?", "값은 맞지만 순서가 다릅니다. Transpose가 빠졌거나 그 자리에 Reshape를 쓰지 않았나요?"}, true
}

func sameMultiset(got, want *Array, tolerance float64) bool {
	if got.Size() != want.Size() {
		return false
	}
	a, b := got.Clone(), want.Clone()
	slices.Sort(a.Data())
	slices.Sort(b.Data())
	return sameValues(a, b, tolerance)
}

// permutations are all orders of n axes but their own.
func permutations(n int) (orders [][]int) {
	var extend func(order []int)
	extend = func(order []int) {
		if len(order) == n {
			orders = append(orders, slices.Clone(order))
			return
		}
		for k := range n {
			if !slices.Contains(order, k) {
				extend(append(slices.Clone(order), k))
			}
		}
	}
	extend(nil)
	return orders[1:]
}

// place finds that only the first, or the last, or all but the first along an axis are wrong.
func (t task[C, R]) place(p int, e evidence[C]) (both, bool) {
	for k, axis := range t.parts[p].axes {
		first, last, later, seen, always := true, true, true, 0, 0
		for _, o := range e.failing {
			if o.got == nil || !sameShape(o.got[p], o.want[p]) || o.want[p].NDim() != len(t.parts[p].axes) {
				return both{}, false
			}
			n := o.want[p].Dim(k)
			where := wrongAlong(o.got[p], o.want[p], k, t.close())
			if n == 1 {
				always++ // nothing to tell apart
				continue
			}
			seen++
			first = first && !slices.Contains(where[1:], true)
			last = last && !slices.Contains(where[:n-1], true)
			later = later && !where[0]
		}
		switch {
		case seen < 3 || always > 0 && later:
		case first:
			return both{"only the first %s is wrong.", "첫 번째 %s만 틀립니다."}.with2(axis), true
		case last:
			return both{"only the last %s is wrong.", "마지막 %s만 틀립니다."}.with2(axis), true
		case later:
			return both{"the first %[1]s is right and the others are not: is the index of the %[1]s used?", "첫 번째 %[1]s만 맞고 나머지는 틀립니다. %[1]s의 인덱스를 쓰고 있나요?"}.with2(axis), true
		}
	}
	return both{}, false
}

// with2 fills the name of an axis into both texts.
func (b both) with2(a axis) both {
	return both{fmt.Sprintf(b.english, a.english), fmt.Sprintf(b.korean, a.korean)}
}

// wrongAlong says for each index along an axis whether anything there is wrong.
func wrongAlong(got, want *Array, axis int, tolerance float64) []bool {
	n, after := want.Dim(axis), 1
	for k := axis + 1; k < want.NDim(); k++ {
		after *= want.Dim(k)
	}
	wrong := make([]bool, n)
	for i, w := range want.Data() {
		g := got.Data()[i]
		if g != w && !(math.Abs(g-w) <= tolerance*(1e-3+math.Abs(w))) {
			wrong[i/after%n] = true
		}
	}
	return wrong
}

// common finds one trait, or two, that all failing cases have and few others. It is exact
// where hardly any other has it.
func (t task[C, R]) common(e evidence[C], p int) (both, bool) {
	var failing, passing []observation[C]
	for _, o := range e.all {
		if o.wrong(p, t.close()) {
			failing = append(failing, o)
		} else {
			passing = append(passing, o)
		}
	}
	if len(passing) == 0 || len(failing) < 2 {
		return both{}, false
	}
	share := func(has func(C) bool) (float64, bool) {
		for _, o := range failing {
			if !has(o.c) {
				return 0, false
			}
		}
		others := 0
		for _, o := range passing {
			if has(o.c) {
				others++
			}
		}
		return float64(len(failing)) / float64(len(failing)+others), others < len(passing)
	}
	best, hint := 0.4, both{}
	for i, a := range t.traits {
		if got, all := share(a.has); all && got > best {
			best, hint = got, both{"it goes wrong only where %s.", "%s 경우에만 틀립니다."}.fill(a.where)
		}
		for _, b := range t.traits[i+1:] {
			if got, all := share(func(c C) bool { return a.has(c) && b.has(c) }); all && got > best+0.15 {
				best, hint = got, both{"it goes wrong only where %s and " + b.where.english + ".", "%s, " + b.where.korean + " 경우에만 틀립니다."}.fill(a.where)
			}
		}
	}
	return hint, best > 0.9
}

// fill puts a text into another, in both languages.
func (b both) fill(text both) both {
	return both{fmt.Sprintf(b.english, text.english), fmt.Sprintf(b.korean, text.korean)}
}

// constant reports whether the failing cases all have one answer where different ones are wanted.
func (t task[C, R]) constant(p int, e evidence[C]) bool {
	differ := false
	for _, o := range e.failing {
		first := e.failing[0]
		if o.got == nil || first.got == nil || !sameBits(o.got[p], first.got[p]) {
			return false
		}
		differ = differ || !same(o.want[p], first.want[p], t.close())
	}
	return differ
}

// independent finds an argument on which the student's answer does not depend.
func (t task[C, R]) independent(p int, e evidence[C]) (both, bool) {
	for _, probe := range t.probes {
		tried, ignored := 0, 0
		for i := len(e.failing) - 1; i >= 0 && tried < 4; i-- { // the largest tell most
			c, changed := probe.change(e.failing[i].c)
			if !changed || e.failing[i].got == nil {
				continue
			}
			if same(e.failing[i].want[p], t.rule(c, t.right)[p], t.close()) {
				continue
			}
			o := t.try(c)
			if o.got == nil {
				continue
			}
			if tried++; sameBits(o.got[p], e.failing[i].got[p]) {
				ignored++
			}
		}
		if tried > 1 && ignored == tried {
			return both{"the answer stays the same whatever %[1]s is: is %[1]s used?", "%[1]s을(를) 바꾸어도 답이 그대로입니다. %[1]s을(를) 쓰고 있나요?"}.with(probe.name), true
		}
	}
	return both{}, false
}
