package figure_test

import (
	"fmt"
	"html"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// crowded are figures of all kinds with long texts in both languages, and much to show.
func crowded() map[string]func() *figure.Figure {
	title := figure.Title("the surest of the wrong answers among 10,000 test images · 시험 이미지 10,000장의 오답 가운데 가장 확신한 것 · Fashion-MNIST")
	note := figure.Note("with three seeds, each trained for ten epochs · 시드 3개, 각각 10에폭 학습")
	x := figure.XLabel("strength: 1 is 10 pixels, 180°, 0.2 to 5 times, noise, every image · 세기: 1은 10픽셀, 180도, 0.2~5배, 잡음, 모든 이미지")
	y := figure.YLabel("test accuracy, mean and spread of 3 seeds")
	named := func(n int, name string) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("%s %d", name, i))
		}
		return all
	}
	series := make([]figure.Series, 12)
	for i := range series {
		series[i] = figure.Series{Name: fmt.Sprintf("%d images, both dropouts · 이미지 %d장, 드롭아웃 둘", 100*i, 100*i), Y: []float64{0.1, 0.2 + float64(i)/20, 0.3 + float64(i)/20}}
	}
	layers := []string{"Convolution 1 before training · 학습 전 합성곱 1", "Relu", "Pooling", "Affine 1", "softmax with loss · 소프트맥스와 손실"}
	arrays := make([]*ndarray.Array[float64], len(layers))
	for i := range arrays {
		arrays[i] = ndarray.FromSlice([]float64{-1234.5, 0, 0.25, 1e5 * float64(i)})
	}
	distances := ndarray.Zeros[float64](10, 10)
	for i := range distances.Data() {
		distances.Data()[i] = float64(i%17) / 16
	}
	letters := make([][]int, 26)
	for i := range letters {
		letters[i] = make([]int, 26)
		letters[i][i] = 800
	}
	ten := make([][]int, 10)
	for i := range ten {
		ten[i] = make([]int, 10)
		ten[i][i] = 1000
	}
	var work []figure.Work
	for i := range 12 {
		work = append(work, figure.Work{Name: fmt.Sprintf("convolution %d by im2col · im2col 합성곱 %d", i, i), Intensity: 0.1 * math.Pow(1.8, float64(i)), GFLOPS: 1 + 9*float64(i%5)})
	}
	var dots []figure.Dot
	for i := range 17 {
		dots = append(dots, figure.Dot{Name: fmt.Sprintf("images %d · 이미지 %d장", 1000*i, 1000*i), Values: []float64{0.5, 0.6 + float64(i)/90}})
	}
	axes := searched(60)
	for i := range 9 {
		axes = append([]figure.Coordinate{{Name: fmt.Sprintf("images of the training set %d · 훈련 이미지의 수 %d", i, i), Values: axes[i%2].Values, Log: i%2 == 0}}, axes...)
	}
	axes[0].Labels, axes[0].Log = named(60, "a long name of a choice · 선택지의 긴 이름"), false
	axes[0].Values = make([]float64, 60)
	var rows []figure.Bar
	for i := range 17 {
		rows = append(rows, figure.Bar{Name: fmt.Sprintf("images of the training set %d · 훈련 이미지의 수 %d", i, i), Value: 12345.678 * float64(i-3), Spread: 1e4})
	}
	return map[string]func() *figure.Figure{
		"parallel":           func() *figure.Figure { return figure.Parallel(axes, title, note) },
		"parallel, low":      func() *figure.Figure { return figure.Parallel(axes[8:], title, figure.Size(680, 120)) },
		"parallel, one axis": func() *figure.Figure { return figure.Parallel(axes[12:], title) },
		"bars":               func() *figure.Figure { return figure.Bars(rows, title, note, x) },
		"dots": func() *figure.Figure {
			return figure.Dots(dots, dots[3].Name, title, note, figure.XLabel("test accuracy"))
		},
		"grid, negative": func() *figure.Figure { return figure.ImageGrid(rings(6, 12).Scale(-3), 6, nil, title) },
		"accuracy": func() *figure.Figure {
			return figure.Accuracy(runA, title, note, x, y, figure.StandIn(true), figure.Recorded("recorded in the class, run A · 수업의 기록 A", runB.train, runB.test))
		},
		"compare": func() *figure.Figure {
			return figure.Compare([]figure.Run{{Name: "20,000 images without dropout · 이미지 20,000장, 드롭아웃 없음", History: runA}, {Name: "b", History: runB}}, title)
		},
		"curves":      func() *figure.Figure { return figure.Curves(series, title, note, x, y) },
		"curves, log": func() *figure.Figure { return figure.Curves(series[:2], title, x, y, figure.LogY(), figure.LogX()) },
		"curves, low": func() *figure.Figure { return figure.Curves(series, title, figure.Size(680, 180)) },
		"long numbers": func() *figure.Figure {
			return figure.Curves([]figure.Series{{X: []float64{1234567, 1234568}, Y: []float64{2.302585, 2.302586}}}, y)
		},
		"loss":       func() *figure.Figure { return figure.Loss(decayingLoss(60000), title, figure.LogY()) },
		"histograms": func() *figure.Figure { return figure.Histograms(layers, arrays, title, note) },
		"grid":       func() *figure.Figure { return figure.ImageGrid(rings(24, 28), 12, nil, title) },
		"grid, names": func() *figure.Figure {
			return figure.ImageGrid(rings(20, 28), 10, named(20, "true Shirt, taken for T-shirt/top · 셔츠를 티셔츠로"), title, note)
		},
		"grid, large": func() *figure.Figure { return figure.ImageGrid(rings(6, 84), 3, named(6, "found"), title) },
		"grid, one":   func() *figure.Figure { return figure.ImageGrid(rings(1, 500), 1, []string{"a scene · 장면"}, title) },
		"grid, seven": func() *figure.Figure { return figure.ImageGrid(rings(7, 28), 7, classes[:7]) },
		"filters": func() *figure.Figure {
			return figure.Filters(ndarray.Zeros[float64](64, 1, 3, 3), 16, title, figure.OwnScale())
		},
		"heat map":      func() *figure.Figure { return figure.HeatMap(distances, classes, classes, title, x, y) },
		"heat map, one": func() *figure.Figure { return figure.HeatMap(distances.Slice(0, 1), []string{"a"}, nil, title, x, y) },
		"heat map, 60": func() *figure.Figure {
			return figure.HeatMap(rings(1, 60).Index(0, 0), named(60, "row"), named(60, "column"), title, x, y)
		},
		"heat map, 200": func() *figure.Figure { return figure.HeatMap(rings(1, 200).Index(0, 0), nil, nil, title, x, y) },
		"letters": func() *figure.Figure {
			return figure.ConfusionMatrix(letters, strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ", ""), title)
		},
		"confusion":    func() *figure.Figure { return figure.ConfusionMatrix(ten, classes, title, x, y) },
		"windows":      func() *figure.Figure { return figure.Windows(rings(6, 12).Reshape(6, 12, 12), 5, 5, 1, 0, title) },
		"windows, pad": func() *figure.Figure { return figure.Windows(rings(1, 60).Index(0, 0), 5, 5, 1, 2, title) },
		"roofline": func() *figure.Figure {
			return figure.Roofline([]figure.Machine{{Name: "one core of this machine, measured · 이 컴퓨터의 코어 하나, 측정값", GFLOPS: 115, Bandwidth: 18}}, work, title, note)
		},
	}
}

