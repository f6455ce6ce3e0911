package figure_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// oddNumbers are what training and students' arithmetic leave behind.
var oddNumbers = []float64{0, 1, -1, 0.5, 100, 97.3, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, math.MaxFloat64, 5e-324, -5e-324,
	1e-310, 1e299, 1e300, 1e301, 2.30258, 2.302581, 2.302582, 1e15, 1e15 + 1, 1 << 53, 1<<53 + 2, 1e-9, math.Copysign(0, -1)}

// oddTexts are titles, labels and names.
var oddTexts = []string{"", " ", "\n", "\n\n\n", "정확도", "a", "a long title of many words ", strings.Repeat("word ", 300), strings.Repeat("W", 3000), "a\x00b\x1b[31m<&>\"'",
	"\xff\xfe", "\u202eright to left", strings.Repeat("한", 500), "1\t2"}

// drawn builds a figure at random, of any kind, size and contents.
func drawn(r *rand.Rand) *figure.Figure {
	number := func() float64 {
		if r.IntN(3) > 0 {
			return oddNumbers[r.IntN(len(oddNumbers))]
		}
		return r.NormFloat64() * math.Pow(10, float64(r.IntN(40)-20))
	}
	numbers := func(n int) []float64 {
		values, same := make([]float64, n), number()
		kind := r.IntN(3)
		for i := range values {
			switch kind {
			case 0:
				values[i] = same
			case 1:
				values[i] = number()
			default:
				values[i] = r.Float64()
			}
		}
		return values
	}
	text := func() string { return oddTexts[r.IntN(len(oddTexts))] }
	side := func() float64 { return []float64{40, 41, 60, 90, 150, 400, 4000, 40 + 600*r.Float64()}[r.IntN(8)] }
	var opts []figure.Option
	for _, opt := range []figure.Option{figure.Title(text()), figure.Note(text()), figure.XLabel(text()), figure.YLabel(text()), figure.Size(side(), side()),
		figure.LogX(), figure.LogY(), figure.StandIn(true), figure.Legend(figure.Corner(r.IntN(6))), figure.Epochs(r.IntN(1e6)), figure.Inverted(), figure.OwnScale(),
		figure.Recorded(text(), numbers(r.IntN(9)), numbers(r.IntN(9)))} {
		if r.IntN(3) == 0 {
			opts = append(opts, opt)
		}
	}
	if low, high := number(), number(); r.IntN(4) == 0 && low < high && !math.IsInf(low, 0) && !math.IsInf(high, 0) {
		opts = append(opts, figure.YRange(low, high), figure.ValueRange(low, high))
	}
	count := func() int { return []int{0, 1, 2, 3, 10, 200}[r.IntN(6)] }
	array := func(shape ...int) *ndarray.Array[float64] {
		return ndarray.FromSlice(numbers(len(ndarray.Zeros[float64](shape...).Data()))).Reshape(shape...)
	}
	names := func(n int) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = text()
		}
		return all
	}
	switch r.IntN(12) {
	case 9:
		axes, n := make([]figure.Coordinate, r.IntN(30)), []int{0, 1, 7, 200, 5000}[r.IntN(5)]
		for i := range axes {
			axes[i] = figure.Coordinate{Name: text(), Values: numbers(n), Log: r.IntN(2) == 0}
			if r.IntN(3) == 0 {
				axes[i].Labels = names(r.IntN(90))
				for k := range axes[i].Values {
					axes[i].Values[k] = float64(r.IntN(95) - 2)
				}
			}
		}
		return figure.Parallel(axes, opts...)
	case 10:
		rows := make([]figure.Bar, r.IntN(30))
		for i := range rows {
			rows[i] = figure.Bar{Name: text(), Value: number(), Spread: number()}
		}
		return figure.Bars(rows, opts...)
	case 0:
		return figure.Loss(numbers(count()), opts...)
	case 1:
		return figure.Accuracy(recorded{numbers(count()), numbers(count())}, opts...)
	case 2:
		var runs []figure.Run
		for range r.IntN(5) {
			runs = append(runs, figure.Run{Name: text(), History: recorded{numbers(r.IntN(9)), numbers(r.IntN(9))}})
		}
		return figure.Compare(runs, opts...)
	case 3:
		var series []figure.Series
		for range count() / 2 {
			n := r.IntN(12)
			s := figure.Series{Name: text(), Y: numbers(n), Dashed: r.IntN(2) == 0, Points: r.IntN(2) == 0}
			if r.IntN(2) == 0 {
				s.X = numbers(n)
			}
			if r.IntN(2) == 0 && n > 0 {
				s.Low, s.High = numbers(n), numbers(n)
			}
			series = append(series, s)
		}
		return figure.Curves(series, opts...)
	case 4:
		n := r.IntN(30)
		return figure.ImageGrid(array(n, 1, 1+r.IntN(9), 1+r.IntN(9)), 1+r.IntN(12), names(r.IntN(n+1)), opts...)
	case 5:
		return figure.Filters(array(1+r.IntN(9), 1+r.IntN(3), 1+r.IntN(5), 1+r.IntN(5)), 1+r.IntN(12), opts...)
	case 6:
		rows, columns := r.IntN(30), r.IntN(30)
		return figure.HeatMap(array(rows, columns), names(rows), names(columns), opts...)
	case 7:
		n := r.IntN(8)
		arrays := make([]*ndarray.Array[float64], n)
		for i := range arrays {
			arrays[i] = array(count())
		}
		return figure.Histograms(names(n), arrays, opts...)
	case 8:
		n := r.IntN(14)
		counts := make([][]int, n)
		for i := range counts {
			counts[i] = make([]int, n)
			for j := range counts[i] {
				counts[i][j] = []int{0, 1, 990, math.MaxInt, math.MinInt}[r.IntN(5)]
			}
		}
		return figure.ConfusionMatrix(counts, names(n), opts...)
	}
	machines := []figure.Machine{{Name: text(), GFLOPS: 1 + 1e6*r.Float64(), Bandwidth: 1 + 1e3*r.Float64()}}
	var work []figure.Work
	for range r.IntN(20) {
		work = append(work, figure.Work{Name: text(), Intensity: number(), GFLOPS: number()})
	}
	return figure.Roofline(machines, work, opts...)
}

