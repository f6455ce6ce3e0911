package main

import (
	"math"

	"convbook/pkg/convnet"
	"convbook/pkg/dataset"
	"convbook/pkg/explore"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// worked is a network at work on one of its images, with the weights that its figure carries, in float64.
type worked struct {
	Image    int
	Outputs  [][]float64
	Saliency []float64 // of class 3
	Hidden   []float64 // the scores without filter 1 of the first layer
	Weights  [][]float64
	Bytes    int       // of the figure as HTML
	Exact    []float64 // the scores of the network itself
	Steps    float64   // by how much a weight is off at most, in the step that its figure tells
}

const shownImages = 5

// networks are the book's two, the assignment's, one with what else a network can have, and one with blocks in blocks, each trained a little.
func networks() ([]*explore.Figure, any) {
	data := dataset.Must(dataset.Open("mnist"))
	x, t := dataset.Images[float32](data.Train.Head(3000)), data.Train.Head(3000).Labels()
	images := dataset.Images[float32](data.Test.Head(shownImages))
	rng := nprandom.New(3)
	nets := []*convnet.Sequential[float32]{
		&convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{}).Sequential,
		&convnet.NewSimpleConvNet[float32](rng, convnet.SimpleConvNetConfig{FilterNum: 64, HiddenSize: 50, DropoutRatio: 0.4}).Sequential,
		&convnet.NewDeepConvNet[float32](rng, convnet.DeepConvNetConfig{DropoutRatio: 0.5}).Sequential,
		convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, convnet.Conv(4, 5, 2, 1), convnet.BatchNormPerChannel(), convnet.Sigmoid(), convnet.AveragePool(2, 2),
			convnet.MaxPool(3, 2, 1), convnet.Affine(12), convnet.BatchNorm(), convnet.Relu(), convnet.Affine(10)),
		convnet.Build[float32](rng, []int{1, 28, 28}, convnet.He, convnet.Conv(4, 3, 2, 1), convnet.Relu(),
			convnet.Residual(convnet.Conv(4, 3, 1, 1), convnet.BatchNormPerChannel(), convnet.Relu(), convnet.Conv(4, 3, 1, 1)), convnet.Relu(),
			convnet.Branches([]convnet.Part{convnet.Conv(2, 1, 1, 0), convnet.Relu()}, []convnet.Part{convnet.Conv(3, 3, 1, 1)}, []convnet.Part{convnet.MaxPool(3, 1, 1), convnet.Conv(2, 1, 1, 0)}),
			convnet.Shortcut([]convnet.Part{convnet.Conv(6, 1, 2, 0)}, convnet.Conv(6, 3, 2, 1), convnet.Relu(),
				convnet.Residual(convnet.Branches([]convnet.Part{convnet.Conv(5, 1, 1, 0)}, []convnet.Part{convnet.Conv(1, 3, 1, 1)}))),
			convnet.Relu(), convnet.AveragePool(7, 1), convnet.Affine(10)),
	}
	var figures []*explore.Figure
	var want []worked
	for i, net := range nets {
		opt := optimizer.NewAdam[float32](0.002)
		for step := range 40 {
			lo := step % 30 * 100
			opt.Update(net.Params(), net.Gradient(x.Slice(lo, lo+100), t[lo:lo+100]))
		}
		opts := []explore.Option{explore.Title("a network · 신경망"), explore.StandIn(data.StandIn)}
		if i == 1 {
			opts = append(opts, explore.Bytes(690_000))
		}
		if i == 3 {
			opts = append(opts, explore.Classes("zero · 영", "one · 일", "two · 이", "three · 삼", "four · 사", "five · 오", "six · 육", "seven · 칠", "eight · 팔", "nine · 구"))
		}
		f := explore.Network(net, images, opts...)
		figures = append(figures, f)
		want = append(want, work(f, net, images))
	}
	return figures, want
}

// scoreless is a network of one output, which is no class.
func scoreless() []*explore.Figure {
	rng := nprandom.New(5)
	net := convnet.Build[float32](rng, []int{1, 8, 8}, convnet.He, convnet.Conv(1, 3, 1, 1), convnet.Relu(), convnet.Affine(1))
	return []*explore.Figure{explore.Network(net, ndarray.Rand[float32](rng, 2, 1, 8, 8))}
}