// written is a text of an SVG with its corners.
type written struct {
	text    string
	size    float64
	corners [4][2]float64
}

var (
	textAttributes = regexp.MustCompile(`<text ([^>]*)>([^<]*)</text>`)
	attribute      = regexp.MustCompile(`([a-zA-Z-]+)="([^"]*)"`)
	turn           = regexp.MustCompile(`rotate\(([-0-9.]+)`)
)

// writtenIn finds the texts of an SVG. Letters reach 0.72 of their size above the line and
// 0.18 below it.
func writtenIn(svg string) (all []written) {
	for _, found := range textAttributes.FindAllStringSubmatch(svg, -1) {
		values := map[string]string{"font-size": "11"}
		for _, a := range attribute.FindAllStringSubmatch(found[1], -1) {
			values[a[1]] = a[2]
		}
		number := func(name string) float64 { v, _ := strconv.ParseFloat(values[name], 64); return v }
		angle := 0.0
		if t := turn.FindStringSubmatch(values["transform"]); t != nil {
			degrees, _ := strconv.ParseFloat(t[1], 64)
			angle = degrees * math.Pi / 180
		}
		w := written{text: html.UnescapeString(found[2]), size: number("font-size")}
		sin, cos := math.Sincos(angle)
		for i, corner := range [][2]float64{{0, -0.72 * w.size}, {number("textLength"), -0.72 * w.size}, {number("textLength"), 0.18 * w.size}, {0, 0.18 * w.size}} {
			w.corners[i] = [2]float64{number("x") + cos*corner[0] - sin*corner[1], number("y") + sin*corner[0] + cos*corner[1]}
		}
		all = append(all, w)
	}
	return all
}

