package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"convbook/pkg/display"
	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
)

// told is what a plain figure must say: areas, with rows of texts.
type told [][][]string

// history is a run of two curves.
type history struct{ train, test []float64 }

func (h history) Accuracies() (train, test []float64) { return h.train, h.test }

// five writes a number in five digits.
func five(v float64) string {
	if v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 5, 64)
}

// plain has a figure of each kind, with what is to be read in it.
func plain() (figures []string, want []told) {
	add := func(f *figure.Figure, w told) {
		figures, want = append(figures, string(display.Picture(f))), append(want, w)
	}
	rng := nprandom.New(4)

	h := history{[]float64{0.1, 0.7994, 0.857, 0.91255}, []float64{0.135, 0.79, math.NaN(), 0.8}}
	curves := told{make([][]string, 2)}
	for i, ys := range [][]float64{h.train, h.test} {
		for k, y := range ys {
			if !math.IsNaN(y) {
				curves[0][i] = append(curves[0][i], fmt.Sprintf("%s: epochs · 에폭 %d, accuracy · 정확도 %s", []string{"train · 훈련", "test · 시험"}[i], k+1, five(y)))
			}
		}
	}
	add(figure.Accuracy(h, figure.Title("a run · 학습")), curves)

	logs := []float64{1e-5, 3.14159265e-3, 0.2, 17.5}
	row := make([]string, len(logs))
	for i, v := range logs {
		row[i] = fmt.Sprintf("a < b: x %s, loss · 손실 %s", five(v), five(v*v))
	}
	add(figure.Curves([]figure.Series{{Name: "a < b", X: logs, Y: []float64{logs[0] * logs[0], logs[1] * logs[1], logs[2] * logs[2], logs[3] * logs[3]}, Points: true}},
		figure.LogX(), figure.LogY(), figure.YLabel("loss")), told{{row}})

	counts := [][]int{{90, 7, 3}, {0, 99, 1}, {12, 8, 80}}
	names := []string{"T-shirt/top", "Trouser", "A|B"}
	matrix := told{make([][]string, 3)}
	for i, counts := range counts {
		for j, n := range counts {
			say := []string{"T-shirt/top · 티셔츠", "Trouser · 바지", "A¦B"}
			matrix[0][i] = append(matrix[0][i], fmt.Sprintf("true class · 정답 클래스 %s, taken for · 예측 클래스 %s: %d", say[i], say[j], n))
		}
	}
	add(figure.ConfusionMatrix(counts, names), matrix)

	heat := ndarray.Rand[float64](rng, 12, 30)
	cells := told{make([][]string, 12)}
	for i := range 12 {
		for j := range 30 {
			cells[0][i] = append(cells[0][i], fmt.Sprintf("%d, %d: %.3f", i, j, heat.At(i, j)))
		}
	}
	add(figure.HeatMap(heat, nil, nil), cells)

	bytes := ndarray.Zeros[float32](3, 20, 20) // as data sets have them
	for i := range bytes.Data() {
		bytes.Data()[i] = float32(rng.RandInt(0, 256)) / 255
	}
	images := make(told, 3)
	for i := range images {
		images[i] = make([][]string, 20)
		for y := range 20 {
			for x := range 20 {
				caption := []string{"Coat · 코트", "Bag · 가방", ""}[i]
				if caption != "" {
					caption = " " + caption
				}
				images[i][y] = append(images[i][y], fmt.Sprintf("[%d]%s, (%d, %d): %.3f", i, caption, y, x, bytes.At(i, y, x)))
			}
		}
	}
	add(figure.ImageGrid(bytes, 2, []string{"Coat", "Bag"}), images)
	add(figure.ImageGrid(bytes, 3, []string{"Coat", "Bag"}, figure.Inverted()), images)

	w := ndarray.Randn[float64](rng, 2, 3, 3, 3)
	filters := make(told, 6)
	for i := range filters {
		filters[i] = make([][]string, 3)
		for y := range 3 {
			for x := range 3 {
				filters[i][y] = append(filters[i][y], fmt.Sprintf("[%d], (%d, %d): %s", i, y, x, strconv.FormatFloat(w.At(i/3, i%3, y, x), 'g', 4, 64)))
			}
		}
	}
	add(figure.Filters(w, 3), filters)

	// Many: the shades alone, to half of a step.
	many := ndarray.Randn[float64](rng, 60, 1, 5, 5)
	limit := 0.
	for _, v := range many.Data() {
		limit = max(limit, math.Abs(v))
	}
	shaded := make(told, 60)
	for i := range shaded {
		shaded[i] = make([][]string, 5)
		for y := range 5 {
			for x := range 5 {
				step := math.Round(127+many.At(i, 0, y, x)/limit*127) - 127
				shaded[i][y] = append(shaded[i][y], fmt.Sprintf("[%d], (%d, %d): ≈ %s", i, y, x, unsigned(fmt.Sprintf("%.*f", int(math.Ceil(-math.Log10(limit/127))), step/127*limit))))
			}
		}
	}
	add(figure.Filters(many, 10), shaded)

	add(figure.Bars([]figure.Bar{{Name: "depth · 깊이", Value: 0.62, Spread: 0.1}, {Name: "seed", Value: -0.0301}}, figure.XLabel("share")),
		told{{{"depth · 깊이: 0.62", "seed · 시드: -0.0301"}}})
	add(figure.Dots([]figure.Dot{{Name: "a", Values: []float64{0.5, 0.625}}, {Name: "b", Values: []float64{0.75}}}, "a"), told{{
		{"a: 0.5625", "a: 0.5625"},
		{"each seed · 시드마다, a: 0.5", "each seed · 시드마다, a: 0.625", "each seed · 시드마다, b: 0.75"},
		{"mean · 평균, a: 0.5625", "mean · 평균, b: 0.75"}}})
	spread := ndarray.Arange[float64](80).Reshape(8, 10)
	bins := told{{nil}}
	for i := range 40 {
		edge := func(k int) string { return strconv.FormatFloat(float64(k)*79/40, 'g', 3, 64) }
		bins[0][0] = append(bins[0][0], fmt.Sprintf("W1, %s – %s: %d", edge(i), edge(i+1), 2))
	}
	add(figure.Parallel([]figure.Coordinate{{Name: "filters · 필터", Values: []float64{30, 60, 30}}, {Name: "rate", Values: []float64{1, 0.001, 0.1}, Log: true},
		{Name: "pool · 풀링", Values: []float64{1, 0, 1}, Labels: []string{"max", "none"}}, {Name: "accuracy · 정확도", Values: []float64{0.5, 0.75, math.NaN()}}}), told{{
		slices.Repeat([]string{"filters 60, rate 0.001, pool max, accuracy 0.75 · 필터 60, 학습률 0.001, 풀링 max, 정확도 0.75"}, 4),
		slices.Repeat([]string{"filters 30, rate 1, pool none, accuracy 0.5 · 필터 30, 학습률 1, 풀링 없음, 정확도 0.5"}, 4),
		slices.Repeat([]string{"filters 30, rate 0.1, pool none, accuracy none · 필터 30, 학습률 0.1, 풀링 없음, 정확도 없음"}, 3)}})
	add(figure.Histograms([]string{"W1"}, []*ndarray.Array[float64]{spread}), bins)
	return figures, want
}

// unsigned is a zero without a sign.
func unsigned(text string) string {
	if v, err := strconv.ParseFloat(text, 64); err == nil && v == 0 && text[0] == '-' {
		return text[1:]
	}
	return text
}
