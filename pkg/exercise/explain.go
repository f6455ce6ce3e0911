package exercise

import (
	"errors"
	"strings"

	"convbook/pkg/ndarray"
)

// enough cases to tell one slip from another: so many that fail, and so many that do not.
const enough = 48

// hints looks for what explains the answers, for each part by itself, and says each
// thing once. Nothing is said of a part that nothing explains.
func (t task[C, R]) hints(seen []observation[C]) string {
	var said []string
	about := make(map[string][]string) // the parts that a hint is for
	parts, answered := t.telling(seen)
	for _, p := range parts {
		e, part := t.evidenceOn(p, seen), t.parts[p]
		for _, hint := range t.explain(p, e) {
			text := hint.text()
			if about[text] == nil {
				said = append(said, text)
			}
			about[text] = append(about[text], part.name)
		}
	}
	for i, text := range said {
		if names := strings.Join(about[text], ", "); len(t.parts) > 1 && answered {
			english, korean, _ := strings.Cut(text, "\n힌트: ")
			said[i] = "Hint (" + names + "): " + strings.TrimPrefix(english, "Hint: ") + "\n힌트 (" + names + "): " + korean
		}
	}
	return strings.Join(said, "\n")
}

// telling are the parts that went wrong with an answer; where there was none, but panics
// only, which concern all parts alike, the first stands for all.
func (t task[C, R]) telling(seen []observation[C]) (parts []int, answered bool) {
	for p := range t.parts {
		for _, o := range seen {
			if o.got != nil && o.wrong(p, t.close()) {
				parts = append(parts, p)
				break
			}
		}
	}
	if len(parts) > 0 {
		return parts, true
	}
	return []int{0}, false
}

// evidence is what was seen of one part.
type evidence[C any] struct {
	failing, passing []observation[C] // not more than enough of each
	all              []observation[C]
}

func (t task[C, R]) evidenceOn(p int, seen []observation[C]) (e evidence[C]) {
	var failing, passing []observation[C]
	for _, o := range seen {
		if o.wrong(p, t.close()) {
			failing = append(failing, o)
		} else {
			passing = append(passing, o)
		}
	}
	return evidence[C]{spread(failing), spread(passing), seen}
}

// spread takes the smallest cases, the largest, and some between them.
func spread[T any](all []T) []T {
	if len(all) <= enough {
		return all
	}
	some := make([]T, 0, enough)
	for i := range enough {
		some = append(some, all[i*(len(all)-1)/(enough-1)])
	}
	return some
}

// explain finds the best explanation of a part's answers: slips that give them, else
// what they have in common.
func (t task[C, R]) explain(p int, e evidence[C]) []both {
	best, found := t.bestSlips(p, e)
	if found {
		return best
	}
	if hint, found := t.relation(p, e); found {
		return []both{hint}
	}
	if t.constant(p, e) {
		return []both{{"the answer is the same whatever goes in: are the arguments used?", "무엇을 넣어도 답이 같습니다. 인수를 쓰고 있나요?"}}
	}
	if hint, found := t.independent(p, e); found {
		return []both{hint}
	}
	var hints []both
	trait, exact := t.common(e, p)
	if hint, found := t.place(p, e); found && !exact {
		hints = append(hints, hint)
	} else if !trait.empty() {
		hints = append(hints, trait)
	}
	if hint, found := panicHint(e.failing); found {
		hints = append(hints, hint)
	}
	return hints
}

// score is how well a guess explains what was seen.
type score struct {
	values, panics  int // explained: the same numbers, a panic of the same kind
	missed, neutral int
}

func (s score) explained() int { return s.values + s.panics }

// whole reports whether nothing was left over.
func (s score) whole() bool { return s.missed == 0 && s.explained() > s.neutral }

// mostly reports whether a guess explains most of the failing cases.
func (s score) mostly() bool {
	return s.explained() >= 3*s.missed && s.explained() > 0 && s.explained() >= s.neutral
}

// bestSlips tries each slip by itself and, where something is left over, each two of
// them. A guess that is wrong where the student is right is out, and panics alone say
// nothing where no case is right. Of equally good ones the first in the exercise's list wins.
func (t task[C, R]) bestSlips(p int, e evidence[C]) (hints []both, found bool) {
	var best score
	for _, s := range t.slips {
		r := t.right
		s.make(&r)
		if got, fits := t.score(p, e, r, 4); fits && got.mostly() && (got.values >= min(3, got.panics) && got.values > 0 || got.panics > 0 && got.missed+got.neutral == 0 && len(e.passing) > 0) && better(got, best) {
			best, hints = got, []both{s.hint}
		}
	}
	if best.whole() {
		return hints, true
	}
	for i, s := range t.slips {
		for _, also := range t.slips[i+1:] {
			r := t.right
			s.make(&r)
			also.make(&r)
			if got, fits := t.score(p, e, r, 12); fits && got.mostly() && got.values > got.panics && better(got, best) {
				best, hints = got, []both{s.hint, also.hint}
				if s.hint == also.hint {
					hints = hints[:1]
				}
			}
		}
	}
	return hints, len(hints) > 0
}

func better(a, b score) bool { return a.explained()-3*a.missed > b.explained()-3*b.missed }

// score compares a guess with what was seen. It gives up as soon as more is missed than
// one in share of what is to be explained.
func (t task[C, R]) score(p int, e evidence[C], r R, share int) (s score, fits bool) {
	for _, o := range e.failing {
		guess, panicked := t.gives(o.c, r)
		switch {
		case o.got == nil && panicked != nil && o.problem != nil && sameKind(panicked, o.problem.panicked):
			s.panics++
		case o.got == nil || guess == nil:
			s.neutral++ // one style panics where another reads something else
		case t.explains(guess[p], o.got[p], o.want[p]):
			s.values++
		case sameValues(o.got[p], o.want[p], t.close()):
			s.neutral++ // only the shape is wrong here
		default:
			if s.missed++; s.missed*share > len(e.failing) {
				return s, false
			}
		}
	}
	for _, o := range e.passing {
		guess, panicked := t.gives(o.c, r)
		if panicked != nil || guess != nil && !sameValues(guess[p], o.want[p], t.close()) {
			return s, false
		}
	}
	return s, true
}

// sameKind reports whether two panics say the same, or come from the same operation.
func sameKind(a, b any) bool {
	if kind := kindOfPanic(a); !kind.empty() {
		return kind == kindOfPanic(b)
	}
	var one, other *ndarray.ShapeError
	x, fits := a.(error)
	y, also := b.(error)
	return fits && also && errors.As(x, &one) && errors.As(y, &other) && one.Op == other.Op
}

// explains reports whether a guess gives the student's answer, in whatever shape, where it
// is wrong.
func (t task[C, R]) explains(guess, got, want *Array) bool {
	if !sameValues(guess, got, t.close()) {
		return false
	}
	return !sameValues(guess, want, t.close()) || sameShape(guess, got) && !sameShape(guess, want)
}
