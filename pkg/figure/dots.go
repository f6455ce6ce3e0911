package figure

import (
	"slices"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot/vg"
)

// Dot is a row of Dots: what was measured of one thing, once for each seed.
type Dot struct {
	Name   string
	Values []float64
}

// Dots draws a row for each thing that was measured, from the top: a pale dot for each
// value, a bar at their mean, and the name to the left. Of the row named reference the mean
// is a dashed line through all rows; where there is no such row there is no line. XLabel
// says what is measured. Values that are not finite are left out.
func Dots(rows []Dot, reference string, opts ...Option) *Figure {
	o := options{width: 600, height: 100 + 21*vg.Length(len(rows)), legend: FreeCorner}
	o.apply(opts)
	each := &curve{name: bilingual.Of("each seed · 시드마다"), color: faded(palette[0], 0x70), marker: roundMarker}
	means := &curve{name: bilingual.Of("mean"), color: palette[0], marker: barMarker}
	line := &curve{color: palette[1], width: 1.4, dashes: []vg.Length{6, 3}}
	var words []bilingual.Text
	for i, row := range rows {
		values := slices.DeleteFunc(slices.Clone(row.Values), func(v float64) bool { return !finite(v) })
		if len(values) == 0 {
			words = append(words, bilingual.Of(row.Name).With(" ", bilingual.Of("no values")))
			continue
		}
		y, mean := -float64(i), stat.Mean(values, nil)
		for _, v := range values {
			each.xs, each.ys, each.labels = append(each.xs, v), append(each.ys, y), append(each.labels, row.Name)
		}
		means.xs, means.ys, means.labels = append(means.xs, mean), append(means.ys, y), append(means.labels, row.Name)
		if row.Name == reference {
			line.name = bilingual.Of(reference)
			line.xs, line.ys = []float64{mean, mean}, []float64{0.6, 0.4 - float64(len(rows))}
		}
		words = append(words, said("%s %s", "%s %s", bilingual.Of(row.Name), short(mean)))
	}
	p := newPlane(&o)
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Name
	}
	p.y.ticks = rowNames{names, form{}}
	o.yRange = &[2]float64{0.4 - float64(max(len(rows), 1)), 0.6}
	addCurves(p, &o, []*curve{line, each, means}, []*curve{each, means, line})
	roundOut(&p.x)
	f := figureOf(&o, p)
	f.shows = said("Rows of dots, with their means: %s.", "점으로 나타낸 행과 평균: %s.", listed(words))
	return f
}
