package sweep

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"convbook/pkg/nprandom"
)

func TestAccessorsSayWhatIsWrong(t *testing.T) {
	p := Point{"filters": 64, "rate": 0.5, "init": "he", "dropout": true, "whole": 3.0}
	if p.Int("filters") != 64 || p.Int("whole") != 3 || p.Float("filters") != 64 || p.Float("rate") != 0.5 || p.Text("init") != "he" || !p.Bool("dropout") {
		t.Error("a setting came back changed")
	}
	for want, get := range map[string]func(){
		`no setting "filter"; there are dropout, filters, init, rate, whole`: func() { p.Int("filter") },
		`"rate" is 0.5, not a whole number`:                                  func() { p.Int("rate") },
		`"init" is "he", not a number`:                                       func() { p.Float("init") },
		`"filters" is 64, not a text`:                                        func() { p.Text("filters") },
		`"filters" is 64, not true or false`:                                 func() { p.Bool("filters") },
	} {
		func() {
			defer func() {
				if text := fmt.Sprint(recover()); !strings.Contains(text, want) {
					t.Errorf("panic %q, want %q in it", text, want)
				}
			}()
			get()
		}()
	}
}

func TestGridAndOneAtATime(t *testing.T) {
	if got := Grid(); !reflect.DeepEqual(got, []Point{{}}) {
		t.Errorf("the grid of no axes is %v", got)
	}
	got := Grid(Values("a", 1, 2), Values("b", "x", "y", "z"))
	want := []Point{{"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 1, "b": "z"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}, {"a": 2, "b": "z"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("grid %v, want %v", got, want)
	}
	base := Point{"a": 1, "b": 5.0}
	got = OneAtATime(base, Values("a", 1, 2), Values("b", 4, 5, 6))
	if want := []Point{{"a": 1, "b": 5.0}, {"a": 2, "b": 5.0}, {"a": 1, "b": 4}, {"a": 1, "b": 6}}; !reflect.DeepEqual(got, want) {
		t.Errorf("one at a time %v, want %v", got, want)
	}
}

func TestRandomStaysInItsRanges(t *testing.T) {
	draw := func() []Point {
		return Random(2000, nprandom.New(1), LogUniform("rate", 1e-4, 1e-1), Uniform("ratio", -1, 1), WholeNumbers("hidden", 3, 5), Values("init", "he", "xavier"))
	}
	points := draw()
	if !reflect.DeepEqual(points, draw()) {
		t.Error("the same seed drew other points")
	}
	below, hidden, init := 0, map[int]int{}, map[string]int{}
	for _, p := range points {
		rate, ratio := p.Float("rate"), p.Float("ratio")
		if rate < 1e-4 || rate > 1e-1 || ratio < -1 || ratio > 1 {
			t.Fatalf("%v is out of range", p)
		}
		if rate < 1e-3 {
			below++
		}
		hidden[p.Int("hidden")]++
		init[p.Text("init")]++
	}
	if third := float64(below) / 2000; math.Abs(third-1./3) > 0.04 {
		t.Errorf("%.3f of the rates lie in the lowest of three decades, want a third", third)
	}
	if len(hidden) != 3 || len(init) != 2 || hidden[3] < 500 || init["he"] < 850 {
		t.Errorf("hidden %v, init %v: want all values about equally often", hidden, init)
	}
}

func TestKeysAndOrder(t *testing.T) {
	if a, b := (Point{"n": 64, "x": "s"}).key(), (Point{"x": "s", "n": 64.0}).key(); a != b {
		t.Errorf("the keys of equal settings are %s and %s", a, b)
	}
	if got := varying([]Point{{"a": 1, "b": 2, "c": 3}, {"a": 1.0, "b": 3}}); !reflect.DeepEqual(got, []string{"b", "c"}) {
		t.Errorf("varying settings %v, want b and c", got)
	}
	if !less(9, 10.5) || less("b", "a") || !less(true, "u") {
		t.Error("values are in the wrong order")
	}
}
