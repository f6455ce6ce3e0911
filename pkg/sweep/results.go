package sweep

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
	"convbook/pkg/trainer"

	"gonum.org/v1/gonum/stat"
)

// Results are the results of a sweep, those of one point beside each other.
type Results []Result

// Table is a table of texts, which display.Show shows.
type Table struct {
	Header []string
	Rows   [][]string
}

// Cells returns header and rows.
func (t Table) Cells() (header []string, rows [][]string) { return t.Header, t.Rows }

// group is a point with the results of its seeds.
type group struct {
	point   Point
	results Results
}

func (r Results) groups() []group {
	var groups []group
	at := make(map[string]int)
	for _, result := range r {
		key := result.Settings.key()
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, group{point: result.Settings})
		}
		groups[i].results = append(groups[i].results, result)
	}
	return groups
}

func (g group) finals() []float64 {
	var finals []float64
	for _, r := range g.results {
		if r.Failed == "" {
			finals = append(finals, r.FinalTestAcc)
		}
	}
	return finals
}

// mean of the final accuracies; below any accuracy when all seeds failed.
func (g group) mean() float64 {
	finals := g.finals()
	if len(finals) == 0 {
		return -1
	}
	return stat.Mean(finals, nil)
}

// stopped is after how many epochs Halving stopped the point, 0 when it did not.
func (g group) stopped() int {
	stopped := 0
	for _, r := range g.results {
		stopped = max(stopped, r.Stopped)
	}
	return stopped
}

// epochs is for how long the point was trained, in an order: to the end, stopped
// late, stopped early, failed.
func (g group) epochs() int {
	switch {
	case g.mean() < 0:
		return -1
	case g.stopped() == 0:
		return math.MaxInt
	}
	return g.stopped()
}

// ranked orders points by their mean, those that were stopped early or failed
// after the others.
func (r Results) ranked() []group {
	groups := r.groups()
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(b.epochs(), a.epochs()), cmp.Compare(b.mean(), a.mean()))
	})
	return groups
}

// Best returns the settings with the highest mean final accuracy, nil when there
// are no results.
func (r Results) Best() Point {
	ranked := r.ranked()
	if len(ranked) == 0 || ranked[0].mean() < 0 {
		return nil
	}
	return ranked[0].point
}

// Table lists the points, best first: a column for each setting that varies, and the accuracy
// on test and on training images as mean ± standard deviation over the seeds, both after
// the last step and on as many images as the header says (trainer.Final). The number of
// seeds stands in the header, too, or has a column where points have different numbers.
func (r Results) Table() Table {
	groups := r.ranked()
	names := varying(points(groups))
	header, outcomes := r.outcomes(groups)
	table := Table{Header: append(slices.Clone(names), header...)}
	for i, g := range groups {
		var row []string
		for _, name := range names {
			row = append(row, text(g.point[name]))
		}
		table.Rows = append(table.Rows, append(row, outcomes[i]...))
	}
	return table
}

// Changes is Table with one column for all settings that says what differs from
// base: for OneAtATime, where each point differs in one.
func (r Results) Changes(base Point) Table {
	groups := r.ranked()
	header, outcomes := r.outcomes(groups)
	table := Table{Header: append([]string{"change · 바꾼 것"}, header...)}
	for i, g := range groups {
		table.Rows = append(table.Rows, append([]string{change(g.point, base)}, outcomes[i]...))
	}
	return table
}

// Unchanged names the point that differs from the base in nothing.
const Unchanged = "as written · 적힌 그대로"

func change(p, base Point) string {
	var parts []string
	for _, name := range p.names() {
		if !same(p[name], base[name]) {
			parts = append(parts, name+" "+text(p[name]))
		}
	}
	if len(parts) == 0 {
		return Unchanged
	}
	return strings.Join(parts, ", ")
}

// outcomes are the columns of what is measured, and their header, which says on how many
// images and with how many seeds.
func (r Results) outcomes(groups []group) (header []string, rows [][]string) {
	name := func(english, korean string, on func(trainer.Final) int) string {
		least, most := math.MaxInt, 0
		for _, result := range r {
			if n := on(result.Final); n > 0 {
				least, most = min(least, n), max(most, n)
			}
		}
		switch {
		case most == 0:
			return english + " · " + korean
		case least == most:
			return fmt.Sprintf("%s, %s images · %s, %[2]s장", english, thousands(most), korean)
		}
		return fmt.Sprintf("%s, %s to %s images · %s, %[2]s~%[3]s장", english, thousands(least), thousands(most), korean)
	}
	header = []string{
		name("test accuracy", "시험 정확도", func(f trainer.Final) int { return f.TestOn }),
		name("training accuracy", "훈련 정확도", func(f trainer.Final) int { return f.TrainOn }),
	}
	seeds := map[int]bool{}
	for _, g := range groups {
		seeds[g.seeds()] = true
		rows = append(rows, g.outcome())
	}
	if len(seeds) == 1 {
		if n := groups[0].seeds(); n > 1 {
			english, korean, _ := strings.Cut(header[0], " · ")
			header[0] = fmt.Sprintf("%s, %d seeds · %s, 시드 %[2]d개", english, n, korean)
		}
		return header, rows
	}
	for i, g := range groups {
		rows[i] = append(rows[i], fmt.Sprint(g.seeds()))
	}
	return append(header, "seeds · 시드"), rows
}

// seeds is how many of them the outcome is of.
func (g group) seeds() int {
	if finals := g.finals(); len(finals) > 0 {
		return len(finals)
	}
	return len(g.results)
}

