package gpu

import (
	"fmt"

	"convbook/pkg/internal/device"
	"convbook/pkg/internal/opencl"
	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// unit is a layer with what is computed along with it: the pooling that a convolution does
// itself, and the Relu, Sigmoid and Dropout behind it.
type unit struct {
	name    string // in kernels: u0, u1, …
	label   string // the name of its first layer in the network
	layer   layers.Layer[float32]
	pooled  bool  // a convolution with pooling of 2x2
	in, out []int // shape of one sample
	after   []after
	seg     *segment // nil without parameters

	y, dy, place *opencl.Buffer // of all samples of a batch
	means, roots *opencl.Buffer // of a BatchNormalization
	running      int            // where its running values begin
}

// after is what happens to an output before it is stored.
type after struct {
	relu, sigmoid bool
	dropout       *layers.Dropout[float32]
	mask          int // where the dropout's bytes begin in the record of a step
}

// segment is the parameters of one layer, that follow each other.
type segment struct {
	params   []layers.Parameter[float32]
	offset   int // among the parameters
	size     int
	learns   bool
	gradient int // where its parts begin among the gradients
	parts    int
}

// Unsupported is the error of a network with a layer that the device cannot compute.
type Unsupported struct{ Layer, Kind, Why string }

// Error names the layer and says what to do.
func (u *Unsupported) Error() string {
	return fmt.Sprintf("layer %s (%s) has no kernel for a device%s; train the network without Config.Device\n장치에서 계산할 수 없는 층입니다. Config.Device 없이 학습하세요", u.Layer, u.Kind, u.Why)
}

// units puts the layers together.
func units(w device.Work) ([]*unit, error) {
	var all []*unit
	shape := w.Input
	label := ""
	add := func(l layers.Layer[float32], out []int) *unit {
		u := &unit{name: fmt.Sprint("u", len(all)), label: label, layer: l, in: shape, out: out}
		all = append(all, u)
		return u
	}
	for i, l := range w.Layers {
		l, ok := l.(layers.Layer[float32])
		if !ok {
			return nil, &Unsupported{w.Names[i], fmt.Sprintf("%T", w.Layers[i]), ": it is not of float32"}
		}
		out := l.OutputShape(shape)
		label = w.Names[i]
		var last *unit
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		switch l := l.(type) {
		case *layers.Relu[float32], *layers.Sigmoid[float32], *layers.Dropout[float32]:
			if last == nil || !last.takes(l) {
				last = add(nil, out)
			}
			last.append(l)
		case *layers.Pooling[float32]:
			if last != nil && last.pools(l) {
				last.pooled, last.out = true, out
				break
			}
			if l.PoolH*l.PoolW > 1<<16 {
				return nil, &Unsupported{w.Names[i], l.Name(), ": its window is too large"}
			}
			add(l, out)
		case *layers.Convolution[float32], *layers.Affine[float32], *layers.BatchNormalization[float32]:
			add(l, out)
		default:
			return nil, &Unsupported{w.Names[i], l.Name(), ""}
		}
		shape = out
	}
	if len(all) == 0 {
		add(nil, shape)
	}
	return all, nil
}

// takes says whether l can be computed along with u: the gradient of what comes after an
// output is told from the output alone, so there is one Relu or Sigmoid and one Dropout.
func (u *unit) takes(l layers.Layer[float32]) bool {
	_, dropout := l.(*layers.Dropout[float32])
	for _, a := range u.after {
		if dropout == (a.dropout != nil) {
			return false
		}
	}
	return true
}

func (u *unit) append(l layers.Layer[float32]) {
	switch l := l.(type) {
	case *layers.Relu[float32]:
		u.after = append(u.after, after{relu: true})
	case *layers.Sigmoid[float32]:
		u.after = append(u.after, after{sigmoid: true})
	case *layers.Dropout[float32]:
		u.after = append(u.after, after{dropout: l})
	}
}

// pools says whether a convolution can do the pooling itself: windows of 2x2 beside each
// other, with no more than a Relu between, which keeps the order of the values.
func (u *unit) pools(l *layers.Pooling[float32]) bool {
	_, convolution := u.layer.(*layers.Convolution[float32])
	relu := len(u.after) == 0 || len(u.after) == 1 && u.after[0].relu
	return convolution && !u.pooled && relu && l.PoolH == 2 && l.PoolW == 2 && l.Stride == 2 && l.Pad == 0
}

// params returns the parameters of the unit's layer.
func (u *unit) params() []layers.Parameter[float32] {
	if l, ok := u.layer.(layers.Learner[float32]); ok {
		return l.Parameters()
	}
	return nil
}

func size(shape []int) int { return shapes.Size(shape) }

// first is what identifies an array: where its numbers begin.
func first(a *ndarray.Array[float32]) *float32 {
	if len(a.Data()) == 0 {
		return nil
	}
	return &a.Data()[0]
}