// work runs a network with the weights of its figure, on its last image.
func work(f *explore.Figure, net *convnet.Sequential[float32], images *ndarray.Array[float32]) worked {
	w := worked{Image: shownImages - 1, Bytes: len(html(f))}
	head, arrays := carried(f)
	x := ndarray.Zeros[float64](append([]int{1}, net.InputShape()...)...)
	for i, v := range images.Index(w.Image).Reshape(-1).Data() {
		x.Data()[i] = float64(v)
	}
	exact := net.Predict(images.Slice(w.Image, w.Image+1)).Data()
	for _, v := range exact {
		w.Exact = append(w.Exact, float64(v))
	}
	at := func(outputs []*ndarray.Array[float64], i int) *ndarray.Array[float64] {
		if i < 0 {
			return x
		}
		return outputs[i]
	}
	run := func(hide int) (outputs []*ndarray.Array[float64], chain []layers.Layer[float64]) {
		for i, l := range head.Layers {
			in := at(outputs, l.From[0])
			switch l.Kind {
			case "sum":
				outputs, chain = append(outputs, in.Add(at(outputs, l.From[1]))), append(chain, nil)
				continue
			case "join":
				var all []float64
				for _, from := range l.From {
					all = append(all, values(at(outputs, from))...)
				}
				outputs, chain = append(outputs, ndarray.FromSlice(all, 1, len(all)/in.Dim(2)/in.Dim(3), in.Dim(2), in.Dim(3))), append(chain, nil)
				continue
			}
			made := l.layer(arrays, in.Shape()[1:])
			if c, ok := made.(*layers.Convolution[float64]); ok && i == 0 && hide >= 0 {
				for k := range c.W.Index(hide).Size() {
					c.W.Index(hide).Reshape(-1).Data()[k] = 0
				}
				c.B.Set(0, hide)
			}
			outputs, chain = append(outputs, made.Forward(in, false)), append(chain, made)
		}
		return outputs, chain
	}
	outputs, chain := run(-1)
	last := len(chain) - 1
	back := map[int]*ndarray.Array[float64]{last: ndarray.Zeros[float64](1, net.Classes())}
	back[last].Set(1, 0, 3)
	for i := last; i >= 0; i-- {
		channel := 0
		for _, from := range head.Layers[i].From {
			d, in := back[i], at(outputs, from)
			switch head.Layers[i].Kind {
			case "sum":
			case "join":
				d = d.Index(0).Slice(channel, channel+in.Dim(1)).Clone().Reshape(in.Shape()...)
				channel += in.Dim(1)
			default:
				d = chain[i].Backward(d)
			}
			if back[from] != nil {
				d = back[from].Add(d)
			}
			back[from] = d
		}
	}
	for _, y := range outputs {
		w.Outputs = append(w.Outputs, values(y))
	}
	w.Saliency = values(back[-1])
	hidden, _ := run(1)
	w.Hidden = values(hidden[len(hidden)-1])
	for _, l := range head.Layers {
		var all []float64
		if l.Kind == "conv" || l.Kind == "affine" || l.Kind == "scale" {
			all = append(append(all, arrays[l.Arrays]...), arrays[l.Arrays+1]...)
		}
		w.Weights = append(w.Weights, all)
	}
	// Against the network's own weights, in its order.
	next := 0
	state, names := net.State(), net.ParamNames()
	for _, l := range head.Layers {
		if l.Kind != "conv" && l.Kind != "affine" {
			if l.Kind == "scale" && len(arrays[l.Arrays]) > 1 {
				next += 2 // gamma and beta, which became factors
			}
			continue
		}
		for k := range 2 {
			for i, v := range state[names[next]].Reshape(-1).Data() {
				w.Steps = max(w.Steps, math.Abs(float64(v)-arrays[l.Arrays+k][i])/max(head.Arrays[l.Arrays+k].Step, 1e-30))
			}
			next++
		}
	}
	return w
}