// thousands writes a number with commas.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

func (g group) outcome() []string {
	finals := g.finals()
	if len(finals) == 0 {
		return []string{"failed: " + g.results[0].Failed, ""}
	}
	var train []float64
	for _, r := range g.results {
		if r.Failed == "" && r.Final.TrainOn > 0 {
			train = append(train, r.Final.TrainAcc)
		}
	}
	test := spread(finals)
	if after := g.stopped(); after > 0 {
		test += fmt.Sprintf(" (stopped after %s)", plural(after))
	}
	return []string{test, spread(train)}
}

func spread(values []float64) string {
	switch len(values) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%.4f", values[0])
	}
	mean, std := stat.MeanStdDev(values, nil)
	return fmt.Sprintf("%.4f ± %.4f", mean, std)
}

func points(groups []group) []Point {
	all := make([]Point, len(groups))
	for i, g := range groups {
		all[i] = g.point
	}
	return all
}

// Along returns the results that differ from base in no other setting than name, in
// the order of its values.
func (r Results) Along(name string, base Point) Results {
	var along Results
	for _, result := range r {
		others := true
		for key, v := range result.Settings {
			others = others && (key == name || same(v, base[key]))
		}
		if others {
			along = append(along, result)
		}
	}
	sort.SliceStable(along, func(i, j int) bool { return less(along[i].Settings[name], along[j].Settings[name]) })
	return along
}

// Curves returns a series for each point, in order: the mean test accuracy by epoch
// over the seeds, with a band of one standard deviation. Its name is what varies.
func (r Results) Curves() []figure.Series {
	return r.curves(func(result Result) []float64 { return result.Test }, figure.MeanBand)
}

// TrainingCurves is Curves with the accuracy on training images.
func (r Results) TrainingCurves() []figure.Series {
	return r.curves(func(result Result) []float64 { return result.Train }, figure.MeanBand)
}

// TrainingRuns is TrainingCurves with a thin line for each seed, where a mean would be the
// curve of none of them.
func (r Results) TrainingRuns() []figure.Series {
	return r.curves(func(result Result) []float64 { return result.Train },
		func(name string, runs ...[]float64) figure.Series { return figure.Series{Name: name, Runs: runs} })
}

// Dots returns a row for each point, best first, with the final test accuracy of each seed;
// its name is what differs from base, which is itself named as written.
func (r Results) Dots(base Point) (rows []figure.Dot) {
	for _, g := range r.ranked() {
		rows = append(rows, figure.Dot{Name: change(g.point, base), Values: g.finals()})
	}
	return rows
}

func (r Results) curves(of func(Result) []float64, series func(name string, runs ...[]float64) figure.Series) []figure.Series {
	groups := r.groups()
	names := varying(points(groups))
	var all []figure.Series
	for _, g := range groups {
		var label []string
		for _, name := range names {
			label = append(label, name+" "+text(g.point[name]))
		}
		var runs [][]float64
		for _, result := range g.results {
			if result.Failed == "" {
				runs = append(runs, of(result))
			}
		}
		if len(runs) > 0 {
			all = append(all, series(strings.Join(label, ", "), runs...))
		}
	}
	return all
}

// Against returns the final test accuracy against a setting that is a number: a
// point for each of its values, the mean over all results that have it, with a band
// of one standard deviation.
func (r Results) Against(name string) figure.Series {
	s := figure.Series{Name: name, Points: true}
	finals := make(map[float64][]float64)
	for _, result := range r {
		if v, ok := number(result.Settings[name]); ok && result.Failed == "" {
			if finals[v] == nil {
				s.X = append(s.X, v)
			}
			finals[v] = append(finals[v], result.FinalTestAcc)
		}
	}
	sort.Float64s(s.X)
	for _, x := range s.X {
		mean, std := finals[x][0], 0.
		if len(finals[x]) > 1 {
			mean, std = stat.MeanStdDev(finals[x], nil)
		}
		s.Y, s.Low, s.High = append(s.Y, mean), append(s.Low, mean-std), append(s.High, mean+std)
	}
	return s
}

// Grid returns the mean final test accuracy over two settings, of shape (values of
// rows, values of columns), with their names, as figure.HeatMap draws it. A
// combination that was not tried is NaN.
func (r Results) Grid(rows, columns string) (values *ndarray.Array[float64], rowNames, columnNames []string) {
	rowValues, columnValues := r.values(rows), r.values(columns)
	values = ndarray.Zeros[float64](len(rowValues), len(columnValues))
	for i, row := range rowValues {
		for j, column := range columnValues {
			var finals []float64
			for _, result := range r {
				if result.Failed == "" && same(result.Settings[rows], row) && same(result.Settings[columns], column) {
					finals = append(finals, result.FinalTestAcc)
				}
			}
			values.Set(stat.Mean(finals, nil), i, j)
		}
	}
	for _, v := range rowValues {
		rowNames = append(rowNames, text(v))
	}
	for _, v := range columnValues {
		columnNames = append(columnNames, text(v))
	}
	return values, rowNames, columnNames
}

// values lists the values that a setting has, in order.
func (r Results) values(name string) []any {
	var values []any
	for _, result := range r {
		v := result.Settings[name]
		if !slices.ContainsFunc(values, func(old any) bool { return same(old, v) }) {
			values = append(values, v)
		}
	}
	sort.SliceStable(values, func(i, j int) bool { return less(values[i], values[j]) })
	return values
}

func plural(epochs int) string {
	if epochs == 1 {
		return "1 epoch"
	}
	return fmt.Sprintf("%d epochs", epochs)
}
