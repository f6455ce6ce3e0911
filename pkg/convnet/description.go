package convnet

import (
	"fmt"
	"strings"

	"convbook/pkg/internal/shapes"
	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Description returns the network in one line: the shape of a sample, and the Parts from which Build makes it.
//
//	(1, 28, 28) Conv(16, 5, 1, 0), Relu(), Pool(2, 2), Residual(Conv(16, 3, 1, 1), Relu()), Affine(10)
//
// A row of parts in Branches, and the one of a Shortcut, stand in braces. It is "" for a network with a layer that is of
// no Part of this package: a layer of one's own, or one with filters or windows that are not square.
func (s *Sequential[T]) Description() string { return s.methods.description() }

func (n *network[T]) description() string {
	parts, ok := described(layers.Chain[T](n.layers), n.input)
	if !ok {
		return ""
	}
	return shapes.Text(n.input) + " " + parts
}

// described returns layers that follow each other as their Parts; false where a layer is of none.
func described[T ndarray.Float](chain layers.Chain[T], shape []int) (string, bool) {
	parts := make([]string, len(chain))
	for i, l := range chain {
		text, ok := describedLayer(l, shape)
		if !ok {
			return "", false
		}
		parts[i] = text
		shape = l.OutputShape(shape)
	}
	return strings.Join(parts, ", "), true
}

func describedLayer[T ndarray.Float](l layers.Layer[T], shape []int) (string, bool) {
	switch l := l.(type) {
	case *layers.Convolution[T]:
		return fmt.Sprintf("Conv(%d, %d, %d, %d)", l.W.Dim(0), l.W.Dim(2), l.Stride, l.Pad), l.W.Dim(2) == l.W.Dim(3)
	case *layers.Pooling[T]:
		if l.Pad == 0 {
			return fmt.Sprintf("Pool(%d, %d)", l.PoolH, l.Stride), l.PoolH == l.PoolW
		}
		return fmt.Sprintf("MaxPool(%d, %d, %d)", l.PoolH, l.Stride, l.Pad), l.PoolH == l.PoolW
	case *layers.AveragePooling[T]:
		return fmt.Sprintf("AveragePool(%d, %d)", l.PoolH, l.Stride), l.PoolH == l.PoolW && l.Pad == 0
	case *layers.Affine[T]:
		return fmt.Sprintf("Affine(%d)", l.W.Dim(1)), true
	case *layers.Relu[T]:
		return "Relu()", true
	case *layers.Sigmoid[T]:
		return "Sigmoid()", true
	case *layers.Dropout[T]:
		return fmt.Sprintf("Dropout(%v)", l.Ratio), true
	case *layers.BatchNormalization[T]:
		if l.Gamma.Size() == size(shape) {
			return "BatchNorm()", true
		}
		return "BatchNormPerChannel()", true
	case *layers.Residual[T]:
		inner, ok := described(l.Layers, shape)
		if len(l.Shortcut) == 0 {
			return "Residual(" + inner + ")", ok
		}
		way, also := described(l.Shortcut, shape)
		return "Shortcut({" + way + "}, " + inner + ")", ok && also
	case *layers.Branches[T]:
		branches := make([]string, len(l.Of))
		for i, chain := range l.Of {
			inner, ok := described(chain, shape)
			if !ok {
				return "", false
			}
			branches[i] = "{" + inner + "}"
		}
		return "Branches(" + strings.Join(branches, ", ") + ")", true
	}
	return "", false
}
