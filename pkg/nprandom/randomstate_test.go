package nprandom

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

// draws are NumPy's; testdata/draws.py made them.
type draws struct {
	Seed            uint32
	Rand, Randn     []float64
	Uniform         []float64
	Randint         [][3]json.RawMessage
	Choice          [][3]json.RawMessage
	ChoiceNoReplace [][3]json.RawMessage `json:"choice_no_replace"`
	Permutation     [][]int
	Shuffle         []int
	Mixed           [7][]float64
}

func value[T any](t *testing.T, raw json.RawMessage) (v T) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func floats(n int, draw func() float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = draw()
	}
	return s
}

func TestDrawsAreNumPys(t *testing.T) {
	text, err := os.ReadFile("testdata/draws.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range value[[]draws](t, text) {
		seed := want.Seed
		if got := floats(5, New(seed).Rand); !slices.Equal(got, want.Rand) {
			t.Errorf("seed %d: Rand draws %v, want %v", seed, got, want.Rand)
		}
		for i, got := range floats(len(want.Randn), New(seed).Randn) {
			if got != want.Randn[i] {
				t.Errorf("seed %d: draw %d of Randn is %v, want %v", seed, i, got, want.Randn[i])
			}
		}
		r := New(seed)
		if got := floats(5, func() float64 { return r.Uniform(-6, -2) }); !slices.Equal(got, want.Uniform) {
			t.Errorf("seed %d: Uniform draws %v, want %v", seed, got, want.Uniform)
		}
		for _, c := range want.Randint {
			low, high := value[int](t, c[0]), value[int](t, c[1])
			r := New(seed)
			for i, w := range value[[]string](t, c[2]) {
				if got := r.RandInt(low, high); strconv.Itoa(got) != w {
					t.Errorf("seed %d: draw %d of RandInt(%d, %d) is %d, want %s", seed, i, low, high, got, w)
				}
			}
		}
		for _, c := range want.Choice {
			n, size := value[int](t, c[0]), value[int](t, c[1])
			if got := New(seed).Choice(n, size); !slices.Equal(got, value[[]int](t, c[2])) {
				t.Errorf("seed %d: Choice(%d, %d) draws %v, want %s", seed, n, size, got, c[2])
			}
		}
		for _, c := range want.ChoiceNoReplace {
			n, size := value[int](t, c[0]), value[int](t, c[1])
			if got := New(seed).ChoiceNoReplace(n, size); !slices.Equal(got, value[[]int](t, c[2])) {
				t.Errorf("seed %d: ChoiceNoReplace(%d, %d) draws %v, want %s", seed, n, size, got, c[2])
			}
		}
		for _, w := range want.Permutation {
			if got := New(seed).Permutation(len(w)); !slices.Equal(got, w) {
				t.Errorf("seed %d: Permutation(%d) is %v, want %v", seed, len(w), got, w)
			}
		}
		list := make([]int, 13)
		for i := range list {
			list[i] = i
		}
		New(seed).Shuffle(13, func(i, j int) { list[i], list[j] = list[j], list[i] })
		if !slices.Equal(list, want.Shuffle) {
			t.Errorf("seed %d: Shuffle gives %v, want %v", seed, list, want.Shuffle)
		}
		checkMixed(t, want)
	}
}

// checkMixed draws one after the other from one generator: the second normal
// number of a pair waits through the calls between.
func checkMixed(t *testing.T, want draws) {
	t.Helper()
	r := New(want.Seed)
	numbers := func(ints []int) []float64 {
		s := []float64{}
		for _, v := range ints {
			s = append(s, float64(v))
		}
		return s
	}
	got := [7][]float64{floats(3, r.Randn), floats(2, r.Rand), floats(2, r.Randn)}
	got[3] = numbers([]int{r.RandInt(0, 9), r.RandInt(0, 9), r.RandInt(0, 9)})
	got[4], got[5] = numbers(r.Choice(5, 2)), numbers(r.Permutation(4))
	got[6] = floats(1, r.Randn)
	for i := range got {
		if !slices.Equal(got[i], want.Mixed[i]) {
			t.Errorf("seed %d: draw %d of a mixture is %v, want %v", want.Seed, i, got[i], want.Mixed[i])
		}
	}
}

func TestStateGoesOn(t *testing.T) {
	for _, drawn := range []int{0, 1, 2, 623, 624, 625, 2000} {
		r := New(5)
		for range drawn {
			r.Randn()
		}
		state := r.State()
		asJSON, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		binary, err := state.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		want := floats(700, r.Randn)
		var fromJSON, fromBinary State
		if err := json.Unmarshal(asJSON, &fromJSON); err != nil {
			t.Fatal(err)
		}
		if err := fromBinary.UnmarshalBinary(binary); err != nil {
			t.Fatal(err)
		}
		for form, s := range map[string]State{"State": state, "JSON": fromJSON, "binary": fromBinary} {
			other := New(99)
			if err := other.SetState(s); err != nil {
				t.Fatal(err)
			}
			if got := floats(700, other.Randn); !slices.Equal(got, want) {
				t.Errorf("after %d draws, %s does not go on where it stood", drawn, form)
			}
		}
	}
}

func TestBadStates(t *testing.T) {
	good := New(1).State()
	late := New(1).State()
	late.Twister[len(late.Twister)-1], late.Twister[len(late.Twister)-2] = 255, 255
	for name, s := range map[string]State{
		"empty": {}, "short": {Twister: good.Twister[:100]}, "position": late,
		"nan": {Twister: good.Twister, HasGauss: true, Gauss: math.NaN()},
	} {
		r := New(3)
		want := New(3).Rand()
		if err := r.SetState(s); err == nil {
			t.Errorf("%s: the state is accepted", name)
		}
		if r.Rand() != want {
			t.Errorf("%s: a refused state changed the generator", name)
		}
	}
	var s State
	if err := s.UnmarshalBinary(make([]byte, 12)); err == nil {
		t.Error("12 bytes are accepted as a state")
	}
}

func TestMisusePanics(t *testing.T) {
	r := New(0)
	for name, do := range map[string]func(){
		"RandInt": func() { r.RandInt(3, 3) }, "Choice": func() { r.Choice(5, -1) }, "Choice of none": func() { r.Choice(0, 1) },
		"ChoiceNoReplace": func() { r.ChoiceNoReplace(3, 4) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s accepts what makes no sense", name)
				}
			}()
			do()
		}()
	}
}
