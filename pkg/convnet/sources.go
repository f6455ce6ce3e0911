package convnet

import (
	"slices"

	"convbook/pkg/layers"
	"convbook/pkg/ndarray"
)

// Sources returns the random sources that the network draws from in training,
// each once, in the order of the layers: those of its Dropout layers.
func (s *Sequential[T]) Sources() []ndarray.Source { return s.methods.sources() }

func (n *network[T]) sources() []ndarray.Source {
	return sourcesOf(nil, n.layers)
}

// sourcesOf appends what layers draw from, those within blocks too.
func sourcesOf[T ndarray.Float](sources []ndarray.Source, ls []layers.Layer[T]) []ndarray.Source {
	for _, l := range ls {
		if l, ok := l.(interface{ Source() ndarray.Source }); ok && !slices.Contains(sources, l.Source()) {
			sources = append(sources, l.Source())
		}
		if l, ok := l.(layers.Block[T]); ok {
			for _, chain := range l.Chains() {
				sources = sourcesOf(sources, chain)
			}
		}
	}
	return sources
}
