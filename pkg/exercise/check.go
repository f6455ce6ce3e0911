package exercise

import (
	"fmt"
	"os"
	"slices"
	"time"
)

// check tries all cases and reports.
func (t task[C, R]) check() {
	s := begin(t.name)
	seen, stopped := t.observe(s)
	s.end(stopped != nil && stopped.stuck())
	t.conclude(seen, stopped, s)
	if stopped != nil && stopped.memory > 0 {
		exit(1) // what holds the memory cannot be stopped otherwise
	}
}

// observe calls the student's function in all cases. It stops at a problem after which
// nothing more can be learnt, which is that of the last observation.
func (t task[C, R]) observe(s *session) (seen []observation[C], stopped *problem) {
	for _, c := range t.cases {
		if s.late() {
			break
		}
		o := t.try(c)
		seen = append(seen, o)
		if p := o.problem; p != nil && (p.stuck() || p.left || p.changed != "") {
			return seen, p
		}
	}
	return seen, nil
}

// try calls the student's function once, with inputs of its own.
func (t task[C, R]) try(c C) observation[C] {
	o := observation[C]{c: c, want: t.rule(c, t.right)}
	inputs := t.inputs(c)
	given := make([]*Array, len(inputs))
	for i, in := range inputs {
		given[i] = in.array.Clone()
	}
	o.got, o.problem = guarded(func() []*Array {
		got := t.call(c, given)
		for i, in := range inputs {
			if !t.inPlace && (!sameShape(given[i], in.array) || !given[i].Equal(in.array)) {
				panic(changedInput(in.name))
			}
		}
		return t.copies(got)
	})
	return o
}

// copies keeps the answer from being changed by a later call. An answer of which all parts
// are nil is none; it panics where only some are.
func (t task[C, R]) copies(got []*Array) []*Array {
	if len(got) != len(t.parts) {
		return nil
	}
	copied := make([]*Array, len(got))
	missing := ""
	for i, a := range got {
		if a == nil {
			missing = t.parts[i].name
		} else {
			copied[i] = a.Clone()
		}
	}
	switch {
	case missing == "" && copied[0] != nil:
		return copied
	case slices.ContainsFunc(copied, func(a *Array) bool { return a != nil }):
		panic("the answer " + missing + " is nil")
	}
	return nil
}

// conclude reports what was seen.
func (t task[C, R]) conclude(seen []observation[C], stopped *problem, s *session) {
	last := seen[len(seen)-1]
	switch {
	case stopped != nil && stopped.changed == "params":
		failed(t.name, both{"the map params was changed. Leave its entries as they are; changes belong in arrays of your own.", "맵 params가 바뀌었습니다. 맵의 항목은 그대로 두고 따로 만든 배열에 쓰세요."}, t.show(last.c))
		return
	case stopped != nil && stopped.changed != "":
		failed(t.name, both{
			"the input %[1]s was changed. Work on a copy: %[1]s.Clone().",
			"입력 %[1]s의 값이 바뀌었습니다. %[1]s.Clone()으로 복사본을 만들어 쓰세요.",
		}.with(stopped.changed), t.show(last.c))
		return
	case stopped != nil:
		unanswered(t.name, stopped.what(), t.show(last.c), s.printed())
		return
	case t.untouched(seen):
		what := notYet
		if t.inPlace {
			what = t.unchanged(what)
		}
		unwritten(t.name, what)
		return
	}
	var bad *observation[C] // the smallest case that differs, else the smallest that panics
	for i := range seen {
		o := &seen[i]
		if t.fails(*o) && (bad == nil || bad.got == nil && o.got != nil) {
			bad = o
		}
	}
	switch {
	case bad != nil && bad.got == nil && bad.problem == nil:
		failed(t.name, both{"the answer is nil in this case.", "이 경우의 답이 nil입니다."}, t.show(bad.c), s.printed())
	case bad != nil && bad.got == nil:
		if bad.problem.trace != "" {
			fmt.Fprintln(os.Stderr, bad.problem.trace)
		}
		failed(t.name, bad.problem.what(), t.show(bad.c), s.printed(), t.hints(seen))
	case bad != nil:
		t.difference(*bad, s.printed(), t.hints(seen))
	case len(seen) < len(t.cases):
		each := s.took() / time.Duration(len(seen))
		failed(t.name, both{
			fmt.Sprintf("right in %d of %d cases, but too slow: a call takes about %v. Is something computed again and again?", len(seen), len(t.cases), each.Round(time.Millisecond)),
			fmt.Sprintf("%d가지 중 %d가지 경우는 맞지만 너무 느립니다. 한 번 부르는 데 약 %v 걸립니다. 같은 계산을 되풀이하고 있지 않나요?", len(t.cases), len(seen), each.Round(time.Millisecond)),
		}, s.printed())
	default:
		if again := t.try(t.cases[0]); t.fails(again) { // what is kept in a variable outside of the function shows now
			failed(t.name, both{
				"right at first, but a second call with the same input gives something else. Is a variable outside of the function changed?",
				"처음에는 맞지만 같은 입력으로 다시 부르면 결과가 달라집니다. 함수 밖의 변수를 바꾸고 있지 않나요?",
			}, t.show(again.c), s.printed())
			return
		}
		passed(t.name, both{"All %d cases agree.", "%d가지 경우가 모두 맞습니다."}.with(len(seen)))
	}
}

// fails reports whether a case went wrong.
func (t task[C, R]) fails(o observation[C]) bool {
	for p := range t.parts {
		if o.wrong(p, t.close()) {
			return true
		}
	}
	return false
}

// untouched reports whether all answers are those of the skeleton.
func (t task[C, R]) untouched(seen []observation[C]) bool {
	for _, o := range seen {
		if o.problem != nil {
			return false
		}
		if t.blank == nil {
			if o.got != nil {
				return false
			}
			continue
		}
		if o.got == nil {
			continue // nil is no answer either
		}
		for p, blank := range t.blank(o.c) {
			if !sameBits(o.got[p], blank) {
				return false
			}
		}
	}
	return true
}

// sameBits tells NotYet from what is not a number for another reason.
func sameBits(a, b *Array) bool {
	if !sameShape(a, b) {
		return false
	}
	for i, v := range a.Data() {
		if w := b.Data()[i]; v != w && !(isNotYet(v) && isNotYet(w)) {
			return false
		}
	}
	return true
}

// unchanged is what to say where a function that changes its inputs has not. One that
// has made arrays has computed something.
func (t task[C, R]) unchanged(what both) both {
	names := ""
	for i, p := range t.parts {
		if i > 0 {
			names += ", "
		}
		names += p.name
	}
	return both{
		fmt.Sprintf("%s are as they were before: not written yet? If it is written: write into %s.Data()[i]; m = m.Add(…) binds the name m anew, and for _, v := range changes a copy.", names, t.parts[0].name),
		fmt.Sprintf("%s의 값이 그대로입니다. 아직 작성하지 않았나요? 작성했다면 %s.Data()[i]에 쓰세요. m = m.Add(…)는 이름 m에 새 배열을 붙일 뿐이고, for _, v := range는 복사본만 바꿉니다.", names, t.parts[0].name),
	}
}
