// Package work describes what is measured, in a form that convbook and its peers
// in Python both understand: the networks of the class, and matrix products.
package work

import "math"

// Kinds of work.
const (
	Step       = "step"       // gradient of a batch and an update by Adam
	Evaluation = "evaluation" // the accuracy on images
	Product    = "product"    // of two matrices
)

// Work is one piece of work. All values are float32, images are (1, 28, 28) in
// ten classes.
type Work struct {
	Kind string `json:"kind"`

	// Of a step or an evaluation.
	Layers []Layer `json:"layers,omitempty"`
	Std    float64 `json:"std"` // of the initial weights; 0 for He's
	Batch  int     `json:"batch,omitempty"`
	Images int     `json:"images,omitempty"`

	// Of a product of op(A) (M, K) and op(B) (K, N): the matrix given is the
	// transpose where TransA or TransB is set.
	M      int  `json:"m,omitempty"`
	N      int  `json:"n,omitempty"`
	K      int  `json:"k,omitempty"`
	TransA bool `json:"trans_a"`
	TransB bool `json:"trans_b"`
}

// Layer is one layer of a network. Kind is "conv", "norm", which is batch normalisation for
// each channel, "relu", "sigmoid", "pool", "affine" or "dropout".
type Layer struct {
	Kind   string  `json:"kind"`
	Units  int     `json:"units,omitempty"` // filters, neurons
	Size   int     `json:"size,omitempty"`  // of filters and windows
	Stride int     `json:"stride,omitempty"`
	Pad    int     `json:"pad"`
	Ratio  float64 `json:"ratio,omitempty"`
}

// trainImages is how many images a step takes its batches from, in turn.
const trainImages = 1000

// Assignment is a step of the assignment's network, with so many filters and
// images in a batch; 64 and 100 in the class.
func Assignment(filters, batch int) Work {
	return Work{Kind: Step, Std: 0.01, Batch: batch, Images: max(trainImages, batch), Layers: simple(filters, 50, 0.4)}
}

// Book is a step of the book's network: 30 filters and a hidden layer of 100.
func Book() Work {
	return Work{Kind: Step, Std: 0.01, Batch: 100, Images: trainImages, Layers: simple(30, 100, 0)}
}

// simple is the class's SimpleConvNet.
func simple(filters, hidden int, dropout float64) []Layer {
	drop := []Layer{}
	if dropout > 0 {
		drop = []Layer{{Kind: "dropout", Ratio: dropout}}
	}
	ls := []Layer{conv(filters, 5, 0), relu, pool, {Kind: "affine", Units: hidden}, relu}
	ls = append(ls, drop...)
	ls = append(ls, Layer{Kind: "affine", Units: 10})
	return append(ls, drop...)
}

// Deep is a step of the book's DeepConvNet.
func Deep() Work {
	drop := Layer{Kind: "dropout", Ratio: 0.5}
	return Work{Kind: Step, Batch: 100, Images: trainImages, Layers: []Layer{
		conv(16, 3, 1), relu, conv(16, 3, 1), relu, pool,
		conv(32, 3, 1), relu, conv(32, 3, 2), relu, pool,
		conv(64, 3, 1), relu, conv(64, 3, 1), relu, pool,
		{Kind: "affine", Units: 50}, relu, drop, {Kind: "affine", Units: 10}, drop}}
}

// Sigmoid is a step of notebook 08's network with four convolutions and Sigmoid.
func Sigmoid() Work { return deeper(4, sigmoid) }

// Norm is a step of notebook 08's network with six convolutions, and batch normalisation
// after all but the first.
func Norm() Work { return deeper(6, relu, Layer{Kind: "norm"}) }

// deeper is notebook 08's network: before is what comes between a convolution and its
// activation.
func deeper(depth int, activation Layer, before ...Layer) Work {
	ls := []Layer{conv(16, 5, 0), activation, pool}
	for range depth - 1 {
		ls = append(append(append(ls, conv(16, 3, 1)), before...), activation)
	}
	ls = append(ls, Layer{Kind: "affine", Units: 50}, activation, Layer{Kind: "affine", Units: 10})
	return Work{Kind: Step, Batch: 100, Images: trainImages, Layers: ls}
}

var (
	relu    = Layer{Kind: "relu"}
	sigmoid = Layer{Kind: "sigmoid"}
	pool    = Layer{Kind: "pool", Size: 2, Stride: 2}
)

func conv(filters, size, pad int) Layer {
	return Layer{Kind: "conv", Units: filters, Size: size, Stride: 1, Pad: pad}
}

// InBatches is a step of the same network on so many images.
func (w Work) InBatches(of int) Work {
	w.Batch, w.Images = of, max(trainImages, of)
	return w
}

// Evaluate is the evaluation of images by the network of a step.
func Evaluate(step Work, images int) Work {
	step.Kind, step.Images = Evaluation, images
	return step
}

// Multiply is a matrix product.
func Multiply(m, n, k int, transA, transB bool) Work {
	return Work{Kind: Product, M: m, N: n, K: k, TransA: transA, TransB: transB}
}

// trialImages is a batch that takes little time.
const trialImages = 20

// Trial returns a step of the same network without dropout, on a small batch: it
// has one outcome, whoever computes it.
func (w Work) Trial() Work {
	ls := []Layer{}
	for _, l := range w.Layers {
		if l.Kind != "dropout" {
			ls = append(ls, l)
		}
	}
	w.Kind, w.Layers, w.Batch, w.Images = Step, ls, trialImages, trialImages
	return w
}

// Operations returns how many floating-point operations, a multiplication and an
// addition being two, the work needs if nothing is computed in vain: in the
// gradient of a convolution with Relu and pooling after it only the largest value
// of each window counts, and the images need no gradient. What is not a product
// (pooling, Relu, softmax, Adam) is left out; it is about a hundredth.
func (w Work) Operations() float64 {
	if w.Kind == Product {
		return 2 * float64(w.M) * float64(w.N) * float64(w.K)
	}
	channels, height, width := 1, 28, 28
	features := 0
	sum := 0.
	for i, l := range w.Layers {
		switch l.Kind {
		case "conv":
			fanIn := channels * l.Size * l.Size
			height, width = (height+2*l.Pad-l.Size)/l.Stride+1, (width+2*l.Pad-l.Size)/l.Stride+1
			channels = l.Units
			forward := 2 * float64(channels*height*width) * float64(fanIn)
			backward := forward
			if i+2 < len(w.Layers) && w.Layers[i+1].Kind == "relu" && w.Layers[i+2].Kind == "pool" {
				backward /= float64(w.Layers[i+2].Size * w.Layers[i+2].Size)
			}
			sum += forward + w.gradients(i)*backward
		case "pool":
			height, width = (height-l.Size)/l.Stride+1, (width-l.Size)/l.Stride+1
		case "affine":
			if features == 0 {
				features = channels * height * width
			}
			sum += 2 * float64(features) * float64(l.Units) * (1 + w.gradients(i))
			features = l.Units
		}
	}
	if w.Kind == Step {
		return sum * float64(w.Batch)
	}
	return sum * float64(w.Images)
}

// gradients is how many gradients layer i needs: to its weights and, unless it is
// the first, to its input.
func (w Work) gradients(i int) float64 {
	switch {
	case w.Kind == Evaluation:
		return 0
	case i == 0:
		return 1
	}
	return 2
}

// HeStd is the standard deviation of He's initial weights.
func HeStd(fanIn int) float64 { return math.Sqrt(2 / float64(fanIn)) }
