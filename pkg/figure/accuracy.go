package figure

import (
	"math"
	"slices"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot/vg"
)

// Accuracies is what an accuracy figure shows: one value per epoch, on training
// and on test data. *trainer.History is one.
type Accuracies interface {
	Accuracies() (train, test []float64)
}

// Noted is an Accuracies with something that its figure must say under the title,
// such as that the data was not the real one. An empty note says nothing.
type Noted interface {
	Accuracies
	Note() string
}

// Accuracy draws the accuracies of a training run as the class does: train with
// round and test with square markers on every second epoch, "epochs" against
// "accuracy" from 0 to 1, the legend at the lower right. Epochs count from 1, as
// in the log. Accuracies in percent, which are above 1.5, have an axis from 0 to 100;
// beside shares they are divided by 100, and the legend says so. An accuracy outside of
// the axis widens it.
func Accuracy(h Accuracies, opts ...Option) *Figure {
	o := options{width: 600, height: 400, xLabel: "epochs", yLabel: "accuracy", yRange: &[2]float64{0, 1}}
	if noted, ok := h.(Noted); ok {
		o.note = noted.Note()
	}
	if marked, ok := h.(interface{ OnStandIn() bool }); ok {
		o.marked = marked.OnStandIn()
	}
	o.apply(opts)
	train, test := h.Accuracies()
	runs := [][2][]float64{{train, test}}
	for _, r := range o.recorded {
		runs = append(runs, [2][]float64{r.train, r.test})
	}
	runs, suffixes := o.oneUnit(runs)
	train, test = runs[0][0], runs[0][1]
	var others []*curve
	for i, r := range o.recorded {
		clr := colorOf(2 + i)
		train, test := runs[i+1][0], runs[i+1][1]
		others = append(others,
			&curve{name: nameIf(train, ofRun(r.name, "train", suffixes[i+1][0])), xs: epochs(train), ys: train, color: clr, width: 1.2, dashes: []vg.Length{6, 3}},
			&curve{name: nameIf(test, ofRun(r.name, "test", suffixes[i+1][1])), xs: epochs(test), ys: test, color: clr, width: 1.2, dashes: []vg.Length{1.5, 2.5}})
	}
	own := []*curve{
		{name: bilingual.Of("train").With("", suffixes[0][0]), xs: epochs(train), ys: train, color: colorOf(0), width: 1.8, marker: roundMarker, every: 2},
		{name: bilingual.Of("test").With("", suffixes[0][1]), xs: epochs(test), ys: test, color: colorOf(1), width: 1.8, marker: squareMarker, every: 2},
	}
	return accuracyFigure(&o, others, own, len(train), len(test))
}

// Run is a training run with a name.
type Run struct {
	Name    string
	History Accuracies
}

// Compare draws the accuracies of several runs into one figure: one colour each,
// train drawn through with round markers, test dashed with square ones.
func Compare(runs []Run, opts ...Option) *Figure {
	o := options{width: 600, height: 400, xLabel: "epochs", yLabel: "accuracy", yRange: &[2]float64{0, 1}}
	o.apply(opts)
	var curves []*curve
	var counts []int
	var values [][2][]float64
	for _, r := range runs {
		train, test := r.History.Accuracies()
		values = append(values, [2][]float64{train, test})
	}
	values, suffixes := o.oneUnit(values)
	for i, r := range runs {
		train, test := values[i][0], values[i][1]
		counts = append(counts, len(train), len(test))
		curves = append(curves,
			&curve{name: ofRun(r.Name, "train", suffixes[i][0]), xs: epochs(train), ys: train, color: colorOf(i), width: 1.6, marker: roundMarker, every: 2},
			&curve{name: ofRun(r.Name, "test", suffixes[i][1]), xs: epochs(test), ys: test, color: colorOf(i), width: 1.6, marker: squareMarker, every: 2, dashes: []vg.Length{5, 3}})
	}
	return accuracyFigure(&o, nil, curves, counts...)
}

