package figure_test

import (
	"math"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

// recorded is a run given by its accuracies.
type recorded struct{ train, test []float64 }

func (r recorded) Accuracies() (train, test []float64) { return r.train, r.test }

// The run recorded in the class with 200 test images.
var runA = recorded{
	train: []float64{.087, .799, .857, .858, .874, .881, .888, .894, .905, .906, .908, .910, .931, .923, .931, .938, .947, .938, .950, .946},
	test:  []float64{.135, .79, .815, .865, .83, .85, .88, .875, .875, .885, .855, .885, .91, .88, .90, .87, .89, .88, .89, .88},
}

// The run recorded with 300.
var runB = recorded{
	train: []float64{.1, .794, .83, .843, .858, .866, .878, .888, .901, .9, .895, .901, .896, .921, .911, .922, .931, .936, .932, .943},
	test:  []float64{.093, .79, .81, .803, .817, .847, .86, .867, .857, .87, .88, .893, .883, .883, .897, .907, .9, .803, .887, .9},
}

// scaled returns a run with all accuracies multiplied.
func scaled(r recorded, by float64) (out recorded) {
	for i := range r.train {
		out.train = append(out.train, by*r.train[i])
		out.test = append(out.test, by*r.test[i])
	}
	return out
}

var classes = []string{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"}

// lcg is a fixed source of numbers in [0, 1) for pictures.
type lcg uint32

func (r *lcg) next() float64 {
	*r = *r*1664525 + 1013904223
	return float64(*r>>8) / (1 << 24)
}

// rings returns n images of concentric waves, all different, with values in [0, 1].
func rings(n, size int) *ndarray.Array[float32] {
	images := ndarray.Zeros[float32](n, 1, size, size)
	for i := range n {
		for y := range size {
			for x := range size {
				r := math.Hypot(float64(x)-float64(size)/2, float64(y)-float64(size)/3)
				images.Set(float32(0.5+0.5*math.Cos(r*(0.3+0.07*float64(i)))), i, 0, y, x)
			}
		}
	}
	return images
}

// decayingLoss is a noisy loss as training gives.
func decayingLoss(steps int) []float64 {
	r := lcg(7)
	loss := make([]float64, steps)
	for i := range loss {
		loss[i] = 0.25 + 2.05*math.Exp(-6*float64(i)/float64(steps)) + 0.35*(r.next()-0.5)*math.Exp(-float64(i)/float64(steps))
	}
	return loss
}

// searched are trials at random over a rate, a number of filters and an optimizer.
func searched(n int) []figure.Coordinate {
	r := lcg(11)
	axes := []figure.Coordinate{{Name: "learning rate", Log: true}, {Name: "filters"}, {Name: "optimizer", Labels: []string{"sgd", "momentum", "adam"}},
		{Name: "test accuracy"}}
	for range n {
		rate, filters, optimizer := math.Pow(10, -1-4*r.next()), float64(int(16)<<int(3*r.next())), float64(int(3*r.next()))
		score := 0.9 - 0.1*math.Pow(math.Log10(rate)+3, 2) + 0.01*math.Log2(filters) + 0.02*optimizer
		for i, v := range []float64{rate, filters, optimizer, score} {
			axes[i].Values = append(axes[i].Values, v)
		}
	}
	return axes
}

// gallery is every figure that the tests hold to a golden image.
func gallery() map[string]func() *figure.Figure {
	return map[string]func() *figure.Figure{
		"accuracy": func() *figure.Figure {
			return figure.Accuracy(runA, figure.Title("SimpleConvNet on Fashion-MNIST"))
		},
		"accuracy_recorded": func() *figure.Figure {
			return figure.Accuracy(scaled(runB, 0.93), figure.Title("SimpleConvNet, 6,000 images, both dropouts"), figure.StandIn(true),
				figure.Recorded("Run A, class", runA.train, runA.test), figure.Recorded("Run B, class", runB.train, runB.test))
		},
		"accuracy_growing": func() *figure.Figure {
			return figure.Accuracy(recorded{runA.train[:1], runA.test[:1]}, figure.Title("After one step"))
		},
		"compare": func() *figure.Figure {
			return figure.Compare([]figure.Run{{Name: "20,000 images", History: runA}, {Name: "6,000 images", History: runB}},
				figure.Title("Two settings"))
		},
		"curves": func() *figure.Figure {
			var seeds [][]float64
			for k := range 5 {
				r := lcg(k + 1)
				run := make([]float64, len(runA.test))
				for i, v := range runA.test {
					run[i] = v + 0.05*(r.next()-0.5)
				}
				seeds = append(seeds, run)
			}
			return figure.Curves([]figure.Series{
				figure.MeanBand("five seeds", seeds...),
				{Name: "one seed, broken", Y: append(append([]float64{}, runB.train[:8]...), append([]float64{math.NaN()}, runB.train[9:]...)...), Dashed: true, Points: true},
			}, figure.Title("Spread over seeds"), figure.XLabel("epochs"), figure.YLabel("accuracy"), figure.Legend(figure.LowerRight))
		},
		"curves_free_corner": func() *figure.Figure {
			// Four epochs that end at the upper right, and a wide band at the lower left.
			return figure.Curves([]figure.Series{
				figure.MeanBand("dropout 0", []float64{.28, .67, .76, .78}, []float64{.30, .68, .76, .79}),
				figure.MeanBand("dropout 0.4", []float64{.10, .58, .65, .68}, []float64{.25, .60, .66, .72}),
				figure.MeanBand("images 2000", []float64{.10, .30, .53, .57}, []float64{.20, .40, .54, .60}),
				figure.MeanBand("images 20000", []float64{.20, .73, .76, .79}, []float64{.22, .74, .77, .78}),
			}, figure.Title("Dropout and number of images"), figure.XLabel("epochs"), figure.YLabel("test accuracy"), figure.YRange(0, 1))
		},
		"windows_numbers": func() *figure.Figure {
			return figure.Windows(ndarray.Arange[float64](50).Reshape(2, 5, 5), 3, 3, 2, 1, figure.Title("Rows that can be checked"))
		},
		"curves_runs": func() *figure.Figure {
			return figure.Curves([]figure.Series{
				{Name: "depth 1", Runs: [][]float64{{.1, .6, .7, .74}, {.1, .62, .71, .73}, {.1, .58, .69, .75}}},
				{Name: "depth 6", Runs: [][]float64{{.1, .1, .1, .1}, {.1, .1, .12, .6}, {.1, .1, .1, .1}}},
			}, figure.Title("A line for each seed"), figure.XLabel("epochs"), figure.YLabel("accuracy"), figure.YRange(0, 1))
		},
		"dots": func() *figure.Figure {
			return figure.Dots([]figure.Dot{
				{"images 20000", []float64{.776, .788, .799}}, {"dropout 0", []float64{.755, .767, .779}},
				{"as written", []float64{.689, .715, .743}}, {"std 0.001", []float64{.12, math.NaN(), .61}}, {"failed", nil},
			}, "as written", figure.Title("One setting changed at a time"), figure.XLabel("test accuracy"))
		},
		"bars": func() *figure.Figure {
			return figure.Bars([]figure.Bar{{"learning rate", 0.62, 0.05}, {"filters", 0.21, 0.03}, {"together · 서로 얽힌 몫", 0.15, 0.04}, {"dropout", 0.02, 0}, {"failed", math.NaN(), 0}},
				figure.Title("How much each setting matters"), figure.XLabel("share of the variance · 분산에서 차지하는 몫"))
		},
		"parallel": func() *figure.Figure { return figure.Parallel(searched(40), figure.Title("Forty trials at random")) },
		"parallel_many": func() *figure.Figure {
			axes := searched(12)
			for i := range 6 {
				values := make([]float64, 12)
				for k := range values {
					values[k] = float64((k*i + k) % 3)
				}
				axes = append([]figure.Coordinate{{Name: "hidden neurons of layer · 은닉층의 뉴런 수 " + string(rune('A'+i)), Values: values}}, axes...)
			}
			axes[2].Values[3] = math.NaN()
			return figure.Parallel(axes, figure.Title("Many settings"))
		},
		"curves_log": func() *figure.Figure {
			return figure.Curves([]figure.Series{
				{Name: "learning rate", X: []float64{1e-5, 1e-4, 1e-3, 1e-2, 1e-1}, Y: []float64{0.4, 0.72, 0.88, 0.81, 0.1}, Points: true},
			}, figure.Title("Final accuracy by learning rate"), figure.XLabel("learning rate"), figure.YLabel("accuracy"), figure.LogX(), figure.YRange(0, 1), figure.Legend(figure.NoLegend))
		},
		"curves_log_both": func() *figure.Figure {
			return figure.Curves([]figure.Series{
				{Name: "Relu, He", X: []float64{1, 10, 100}, Y: []float64{6e-5, 1e-4, 2e-4}, Points: true},
				{Name: "Sigmoid", X: []float64{1, 10, 100}, Y: []float64{3e-9, 1e-7, 1e-5}, Points: true},
			}, figure.Title("Labels of logarithmic axes"), figure.XLabel("images in a batch, of all that there are"),
				figure.YLabel("size of the gradient, mean and spread of 3 seeds"), figure.LogX(), figure.LogY())
		},
		"loss": func() *figure.Figure {
			return figure.Loss(decayingLoss(300), figure.Title("Loss of every step"))
		},
		"loss_long": func() *figure.Figure {
			return figure.Loss(decayingLoss(12000), figure.Title("Loss, 12,000 steps"), figure.LogY())
		},
		"imagegrid": func() *figure.Figure {
			return figure.ImageGrid(rings(10, 28), 5, classes, figure.Title("Ten garments"))
		},
		"imagegrid_single": func() *figure.Figure {
			return figure.ImageGrid(rings(1, 28).Index(0, 0), 1, []string{"x[0, 0]"}, figure.Inverted())
		},
		"imagegrid_captions": func() *figure.Figure {
			return figure.ImageGrid(rings(7, 28), 4, []string{"true Shirt, taken for T-shirt/top 0.98", "Ankle boot", "a_word_wider_than_its_image"},
				figure.Title("The most confident mistakes"), figure.Note("of 10,000"))
		},
		"filters": func() *figure.Figure {
			w := ndarray.Zeros[float64](30, 1, 5, 5)
			r := lcg(3)
			for i := range w.Data() {
				w.Data()[i] = r.next() + r.next() - 1
			}
			return figure.Filters(w, 10, figure.Title("W1 after training"))
		},
		"filters_own_scale": func() *figure.Figure {
			w := ndarray.FromSlice([]float64{
				1. / 9, 1. / 9, 1. / 9, 1. / 9, 1. / 9, 1. / 9, 1. / 9, 1. / 9, 1. / 9,
				-1, 0, 1, -2, 0, 2, -1, 0, 1,
				0, 1, 0, 1, -4, 1, 0, 1, 0}, 3, 1, 3, 3)
			return figure.Filters(w, 3, figure.Title("Blur, Sobel, Laplace"), figure.OwnScale())
		},
		"imagegrid_own_scale": func() *figure.Figure {
			maps := rings(4, 12)
			for i := range 4 {
				for k := range maps.Index(i).Data() {
					maps.Index(i).Data()[k] *= float32(math.Pow(0.1, float64(i)))
				}
			}
			return figure.ImageGrid(maps, 4, []string{"1", "0.1", "0.01", "0.001"}, figure.Title("Feature maps, each to its own largest"), figure.OwnScale())
		},
		"confusion": func() *figure.Figure {
			r := lcg(5)
			counts := make([][]int, len(classes))
			for i := range counts {
				counts[i] = make([]int, len(classes))
				for j := range counts[i] {
					counts[i][j] = int(12 * r.next() * r.next())
				}
				counts[i][i] = 850 + int(100*r.next())
			}
			counts[6][0], counts[6][2], counts[6][6] = 132, 87, 640
			return figure.ConfusionMatrix(counts, classes, figure.Title("10,000 test images"))
		},
		"heatmap": func() *figure.Figure {
			v := ndarray.FromSlice([]float64{.812, .845, .871, .102, .833, .868, .889, math.NaN(), .829, .871, .8905, .884}, 3, 4)
			return figure.HeatMap(v, []string{"16", "32", "64"}, []string{"1e-4", "3e-4", "0.001", "0.01"},
				figure.Title("Test accuracy"), figure.XLabel("learning rate"), figure.YLabel("filters"))
		},
		"heatmap_whole": func() *figure.Figure {
			v := ndarray.FromSlice([]float64{1, 2, 1, 2, 4, 2, 1, 2, 1}, 3, 3)
			return figure.HeatMap(v, nil, nil, figure.Title("Windows that see each pixel"), figure.XLabel("column"), figure.YLabel("row"))
		},
		"heatmap_large": func() *figure.Figure {
			return figure.HeatMap(rings(1, 40).Index(0, 0), nil, nil, figure.Title("Forty by forty"), figure.XLabel("column"), figure.YLabel("row"))
		},
		"histograms": func() *figure.Figure {
			r := lcg(9)
			var arrays []*ndarray.Array[float32]
			for k := range 5 {
				a := ndarray.Zeros[float32](2000)
				for i := range a.Data() {
					a.Data()[i] = float32((r.next() + r.next() + r.next() - 1.5) * math.Pow(0.3, float64(k)))
				}
				arrays = append(arrays, a)
			}
			return figure.Histograms([]string{"Convolution 1", "Relu 1", "Affine 1", "Relu 2", "Affine 2"}, arrays, figure.Title("Activations"))
		},
		"windows": func() *figure.Figure {
			return figure.Windows(rings(3, 7).Reshape(3, 7, 7), 5, 5, 1, 0, figure.Title("A 3x7x7 image in 5x5 windows"))
		},
		"windows_pad": func() *figure.Figure {
			return figure.Windows(rings(1, 28).Index(0, 0), 5, 5, 2, 2, figure.Title("Stride 2, pad 2"))
		},
		"roofline": func() *figure.Figure {
			return figure.Roofline([]figure.Machine{{Name: "class machine, 4 cores", GFLOPS: 800, Bandwidth: 40}, {Name: "a GPU", GFLOPS: 19500, Bandwidth: 1555, Published: true}},
				[]figure.Work{{"Convolution", 31, 610}, {"Affine", 12, 300}, {"Pooling", 0.4, 14}, {"Relu", 0.125, 4.8}, {"Dropout", 0.12, 4.5}, {"Softmax", 0.5, 9}},
				figure.Title("Where each layer stands"))
		},
		"roofline_crowded": func() *figure.Figure {
			return figure.Roofline([]figure.Machine{{Name: "one core, measured", GFLOPS: 115, Bandwidth: 18}, {Name: "a GPU", GFLOPS: 19500, Bandwidth: 1555, Published: true}},
				[]figure.Work{{"convolution by im2col", 6.9, 4.4}, {"Relu", 0.125, 0.22}, {"pooling", 0.15, 0.045}, {"conv, Relu, pooling in one", 46, 97}, {"Affine", 16.6, 85},
					{"Affine, 1 image", 0.5, 36}, {"last Affine", 3.8, 42}, {"softmax", 0.5, 0.13}, {"Adam", 0.43, 10}, {"product 1024", 170, 60}},
				figure.Title("Many names near the roof"))
		},
	}
}
