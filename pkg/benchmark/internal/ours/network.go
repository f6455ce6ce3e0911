// Package ours does with convbook, and with gonum, what the benchmark measures.
package ours

import (
	"fmt"
	"runtime"

	"convbook/pkg/benchmark/internal/work"
	"convbook/pkg/convnet"
	"convbook/pkg/internal/ahead"
	"convbook/pkg/ndarray"
	"convbook/pkg/nprandom"
	"convbook/pkg/optimizer"
)

// Network is a network with images and an optimizer.
type Network struct {
	work  work.Work
	net   *convnet.Sequential[float32]
	adam  optimizer.Optimizer[float32]
	x     *ndarray.Array[float32]
	t     []int
	views []*ndarray.Array[float32] // the batches of x that steps take in turn
	next  *ahead.Batch              // whose random numbers a step draws ahead, as in a training
	steps int
}

// New makes the network of w and draws its weights and images.
func New(w work.Work) *Network {
	n := &Network{work: w, adam: optimizer.NewAdam[float32](0.001), t: make([]int, w.Images), net: Net(w)}
	n.next = ahead.NewBatch(nprandom.New(2), func(*nprandom.RandomState) {}, 0, nil) // views are drawn already
	n.x = ndarray.Rand[float32](nprandom.New(1), w.Images, 1, 28, 28)
	for i, rng := 0, nprandom.New(4); i < len(n.t); i++ {
		n.t[i] = rng.RandInt(0, 10)
	}
	if w.Kind == work.Step {
		for at := 0; at+w.Batch <= w.Images; at += w.Batch {
			n.views = append(n.views, n.x.Slice(at, at+w.Batch))
		}
	}
	return n
}

// Net makes the network of w alone.
func Net(w work.Work) *convnet.Sequential[float32] {
	scale := convnet.InitialScale(work.HeStd)
	if w.Std > 0 {
		scale = convnet.Std(w.Std)
	}
	return convnet.Build[float32](nprandom.New(0), []int{1, 28, 28}, scale, parts(w.Layers)...)
}

func parts(ls []work.Layer) []convnet.Part {
	var ps []convnet.Part
	for _, l := range ls {
		switch l.Kind {
		case "conv":
			ps = append(ps, convnet.Conv(l.Units, l.Size, l.Stride, l.Pad))
		case "relu":
			ps = append(ps, convnet.Relu())
		case "sigmoid":
			ps = append(ps, convnet.Sigmoid())
		case "norm":
			ps = append(ps, convnet.BatchNormPerChannel())
		case "pool":
			ps = append(ps, convnet.Pool(l.Size, l.Stride))
		case "affine":
			ps = append(ps, convnet.Affine(l.Units))
		case "dropout":
			ps = append(ps, convnet.Dropout(l.Ratio))
		default:
			panic(fmt.Sprintf("benchmark: no layer is called %q", l.Kind))
		}
	}
	return ps
}

// Do does the work once: a step or an evaluation.
func (n *Network) Do() {
	if n.work.Kind == work.Evaluation {
		n.net.Accuracy(n.x, n.t)
		return
	}
	n.step()
}

// step is the gradient of the next batch and an update.
func (n *Network) step() (loss float32) {
	i := n.steps % len(n.views)
	n.steps++
	n.net.Beside(n.next)
	loss, grads := n.net.LossGradient(n.views[i], n.t[i*n.work.Batch:][:n.work.Batch])
	n.adam.Update(n.net.Params(), grads)
	return loss
}

// Trial returns the loss of a small batch before and after one update, without
// dropout: every peer should find the same.
func Trial(w work.Work) []float64 {
	n := New(w.Trial())
	before := n.step()
	return []float64{float64(before), float64(n.net.Loss(n.x, n.t))}
}

// Allocations returns how many blocks of memory a step takes from Go's heap, and
// how many bytes, once everything is warm.
func Allocations(w work.Work) (blocks, bytes float64) {
	const steps = 50
	n := New(w)
	for range 5 {
		n.Do()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range steps {
		n.Do()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / steps, float64(after.TotalAlloc-before.TotalAlloc) / steps
}
