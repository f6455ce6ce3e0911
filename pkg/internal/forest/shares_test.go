package forest

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/nprandom"
)

// measured fills a full grid of the given sizes, some times over, with values of f.
func measured(levels []int, times int, f func(x []int) float64) (x [][]int, y []float64) {
	at := make([]int, len(levels))
	for {
		for range times {
			x, y = append(x, append([]int(nil), at...)), append(y, f(at))
		}
		j := 0
		for ; j < len(at); j++ {
			if at[j]++; at[j] < levels[j] {
				break
			}
			at[j] = 0
		}
		if j == len(at) {
			return x, y
		}
	}
}

func means(trees [][]float64, settings int) []float64 {
	mean := make([]float64, settings)
	for _, shares := range trees {
		for j, s := range shares {
			mean[j] += s / float64(len(trees))
		}
	}
	return mean
}

func near(t *testing.T, what string, got, want []float64, within float64) {
	t.Helper()
	for j := range want {
		if !(math.Abs(got[j]-want[j]) <= within) {
			t.Errorf("%s: setting %d explains %.4f, want %.4f within %g", what, j, got[j], want[j], within)
		}
	}
}

// One tree on all samples is the function itself: its shares are those known by calculation.
func TestAnalyticShares(t *testing.T) {
	for _, c := range []struct {
		name   string
		levels []int
		f      func(x []int) float64
		want   []float64
	}{
		// Over 0 … n-1 the variance is (n²-1)/12: 4²·15/12 = 20, 3²·8/12 = 6, 0.
		{"a sum", []int{4, 3, 5}, func(x []int) float64 { return 4*float64(x[0]) - 3*float64(x[1]) }, []float64{20. / 26, 6. / 26, 0}},
		// Of -1 and 1 a product has no main effects, and a + ab half of each.
		{"a product", []int{2, 2}, func(x []int) float64 { return sign(x[0]) * sign(x[1]) }, []float64{0, 0}},
		{"a and a product", []int{2, 2}, func(x []int) float64 { return sign(x[0]) + sign(x[0])*sign(x[1]) }, []float64{0.5, 0}},
		{"far from zero", []int{2, 3}, func(x []int) float64 { return 1e6 + sign(x[0]) }, []float64{1, 0}},
	} {
		x, y := measured(c.levels, 1, c.f)
		whole := &tree{x: x, y: centred(y)}
		all := make([]int, len(x))
		for i := range all {
			all[i] = i
		}
		whole.grow(all, box{low: make([]int, len(c.levels)), high: c.levels})
		near(t, c.name, whole.shares(c.levels), c.want, 1e-4)
		if c.name == "a product" {
			continue // a forest that has drawn other samples sees some of it as main effects
		}
		x, y = measured(c.levels, 4, c.f)
		near(t, c.name+", a forest", means(Shares(x, c.levels, y, 0), len(c.levels)), c.want, 0.02)
	}
}

func sign(x int) float64 { return 2*float64(x) - 1 }

// atRandom measures a function of settings from 0 to 1 at random, as random search does. The places
// of the values are their ranks.
func atRandom(n, settings int, f func(at []float64) float64) (x [][]int, levels []int, y []float64) {
	rng := nprandom.New(3)
	values := make([][]float64, settings)
	for j := range values {
		values[j] = make([]float64, n)
		for i := range n {
			values[j][i] = rng.Uniform(0, 1)
		}
		levels = append(levels, n)
	}
	for i := range n {
		var at []float64
		var places []int
		for j := range values {
			place := 0
			for _, other := range values[j] {
				if other < values[j][i] {
					place++
				}
			}
			at, places = append(at, values[j][i]), append(places, place)
		}
		x, y = append(x, places), append(y, f(at))
	}
	return x, levels, y
}

// Sobol's g-function, the product of (|4x-2|+a)/(1+a): a setting explains 1/(3(1+a)²) by itself, and all
// together the product of 1 + that, less 1 (Saltelli and Sobol, 1995).
func TestSobolsG(t *testing.T) {
	a := []float64{0, 1, 4.5, 9}
	x, levels, y := atRandom(1500, len(a), func(at []float64) float64 {
		g := 1.
		for j, v := range at {
			g *= (math.Abs(4*v-2) + a[j]) / (1 + a[j])
		}
		return g
	})
	var want []float64
	all := 1.
	for _, a := range a {
		want = append(want, 1/(3*(1+a)*(1+a)))
		all *= 1 + want[len(want)-1]
	}
	for j := range want {
		want[j] /= all - 1
	}
	trees := Shares(x, levels, y, 0)
	near(t, "Sobol's g", means(trees, len(a)), want, 0.05)
	if len(trees) != Trees {
		t.Errorf("%d trees", len(trees))
	}
	if again := Shares(x, levels, y, 0); !reflect.DeepEqual(again, trees) {
		t.Error("the same samples give other shares")
	}
}

// Ishigami's function with a = 7 and b = 0.1, whose shares are 0.3139, 0.4424 and 0 (Ishigami and Homma,
// 1990). A wave of two periods is hard for trees: its share comes out too small, by 0.12 with 500
// samples, 0.10 with 1,500 and 0.07 with 6,000.
func TestIshigami(t *testing.T) {
	x, levels, y := atRandom(1500, 3, func(at []float64) float64 {
		angle := func(j int) float64 { return math.Pi * (2*at[j] - 1) }
		return math.Sin(angle(0)) + 7*math.Pow(math.Sin(angle(1)), 2) + 0.1*math.Pow(angle(2), 4)*math.Sin(angle(0))
	})
	near(t, "Ishigami", means(Shares(x, levels, y, 0), 3), []float64{0.3139, 0.4424, 0}, 0.11)
}

func TestNothingToExplain(t *testing.T) {
	if trees := Shares(nil, []int{2}, nil, 0); trees != nil {
		t.Errorf("no samples: %v", trees)
	}
	x, y := measured([]int{3, 2}, 2, func([]int) float64 { return 0.1 })
	if trees := Shares(x, []int{3, 2}, y, 0); trees != nil {
		t.Errorf("one value everywhere: %v", trees)
	}
	if trees := Shares([][]int{{0}, {0}}, []int{1}, []float64{1, 2}, 0); trees != nil {
		t.Errorf("no setting varies: %v", trees)
	}
	for want, do := range map[string]func(){
		"2 samples with 1 values":        func() { Shares([][]int{{0}, {0}}, []int{1}, []float64{1}, 0) },
		"has 1 settings, want 2":         func() { Shares([][]int{{0}}, []int{1, 1}, []float64{1}, 0) },
		"has place 2 of 2 in setting 0":  func() { Shares([][]int{{2}}, []int{2}, []float64{1}, 0) },
		"has place -1 of 2 in setting 0": func() { Shares([][]int{{-1}}, []int{2}, []float64{1}, 0) },
	} {
		func() {
			defer func() {
				if said, ok := recover().(string); !ok || !strings.Contains(said, want) {
					t.Errorf("panics with %v, want %q", said, want)
				}
			}()
			do()
		}()
	}
}