// over reports whether two texts lie over each other: no side of either parts them.
func (w written) over(other written) bool {
	for _, sides := range [][4][2]float64{w.corners, other.corners} {
		for i := range 2 {
			nx, ny := sides[i+1][1]-sides[i][1], sides[i][0]-sides[i+1][0]
			length := math.Hypot(nx, ny)
			reach := func(corners [4][2]float64) (low, high float64) {
				low, high = math.Inf(1), math.Inf(-1)
				for _, c := range corners {
					v := (c[0]*nx + c[1]*ny) / length
					low, high = math.Min(low, v), math.Max(high, v)
				}
				return low, high
			}
			low, high := reach(w.corners)
			otherLow, otherHigh := reach(other.corners)
			if high <= otherLow+0.5 || otherHigh <= low+0.5 {
				return false
			}
		}
	}
	return true
}

// In both widths no letter is smaller than 11 pixels, and no text lies beyond the picture or
// over another; a narrow figure is no wider than a telephone.
func TestTextsAreLegible(t *testing.T) {
	all := gallery()
	for name, build := range crowded() {
		all["crowded "+name] = build
	}
	for _, name := range slicesSorted(all) {
		wide := all[name]()
		for _, f := range []*figure.Figure{wide, wide.Narrow()} {
			width, height := f.Size()
			where := fmt.Sprintf("%s, %.0f wide", name, width)
			svg, err := f.SVG()
			if err != nil {
				t.Fatal(where, err)
			}
			if f != wide && width > figure.NarrowWidth {
				t.Errorf("%s: that is not narrow", where)
			}
			texts := writtenIn(string(svg))
			if f != wide && len(texts) == 0 && len(writtenIn(svgOf(t, wide))) > 0 {
				t.Errorf("%s: no texts", where)
			}
			for i, w := range texts {
				if w.size < 11 {
					t.Errorf("%s: %q is %g high", where, w.text, w.size)
				}
				for _, c := range w.corners {
					if c[0] < -0.5 || c[1] < -0.5 || c[0] > width+0.5 || c[1] > height+0.5 {
						t.Errorf("%s: %q reaches to %.0f, %.0f, beyond %.0fx%.0f", where, w.text, c[0], c[1], width, height)
						break
					}
				}
				for _, other := range texts[:i] {
					if w.over(other) {
						t.Errorf("%s: %q lies over %q", where, w.text, other.text)
					}
				}
			}
		}
	}
}

func svgOf(t *testing.T, f *figure.Figure) string {
	t.Helper()
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	return string(svg)
}

func slicesSorted(all map[string]func() *figure.Figure) []string {
	return slices.Sorted(maps.Keys(all))
}
