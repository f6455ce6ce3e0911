package main

import "fmt"

// figureTitle begins the title of every measured figure, and by it cell knows that one
// must be shown: no cell of the course says it.
const figureTitle = "measured figure "

// lesson is a small notebook in one language. Every trial has numbers of its own in
// its code, as a cell has that was edited, so that nothing of it was built before.
type lesson struct {
	prepare string // run once, before what is measured
	trivial func(trial int) string
	plot    func(trial int) string
	book    func(trial int) []string // a whole notebook
}

var goLesson = lesson{
	prepare: `import (
	"fmt"
	"math"
	"convbook/pkg/display"
	"convbook/pkg/figure"
)

func curve(phase float64) []float64 {
	y := make([]float64, 20)
	for i := range y {
		y[i] = math.Sin(float64(i)/3 + phase)
	}
	return y
}`,
	trivial: func(trial int) string { return fmt.Sprintf("%%%%\nfmt.Println(%d + 1)", trial) },
	plot: func(trial int) string {
		return fmt.Sprintf("%%%%\ny := curve(%d)\ndisplay.Show(figure.Curves([]figure.Series{{Name: \"y\", Y: y}}, figure.Title(%q)))", trial, fmt.Sprint(figureTitle, trial))
	},
	book: func(trial int) []string {
		return []string{
			fmt.Sprintf("import (\n\t\"fmt\"\n\t\"convbook/pkg/ndarray\"\n\t\"convbook/pkg/nprandom\"\n)\n\n%%%%\nx := ndarray.Rand[float64](nprandom.New(%d), 10, 1, 28, 28)\nfmt.Println(x.Shape())", trial),
			fmt.Sprintf("%%%%\nx := ndarray.Rand[float64](nprandom.New(%d), 2, 3)\nfmt.Println(x)", trial),
			fmt.Sprintf("func double(x float64) float64 { return 2*x + %d }\n\n%%%%\nfmt.Println(double(3))", trial),
		}
	},
}

var pythonLesson = lesson{
	prepare: `%matplotlib inline
import math
import matplotlib.pyplot as plt

def curve(phase):
    return [math.sin(i/3 + phase) for i in range(20)]`,
	trivial: func(trial int) string { return fmt.Sprintf("print(%d + 1)", trial) },
	plot: func(trial int) string {
		return fmt.Sprintf("y = curve(%d)\nplt.plot(y, label='y')\nplt.title('%s%d')\nplt.legend()\nplt.show()", trial, figureTitle, trial)
	},
	book: func(trial int) []string {
		return []string{
			fmt.Sprintf("import numpy as np\nnp.random.seed(%d)\nx = np.random.rand(10, 1, 28, 28)\nprint(x.shape)", trial),
			fmt.Sprintf("np.random.seed(%d)\nprint(np.random.rand(2, 3))", trial),
			fmt.Sprintf("def double(x):\n    return 2*x + %d\n\nprint(double(3))", trial),
		}
	},
}

// all returns the cells of a whole notebook: the course's way, with two figures.
func (l lesson) all(trial int) []string {
	cells := append([]string{l.prepare}, l.book(trial)...)
	return append(cells, l.plot(trial), l.trivial(trial), l.plot(trial+1))
}
