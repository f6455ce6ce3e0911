package sweep

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/nprandom"
)

// scored are results of points with the accuracies that a function gives.
func scored(points []Point, seeds int, accuracy func(Point) float64) (r Results) {
	for _, p := range points {
		for seed := range seeds {
			a := accuracy(p)
			r = append(r, Result{Settings: p, Seed: uint32(seed), Digest: "d", FinalTestAcc: a, Test: []float64{0.1, a / 2, a}, Seconds: 2})
		}
	}
	return r
}

func TestCoordinates(t *testing.T) {
	points := append(Grid(Values("rate", 0.001, 0.01, 0.1), Values("optimizer", "sgd", "adam"), Values("epochs", 3)), Point{"rate": 0.01, "epochs": 3, "dropout": 0.5})
	results := scored(points, 2, func(p Point) float64 { return p.Float("rate") })
	results[0].Failed, results[1].Failed = "no memory", "no memory"
	axes := results.Coordinates()
	var names []string
	for _, a := range axes {
		names = append(names, a.Name)
		if len(a.Values) != 6 {
			t.Errorf("%s: %d values of six points that did not fail", a.Name, len(a.Values))
		}
	}
	if want := []string{"dropout", "optimizer", "rate", "test accuracy"}; !slices.Equal(names, want) {
		t.Fatalf("axes %q, want %q", names, want)
	}
	if a := axes[1]; !slices.Equal(a.Labels, []string{"adam", "sgd"}) || !slices.Contains(a.Values, 1) || !math.IsNaN(a.Values[slices.Index(axes[0].Values, 0.5)]) {
		t.Errorf("the optimizers are %+v", a)
	}
	if !axes[2].Log || axes[3].Log || axes[0].Log {
		t.Errorf("logarithmic are rate %v, accuracy %v, dropout %v", axes[2].Log, axes[3].Log, axes[0].Log)
	}
	if !slices.IsSortedFunc(axes[3].Values, func(a, b float64) int { return int(math.Copysign(1, b-a)) * map[bool]int{true: 0, false: 1}[a == b] }) {
		t.Errorf("the best is not first: %v", axes[3].Values)
	}
	figure.Parallel(axes)
	if axes := Results(nil).Coordinates(); len(axes) != 1 || len(axes[0].Values) != 0 {
		t.Errorf("no results have %+v", axes)
	}
}

// Axes are logarithmic as the ranges are that values are drawn from.
func TestLogarithmicAxes(t *testing.T) {
	for seed := range uint32(20) {
		rng := nprandom.New(seed)
		results := scored(Random(30, rng, LogUniform("rate", 1e-4, 1e-1), Uniform("dropout", 0.05, 0.6), WholeNumbers("filters", 4, 64)), 1, func(p Point) float64 { return 0.5 })
		for _, a := range results.Coordinates() {
			if want := a.Name == "rate"; a.Log != want {
				t.Errorf("seed %d: %s is on a logarithmic axis: %v", seed, a.Name, a.Log)
			}
		}
	}
	for _, c := range []struct {
		values []any
		want   bool
	}{{[]any{16, 32, 64}, true}, {[]any{0.0003, 0.001, 0.003}, true}, {[]any{2000, 6000, 20000}, true}, {[]any{1, 2, 3, 4, 5}, false},
		{[]any{3, 5, 7}, false}, {[]any{0.0, 0.2, 0.4}, false}, {[]any{1, 100}, false}, {[]any{"a", "b", "c"}, false}, {nil, false}} {
		if got := logarithmic(c.values); got != c.want {
			t.Errorf("%v: %v", c.values, got)
		}
	}
}

func TestImportance(t *testing.T) {
	grid := Grid(Values("rate", 0.001, 0.01, 0.1, 1.0), Values("optimizer", "a", "b", "c"), Values("filters", 8, 16), Values("epochs", 5))
	// Over four ranks the variance of 0.3 a rank is 0.09·15/12, of one text of three 0.09·2/9, of
	// the product of signs 0.01.
	f := func(p Point) float64 {
		v := 0.3 * math.Log10(p.Float("rate"))
		if p.Text("optimizer") == "b" {
			v += 0.3
		}
		return v + 0.1*map[bool]float64{true: 1, false: -1}[p.Int("filters") == 8 == (p.Float("rate") > 0.05)]
	}
	all := 0.09*15/12 + 0.09*2/9 + 0.01
	want := []figure.Bar{{Name: "rate", Value: 0.09 * 15 / 12 / all}, {Name: "optimizer", Value: 0.09 * 2 / 9 / all}, {Name: "filters"}, {Name: Together, Value: 0.01 / all}}
	bars := scored(grid, 5, f).Importance()
	if len(bars) != len(want) {
		t.Fatalf("bars %v", bars)
	}
	for i, w := range want {
		if b := bars[i]; b.Name != w.Name || math.Abs(b.Value-w.Value) > 0.02 || b.Spread < 0 || b.Spread > 0.1 {
			t.Errorf("%+v, want %+v", b, w)
		}
	}
	if again := scored(grid, 5, f).Importance(); !reflect.DeepEqual(again, bars) {
		t.Error("the same results have other shares")
	}
	halved := scored(grid, 5, f)
	for i := range halved {
		if i%3 == 0 {
			halved[i].Stopped, halved[i].FinalTestAcc = 1, 0.1 // what it had then is no end
			halved[i].Test = halved[i].Test[:2]
		}
	}
	if got := halved.Importance(); math.Abs(got[0].Value-want[0].Value) > 0.02 {
		t.Errorf("with trials that were stopped: %+v", got)
	}
	if bars := scored(grid, 1, func(Point) float64 { return 0.5 }).Importance(); bars != nil {
		t.Errorf("one accuracy everywhere is explained by %v", bars)
	}
	if bars := Results(nil).Importance(); bars != nil {
		t.Errorf("no results are explained by %v", bars)
	}
	if bars := scored(Grid(Values("rate", 0.1, 0.2)), 3, func(p Point) float64 { return p.Float("rate") }).Importance(); len(bars) != 1 || bars[0].Value < 0.99 {
		t.Errorf("one setting: %v", bars)
	}
}

func TestOverTime(t *testing.T) {
	accuracies := map[int]float64{1: 0.5, 2: 0.9, 3: 0.4, 4: 0.7, 5: 0.6, 6: 0.8}
	results := scored(Grid(Values("filters", 1, 2, 3, 4, 5, 6)), 2, func(p Point) float64 { return accuracies[p.Int("filters")] })
	results[2].Stopped, results[3].Stopped = 1, 1
	results[8].Failed, results[9].Failed = "no memory", "no memory"
	series := results.OverTime()
	each, best := series[0], series[1]
	if !reflect.DeepEqual(each.X, []float64{4, 8, 12, 16, 20}) || !reflect.DeepEqual(each.Y, []float64{0.5, 0.9, 0.4, 0.7, 0.8}) || !each.Separate {
		t.Errorf("each point: %+v", each)
	}
	if !reflect.DeepEqual(best.X, []float64{4, 8, 12, 16, 16, 20, 20}) || !reflect.DeepEqual(best.Y, []float64{0.5, 0.5, 0.5, 0.5, 0.7, 0.7, 0.8}) {
		t.Errorf("the best so far: %+v", best)
	}
	results = results[2:] // what was stopped is the best until another comes to its end
	if best := results.OverTime()[1]; !reflect.DeepEqual(best.Y, []float64{0.9, 0.9, 0.4, 0.4, 0.7, 0.7, 0.8}) {
		t.Errorf("after one that was stopped: %+v", best)
	}
	figure.Curves(series)
}