// checkBounded draws a figure as SVG and as PNG, which must come to an end, with numbers
// that are finite.
func checkBounded(t *testing.T, seed uint64) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		f := drawn(rand.New(rand.NewPCG(seed, 1)))
		svg, err := f.SVG()
		if text := string(svg); err == nil && (strings.Contains(text, `"NaN`) || strings.Contains(text, " NaN") || strings.Contains(text, `"+Inf`) || len(svg) > 16<<20) {
			err = fmt.Errorf("an SVG of %d bytes, or with numbers that are none", len(svg))
		}
		if err == nil {
			svg, err = f.Narrow().SVG()
			if text := string(svg); err == nil && (strings.Contains(text, `"NaN`) || strings.Contains(text, " NaN") || strings.Contains(text, `"+Inf`) || len(svg) > 16<<20) {
				err = fmt.Errorf("a narrow SVG of %d bytes, or with numbers that are none", len(svg))
			}
		}
		if err == nil {
			_, err = f.PNG(36)
		}
		if err != nil && strings.Contains(err.Error(), "too large for a PNG") {
			err = nil
		}
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	case <-time.After(30 * time.Second):
		t.Fatalf("seed %d: no end after 30 s", seed)
	}
}

// TestEveryFigureEnds draws figures of odd sizes, texts and values.
func TestEveryFigureEnds(t *testing.T) {
	count := uint64(400)
	if os.Getenv("CONVBOOK_LONG") != "" {
		count = 5000
	}
	var before, after runtime.MemStats
	for seed := range count {
		runtime.ReadMemStats(&before)
		start := time.Now()
		checkBounded(t, seed)
		runtime.ReadMemStats(&after)
		if made := after.TotalAlloc - before.TotalAlloc; made > 2<<30 {
			t.Errorf("seed %d: %d MB were allocated, in %v", seed, made>>20, time.Since(start))
		}
	}
}

// The figures of the reports: both formats of each, at sizes too small for their labels.
func TestSmallFiguresEnd(t *testing.T) {
	for _, width := range []float64{40, 60, 80, 120, 300} {
		for _, height := range []float64{40, 60, 80, 120, 300} {
			for _, title := range []string{"", "Loss", strings.Repeat("a long title ", 40)} {
				f := figure.Loss([]float64{1, 2}, figure.Size(width, height), figure.Title(title), figure.YLabel(strings.Repeat("cross entropy ", 9)))
				if err := f.Save(fmt.Sprintf("%s/x.png", t.TempDir())); err != nil {
					t.Errorf("%gx%g: %v", width, height, err)
				}
				if _, err := f.SVG(); err != nil {
					t.Errorf("%gx%g: %v", width, height, err)
				}
			}
		}
	}
}

// What im2col makes of a large image is far larger than the image: the picture is not.
func TestLargeWindows(t *testing.T) {
	f := figure.Windows(ndarray.Zeros[float32](3, 300, 300), 64, 64, 1, 0)
	svg, err := f.SVG()
	if err != nil || len(svg) > 8<<20 {
		t.Errorf("an SVG of %d bytes, %v", len(svg), err)
	}
	if !strings.Contains(string(svg), "(56169, 12288)") {
		t.Error("the caption does not say the size of the whole matrix")
	}
}
