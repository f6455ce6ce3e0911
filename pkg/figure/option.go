package figure

import (
	"fmt"
	"math"
	"strings"

	"convbook/pkg/internal/bilingual"

	"gonum.org/v1/plot/vg"
)

// Option changes a figure. Options that mean nothing to a figure are ignored.
type Option func(*options)

type options struct {
	title          string
	note           string
	standIn        bool
	marked         bool // as made of a stand-in, without a note of our own
	xLabel, yLabel string
	width, height  vg.Length
	yRange         *[2]float64
	valueRange     *[2]float64
	logX, logY     bool
	legend         Corner
	recorded       []recordedRun
	epochs         int
	inverted       bool
	ownScale       bool
	colors         []string // names, in English
}

type recordedRun struct {
	name        string
	train, test []float64
}

// heading returns the title with the notes under it, the stand-in's first.
func (o *options) heading() heading {
	h := heading{title: bilingual.Of(o.title), standIn: o.standIn || o.marked}
	note := o.note
	if o.standIn && !strings.Contains(o.title, "STAND-IN") { // a data set's title says it, too
		note = "on drawn stand-in images, not the real data\n" + note
	}
	for i, line := range strings.Split(strings.TrimSpace(note), "\n") {
		if text := bilingual.Of(line); i == 0 {
			h.note = text
		} else {
			h.note.English += "\n" + text.English
			h.note.Korean = strings.TrimSpace(h.note.Korean + "\n" + text.Korean)
		}
	}
	return h
}

func (o *options) apply(opts []Option) {
	for _, opt := range opts {
		opt(o)
	}
}

// Title sets the text above the figure, in English and Korean: "training accuracy · 훈련 정확도". Parts
// between dots that hold Korean letters are the Korean, so data.Label() may stand behind. The
// texts of axes, notes, captions and names are written in the same way; the terms of the
// field, as "epochs", have their Korean form by themselves. Long titles are broken into lines.
func Title(title string) Option { return func(o *options) { o.title = title } }

// Note adds a line under the title, in smaller and lighter type.
func Note(note string) Option { return func(o *options) { o.note = note } }

// StandIn says in the title that the figure shows the drawn stand-in images and
// not the real data set, when it is true: StandIn(history.StandIn).
func StandIn(standIn bool) Option {
	return func(o *options) { o.standIn = standIn }
}

// Size sets the width and height in CSS pixels. It panics unless both are between
// 40 and 4000. Images and filters in a grid become as large as there is room for them;
// matrices, histograms and windows choose their own size.
func Size(width, height float64) Option {
	if !(width >= 40 && width <= 4000 && height >= 40 && height <= 4000) {
		panic(fmt.Sprintf("figure.Size(%g, %g): both must be between 40 and 4000 pixels", width, height))
	}
	return func(o *options) { o.width, o.height = vg.Length(width), vg.Length(height) }
}

// XLabel sets the text under the horizontal axis.
func XLabel(label string) Option { return func(o *options) { o.xLabel = label } }

// YLabel sets the text beside the vertical axis.
func YLabel(label string) Option { return func(o *options) { o.yLabel = label } }

// YRange fixes the ends of the vertical axis. It panics unless low < high and both are
// finite.
func YRange(low, high float64) Option {
	if !(low < high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		panic(fmt.Sprintf("figure.YRange(%g, %g): the first must be the smaller, and both finite", low, high))
	}
	return func(o *options) { o.yRange = &[2]float64{low, high} }
}

// ValueRange fixes which values get the first and the last shade of an image,
// a filter or a heat map. It panics unless low < high and both are finite.
func ValueRange(low, high float64) Option {
	if !(low < high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		panic(fmt.Sprintf("figure.ValueRange(%g, %g): the first must be the smaller, and both finite", low, high))
	}
	return func(o *options) { o.valueRange = &[2]float64{low, high} }
}

// Epochs makes the horizontal axis of an accuracy figure reach to epoch n from the
// start, so that a curve that still grows does not change its scale.
func Epochs(n int) Option { return func(o *options) { o.epochs = n } }

// LogX makes the horizontal axis logarithmic; points at or below zero are left out.
func LogX() Option { return func(o *options) { o.logX = true } }

// LogY makes the vertical axis logarithmic; points at or below zero are left out.
func LogY() Option { return func(o *options) { o.logY = true } }

// Inverted draws images dark on light: the highest value is black.
func Inverted() Option { return func(o *options) { o.inverted = true } }

// OwnScale gives each image of a grid, and each filter, its own shades: an image from
// its lowest to its highest value, a filter up to its largest weight. It shows weak ones
// beside strong ones, and no longer which is which.
func OwnScale() Option { return func(o *options) { o.ownScale = true } }

// Corner is where a legend stands.
type Corner int

// The four corners, no legend at all, and whichever corner leaves most of the curves
// free.
const (
	LowerRight Corner = iota
	UpperRight
	UpperLeft
	LowerLeft
	NoLegend
	FreeCorner
)

// Legend puts the legend into a corner.
func Legend(at Corner) Option { return func(o *options) { o.legend = at } }

// Recorded draws a run recorded elsewhere, thin and dashed, under the curves of
// Accuracy: its accuracies at epochs 1, 2, … on training and on test data; either
// may be nil. It can be given several times.
func Recorded(name string, train, test []float64) Option {
	return func(o *options) { o.recorded = append(o.recorded, recordedRun{name, train, test}) }
}
