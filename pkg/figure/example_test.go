package figure_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convbook/pkg/figure"
	"convbook/pkg/ndarray"
)

func ExampleAccuracy() {
	// In a notebook the history comes from trainer.Train.
	history := recorded{train: []float64{.087, .799, .857, .858}, test: []float64{.135, .79, .815, .865}}
	fig := figure.Accuracy(history,
		figure.Title("SimpleConvNet on Fashion-MNIST"), figure.Epochs(20), // it will train for 20
		figure.Recorded("Run A, class", runA.train, runA.test))

	folder, err := os.MkdirTemp("", "figure")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	for _, name := range []string{"accuracy.svg", "accuracy.png"} {
		if err := fig.Save(filepath.Join(folder, name)); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(fig.Title())
	// Output: SimpleConvNet on Fashion-MNIST
}

func ExampleCompare() {
	fig := figure.Compare([]figure.Run{{Name: "run A", History: runA}, {Name: "run B", History: runB}}, figure.Title("Two runs"))
	fmt.Println(fig.Title())
	// Output: Two runs
}

func ExampleImageGrid() {
	images := ndarray.Arange[float32](10*28*28).Reshape(10, 1, 28, 28)
	fig := figure.ImageGrid(images, 5, []string{"T-shirt/top", "Trouser"}, figure.Title("The first ten"))
	fmt.Println(fig.Title())
	// Output: The first ten
}

func ExampleCurves() {
	fig := figure.Curves([]figure.Series{
		figure.MeanBand("with dropout", []float64{.70, .81, .84}, []float64{.72, .80, .85}),
		figure.MeanBand("without", []float64{.75, .84, .86}, []float64{.74, .83, .88}),
	}, figure.Title("Two seeds each"), figure.XLabel("epochs"), figure.YLabel("accuracy"))
	fmt.Println(fig.Title())
	// Output: Two seeds each
}

func ExampleLoss() {
	fig := figure.Loss([]float64{2.302, 2.1, 1.7, 1.2, 0.9, 0.8}, figure.Title("Loss"), figure.LogY())
	fmt.Println(fig.Title())
	// Output: Loss · 손실
}

func ExampleFilters() {
	w := ndarray.FromSlice([]float64{1, 0, -1, 2, 0, -2, 1, 0, -1}, 1, 1, 3, 3)
	fmt.Println(figure.Filters(w, 1, figure.Title("Sobel")).Title())
	// Output: Sobel
}

func ExampleConfusionMatrix() {
	counts := [][]int{
		{95, 3, 2},
		{1, 97, 2},
		{8, 4, 88},
	}
	fmt.Println(figure.ConfusionMatrix(counts, []string{"coat", "dress", "shirt"}, figure.Title("Three garments")).Title())
	// Output: Three garments
}

func ExampleHeatMap() {
	accuracy := ndarray.FromSlice([]float64{.81, .87, .83, .88}, 2, 2)
	fig := figure.HeatMap(accuracy, []string{"16", "32"}, []string{"0.0001", "0.001"},
		figure.Title("A sweep"), figure.XLabel("learning rate"), figure.YLabel("filters"))
	fmt.Println(fig.Title())
	// Output: A sweep
}

func ExampleHistograms() {
	weights := ndarray.FromSlice([]float32{-1, -.5, 0, 0, .5, 1})
	fmt.Println(figure.Histograms([]string{"W1"}, []*ndarray.Array[float32]{weights}, figure.Title("Weights")).Title())
	// Output: Weights · 가중치
}

func ExampleWindows() {
	image := ndarray.Arange[float64](3*7*7).Reshape(3, 7, 7)
	fmt.Println(figure.Windows(image, 5, 5, 1, 0, figure.Title("im2col")).Title())
	// Output: im2col
}

func ExampleRoofline() {
	fig := figure.Roofline(
		[]figure.Machine{{Name: "this machine", GFLOPS: 800, Bandwidth: 40}},
		[]figure.Work{{Name: "Convolution", Intensity: 31, GFLOPS: 610}, {Name: "Relu", Intensity: 0.125, GFLOPS: 4.8}},
		figure.Title("Roofline"))
	fmt.Println(fig.Title())
	// Output: Roofline
}
