package figure

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg/draw"
)

// newPlane returns empty axes in the house style. The title is not part of it:
// heading.draw places that.
func newPlane(o *options) *plane {
	empty := axis{min: math.Inf(1), max: math.Inf(-1), ticks: roundTicks{}, padding: axisPadding}
	p := &plane{x: empty, y: empty}
	p.x.label, p.y.label = bilingual.Of(o.xLabel), bilingual.Of(o.yLabel)
	if p.x.log = o.logX; o.logX {
		p.x.ticks = decadeTicks{}
	}
	if p.y.log = o.logY; o.logY {
		p.y.ticks = decadeTicks{}
	}
	p.add(gridLines{})
	return p
}

// figureOf returns a figure of the size in o that shows the title and the axes.
func figureOf(o *options, p *plane) *Figure {
	h := o.heading()
	return &Figure{heading: h, shows: p.words(), layout: func(in form) drawing {
		if in.narrow {
			return p.in(in).narrow(h)
		}
		return in.around(o.width-2*margin, o.height-2*margin, func(c draw.Canvas) { p.in(in).drawWithLegend(h.draw(c, in)) })
	}}
}

// roundTicks puts four to eight ticks at multiples of 1, 2 or 5 times a power of
// ten, or of whole numbers only.
type roundTicks struct{ whole bool }

// mostTicks bounds the ticks of an axis.
const mostTicks = 20

func (t roundTicks) ticks(low, high float64) []tick {
	span := high - low
	if !(span > 0) || math.IsInf(span, 0) {
		return []tick{{low, strconv.FormatFloat(low, 'g', 4, 64)}}
	}
	step := roundStep(span)
	if t.whole {
		step = math.Max(1, math.Round(step))
	}
	var values []float64
	for k := math.Ceil(low/step - 1e-9); k*step <= high+step*1e-9 && len(values) < mostTicks; k++ {
		v := k * step
		if k == 0 {
			v = 0
		}
		if n := len(values); n > 0 && values[n-1] == v {
			break // the numbers here lie further apart than the ticks
		}
		values = append(values, v)
	}
	labels := tickLabels(values, step)
	ticks := make([]tick, len(values))
	for i, v := range values {
		ticks[i] = tick{v, labels[i]}
	}
	return ticks
}

// tickLabels writes numbers that are multiples of a step, each different from the others,
// as short as that can be.
func tickLabels(values []float64, step float64) []string {
	largest := 0.0
	for _, v := range values {
		largest = math.Max(largest, math.Abs(v))
	}
	decimals := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	all := func(form byte, precision int) (labels []string, different bool) {
		seen := map[string]bool{}
		for _, v := range values {
			label := grouped(strconv.FormatFloat(v, form, precision, 64))
			labels, seen[label] = append(labels, label), true
		}
		return labels, len(seen) == len(labels)
	}
	if largest < 1e6 && decimals <= 5 {
		labels, _ := all('f', decimals)
		return labels
	}
	labels, different := all('g', 4)
	if !different && largest < 1e12 && decimals <= 10 {
		labels, different = all('f', decimals)
	}
	for precision := 5; !different && precision <= 17; precision++ {
		labels, different = all('g', precision)
	}
	return labels
}

// grouped writes a number from 1,000 on with commas between its thousands.
func grouped(label string) string {
	whole, fraction, found := strings.Cut(label, ".")
	sign := ""
	if rest, minus := strings.CutPrefix(whole, "-"); minus {
		sign, whole = "-", rest
	}
	if len(whole) < 4 || strings.ContainsAny(label, "e") {
		return label
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if found {
		fraction = "." + fraction
	}
	return sign + whole + fraction
}

// roundStep returns the distance of the ticks on an axis of the given length.
func roundStep(span float64) float64 {
	step := math.Pow(10, math.Floor(math.Log10(span/4)))
	for _, factor := range []float64{1, 2, 5} {
		if span/(step*factor) <= 7 {
			return step * factor
		}
	}
	return step * 10
}

// roundOut widens an axis to the next ticks.
func roundOut(a *axis) {
	span := a.max - a.min
	if !(span > 0) || math.IsInf(span, 0) {
		return
	}
	step := roundStep(span)
	a.min = math.Floor(a.min/step+1e-9) * step
	a.max = math.Ceil(a.max/step-1e-9) * step
}

// epochTicks puts ticks on whole numbers, the first epoch among them.
type epochTicks struct{}

func (epochTicks) ticks(low, high float64) []tick {
	ticks := roundTicks{whole: true}.ticks(low, high)
	if len(ticks) > 1 && ticks[0].value > low && ticks[0].value-low > (ticks[1].value-ticks[0].value)/2 {
		ticks = append([]tick{{low, strconv.FormatFloat(low, 'f', 0, 64)}}, ticks...)
	}
	return ticks
}

// decadeTicks labels the powers of ten of a logarithmic axis, and 2 and 5 times
// them when the axis is short.
type decadeTicks struct{}

func (decadeTicks) ticks(low, high float64) []tick {
	if !(low > 0 && high >= low) {
		return nil
	}
	decades := math.Log10(high / low)
	every := int(math.Max(1, math.Ceil(decades/8)))
	var ticks []tick
	for k := int(math.Floor(math.Log10(low))); k <= int(math.Ceil(math.Log10(high))); k++ {
		for factor := 1.0; factor < 10; factor++ {
			v := math.Pow(10, float64(k)) * factor
			if v < low*(1-1e-9) || v > high*(1+1e-9) {
				continue
			}
			label := ""
			if (factor == 1 && k%every == 0) || (decades < 2.5 && (factor == 2 || factor == 5)) {
				label = powerLabel(v)
			}
			if label != "" || every == 1 {
				ticks = append(ticks, tick{v, label})
			}
		}
	}
	return ticks
}

// pointTicks are labels at given places of a logarithmic axis, over its small ticks.
type pointTicks []float64

func (places pointTicks) ticks(low, high float64) []tick {
	all := decadeTicks{}.ticks(low, high)
	for i := range all {
		all[i].label = ""
	}
	for _, v := range places {
		all = append(all, tick{v, powerLabel(v)})
	}
	slices.SortStableFunc(all, func(a, b tick) int { return cmp.Compare(a.value, b.value) })
	return all
}

// powerLabel writes v in full between 0.001 and 100,000, else as 5e-4 or 1e6.
func powerLabel(v float64) string {
	if v > 0.0009 && v < 200000 {
		return grouped(strconv.FormatFloat(v, 'g', 6, 64))
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	sign := strings.TrimPrefix(exponent[:1], "+")
	return digits + "e" + sign + strings.TrimLeft(exponent[1:], "0")
}

// gridLines draws a faint horizontal line at every labelled tick.
type gridLines struct{}

func (gridLines) plot(c draw.Canvas, p *plane) {
	_, y := p.transforms(c)
	style := draw.LineStyle{Color: gridInk, Width: 0.8}
	for _, t := range p.y.marks() {
		if t.label != "" {
			c.StrokeLine2(style, c.Min.X, y(t.value), c.Max.X, y(t.value))
		}
	}
}
