package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

func result(machine, digest string) entry {
	return entry{Machine: machine + "~1", Variant: "v", Digest: digest, Result: json.RawMessage(`{}`)}
}

// The first result of a trial counts; who differs from two others is taken out, with all
// that it has brought.
func TestWhoDiffersIsTakenOut(t *testing.T) {
	for _, c := range []struct {
		name    string
		checks  []entry
		out     string // machine
		results int    // that count, of three by a and one by b
	}{
		{"alike", []entry{result("b", "right")}, "", 4},
		{"nobody decides", []entry{result("b", "wrong")}, "", 4},
		{"the comparing machine is wrong", []entry{result("b", "wrong"), result("c", "right")}, "b", 3},
		{"the first machine is wrong", []entry{result("b", "other"), result("c", "other")}, "a", 1},
		{"all differ", []entry{result("b", "other"), result("c", "third")}, "", 4},
		{"one machine twice", []entry{result("b", "other"), result("b", "other")}, "", 4},
		{"the same machine", []entry{result("a", "other")}, "", 4},
	} {
		f := newFold([]string{"0", "1", "2", "3"}, false)
		f.twice[0] = true
		for i, machine := range []string{"a", "a", "a", "b"} {
			if len(f.apply(kindResult, i, 0, 0, result(machine, "right"), true)) != 1 {
				t.Fatal("a result is not taken")
			}
		}
		for n, e := range c.checks {
			f.apply(kindCheck, 0, 0, n, e, true)
		}
		counts := 0
		for i := range f.trials {
			if f.trials[i].result != nil {
				counts++
			}
		}
		if counts != c.results || f.out[c.out] != (c.out != "") || len(f.out) > 1 {
			t.Errorf("%s: %d results count and %v is out; want %d, and %q", c.name, counts, f.out, c.results, c.out)
		}
		if c.out != "" && f.apply(kindResult, 0, f.trials[0].round, 0, result(c.out, "right"), true) != nil {
			t.Errorf("%s: a machine that is out brings a result", c.name)
		}
	}
}

// One trial in twenty is compared, whatever the keys look like.
func TestOneInTwenty(t *testing.T) {
	chosenOnes := 0
	for i := range 20_000 {
		if chosen(fmt.Sprintf(`{"rate":0.00%d} seed %d, fashion 300+100`, i/3, i%3), oneIn) {
			chosenOnes++
		}
	}
	if chosenOnes < 850 || chosenOnes > 1150 {
		t.Errorf("%d of 20,000 trials are compared, want about 1,000", chosenOnes)
	}
}

// Any entries in any order leave a fold that a second reader of the same log shares, and
// no panic.
func TestEntriesOfStrangers(t *testing.T) {
	kinds := []string{kindResult, kindCheck, kindScore, kindAgain, "nonsense"}
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		a, b := newFold(make([]string, 5), false), newFold(make([]string, 5), false)
		for range 300 {
			e := entry{Machine: fmt.Sprintf("%c~%d", 'a'+rng.IntN(4), rng.IntN(2)), Variant: fmt.Sprint(rng.IntN(2)), Digest: fmt.Sprint(rng.IntN(3)), Score: rng.Float64()}
			if rng.IntN(4) > 0 {
				e.Result = json.RawMessage(`{}`)
			}
			kind, trial, round, number, readable := kinds[rng.IntN(len(kinds))], rng.IntN(7)-1, rng.IntN(3), rng.IntN(3), rng.IntN(5) > 0
			x, y := a.apply(kind, trial, round, number, e, readable), b.apply(kind, trial, round, number, e, readable)
			if !reflect.DeepEqual(x, y) {
				t.Fatal("two readers of one log differ")
			}
			for _, h := range x {
				if h.trial < 0 || h.trial >= 5 {
					t.Fatalf("trial %d of 5", h.trial)
				}
			}
		}
	}
}

// FuzzEntry reads what anybody with the token can write.
func FuzzEntry(f *testing.F) {
	f.Add([]byte(`{"machine":"a~1","variant":"v","digest":"d","result":{}}`), "convbook.log.s.result.0.0.0")
	f.Add([]byte(`{"machine":"a","score":1e999}`), "convbook.log.s.score.-1.99999999999.x")
	f.Fuzz(func(t *testing.T, data []byte, subject string) {
		e, readable := readEntry(data)
		kind, trial, round, number, ok := readLogSubject(subject)
		if ok && (trial < 0 || round < 0 || number < 0) {
			t.Errorf("%q is read as %d, %d, %d", subject, trial, round, number)
		}
		newFold([]string{"0"}, false).apply(kind, trial, round, number, e, readable)
	})
}

func FuzzPlace(f *testing.F) {
	f.Add("board://token@10.0.0.1:4222,[::1]:4222/" + fmt.Sprintf("%064d", 0))
	f.Add("nats://user:password@host:4222?replicas=3&creds=file")
	f.Fuzz(func(t *testing.T, line string) {
		p, err := readPlace(line)
		if err == nil && p.pin != nil {
			if again, err := readPlace(p.String()); err != nil || !reflect.DeepEqual(p, again) {
				t.Errorf("%q is read as %+v, and again as %+v, %v", line, p, again, err)
			}
		}
	})
}
