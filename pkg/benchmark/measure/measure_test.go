package measure

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		xs   []float64
		want float64
	}{
		{[]float64{3}, 3},
		{[]float64{4, 1}, 2.5},
		{[]float64{9, 1, 5}, 5},
		{[]float64{4, 1, 3, 2}, 2.5},
	} {
		before := slices.Clone(c.xs)
		if got := Median(c.xs); got != c.want {
			t.Errorf("the median of %v is %g, want %g", c.xs, got, c.want)
		}
		if !slices.Equal(before, c.xs) {
			t.Errorf("%v became %v", before, c.xs)
		}
	}
	if got := Median(nil); !math.IsNaN(got) {
		t.Errorf("the median of nothing is %g", got)
	}
}

// scripted returns a contender that notes when it runs and takes the given times.
func scripted(name string, order *[]string, rounds ...[]float64) Contender {
	return Contender{Name: name, Run: func(ctx context.Context, d time.Duration) ([]float64, error) {
		*order = append(*order, name)
		if len(rounds) == 0 {
			return nil, errors.New("no more")
		}
		times := rounds[0]
		rounds = rounds[1:]
		return times, nil
	}}
}

func TestRounds(t *testing.T) {
	var order []string
	once := scripted("once", &order, []float64{16}, []float64{1})
	once.Once = true
	all, err := Rounds(t.Context(), 3, time.Second, []Contender{
		scripted("a", &order, []float64{4}, []float64{8, 6, 7}, []float64{1}),
		scripted("b", &order, []float64{2}, []float64{14}, []float64{4}),
		scripted("fails", &order, []float64{1}),
		once,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "b", "fails", "once", "a", "b", "fails", "a", "b"}; !slices.Equal(order, want) {
		t.Errorf("the order was %v, want %v", order, want)
	}
	a, b, fails := all[0], all[1], all[2]
	if !slices.Equal(a.Rounds, []float64{4, 7, 1}) || a.Median() != 4 || a.Min() != 1 || a.Name != "a" {
		t.Errorf("a took %+v", a)
	}
	// The ratios of the rounds are 2, 0.5 and 0.25.
	if got := Ratio(a, b); got != 0.5 {
		t.Errorf("a took %g times as long as b, want 0.5", got)
	}
	if got := all[3]; !slices.Equal(got.Rounds, []float64{16}) || Ratio(got, a) != 4 {
		t.Errorf("the contender of one round took %+v", got)
	}
	if fails.Err == nil || !math.IsNaN(fails.Median()) || !math.IsNaN(fails.Min()) || !math.IsNaN(Ratio(a, fails)) {
		t.Errorf("the failing contender took %+v", fails)
	}
	if best, ok := Best(b, fails, a); !ok || best.Name != "a" && best.Name != "b" || best.Median() != 4 {
		t.Errorf("the best is %+v, %v", best, ok)
	}
	if best, ok := Best(fails); ok {
		t.Errorf("the best of none is %+v", best)
	}
}

func TestRoundsStop(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("enough")
	rounds := 0
	_, err := Rounds(ctx, 1000, time.Hour, []Contender{Func("stops", 1, func() {
		if rounds++; rounds == 5 {
			cancel(reason)
		}
	})})
	if err != reason || rounds != 5 {
		t.Errorf("%d rounds and the error %v", rounds, err)
	}
}

func TestFunc(t *testing.T) {
	before, within, calls := runtime.GOMAXPROCS(0), 0, 0
	times, err := Func("f", before+1, func() { within, calls = runtime.GOMAXPROCS(0), calls+1 }).Run(t.Context(), 0)
	if err != nil || len(times) != 1 || calls != 2 {
		t.Errorf("%d times from %d calls, %v; want one after one to warm up", len(times), calls, err)
	}
	if within != before+1 || runtime.GOMAXPROCS(0) != before {
		t.Errorf("GOMAXPROCS was %d, %d while it ran, %d after", before, within, runtime.GOMAXPROCS(0))
	}
	if times, _ = Func("f", 1, func() {}).Run(t.Context(), time.Hour); len(times) != most {
		t.Errorf("%d times, want %d at most", len(times), most)
	}
}
