package convnet

import (
	"slices"

	"convbook/pkg/ndarray"
)

// Sources returns the random sources that the network draws from in training,
// each once, in the order of the layers: those of its Dropout layers.
func (s *Sequential[T]) Sources() []ndarray.Source { return s.sources() }

func (n *network[T]) sources() []ndarray.Source {
	var sources []ndarray.Source
	for _, l := range n.layers {
		if l, ok := l.(interface{ Source() ndarray.Source }); ok && !slices.Contains(sources, l.Source()) {
			sources = append(sources, l.Source())
		}
	}
	return sources
}
