package main

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"os"
	"strconv"
	"strings"

	"convbook/pkg/system/companion"
)

// The log of a sweep holds an entry for each thing that happened, in one order for all
// machines. Each machine folds it by the same rules, so that all come to the same
// results. An entry counts if it is the first of its subject, which the board sees to.
type entry struct {
	Machine string          `json:"machine"`
	Variant string          `json:"variant,omitempty"`
	Digest  string          `json:"digest,omitempty"`
	Failed  string          `json:"failed,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Score   float64         `json:"score,omitempty"`
	Over    bool            `json:"over,omitempty"` // the trial was taken over from a machine that left it
}

// maxEntry is how long an entry can be, in bytes; maxText its texts.
const (
	maxEntry = 512 << 10
	maxText  = 300
)

// readEntry reads an entry, which may come from anybody with the token.
func readEntry(data []byte) (e entry, ok bool) {
	if len(data) > maxEntry || json.Unmarshal(data, &e) != nil {
		return e, false
	}
	for _, text := range []string{e.Machine, e.Variant, e.Digest, e.Failed} {
		if len(text) > maxText || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return e, false
		}
	}
	return e, e.Machine != "" && !math.IsNaN(e.Score) && !math.IsInf(e.Score, 0)
}

// The kinds of entries.
const (
	kindResult = "result"
	kindCheck  = "check"
	kindScore  = "score"
	kindAgain  = "again" // gives a result up
)

// host is the machine that a program runs on: its name without what tells its programs
// apart.
func host(machine string) string {
	name, _, _ := strings.Cut(machine, "~")
	return name
}

// trialState is what the log says of a trial.
type trialState struct {
	round  int // how often its result was taken out
	result *entry
	checks []entry
	scores map[int]bool // by epochs

	compared int // number of the next entry of a comparison
}

// fold is what the log says of a sweep.
type fold struct {
	trials  []trialState
	halving bool   // trials are stopped by the results of others
	twice   []bool // trials that two machines train
	out     map[string]bool
	odd     []string // trials of which all machines' digests differ, by key
	keys    []string
}

func newFold(keys []string, halving bool) *fold {
	f := &fold{trials: make([]trialState, len(keys)), halving: halving, twice: make([]bool, len(keys)), out: map[string]bool{}, keys: keys}
	of, err := strconv.ParseUint(os.Getenv(companion.CompareVariable), 10, 32)
	if err != nil || of == 0 {
		of = oneIn
	}
	for i, key := range keys {
		f.twice[i] = chosen(key, of)
	}
	return f
}

// oneIn is of how many trials one is trained on two machines, unless CONVBOOK_COMPARE
// says another number.
const oneIn = 20

// chosen reports whether a trial is compared: one of so many, by its key.
func chosen(key string, of uint64) bool {
	sum := fnv.New64a()
	sum.Write([]byte(key))
	h := sum.Sum64()
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return h%of == 0
}

// happening is what an entry has changed.
type happening struct {
	kind   string // kindResult, kindScore, taken
	trial  int
	epochs int
	entry  entry
}

// taken is that a result was taken out. The entry names the machine that was wrong; there is none where
// the result was given up.
const taken = "taken"

// apply takes an entry in and returns what changes by it. Entries that make no sense
// change nothing, but their subjects are used up.
func (f *fold) apply(kind string, trial, round, number int, e entry, readable bool) []happening {
	if trial < 0 || trial >= len(f.trials) || round != f.trials[trial].round {
		return nil
	}
	t, counts := &f.trials[trial], readable && !f.out[host(e.Machine)]
	switch kind {
	case kindResult:
		switch {
		case t.result != nil:
		case counts && (e.Failed != "" || len(e.Result) > 0 && e.Digest != ""):
			t.result = &e
			return []happening{{kind: kindResult, trial: trial, entry: e}}
		default:
			t.round++
		}
	case kindScore:
		if counts && number > 0 && !t.scores[number] {
			if t.scores == nil {
				t.scores = map[int]bool{}
			}
			t.scores[number] = true
			return []happening{{kind: kindScore, trial: trial, epochs: number, entry: e}}
		}
	case kindAgain:
		if counts && t.result != nil {
			*t = trialState{round: t.round + 1}
			return []happening{{kind: taken, trial: trial}}
		}
	case kindCheck:
		if number != t.compared {
			return nil
		}
		t.compared++
		if counts && f.canCheck(trial, e.Machine, e.Variant) {
			t.checks = append(t.checks, e)
			return f.compare(trial)
		}
	}
	return nil
}

// canCheck reports whether a machine can compare its own training with a result, or
// decide where one differs.
func (f *fold) canCheck(trial int, machine, variant string) bool {
	t := &f.trials[trial]
	if t.result == nil || t.result.Failed != "" || t.result.Variant != variant || host(t.result.Machine) == host(machine) {
		return false
	}
	return len(t.checks) == 0 || len(t.checks) == 1 && t.checks[0].Digest != t.result.Digest && host(t.checks[0].Machine) != host(machine)
}

// wanting reports whether a result waits to be compared, or a difference to be decided.
func (f *fold) wanting(trial int) bool {
	t := &f.trials[trial]
	if t.result == nil || t.result.Failed != "" {
		return false
	}
	return len(t.checks) == 0 && f.twice[trial] || len(t.checks) == 1 && t.checks[0].Digest != t.result.Digest
}

// compare decides between machines that end a trial with different digests: a third one
// tells who is wrong.
func (f *fold) compare(trial int) []happening {
	t := &f.trials[trial]
	if len(t.checks) < 2 {
		return nil
	}
	switch first, second := t.checks[0], t.checks[1]; second.Digest {
	case t.result.Digest:
		return f.dismiss(host(first.Machine))
	case first.Digest:
		return f.dismiss(host(t.result.Machine))
	}
	f.odd = append(f.odd, f.keys[trial])
	return nil
}

// takenOver counts the trials whose result came from a machine that took them over.
func (f *fold) takenOver() (n int) {
	for i := range f.trials {
		if r := f.trials[i].result; r != nil && r.Over {
			n++
		}
	}
	return n
}

// disputed returns the machines of a trial whose digests differ, where nobody has decided.
func (f *fold) disputed(trial int) (a, b string, ok bool) {
	t := &f.trials[trial]
	if t.result == nil || len(t.checks) != 1 || t.checks[0].Digest == t.result.Digest {
		return "", "", false
	}
	return host(t.result.Machine), host(t.checks[0].Machine), true
}

// dismiss takes out all that a machine has brought, and where points were ranked by it, what others have,
// too: which trials were stopped is then wrong.
func (f *fold) dismiss(machine string) (all []happening) {
	f.out[machine] = true
	for i := range f.trials {
		t := &f.trials[i]
		if f.halving || t.result != nil && host(t.result.Machine) == machine {
			all = append(all, happening{kind: taken, trial: i, entry: entry{Machine: machine}})
			*t = trialState{round: t.round + 1}
			continue
		}
		if len(t.checks) > 0 && host(t.checks[0].Machine) == machine {
			t.checks = nil
		}
	}
	return all
}