// oneUnit brings the accuracies of runs, on training and on test data, to one unit. When
// all are in percent, so is the axis; when some are, those become shares, and get a suffix
// for their names. The axis reaches as far as the values do.
func (o *options) oneUnit(runs [][2][]float64) (same [][2][]float64, suffixes [][2]bilingual.Text) {
	suffixes = make([][2]bilingual.Text, len(runs))
	percents, shares := 0, 0
	for _, run := range runs {
		for _, values := range run {
			switch highest, some := highest(values); {
			case some && highest > mostShare:
				percents++
			case some:
				shares++
			}
		}
	}
	percent := percents > 0 && shares == 0
	own := o.yRange != nil && *o.yRange != [2]float64{0, 1}
	low, high := 0.0, 1.0
	if percent {
		high = 100
		if o.yLabel == "accuracy" {
			o.yLabel = "accuracy in percent"
		}
	}
	for i, run := range runs {
		for k, values := range run {
			if most, _ := highest(values); most > mostShare && !percent {
				suffixes[i][k] = bilingual.Text{English: " (from percent)", Korean: "(퍼센트에서 환산)"}
				values = slices.Clone(values)
				for j := range values {
					values[j] /= 100
				}
			}
			run[k] = values
			for _, v := range values {
				if finite(v) {
					low, high = math.Min(low, v), math.Max(high, v)
				}
			}
		}
		same = append(same, run)
	}
	if !own {
		o.yRange = &[2]float64{low, high}
	}
	return same, suffixes
}

// mostShare is the highest accuracy that is taken for a share of 1.
const mostShare = 1.5

// highest is the highest of the values that are numbers; some is false when none is.
func highest(values []float64) (most float64, some bool) {
	for _, v := range values {
		if finite(v) {
			most, some = math.Max(most, v), true
		}
	}
	return most, some
}

// accuracyFigure draws own curves over others, on an axis of whole epochs that has
// room for all of them.
func accuracyFigure(o *options, others, own []*curve, counts ...int) *Figure {
	last := max(2, o.epochs)
	for _, n := range counts {
		last = max(last, n)
	}
	for _, l := range others {
		last = max(last, len(l.ys))
	}
	p := newPlane(o)
	p.x.ticks = epochTicks{}
	addCurves(p, o, slices.Concat(others, own), slices.Concat(own, others))
	p.x.min, p.x.max = 1, float64(last)
	return figureOf(o, p)
}

// epochs returns 1, 2, …, one for each value.
func epochs(values []float64) []float64 {
	xs := make([]float64, len(values))
	for i := range xs {
		xs[i] = float64(i + 1)
	}
	return xs
}

func nameIf(values []float64, name bilingual.Text) bilingual.Text {
	if len(values) == 0 {
		return bilingual.Text{}
	}
	return name
}

// ofRun is what a run's curve on a set is called.
func ofRun(run, set string, suffix bilingual.Text) bilingual.Text {
	return bilingual.Of(run).With(": ", bilingual.Of(set)).With("", suffix)
}

// MeanBand turns several runs of the same thing, one per seed, into a series: the
// mean of each point with a band of one standard deviation (of the sample) around
// it. Points are numbered 1, 2, …; the shortest run sets how many there are.
func MeanBand(name string, runs ...[]float64) Series {
	s := Series{Name: name}
	if len(runs) == 0 {
		return s
	}
	n := len(runs[0])
	for _, run := range runs {
		n = min(n, len(run))
	}
	values := make([]float64, len(runs))
	for i := range n {
		for k, run := range runs {
			values[k] = run[i]
		}
		mean, spread := values[0], 0.0
		if len(runs) > 1 {
			mean, spread = stat.MeanStdDev(values, nil)
		}
		s.X = append(s.X, float64(i+1))
		s.Y = append(s.Y, mean)
		s.Low = append(s.Low, mean-spread)
		s.High = append(s.High, mean+spread)
	}
	return s
}
